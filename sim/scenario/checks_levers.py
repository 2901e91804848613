"""Checks of the lever table: levels, histories, and fields its kind does not read."""

from collections.abc import Iterator
from itertools import pairwise

from sim.scenario.findings import Finding, warning
from sim.scenario.lines import KeyPath
from sim.scenario.schema import LeverSpec, ScenarioSpec

LICENCE_ONLY = ("capacity", "capacity_after_talks", "squeeze", "demand_batch", "backlog_weeks")


def lever_findings(spec: ScenarioSpec) -> Iterator[Finding]:
    """Everything that does not fit together within one lever."""
    for side, levers in spec.levers.items():
        for name, lever in levers.items():
            path = ("levers", side, name)
            yield from _level_findings(path, lever)
            yield from _history_findings(path, lever, spec)
            yield from _programme_findings(path, lever)
            yield from _kind_findings(path, lever)


def _level_findings(path: KeyPath, lever: LeverSpec) -> Iterator[Finding]:
    top = lever.notches
    for field in ("level", "obligation", "floor"):
        value = getattr(lever, field)
        if value is not None and value > top:
            yield Finding((*path, field), f"{value}", f"0 to {top}, the notches of this lever")
    if lever.obligation is not None and lever.floor > lever.obligation:
        allowed = f"at most {lever.obligation}, the obligation"
        yield Finding((*path, "floor"), f"{lever.floor}", allowed)
    elif lever.obligation is None and lever.floor > lever.level:
        allowed = f"at most {lever.level}, the initial level, which is the obligation"
        yield Finding((*path, "floor"), f"{lever.floor}", allowed)


def _history_findings(path: KeyPath, lever: LeverSpec, spec: ScenarioSpec) -> Iterator[Finding]:
    for index, past in enumerate(lever.history):
        here = (*path, "history", str(index))
        if past.level > lever.notches:
            allowed = f"0 to {lever.notches}, the notches of this lever"
            yield Finding((*here, "level"), f"{past.level}", allowed)
        if past.date > spec.start:
            allowed = f"a date up to the start, {spec.start}"
            yield Finding((*here, "date"), f"{past.date}", allowed)
        elif spec.as_of is not None and past.date > spec.as_of:
            yield warning((*here, "date"), f"{past.date}, later than as_of", f"up to {spec.as_of}")
    for index, (before, after) in enumerate(pairwise(lever.history), start=1):
        if after.date <= before.date:
            here = (*path, "history", str(index), "date")
            yield Finding(here, f"{after.date}", f"a date after {before.date}, in ascending order")
    if lever.history and lever.history[-1].level != lever.level:
        allowed = f"{lever.history[-1].level}, the last level of the history, or no level"
        yield Finding((*path, "level"), f"{lever.level}", allowed)


def _programme_findings(path: KeyPath, lever: LeverSpec) -> Iterator[Finding]:
    names = [programme.name for programme in lever.programmes]
    for index, name in enumerate(names):
        if name in names[:index]:
            here = (*path, "programmes", str(index), "name")
            yield Finding(here, f'"{name}" twice', "a name of its own for each programme")


def _kind_findings(path: KeyPath, lever: LeverSpec) -> Iterator[Finding]:
    """Fields that are written but have no effect for this kind of control, or not all of it."""
    cap = lever.stock_cap_weeks
    if cap is not None and lever.stock_weeks > cap:
        advice = f"at most {cap}, stock_cap_weeks; what is above is lost in the first week"
        yield warning((*path, "stock_weeks"), f"{lever.stock_weeks}", advice)
    if lever.control == "licence":
        return
    for field in LICENCE_ONLY:
        if getattr(lever, field) != LeverSpec.model_fields[field].default:
            advice = f'nothing here, or control = "licence" ({lever.control} acts through bite)'
            yield warning((*path, field), "a value that has no effect", advice)
    if lever.listed:
        path = (*path, "listed")
        yield warning(path, "true, which has no effect", 'control = "licence" or nothing here')
