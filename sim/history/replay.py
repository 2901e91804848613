"""Where the record lies among the runs of a scenario, and how often a run comes near it.

The recorded path is compared with single runs fact by fact: the first violation of each side, the
first talks, the core kept, the extension, the flow of magnets month by month. A run *matches* if
every fact of it lies within the tolerances below. `standing` is no fact of its own, since it
follows from violations and talks; where it would lie is reported beside. Governments without
reciprocity stand in every table: what a model must beat before agreement with the record counts.

    detente backtest                                    prints it, of any dated scenario
    python docs/make_record.py                          writes the tables of docs/record.md
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem
from sim.history.path import RecordPath, month_weights, record_path, stretch_of
from sim.history.record import MAGNET_LEVER, Record, shipped
from sim.history.rows import RecordError
from sim.numbers import DEFAULT_SEED
from sim.world.outcomes import outcome_of
from sim.world.params import FLOW, RUNG

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.compile import Compiled

RUNS = 10_000
VIOLATION_WEEKS = 3  # a first violation matches within so many weeks
TALKS_WEEKS = 1
FLOW_DISTANCE = 0.25  # mean over the months of |flow - tonnage over normal|

COIN, CONCEDE = "coin flips", "always concede"
_POLICIES: dict[str, dict[str, Any]] = {
    COIN: {"name": "random", "p": 0.5},
    CONCEDE: {"name": "always_concede"},
}
#: In the order of every table.
GOVERNMENTS = tuple(_POLICIES)

Weeks = NDArray[np.int64]
Flags = NDArray[np.bool_]
Months = NDArray[np.float64]


def with_governments(scenario: "Scenario", rival: str) -> "Scenario":
    """The scenario with the governments of a rival, whose agencies never slip, as in nulls/.

    All else is equal, so that the difference is the governments'.
    """
    changes: dict[str, Any] = {}
    for side in scenario.sides.ids:
        changes[f"actors.{side}.policy"] = _POLICIES[rival]
        changes |= {f"actors.{side}.{name}": 0.0 for name in ("slip", "slip_fail")}
    return scenario.override(changes)


@dataclass(frozen=True)
class SingleRuns:
    """`n` runs: rungs (2, n, weeks) of us and cn, flow (n, weeks) of one licence lever, rows (n,)
    of the engine's ROW."""

    rungs: NDArray[np.float64]
    flow: NDArray[np.float64]
    rows: np.ndarray

    @property
    def n(self) -> int:
        """Number of runs."""
        return len(self.rows)


def play(compiled: "Compiled", licence: str, runs: int, seed: int) -> SingleRuns:
    """Plays runs 0 .. runs - 1, each by the batch engine's own block of one run: the same as ever.

    Its histogram, with one count a week, says where it was, to a bin. Raises ValueError if
    `licence` is not a licence lever here, or for more runs than the engine follows week by week.
    """
    from sim.engines.block import run_block
    from sim.engines.counts import ROW, WATCHED_RUNS, new_bins, new_tally
    from sim.engines.setting import ANEW, scratch, seed_words

    if not 1 <= runs <= WATCHED_RUNS:
        raise ValueError(f"runs is {runs}; allowed: 1 to {WATCHED_RUNS:,}")
    params = compiled.params
    bands = _bands(compiled, licence)
    state, tally, bins = scratch(params), new_tally(params), new_bins(params, 1)
    rows = np.zeros(runs, ROW).view(np.recarray)
    paths = np.zeros((len(bands), runs, compiled.weeks))
    for index in range(runs):
        tally.hist[:] = 0
        row = rows[index : index + 1]
        run_block(params, state, tally, bins, *seed_words(seed), index, 1, row, state, ANEW)
        for place, band in enumerate(bands):
            fullest = tally.hist[band, 1:].argmax(axis=1)
            paths[place, index] = np.maximum(fullest - 1, 0) / params.bands["scale"][band]
    return SingleRuns(paths[:2], paths[2], rows)


def _bands(compiled: "Compiled", licence: str) -> list[int]:
    """Indices of the bands of the two rungs and of the licence lever's flow."""
    bands = compiled.params.bands
    pairs = list(zip(bands["quantity"].tolist(), bands["index"].tolist(), strict=True))
    lever = compiled.levers.index(licence)
    return [pairs.index((RUNG, 0)), pairs.index((RUNG, 1)), pairs.index((FLOW, lever))]


@dataclass(frozen=True)
class Place:
    """One quantity of the record among the runs. `quantile`: P(below) + half of P(equal).

    Weeks that never came count as `beyond` and are later than all others; None: not a week.
    """

    name: str
    record: float
    q05: float
    median: float
    q95: float
    quantile: float
    beyond: int | None = None


@dataclass(frozen=True)
class Replay:
    """The record in one scenario: its places, and the share of `n` runs that match each fact
    and (`matching`) all of them."""

    n: int
    seed: int
    path: RecordPath
    places: tuple[Place, ...]
    facts: dict[str, float]
    matching: int

    @property
    def likelihood(self) -> float:
        """Share of the runs that match all facts."""
        return self.matching / self.n


def replay(
    scenario: "Scenario", runs: int = RUNS, seed: int = DEFAULT_SEED, record: Record | None = None
) -> Replay:
    """Plays the first `runs` runs (at most 20,000) and lays the record among them.

    `record` is the shipped one where none is given. Raises RecordError if the scenario is not a
    dated one, or covers no whole week of the record.
    """
    path = record_path(scenario, record)
    if stretch_of(scenario.compiled, record) is None or not path.weeks:
        raise RecordError([_no_record(scenario, record)])
    played = play(scenario.compiled, MAGNET_LEVER, runs, seed)
    flows = monthly_flows(played, path, scenario)
    near = _near(played, path, flows)
    return Replay(
        n=runs,
        seed=seed,
        path=path,
        places=tuple(_places(played, path, flows)),
        facts={name: float(flags.mean()) for name, flags in near.items()},
        matching=int(np.logical_and.reduce(list(near.values())).sum()),
    )


def _no_record(scenario: "Scenario", record: Record | None) -> Problem:
    first, last = (record or shipped()).extent
    found = f"{scenario.name}, {scenario.spec.weeks} weeks from {scenario.spec.start}"
    allowed = f"a scenario with levers of the record, a week or more of it in {first} to {last}"
    return Problem("", None, "SCENARIO", f"{found}: not about the record", allowed)


def first_violations(played: SingleRuns, side: int, weeks: int) -> Weeks:
    """(n,) first week in which a side violates, 0 if none of the `weeks` is one."""
    bad = played.rungs[side, :, :weeks] > 0
    return np.where(bad.any(axis=1), bad.argmax(axis=1) + 1, 0)


def monthly_flows(played: SingleRuns, path: RecordPath, scenario: "Scenario") -> Months:
    """(months, n) mean flow over the days of each month that the calendar covers."""
    start = scenario.spec.start
    weights = [month_weights(month, start, path.weeks) for month in path.months]
    return np.array([played.flow[:, : path.weeks] @ weight for weight in weights])


def _near(played: SingleRuns, path: RecordPath, flows: Months) -> dict[str, Flags]:
    """By fact, the runs that lie near the record."""
    first = [first_violations(played, side, path.weeks) for side in (0, 1)]
    us, cn = path.first_violation
    talks = _within(played.rows["first_talks"], path.weeks)
    near = {
        "first violation, US": _close(first[0], us, VIOLATION_WEEKS),
        "first violation, China": _close(first[1], cn, VIOLATION_WEEKS),
        "first talks": _close(talks, path.first_talks, TALKS_WEEKS),
        "core kept": (_within(played.rows["core_week"], path.weeks) == 0) == path.core_kept,
    }
    if path.extended is not None:
        near["extended"] = (played.rows["extended"] == 1) == path.extended
    recorded = np.array([month.share for month in path.months])[:, None]
    near["flow by month"] = np.abs(flows - recorded).mean(axis=0) <= FLOW_DISTANCE
    return near


def _within(weeks: NDArray[np.int32], last: int) -> Weeks:
    """The weeks up to `last`, 0 for later ones."""
    return np.where(weeks <= last, weeks, 0).astype(np.int64)


def _close(weeks: Weeks, recorded: int, most: int) -> Flags:
    """Which are at most `most` weeks from the record; never matches never."""
    came: Flags = weeks > 0
    return came & (np.abs(weeks - recorded) <= most) if recorded else ~came


def _places(played: SingleRuns, path: RecordPath, flows: Months) -> Iterator[Place]:
    last = path.weeks
    for side, name in enumerate(("US", "China")):
        weeks = first_violations(played, side, last)
        yield _week_place(
            f"first violation, {name} (week)", weeks, path.first_violation[side], last
        )
    talks = _within(played.rows["first_talks"], last)
    yield _week_place("first talks (week)", talks, path.first_talks, last)
    for name in ("undisputed", "standing"):
        if name in path.ends:
            ends = _within(played.rows[outcome_of(name).field], last)
            yield _week_place(f"`{name}` ends (week)", ends, path.ends[name], last)
    for side, name in enumerate(("US", "China")):
        peaks = played.rungs[side, :, :last].max(axis=1)
        yield _place(f"highest rung, {name}", peaks, float(path.rungs[side].max()))
    for month, flow in zip(path.months, flows, strict=True):
        yield _place(f"flow, {month.first:%B %Y}", flow, month.share)


def _week_place(name: str, weeks: Weeks, recorded: int, last: int) -> Place:
    """Weeks that never came stand one after the last."""
    beyond = last + 1
    values = np.where(weeks > 0, weeks, beyond)
    return _place(name, values, float(recorded or beyond), beyond)


def _place(
    name: str, values: NDArray[np.float64] | Weeks, recorded: float, beyond: int | None = None
) -> Place:
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95], method="inverted_cdf").tolist()
    below, equal = (values < recorded).mean(), (values == recorded).mean()
    return Place(name, recorded, low, median, high, float(below + equal / 2), beyond)


class Replays(NamedTuple):
    """A scenario beside the record, and the same with the governments of each rival, by name."""

    scenario: "Scenario"
    base: Replay
    rivals: dict[str, Replay]

    @property
    def rows(self) -> dict[str, Replay]:
        """What a table lists, by its name there: the scenario, then its rivals."""
        name = self.scenario.name
        return {name: self.base} | {f"{name}, {rival}": r for rival, r in self.rivals.items()}


def with_rivals(
    scenario: "Scenario", runs: int = RUNS, seed: int = DEFAULT_SEED, record: Record | None = None
) -> Replays:
    """`replay` of a scenario and of the same under each rival; raises what `replay` raises."""
    base = replay(scenario, runs, seed, record)
    others = {each: with_governments(scenario, each) for each in GOVERNMENTS}
    return Replays(scenario, base, {n: replay(s, runs, seed, record) for n, s in others.items()})
