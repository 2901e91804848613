"""A typical run of a kind: which one, what share of the runs it stands for, and its ladder.

Typical: of the runs of that kind that have its commonest trigger, the one whose key quantities
(first violation, dispute, first talks, number of talks, harm to both) lie closest to the
medians of the kind, each distance in units of its interquartile range; the lowest index on ties.
Its ladder: who moved which lever, when and why, read off its trace.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.counts import ROW
from sim.errors import DetenteError, Problem, ResultError, nearest
from sim.explain.phrases import label
from sim.explain.trace import trace_run
from sim.explain.weeks import SideWeek, Trace, Week
from sim.numbers import DEFAULT_RUNS
from sim.outcomes.bands import phrase
from sim.outcomes.definitions import term_of, undefined
from sim.outcomes.estimates import Estimate, estimate
from sim.outcomes.sample import DUE, Act, Ladder
from sim.world.state import MISREAD, SLIP

if TYPE_CHECKING:
    from sim.outcomes.result import Result
    from sim.scenario import Scenario

#: What a scenario's typical run is of, the first that happens: how it ends, if it ends at all.
TYPICAL = ("breakdown", "dispute", "talks", "quiet")
#: Why a lever moved, in the ladder.
_WHY = {
    "relief": "relief owed since talks",
    "concession": "concedes",
    "flip": "the opposite of its order (noise)",
    "slip": "an agency slips",
}
#: Most runs searched: a row is kept of each.
MOST_RUNS = 5_000_000

Rows = np.ndarray


@dataclass(frozen=True)
class Kind:
    """A kind of run: those of whose rows a first week (0: never) has come by the end of the term.

    words: the same, with the last week in place of {}. cause: of the dispute, if of one only.
    at_all: by the horizon, whatever the term. never: those of which it has not come.
    """

    week: str
    words: str
    needs_truce: bool = True
    cause: int | None = None
    at_all: bool = False
    never: bool = False

    def last_week(self, scenario: "Scenario") -> int:
        """The week by whose end it is to have come."""
        horizon = scenario.compiled.weeks
        term = None if self.at_all else term_of(scenario.compiled.params.rules[0])
        return horizon if term is None else term

    def chosen(self, scenario: "Scenario", rows: Rows) -> NDArray[np.bool_]:
        """Which rows are of it."""
        first = rows[self.week]
        came = (first > 0) & (first <= self.last_week(scenario))
        if self.cause is not None:
            came &= rows["cause"] == self.cause
        return np.asarray(came != self.never)


KINDS: dict[str, Kind] = {
    "breakdown": Kind("standing_week", "the truce broke by the end of week {}"),
    "dispute": Kind("undisputed_week", "the truce was in dispute by the end of week {}"),
    "slip": Kind(
        "undisputed_week", "a slip of an agency led to a dispute by the end of week {}", cause=SLIP
    ),
    "misread": Kind(
        "undisputed_week", "a false alarm led to a dispute by the end of week {}", cause=MISREAD
    ),
    "talks": Kind("first_talks", "talks were held by the end of week {}", needs_truce=False),
    "lapse": Kind(
        "lapse_week", "the truce lapsed at the end of a term, by the end of week {}", at_all=True
    ),
    "quiet": Kind(
        "clean_week", "nobody was in violation to the end of week {}", needs_truce=False, never=True
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
    if kind not in KINDS:
        raise _refusal(scenario, kind, ", ".join(KINDS), nearest(kind, KINDS))
    defined = _defined(scenario)
    if kind not in defined:
        reason = undefined("standing", scenario.compiled.params.rules[0])
        raise _refusal(scenario, kind, f"{', '.join(defined)}, since {reason}")
    rows = _rows_of_runs(scenario, seed, runs)
    typical_run = _typical_of_kind(scenario, kind, rows)
    if typical_run is None:
        others = [name for name in defined if KINDS[name].chosen(scenario, rows).any()]
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
        rows = _rows_of_runs(scenario, seed, most, governments)
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
    different: dict[int, TypicalRun] = {}
    defined = _defined(scenario)
    for kind in kinds:
        run_of_kind = _typical_of_kind(scenario, kind, rows) if kind in defined else None
        if run_of_kind is not None and len(different) < most:
            different.setdefault(run_of_kind.run, run_of_kind)
    return list(different.values())


def _defined(scenario: "Scenario") -> list[str]:
    """The kinds that are defined under the rules of a scenario."""
    truce = undefined("standing", scenario.compiled.params.rules[0]) is None
    return [name for name, kind in KINDS.items() if truce or not kind.needs_truce]


def _rows_of_runs(
    scenario: "Scenario",
    seed: int,
    runs: int,
    governments: Mapping[str, Any] | None = None,
) -> Rows:
    """A row of each of the runs 0..`runs`-1."""
    if governments:
        from sim.engines.mesa_batch import run_models

        rows = run_models(scenario, seed, 0, runs, keep=True, governments=governments).rows
    else:
        from sim.engines.batch import run_parts
        from sim.outcomes.butfor import without_bands

        parts = [part.changed(without_bands) for part in scenario.compiled.parts]
        rows = run_parts(parts, seed, 0, runs, keep=True, payoffs=False).rows
    return np.zeros(0, ROW) if rows is None else rows


def _typical_of_kind(scenario: "Scenario", kind: str, rows: Rows) -> TypicalRun | None:
    """The typical run of a kind; None if there is no run of it."""
    chosen = np.flatnonzero(KINDS[kind].chosen(scenario, rows))
    if chosen.size == 0:
        return None
    words = KINDS[kind].words.format(KINDS[kind].last_week(scenario))
    share = estimate(int(chosen.size), len(rows), words)
    run = typical(rows, chosen, scenario.compiled.weeks)
    return TypicalRun(kind, run, share, int(chosen.size))


def _refusal(scenario: "Scenario", kind: str, allowed: str, near: str | None = None) -> FindError:
    return FindError([Problem(scenario.name, None, "--find", kind, allowed, near)])


def typical(rows: Rows, chosen: NDArray[np.int64], horizon: int) -> int:
    """The index of the typical run among the chosen ones."""
    part = rows[chosen]
    weeks = [part[name] for name in ("clean_week", "undisputed_week", "first_talks")]
    columns = [np.where(week > 0, week, horizon + 1) for week in weeks]  # never is after the last
    columns += [part[name] for name in ("talks_count", "harm_us", "harm_cn")]
    distance = sum(_distance(column.astype(float)) for column in columns)
    triggers = np.stack([part["cause"], part["cause_who"], part["cause_item"]], axis=1)
    _, kinds, counts = np.unique(triggers, axis=0, return_inverse=True, return_counts=True)
    common = np.flatnonzero(kinds.ravel() == np.argmax(counts))  # the first of equally common ones
    return int(chosen[common][np.argmin(np.asarray(distance)[common])])


def _distance(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance from the median in interquartile ranges; in units where that range is 0."""
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75], method="inverted_cdf")
    return np.abs(values - middle) / ((high - low) or 1.0)


def with_ladder(result: "Result") -> "Result":
    """The result with the ladder of its typical run, to be stored with it."""
    return replace(result, ladder=ladder_of_run(result))


def typical_run(result: "Result", rows: "np.ndarray | None" = None) -> int:
    """The typical run of a result (`find.find_typical`), of its first 10,000; 0 if none is."""
    typical = find_typical(result.scenario, result.seed, result.n, result.governments, rows)
    return 0 if typical is None else typical.run


def ladder_of_run(
    result: "Result", run: int | None = None, rows: "np.ndarray | None" = None
) -> Ladder:
    """The ladder of one run of a result: the stored one, or the run played again.

    run: by default the stored or a typical one; rows: those of its runs, where they were kept.
    Raises ResultError for a run outside the result, or if what is played now is not the run of
    then: the model has changed since.
    """
    if run is None:
        run = typical_run(result, rows) if result.ladder is None else result.ladder.run
    if not 0 <= run < result.n:
        raise ResultError(f"run is {run}; allowed: 0 to {result.n - 1:,}, the runs of this result")
    if result.ladder is not None and result.ladder.run == run:
        return result.ladder
    ladder = ladder_of(trace_run(result.scenario, result.seed, run, True, result.governments))
    sample = result.sample
    if sample is not None and run < sample.runs and sample.dispute[run] != ladder.dispute:
        raise ResultError(
            f"run {run} does not go as it went when this result was written: the model has "
            "changed since; run the scenario again"
        )
    return ladder


def ladder_of(trace: Trace) -> Ladder:
    """The ladder of a traced run."""
    outcome, truce = trace.outcome, trace.has_truce
    cause = outcome.trigger if truce else None
    trigger = phrase(cause.cause, cause.who, cause.item, trace.scenario.sides) if cause else ""
    return Ladder(
        run=trace.run,
        rungs={
            side: [week.sides[i].rung for week in trace.weeks] for i, side in enumerate(trace.ids)
        },
        acts=tuple(act for week in trace.weeks for act in _acts_of(trace, week)),
        talks=tuple(week.number for week in trace.weeks if week.talks),
        ends=tuple((week.number, text) for week in trace.weeks for text in _ends(week)),
        breakdown=(outcome.standing_week or 0) if truce else 0,
        dispute=(outcome.undisputed_week or 0) if truce else 0,
        trigger=trigger,
    )


def _ends(week: Week) -> Iterator[str]:
    """What became of the truce in a week."""
    for came, how in (
        (week.ended_by, "ended"),
        (week.lapsed, "lapsed"),
        (week.extended, "extended"),
        (week.renewed, "renewed"),
    ):
        if came:
            yield f"truce {how}"


def _acts_of(trace: Trace, week: Week) -> Iterator[Act]:
    """The acts of a week: what fell due, then what was moved, by side and reason."""
    yield from _overdue(trace, week)
    notches = dict(zip(trace.compiled.levers, trace.compiled.params.levers["notches"], strict=True))
    for (who, why, item), group in groupby(week.changes, key=lambda c: (c.who, c.why, c.item)):
        changes = list(group)
        moves = tuple((change.lever, change.before, change.after) for change in changes)
        why = _reason(week.side(who), why, item)
        if any(c.after > max(c.before, notches[c.lever]) for c in changes):
            why = f"refuses licences: {why}"
        yield Act(week.number, who, moves, why)


def _overdue(trace: Trace, week: Week) -> Iterator[Act]:
    """Obligations that fall due this week with the lever above them."""
    before = trace.week(week.number - 1).levers if week.number > 1 else trace.start
    service = trace.compiled.params.levers["seen_owing_service"]
    for owing_service, then, now in zip(service, before, week.levers, strict=True):
        moved = [change.before for change in week.changes if change.lever == now.name]
        level = moved[0] if moved else now.level
        if now.counts < then.counts and level > now.counts and not owing_service:
            yield Act(week.number, now.name.split(".")[0], ((now.name, level, now.counts),), DUE)


def _reason(side: SideWeek, why: str, item: str) -> str:
    """Why a lever moved, in a few words."""
    if why in ("shock", "deal"):
        return f"{why} {item}".strip()
    if why != "retaliation":
        return _WHY[why]
    reading = side.acted_on
    if reading is None or not reading.sensed_bad:
        return "retaliates by its policy"
    if reading.violated:
        return "answers a violation"
    if reading.alarm == "slow_licences":
        return f"answers slow {label(reading.gap_lever)}"
    return "answers a false alarm" if reading.alarm else "retaliates by its policy"
