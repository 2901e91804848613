"""Levers, programmes and what their histories leave, from a scenario."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.calendar import week_of
from sim.scenario.draw_tables import poisson_table
from sim.scenario.records import Parts, records, same_named
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec, PastLevel
from sim.world.params import CONTROLS, LEVER, LICENCE, NEVER, PROGRAMME

_DAYS_A_YEAR = 365.25
DAYS = 7
#: A shortage or a backlog below this is none (rounding of sums of weeks).
NOTHING = 1e-12
#: What its place among all levers, the tables of dependence, and those of levels read of a lever.
_PLACED = attrgetter("issue", "temperature", "demand_batch")
_DECAY = attrgetter("halving_years", "induced", "notches", "top")
_LEVELS = attrgetter("bite", "notches", "refusal", "squeeze", "own_gain", "top")


@dataclass(frozen=True)
class Supplied:
    """Where a lever's target stands: backlog and stock in weeks, last shortage as a share."""

    backlog: float
    stock: float
    shortage: float


def supplied_at_start(lever: LeverSpec, start: datetime.date) -> Supplied:
    """Backlog, stock and last shortage on the day before `start`; as given without a history.

    The supply step of model.md (section 2, step 4) runs from the first date of the history to the
    day before `start`: floor(days/7) full weeks, then one step for the remaining days, a part r of
    a week. Dependence, capacity and demand stand still meanwhile. In the part-week everything that
    is counted per week is multiplied by r: demand r, need r, capacity r m, restock r; flow and
    shortage stay shares, of the need of those days. A step takes the level in force on its first
    day.
    """
    now = Supplied(lever.backlog_weeks, lever.stock_weeks, 0.0)
    listed = lever.control == "licence" and lever.listed
    for part, level in history_steps(lever.history, start):
        listed = listed or (lever.control == "licence" and level > 0)
        now = supply_step(lever, now, level, listed, part)
    return now


def history_steps(
    history: tuple[PastLevel, ...], start: datetime.date
) -> Iterator[tuple[float, int]]:
    """Pairs (part of a week, level) from the first date of a history to `start`."""
    past = sorted(history, key=lambda entry: entry.date)
    if not past:
        return
    begun = [(entry.date - past[0].date).days for entry in past]
    days, now = (start - past[0].date).days, 0
    for gone in range(0, days, DAYS):
        while now + 1 < len(past) and begun[now + 1] <= gone:
            now += 1
        yield min(DAYS, days - gone) / DAYS, past[now].level


def supply_step(
    lever: LeverSpec, now: Supplied, level: int, listed: bool, part: float = 1.0
) -> Supplied:
    """One supply step over `part` of a week at one level."""
    backlog, flow = now.backlog, 1.0
    if listed:
        waiting = now.backlog + part
        share = lever.share_served(level)
        approved = min(waiting, part * lever.capacity * share)
        backlog, flow = waiting - approved, approved / part
    elif lever.control != "licence":
        flow = lever.share_left(level)
    supply = part * (1.0 - lever.dependence * (1.0 - flow))
    used = min(part, now.stock + supply)
    short = 1.0 - used / part
    cap = lever.stock_cap
    stock = max(0.0, min(cap, now.stock + (supply - used)))
    if flow >= 1.0 and backlog < NOTHING:
        stock = min(cap, stock + part * lever.restock)
    return Supplied(backlog, stock, 0.0 if short < NOTHING else short)


def lever_tables(
    spec: ScenarioSpec, rows: dict[str, LeverSpec], left: Sequence[Supplied], parts: Parts
) -> dict[str, NDArray[Any]]:
    """The tables of Params that hang on the levers; `left`: what the history of each has left."""
    levers = tuple(rows.values())
    placed = [
        *(spec.truce, *(spec.actors[side].temperature for side in spec.ids)),
        *(*rows, *chain.from_iterable(map(_PLACED, levers))),
    ]
    places = parts.part("places", lambda *_: _places(spec, rows), *placed)
    table = parts.each("lever rows", _row, levers, left, places)
    records_of = parts.table("levers", LEVER, table)
    read = parts.each("read", _reads, levers)
    decays, levels, programmes = ([each[k] for each in read] for k in range(3))
    batches = demand_batches(levers)
    return {
        "levers": records_of,
        **_lever_lists(records_of, parts),
        "programmes": parts.part(
            "programmes", lambda *_: programme_table(spec, levers), spec.start, *programmes
        ),
        "decay": parts.part("decay", lambda *_: decay_table(levers), *decays),
        "poisson": parts.part("poisson", lambda *_: poisson_table(batches), *batches),
        **parts.part("level tables", lambda *_: level_tables(levers), *levels),
    }


def _reads(lever: LeverSpec) -> tuple[tuple[Any, ...], ...]:
    """What the tables of dependence, of levels and of programmes read of a lever."""
    return _DECAY(lever), _LEVELS(lever), tuple((p.online, p.share) for p in lever.programmes)


class Place(NamedTuple):
    """What a lever's record says of its place among all levers."""

    owner: int
    core: bool
    issue: int
    temperature: float
    demand_row: int


def _places(spec: ScenarioSpec, rows: dict[str, LeverSpec]) -> list[Place]:
    issues: dict[str, int] = {}
    batches = demand_batches(rows.values())
    core = () if spec.truce is None else spec.truce.core
    places = []
    for path, lever in rows.items():
        side, name = path.split(".", 1)
        issue = issues.setdefault(lever.issue or name, len(issues))
        own = lever.temperature
        warmth = spec.actors[side].temperature if own is None else own
        row = -1 if lever.demand_batch is None else batches.index(lever.demand_batch)
        places.append(Place(spec.ids.index(side), path in core, issue, warmth, row))
    return places


def _row(lever: LeverSpec, left: Supplied, place: Place) -> dict[str, Any]:
    """The record of one lever: what stands in a file under its own name, or another, and where."""
    after_talks = lever.capacity_after_talks
    return {
        **same_named(LEVER, lever),
        **place._asdict(),
        "control": CONTROLS.index(lever.control),
        "top": lever.top,
        "obligation": lever.final_obligation,
        "due": lever.due_weeks,
        "listed": lever.listed_at_start,
        "worldwide": lever.scope == "global",
        "owes_service": lever.owes == "service",
        "seen_owing_service": lever.seen_owing == "service",
        "value": lever.believed_value,
        "demand_batch": 0.0 if lever.demand_batch is None else lever.demand_batch,
        "capacity_after_talks": lever.capacity if after_talks is None else after_talks,
        "squeezed_share": lever.squeeze,
        "top_share": lever.squeeze if lever.refusal is None else lever.refusal,
        "expected": lever.expected_by_target,
        "promised": lever.promised_by_owner,
        "decay_from": NEVER if lever.halving_years is None else lever.dead_weeks + 1,
        "stock": left.stock,
        "stock_cap": lever.stock_cap,
        "backlog": left.backlog,
    }


def programme_table(spec: ScenarioSpec, levers: Sequence[LeverSpec]) -> np.recarray:
    """PROGRAMME, file order: those dated before the start are in `dependence` already."""
    table = [
        {"week": week_of(programme.online, spec.start), "lever": k, "share": programme.share}
        for k, lever in enumerate(levers)
        for programme in lever.programmes
        if programme.online >= spec.start
    ]
    return records(PROGRAMME, table)


def decay_table(levers: Sequence[LeverSpec]) -> NDArray[np.float64]:
    """Weekly factor of dependence at level n, (K, levels): 2^(-7 (1 + xi n/N)/(365.25 L))."""
    table = np.ones((len(levers), max((lever.top for lever in levers), default=0) + 1))
    for k, lever in enumerate(levers):
        if lever.halving_years is not None:
            days = _DAYS_A_YEAR * lever.halving_years
            faster = (1.0 + lever.induced * n / lever.notches for n in range(lever.top + 1))
            table[k, : lever.top + 1] = [2.0 ** (-DAYS * each / days) for each in faster]
    return table


def _lever_lists(levers: np.recarray, parts: Parts) -> dict[str, NDArray[np.int32]]:
    """Which levers a week looks through for one thing: `offices`, `core`, `worldwide` of Params."""
    plain = levers.view(np.ndarray)  # a recarray takes five times as long to give a column
    columns = [plain[name] for name in ("owner", "control", "core", "worldwide")]
    owner, control, *flags = columns

    def made(*_: bytes) -> dict[str, NDArray[np.int32]]:
        offices = np.zeros((2, len(owner) + 1), np.int32)
        for i in range(2):
            own = np.flatnonzero((owner == i) & (control == LICENCE))
            offices[i, : len(own) + 1] = len(own), *own
        core, worldwide = (np.flatnonzero(flag).astype(np.int32) for flag in flags)
        return {"offices": offices, "core": core, "worldwide": worldwide}

    return parts.part("lever lists", made, *(column.tobytes() for column in columns))


def level_tables(levers: Sequence[LeverSpec]) -> dict[str, NDArray[np.float64]]:
    """What a level means, (K, highest top + 1) each: `left`, `allowed` and `gain` of Params.

    Looked up every week instead of divided anew.
    """
    widest = max((lever.top for lever in levers), default=0)
    names = ("left", "allowed", "gain")
    tables = {name: np.zeros((len(levers), widest + 1)) for name in names}
    for k, lever in enumerate(levers):
        levels = range(lever.top + 1)
        tables["left"][k, : len(levels)] = [lever.share_left(n) for n in levels]
        tables["allowed"][k, : len(levels)] = [lever.share_served(n) for n in levels]
        tables["gain"][k, : len(levels)] = [lever.own_gain * n / lever.notches for n in levels]
    return tables


def demand_batches(levers: Iterable[LeverSpec]) -> list[float]:
    """The different means of Poisson demand, in file order: rows of the Poisson table."""
    given = (lever.demand_batch for lever in levers if lever.demand_batch is not None)
    return list(dict.fromkeys(given))
