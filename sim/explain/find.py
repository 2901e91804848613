"""A typical run of a kind: which one, and what share of the runs it stands for.

Typical: of the runs of that kind that have its commonest trigger, the one whose key quantities
(first violation, dispute, first talks, number of talks, harm to both) lie closest to the
medians of the kind, each distance in units of its interquartile range; the lowest index on ties.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.counts import ROW
from sim.errors import DetenteError, Problem, nearest
from sim.outcomes.definitions import term_of, undefined
from sim.outcomes.estimates import Estimate, estimate
from sim.world.state import MISREAD, SLIP

if TYPE_CHECKING:
    from sim.scenario import Scenario

DEFAULT_RUNS = 10_000
#: What a scenario's typical run is of, the first that happens: how it ends, if it ends at all.
TYPICAL = ("breakdown", "dispute", "talks", "quiet")
#: Most runs searched: a row is kept of each.
MOST_RUNS = 5_000_000

Rows = np.ndarray
Chosen = Callable[[Rows, int, int], NDArray[np.bool_]]  # rows, last week of the term, horizon


def _by(week: int, first: NDArray) -> NDArray[np.bool_]:
    """Which of these first weeks (0: never) have come by the end of a week."""
    return np.asarray((first > 0) & (first <= week))


@dataclass(frozen=True)
class Kind:
    """A kind of run: which rows are of it, and in words, with {term} and {horizon}."""

    chosen: Chosen
    words: str
    needs_truce: bool = True


KINDS: dict[str, Kind] = {
    "breakdown": Kind(
        lambda rows, term, _: _by(term, rows["standing_week"]),
        "the truce broke by the end of week {term}",
    ),
    "dispute": Kind(
        lambda rows, term, _: _by(term, rows["undisputed_week"]),
        "the truce was in dispute by the end of week {term}",
    ),
    "slip": Kind(
        lambda rows, term, _: _by(term, rows["undisputed_week"]) & (rows["cause"] == SLIP),
        "a slip of an agency led to a dispute by the end of week {term}",
    ),
    "misread": Kind(
        lambda rows, term, _: _by(term, rows["undisputed_week"]) & (rows["cause"] == MISREAD),
        "a false alarm led to a dispute by the end of week {term}",
    ),
    "talks": Kind(
        lambda rows, term, _: _by(term, rows["first_talks"]),
        "talks were held by the end of week {term}",
        needs_truce=False,
    ),
    "lapse": Kind(
        lambda rows, _, horizon: _by(horizon, rows["lapse_week"]),
        "the truce lapsed at the end of a term, by the end of week {horizon}",
    ),
    "quiet": Kind(
        lambda rows, term, _: ~_by(term, rows["clean_week"]),
        "nobody was in violation to the end of week {term}",
        needs_truce=False,
    ),
}


@dataclass(frozen=True)
class TypicalRun:
    """A run that is typical of its kind, and the share of runs that are of that kind."""

    kind: str
    run: int
    share: Estimate
    count: int

    @property
    def text(self) -> str:
        """What it stands for, as a sentence."""
        share = f"{self.share.p:.3f} (95 % interval {self.share.low:.3f} to {self.share.high:.3f})"
        return (
            f"A typical run of the kind {self.kind}: in {self.count:,} of {self.share.n:,} runs, "
            f"{share}, {self.share.definition}."
        )

    def as_table(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"text": self.text}


class FindError(DetenteError):
    """A kind of run that is unknown, not defined in a scenario, or never happens in it."""


def find_run(scenario: "Scenario", kind: str, seed: int, runs: int = DEFAULT_RUNS) -> TypicalRun:
    """A typical run of a kind among runs 0..`runs`-1.

    Raises FindError, ValueError for a seed or a number of runs out of range.
    """
    rules, horizon = scenario.compiled.params.rules[0], scenario.compiled.weeks
    _check(scenario, kind, rules, horizon)
    rows, term = _rows_of_runs(scenario, seed, runs), term_of(rules, horizon) or horizon
    typical_run = _typical_of_kind(kind, rows, term, horizon)
    if typical_run is None:
        others = [
            name for name, chosen in _kinds(rules, horizon) if chosen(rows, term, horizon).any()
        ]
        none = f"{kind}: in none of the {runs:,} runs searched"
        raise _refusal(scenario, none, f"a kind that happens: {', '.join(others)}")
    return typical_run


def find_typical(
    scenario: "Scenario",
    seed: int,
    runs: int,
    governments: Mapping[str, Any] | None = None,
    rows: Rows | None = None,
) -> TypicalRun | None:
    """The typical run of a scenario: that of the first of TYPICAL that happens, None if none does.

    Of the first `runs` runs, at most DEFAULT_RUNS. It is the one that the ladder draws and that
    pages and reports tell first. rows: those of the first `runs` runs, where they were kept.
    """
    most = min(runs, DEFAULT_RUNS)
    if rows is None or len(rows) < most:
        rows = _rows_of_runs(scenario, seed, most, governments or {})
    return next(iter(_kinds_in(scenario, rows[:most], 1, TYPICAL)), None)


def find_stories(
    scenario: "Scenario", seed: int, runs: int, most: int, kinds: Iterable[str]
) -> list[TypicalRun]:
    """The typical run (`find_typical`), then those of the first of some kinds that happen.

    At most `most`, no run twice.
    """
    rows = _rows_of_runs(scenario, seed, runs)
    first = (run_of_kind.kind for run_of_kind in _kinds_in(scenario, rows, 1, TYPICAL))
    return _kinds_in(scenario, rows, most, dict.fromkeys((*first, *kinds)))


def _kinds_in(
    scenario: "Scenario", rows: Rows, most: int, kinds: Iterable[str]
) -> list[TypicalRun]:
    rules, horizon = scenario.compiled.params.rules[0], scenario.compiled.weeks
    term = term_of(rules, horizon) or horizon
    different: dict[int, TypicalRun] = {}
    defined = dict(_kinds(rules, horizon))
    for kind in kinds:
        run_of_kind = _typical_of_kind(kind, rows, term, horizon) if kind in defined else None
        if run_of_kind is not None and len(different) < most:
            different.setdefault(run_of_kind.run, run_of_kind)
    return list(different.values())


def _rows_of_runs(
    scenario: "Scenario",
    seed: int,
    runs: int,
    governments: Mapping[str, Any] = MappingProxyType({}),
) -> Rows:
    """A row of each of the runs 0..`runs`-1."""
    if governments:
        from sim.engines.mesa_batch import run_models

        rows = run_models(scenario, seed, 0, runs, keep=True, governments=governments).rows
        return np.zeros(0, ROW) if rows is None else rows
    from sim.engines.batch import run_parts
    from sim.outcomes.butfor import without_bands

    parts = [part.changed(without_bands) for part in scenario.compiled.parts]
    output = run_parts(parts, seed, 0, runs, keep=True, payoffs=False)
    return np.zeros(0, ROW) if output.rows is None else output.rows


def _typical_of_kind(kind: str, rows: Rows, term: int, horizon: int) -> TypicalRun | None:
    """The typical run of a kind; None if there is no run of it."""
    chosen = np.flatnonzero(KINDS[kind].chosen(rows, term, horizon))
    if chosen.size == 0:
        return None
    words = KINDS[kind].words.format(term=term, horizon=horizon)
    share = estimate(int(chosen.size), len(rows), words)
    return TypicalRun(kind, typical(rows, chosen, horizon), share, int(chosen.size))


def _check(scenario: "Scenario", kind: str, rules: np.void, horizon: int) -> None:
    if kind not in KINDS:
        raise _refusal(scenario, kind, ", ".join(KINDS), nearest(kind, KINDS))
    names = [name for name, _ in _kinds(rules, horizon)]
    if kind not in names:
        reason = undefined("standing", rules, horizon)
        raise _refusal(scenario, kind, f"{', '.join(names)}, since {reason}")


def _kinds(rules: np.void, horizon: int) -> list[tuple[str, Chosen]]:
    """The kinds that are defined under these rules."""
    truce = undefined("standing", rules, horizon) is None
    return [(name, kind.chosen) for name, kind in KINDS.items() if truce or not kind.needs_truce]


def _refusal(scenario: "Scenario", kind: str, allowed: str, near: str | None = None) -> FindError:
    return FindError([Problem(scenario.name, None, "--find", kind, allowed, near)])


def typical(rows: Rows, chosen: NDArray[np.int64], horizon: int) -> int:
    """The index of the typical run among the chosen ones."""
    part = rows[chosen]
    columns = [_first(part[name], horizon) for name in ("clean_week", "undisputed_week")]
    columns += [_first(part["first_talks"], horizon)]
    columns += [part[name].astype(float) for name in ("talks_count", "harm_us", "harm_cn")]
    distance = sum(_distance(column) for column in columns)
    common = _commonest(part)
    return int(chosen[common][np.argmin(np.asarray(distance)[common])])


def _first(weeks: NDArray, horizon: int) -> NDArray[np.float64]:
    """Weeks as numbers, with never as the week after the horizon."""
    return np.where(weeks > 0, weeks, horizon + 1).astype(float)


def _distance(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance from the median in interquartile ranges; in units where that range is 0."""
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75], method="inverted_cdf")
    return np.abs(values - middle) / ((high - low) or 1.0)


def _commonest(rows: Rows) -> NDArray[np.int64]:
    """Places of the rows with the commonest trigger (the first of equally common ones)."""
    triggers = np.stack([rows["cause"], rows["cause_who"], rows["cause_item"]], axis=1)
    _, kinds, counts = np.unique(triggers, axis=0, return_inverse=True, return_counts=True)
    return np.flatnonzero(kinds.ravel() == np.argmax(counts))
