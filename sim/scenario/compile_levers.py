"""Levers, programmes and the tables that stand in for exponentials, from a scenario."""

import datetime
import math
from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.scenario.backlog import Supplied, stock_cap, supplied_at_start
from sim.scenario.records import Parts, record_rows, records, same_named, week_of
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec
from sim.world.params import CONTROLS, LEVER, LICENCE, NEVER, PROGRAMME

_DAYS_A_YEAR = 365.25
_DAYS_A_WEEK = 7.0
#: Entries of the table of Gumbel quantiles.
GUMBEL_SIZE = 4096


def lever_table(spec: ScenarioSpec, rows: dict[str, LeverSpec], parts: Parts) -> np.recarray:
    """LEVER (K,), with backlog and stock as their histories leave them."""
    warmth = (spec.actors[side].temperature for side in spec.ids)
    values = parts.together("values", *rows.values())
    make = lambda *_: _lever_table(spec, rows, parts)  # noqa: E731
    return parts.part("levers", make, values, spec.truce, spec.start, *warmth)


def _lever_table(spec: ScenarioSpec, rows: dict[str, LeverSpec], parts: Parts) -> np.recarray:
    levers = tuple(rows.values())
    found = supplied(rows, spec.start, parts)
    table = parts.along("lever rows", _row, levers, found, _places(spec, rows, parts))
    return record_rows(LEVER, table, "lever records", parts)


class Place(NamedTuple):
    """What a lever's record says of its place among all levers."""

    owner: int
    core: bool
    issue: int
    temperature: float
    demand_row: int | None


def _places(spec: ScenarioSpec, rows: dict[str, LeverSpec], parts: Parts) -> tuple[Place, ...]:
    reads = attrgetter("issue", "temperature", "demand_batch")
    given = parts.each("lever reads", reads, tuple(rows.values()), reads=reads)
    names, warmth = parts.together("names", *rows), [spec.actors[i].temperature for i in spec.ids]
    make = lambda *_: _placed(spec, given, names)  # noqa: E731
    return parts.part("lever places", make, names, spec.truce, *warmth, *given)


def _placed(
    spec: ScenarioSpec,
    given: Sequence[tuple[str | None, float | None, float | None]],
    names: tuple[str, ...],
) -> tuple[Place, ...]:
    issues: dict[str, int] = {}
    batches = list(dict.fromkeys(batch for _, _, batch in given if batch is not None))
    core = () if spec.truce is None else spec.truce.core
    sides = {side: place for place, side in enumerate(spec.ids)}
    places = []
    for path, (own_issue, own, batch) in zip(names, given, strict=True):
        side, name = path.split(".", 1)
        issue = issues.setdefault(own_issue or name, len(issues))
        warmth = spec.actors[side].temperature if own is None else own
        row = None if batch is None else batches.index(batch)
        places.append(Place(sides[side], path in core, issue, warmth, row))
    return tuple(places)


def supplied(rows: dict[str, LeverSpec], start: datetime.date, parts: Parts) -> list[Supplied]:
    """What the history of each lever leaves on the day before `start`."""
    return parts.each("supplied", supplied_at_start, tuple(rows.values()), start)


def _row(lever: LeverSpec, found: Supplied, place: Place) -> dict[str, Any]:
    """The record of one lever."""
    batch, row = lever.demand_batch, place.demand_row
    return (
        _standing(lever)
        | _supply(lever, found)
        | place._asdict()
        | {
            "demand_row": -1 if row is None else row,
            "demand_batch": 0.0 if batch is None else batch,
        }
    )


def _standing(lever: LeverSpec) -> dict[str, Any]:
    """What stands in a file, under its own name or another."""
    return same_named(LEVER, lever) | {
        "control": CONTROLS.index(lever.control),
        "top": lever.top,
        "obligation": lever.final_obligation,
        "due": lever.due_weeks,
        "listed": lever.listed_at_start,
        "worldwide": lever.scope == "global",
        "owes_service": lever.owes == "service",
        "seen_owing_service": lever.seen_owing == "service",
        "value": lever.believed_value,
    }


def _supply(lever: LeverSpec, found: Supplied) -> dict[str, Any]:
    after_talks = lever.capacity_after_talks
    return {
        "capacity_after_talks": lever.capacity if after_talks is None else after_talks,
        "squeezed_share": lever.squeeze,
        "top_share": lever.squeeze if lever.refusal is None else lever.refusal,
        "expected": lever.expected_by_target,
        "promised": lever.promised_by_owner,
        "decay_from": NEVER if lever.halving_years is None else lever.dead_weeks + 1,
        "stock": found.stock,
        "stock_cap": stock_cap(lever),
        "backlog": found.backlog,
    }


def programmes_read(lever: LeverSpec) -> tuple[tuple[str, float], ...]:
    """What `programme_table` reads of a lever's programmes, as plain values."""
    return tuple((programme.online.isoformat(), programme.share) for programme in lever.programmes)


def programme_table(spec: ScenarioSpec, rows: dict[str, LeverSpec]) -> np.recarray:
    """PROGRAMME, file order: those dated before the start are in `dependence` already."""
    table = [
        {"week": week_of(programme.online, spec.start), "lever": k, "share": programme.share}
        for k, lever in enumerate(rows.values())
        for programme in lever.programmes
        if programme.online >= spec.start
    ]
    return records(PROGRAMME, table)


def decay_table(rows: dict[str, LeverSpec], parts: Parts) -> NDArray[np.float64]:
    """Weekly factor of dependence at level n, (K, levels): 2^(-7 (1 + xi n/N)/(365.25 L))."""
    reads = attrgetter("halving_years", "induced", "notches", "top")
    each = parts.each("decays", _decays, tuple(rows.values()), reads=reads)
    return parts.part("decay", lambda *each: _decay_table(each), *each)


class _Decays(NamedTuple):
    top: int
    factors: tuple[float, ...]  # by level; none without a halving time


def _decay_table(decays: tuple[_Decays, ...]) -> NDArray[np.float64]:
    table = np.ones((len(decays), max((each.top for each in decays), default=0) + 1))
    for k, each in enumerate(decays):
        table[k, : len(each.factors)] = each.factors
    return table


def _decays(lever: LeverSpec) -> _Decays:
    """Of one lever."""
    if lever.halving_years is None:
        return _Decays(lever.top, ())
    days = _DAYS_A_YEAR * lever.halving_years
    faster = (1.0 + lever.induced * n / lever.notches for n in range(lever.top + 1))
    return _Decays(lever.top, tuple(2.0 ** (-_DAYS_A_WEEK * each / days) for each in faster))


def lever_lists(levers: np.recarray, parts: Parts) -> dict[str, NDArray[np.int32]]:
    """Which levers a week looks through for one thing: `offices`, `core`, `worldwide` of Params."""
    plain = levers.view(np.ndarray)  # a recarray takes five times as long to give a column
    columns = (plain[name].tobytes() for name in ("owner", "control", "core", "worldwide"))
    return parts.part("lever lists", _lever_lists, *columns)


def _lever_lists(*columns: bytes) -> dict[str, NDArray[np.int32]]:
    """The same, of columns of the table of levers."""
    owner, control, core, worldwide = (np.frombuffer(column, np.int8) for column in columns)
    offices = np.zeros((2, len(owner) + 1), np.int32)
    for i in range(2):
        own = np.flatnonzero((owner == i) & (control == LICENCE))
        offices[i, : len(own) + 1] = len(own), *own
    listed = {"core": core, "worldwide": worldwide}
    found = {name: np.flatnonzero(flags).astype(np.int32) for name, flags in listed.items()}
    return {"offices": offices, **found}


def level_tables(rows: dict[str, LeverSpec], parts: Parts) -> dict[str, NDArray[np.float64]]:
    """What a level means, (K, highest top + 1) each: `left`, `allowed` and `gain` of Params.

    Looked up every week instead of divided anew.
    """
    widest = max((lever.top for lever in rows.values()), default=0)
    reads = attrgetter("bite", "notches", "refusal", "squeeze", "own_gain", "top")
    each = parts.each("levels", _levels, tuple(rows.values()), widest + 1, reads=reads)
    return parts.part("level tables", lambda _, *each: _level_tables(each, widest), widest, *each)


def _level_tables(
    levels: tuple[NDArray[np.float64], ...], widest: int
) -> dict[str, NDArray[np.float64]]:
    table = np.zeros((3, len(levels), widest + 1))
    for k, one in enumerate(levels):
        table[:, k] = one
    return {name: table[place].copy() for place, name in enumerate(("left", "allowed", "gain"))}


def _levels(lever: LeverSpec, width: int) -> NDArray[np.float64]:
    """Of one lever: what is left, what may be served, what its owner gains, (3, width)."""
    table = np.zeros((3, width))
    for n in range(lever.top + 1):
        table[:, n] = lever.share_left(n), lever.share_served(n), lever.own_gain * n / lever.notches
    return table


def demand_batches(rows: dict[str, LeverSpec]) -> list[float]:
    """The different means of Poisson demand, in file order: rows of the Poisson table."""
    given = [lever.demand_batch for lever in rows.values() if lever.demand_batch is not None]
    return list(dict.fromkeys(given))


def poisson_table(means: list[float]) -> NDArray[np.float64]:
    """P(count <= n) for Poisson counts, (means, width): every row ends in 1 exactly.

    The draw is the first n with u < P(count <= n). The width leaves out less than 1e-15.
    """
    width = max((_poisson_width(mean) for mean in means), default=1)
    table = np.ones((len(means), width))
    for row, mean in enumerate(means):
        table[row, : _poisson_width(mean)] = _poisson_cumulative(mean)
    return table


def _poisson_width(mean: float) -> int:
    """Counts to tabulate: 12 standard deviations and 40 above the mean."""
    return math.ceil(mean + 12.0 * math.sqrt(mean)) + 40


def _poisson_cumulative(mean: float) -> NDArray[np.float64]:
    """Built outward from the mode, P(n) = P(n-1) mean/n, so that nothing over- or underflows."""
    width, mode = _poisson_width(mean), int(mean)
    weights = np.ones(width)
    for n in range(mode + 1, width):
        weights[n] = weights[n - 1] * mean / n
    for n in range(mode, 0, -1):
        weights[n - 1] = weights[n] * n / mean
    cumulative = np.minimum(1.0, np.cumsum(weights / math.fsum(weights)))
    cumulative[-1] = 1.0
    return cumulative


@cache
def gumbel_table() -> NDArray[np.float64]:
    """Gumbel quantiles -ln(-ln((j + .5)/4096)), read-only: softmax draws without exponentials."""
    table = np.array(
        [-math.log(-math.log((j + 0.5) / GUMBEL_SIZE)) for j in range(GUMBEL_SIZE)], np.float64
    )
    table.flags.writeable = False
    return table
