"""Checks of the lever table: levels, histories, and fields its kind does not read."""

from collections.abc import Collection, Iterator
from itertools import pairwise

from sim.errors import KeyPath, Problem
from sim.scenario.checks_events import name_findings
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec

LICENCE_ONLY = (
    "capacity",
    "capacity_after_talks",
    "squeeze",
    "demand_batch",
    "backlog_weeks",
)


def lever_findings(
    spec: ScenarioSpec, changed: Collection[KeyPath] | None = None
) -> Iterator[Problem]:
    """Everything that does not fit together within one lever.

    changed: only in the levers among these paths.
    """
    for side, levers in spec.levers.items():
        for name, lever in levers.items():
            path = ("levers", side, name)
            if changed is not None and path not in changed:
                continue
            yield from _level_findings(path, lever)
            yield from _history_findings(path, lever, spec)
            names = [programme.name for programme in lever.programmes]
            yield from name_findings((*path, "programmes"), names, "each programme")
            yield from _kind_findings(path, lever)
            yield from _office_findings(path, lever)


def _level_findings(path: KeyPath, lever: LeverSpec) -> Iterator[Problem]:
    top = lever.top
    for field in ("level", "obligation", "floor"):
        value = getattr(lever, field)
        if value is not None and value > top:
            yield Problem.at((*path, field), f"{value}", f"0 to {top}, the notches of this lever")
    if lever.obligation is not None and lever.floor > lever.obligation:
        allowed = f"at most {lever.obligation}, the obligation"
        yield Problem.at((*path, "floor"), f"{lever.floor}", allowed)
    elif lever.obligation is None and lever.floor > lever.level:
        allowed = f"at most {lever.level}, the initial level, which is the obligation"
        yield Problem.at((*path, "floor"), f"{lever.floor}", allowed)


def _history_findings(path: KeyPath, lever: LeverSpec, spec: ScenarioSpec) -> Iterator[Problem]:
    for index, past in enumerate(lever.history):
        here = (*path, "history", str(index))
        if past.level > lever.top:
            allowed = f"0 to {lever.top}, the notches of this lever"
            yield Problem.at((*here, "level"), f"{past.level}", allowed)
        if past.date > spec.start:
            allowed = f"a date up to the start, {spec.start}"
            yield Problem.at((*here, "date"), f"{past.date}", allowed)
        elif spec.as_of is not None and past.date > spec.as_of:
            yield Problem.warning(
                (*here, "date"), f"{past.date}, later than as_of", f"up to {spec.as_of}"
            )
    for index, (before, after) in enumerate(pairwise(lever.history), start=1):
        if after.date <= before.date:
            here = (*path, "history", str(index), "date")
            yield Problem.at(
                here, f"{after.date}", f"a date after {before.date}, in ascending order"
            )
    if lever.history and lever.history[-1].level != lever.level:
        allowed = f"{lever.history[-1].level}, the last level of the history, or no level"
        yield Problem.at((*path, "level"), f"{lever.level}", allowed)


def _kind_findings(path: KeyPath, lever: LeverSpec) -> Iterator[Problem]:
    """Fields that are written but have no effect for this kind of control, or not all of it."""
    cap = lever.stock_cap_weeks
    if cap is not None and lever.stock_weeks > cap:
        advice = f"at most {cap}, stock_cap_weeks; what is above is lost in the first week"
        yield Problem.warning((*path, "stock_weeks"), f"{lever.stock_weeks}", advice)
    if lever.control == "licence":
        return
    for field in LICENCE_ONLY:
        if getattr(lever, field) != LeverSpec.model_fields[field].default:
            advice = f'nothing here, or control = "licence" ({lever.control} acts through bite)'
            yield Problem.warning((*path, field), "a value that has no effect", advice)
    if lever.listed:
        path = (*path, "listed")
        yield Problem.warning(
            path, "true, which has no effect", 'control = "licence" or nothing here'
        )


def _office_findings(path: KeyPath, lever: LeverSpec) -> Iterator[Problem]:
    """Service is owed, and licences are refused, by an office that gives them."""
    if lever.control != "licence":
        for field in ("owes", "owes_by_target"):
            if getattr(lever, field) == "service":
                allowed = '"level", or control = "licence": only an office gives service'
                yield Problem.at((*path, field), '"service"', allowed)
        if lever.refusal is not None:
            allowed = 'nothing, or control = "licence": only an office refuses'
            yield Problem.at((*path, "refusal"), f"{lever.refusal:g}", allowed)
    elif lever.refusal is not None and lever.refusal > lever.squeeze:
        allowed = f"at most {lever.squeeze:g}, the squeeze: to refuse is to serve less than that"
        yield Problem.at((*path, "refusal"), f"{lever.refusal:g}", allowed)
    if lever.due_weeks and lever.owes == lever.seen_owing == "service":
        advice = "0, or a reading by which a level is owed"
        found = f"{lever.due_weeks}, which has no effect where service is owed"
        yield Problem.warning((*path, "due_weeks"), found, advice)
