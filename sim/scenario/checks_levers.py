"""Checks of levers, and of the shocks and deals that move them: levels, dates, references."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from sim.errors import KeyPath, Problem, nearest
from sim.scenario.calendar import last_day
from sim.scenario.compile_bands import MOST_FOLLOWED, OF_OFFICE, OF_SIDES, most_bands
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec
from sim.scenario.schema_world import EFFECTS, OF_THE_WORLD, DealSpec, ShockSpec

LICENCE_ONLY = ("capacity", "capacity_after_talks", "squeeze", "demand_batch", "backlog_weeks")


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


def no_lever(path: KeyPath, name: str, levers: Iterable[str], example: str = "us.chips") -> Problem:
    """That no lever has the name that is written at a path."""
    guess = nearest(name, levers)
    return Problem.at(path, f'no lever "{name}"', f"a lever, as {example}", guess)


def known_until(spec: ScenarioSpec) -> datetime.date:
    """The last day whose news the scenario may use."""
    return spec.start if spec.as_of is None else spec.as_of


def calendar_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """The last week must have a date; where too many bands follow a long horizon, it is said."""
    room = (datetime.date.max - spec.start).days // 7
    if spec.weeks > room:
        yield Problem.at(("weeks",), f"{spec.weeks}", f"at most {room} weeks after {spec.start}")


def followed_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Over a very long horizon not every flow and stock is followed."""
    offices = sum(lever.control == "licence" for lever in spec.levers_by_name.values())
    wanted, most = OF_SIDES + OF_OFFICE * offices, most_bands(spec.weeks)
    if wanted > most:
        found = f"{spec.weeks}, too many to follow flow and stock of all {offices} licence levers"
        allowed = (
            f"at most {MOST_FOLLOWED // wanted - 1} for pictures of them all; no outcome changes"
        )
        yield Problem.warning(("weeks",), found, allowed)


def shock_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Everything wrong with the shocks."""
    names = [shock.name for shock in spec.shocks]
    yield from name_findings(("shocks",), names, "each of the shocks")
    levers = spec.levers_by_name
    for index, shock in enumerate(spec.shocks):
        path = ("shocks", str(index))
        if shock.date is None and shock.chance is None:
            yield Problem.at(path, "neither date nor chance", "one of the two")
        if shock.date is not None and shock.chance is not None:
            yield Problem.at((*path, "chance"), "both date and chance", "one of the two")
        yield from _effect_findings(path, shock, spec)
        yield from _shock_lever_findings(path, shock, levers)
        yield from date_findings((*path, "date"), shock.date, spec)


def deal_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Everything wrong with the deals."""
    names = [deal.name for deal in spec.deals]
    yield from name_findings(("deals",), names, "each of the deals")
    levers = spec.levers_by_name
    for index, deal in enumerate(spec.deals):
        path = ("deals", str(index))
        yield from date_findings((*path, "date"), deal.date, spec)
        yield from _term_findings((*path, "levers"), deal, levers)


def date_findings(
    path: KeyPath, date: datetime.date | None, spec: ScenarioSpec
) -> Iterator[Problem]:
    """A date before the start is an error; beyond the horizon or `as_of` it is a warning."""
    if date is None:
        return
    last = last_day(spec.start, spec.weeks)
    if date < spec.start:
        allowed = (
            f"a date from the start, {spec.start}, on; {path[0]} = [] leaves out all {path[0]}"
        )
        yield Problem.at(path, f"{date}", allowed)
    elif date > last:
        yield Problem.warning(
            path, f"{date}, after the last week", f"up to {last} to have an effect"
        )
    if date > known_until(spec):
        yield Problem.warning(path, f"{date}, later than as_of", f"up to {known_until(spec)}")


def name_findings(path: KeyPath, names: Sequence[str], of: str) -> Iterator[Problem]:
    """Names in a list that stand in it already; `of`: whose they are, in words."""
    for index, name in enumerate(names):
        if name in names[:index]:
            here = (*path, str(index), "name")
            yield Problem.at(here, f'"{name}" twice', f"a name of its own for {of}")


def _effect_findings(path: KeyPath, shock: ShockSpec, spec: ScenarioSpec) -> Iterator[Problem]:
    if not shock.effects:
        yield Problem.at(path, "no effect", f"at least one of {_listed(EFFECTS)}")
    if shock.change is not None and shock.level is not None:
        yield Problem.at((*path, "level"), "both change and level", "one of the two")
    if shock.acts_on_lever and shock.lever is None:
        yield Problem.at((*path, "lever"), "nothing", "the lever it acts on, as us.chips")
    if shock.lever is not None and shock.effects and not shock.acts_on_lever:
        own = [name for name in EFFECTS if name not in OF_THE_WORLD]
        advice = f"no lever, or a {_listed(own)}"
        yield Problem.warning((*path, "lever"), "a lever on which nothing acts", advice)
    if shock.ends_truce and spec.truce is None:
        yield Problem.warning((*path, "ends_truce"), "no truce to end", "a table [truce]")


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _shock_lever_findings(
    path: KeyPath, shock: ShockSpec, levers: dict[str, LeverSpec]
) -> Iterator[Problem]:
    if shock.lever is None:
        return
    lever = levers.get(shock.lever)
    if lever is None:
        yield no_lever((*path, "lever"), shock.lever, levers)
        return
    if shock.level is not None and shock.level > lever.top:
        allowed = f"0 to {lever.top}, the notches of {shock.lever}"
        yield Problem.at((*path, "level"), f"{shock.level}", allowed)
    if shock.capacity is not None and lever.control != "licence":
        found = f"a capacity for a {lever.control}"
        yield Problem.warning((*path, "capacity"), found, "a licence lever; others have no queue")


def _term_findings(
    path: KeyPath, deal: DealSpec, levers: dict[str, LeverSpec]
) -> Iterator[Problem]:
    for index, term in enumerate(deal.levers):
        here = (*path, str(index))
        lever = levers.get(term.lever)
        if lever is None:
            yield no_lever((*here, "lever"), term.lever, levers)
        elif not lever.floor <= term.level <= lever.top:
            allowed = f"{lever.floor} to {lever.top}, the floor and notches of {term.lever}"
            yield Problem.at((*here, "level"), f"{term.level}", allowed)
        if any(other.lever == term.lever for other in deal.levers[:index]):
            yield Problem.at((*here, "lever"), f'"{term.lever}" twice', "each lever once in a deal")
