"""Where the record lies among the runs of a scenario, and how often a run comes near it.

The recorded path is compared with single runs fact by fact: the first violation of each side, the
first talks, the core kept, the extension, the flow of magnets month by month. A run *matches* if
every fact of it lies within the tolerances below. `standing` is no fact of its own, since it
follows from violations and talks; where it would lie is reported beside.

    detente backtest                                    prints it, of any dated scenario
    python docs/make_record.py                          writes the tables of docs/record.md
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem
from sim.history.dated import stretch_of
from sim.history.path import Path, month_weights, record_path
from sim.history.record import Record, shipped
from sim.history.rows import RecordError
from sim.history.single_runs import SingleRuns, play
from sim.numbers import DEFAULT_SEED
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

RUNS = 10_000
#: The licence lever whose flow the tonnage of magnets measures.
LICENCE = "cn.rare_earths"
VIOLATION_WEEKS = 3  # a first violation matches within so many weeks
TALKS_WEEKS = 1
FLOW_DISTANCE = 0.25  # mean over the months of |flow - tonnage over normal|

Weeks = NDArray[np.int64]
Flags = NDArray[np.bool_]
Months = NDArray[np.float64]


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
    path: Path
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
    played = play(scenario.compiled, LICENCE, runs, seed)
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


def monthly_flows(played: SingleRuns, path: Path, scenario: "Scenario") -> Months:
    """(months, n) mean flow over the days of each month that the calendar covers."""
    start = scenario.spec.start
    weights = [month_weights(month, start, path.weeks) for month in path.months]
    return np.array([played.flow[:, : path.weeks] @ weight for weight in weights])


def _near(played: SingleRuns, path: Path, flows: Months) -> dict[str, Flags]:
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


def _places(played: SingleRuns, path: Path, flows: Months) -> Iterator[Place]:
    last = path.weeks
    for side, name in enumerate(("US", "China")):
        weeks = first_violations(played, side, last)
        yield _week_place(
            f"first violation, {name} (week)", weeks, path.first_violation[side], last
        )
    talks = _within(played.rows["first_talks"], last)
    yield _week_place("first talks (week)", talks, path.first_talks, last)
    if path.has_truce:
        for name, recorded in (("undisputed", path.dispute), ("standing", path.breakdown)):
            ends = _within(played.rows[outcome_of(name).field], last)
            yield _week_place(f"`{name}` ends (week)", ends, recorded, last)
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
