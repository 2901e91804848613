"""From a scenario to a result: run, perhaps until precise enough, and look at it two ways.

Or to the first lines of its page alone: the runs then end when the headline is decided, no
trajectory is followed, and of the outer loop only the headline's range is read.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engines.counts import RUNS
from sim.errors import ResultError, quoted
from sim.numbers import DEFAULT_RUNS, DEFAULT_SEED, MOST_SEEDS, MOST_THREADS, as_python, as_whole
from sim.numbers import MOST_RUNS as MOST_RUNS_AT_ONCE
from sim.outcomes.butfor import (
    MOST_RUNS,
    Share,
    but_for_frame,
    but_for_shares,
    without_bands,
)
from sim.outcomes.decomposition import COMMON, LUCKS
from sim.outcomes.definitions import headline, holds_at, reading_frame, term_of
from sim.outcomes.estimates import Estimate, estimate, runs_needed
from sim.outcomes.lead import about, lead
from sim.outcomes.result import Result
from sim.outcomes.sample import take_sample
from sim.outcomes.spread import (
    POINTS,
    Spread,
    design,
    holding_at,
    judged,
    outer_loop,
    summary_row,
    varied,
    whole_paths,
)
from sim.outcomes.tables import runs_frame
from sim.report.content import Report
from sim.scenario.calendar import last_day

if TYPE_CHECKING:
    from sim.engines.batch import BatchOutput
    from sim.engines.setting import Record
    from sim.scenario import Scenario

#: `until` adds runs in batches of this size, so that the answer does not depend on the machine.
BATCH = 10_000
MOST_RUNS_UNTIL = 50_000_000
#: Runs that `brief` plays at once.
SPELL = 100_000

#: What plays the runs: the compiled loop, or Mesa models one by one. The same runs, bit for bit.
ENGINES = ("batch", "mesa")

Progress = Callable[[int], None]
Late = Callable[[], None]
Ahead = Callable[[Result, np.ndarray | None, list[Share] | None], Late | None]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during `simulate`; `partial` is the result of the runs finished, if there is one."""

    def __init__(self, partial: Result | None) -> None:
        super().__init__("interrupted")
        self.partial = partial


def simulate(
    scenario: "Scenario | str | Path",
    runs: int = DEFAULT_RUNS,
    seed: int | None = DEFAULT_SEED,
    keep_runs: bool = False,
    until: float | None = None,
    but_for: bool = False,
    spread: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
    engine: str = "batch",
    luck: str = COMMON,
    vary_decisions: bool = False,
    governments: Mapping[str, Any] | None = None,
    ahead: Ahead | None = None,
) -> Result:
    """Run a scenario `runs` times and add up what happened.

    scenario: a Scenario, or the path or name of one; seed: 0 to 2^64 - 1, 2025 for None;
    until: go on, in batches of 10,000 runs, until half the length of the headline's interval
    is at most this (or 50 million runs); but_for: add the but-for shares (at most 200,000
    runs); spread: add the outer loop over the plausible ranges, its points with
    `luck` "common" to all or "fresh" at each (none where nothing is believed to vary), what the
    user decided held fixed unless `vary_decisions`; keep_runs: keep a row a run;
    engine: "batch", or "mesa" for the same runs played one by one, hundreds of times slower.
    governments: subclasses of `sim.Government` by side, in place of the scenario's policies; they
    are played by Mesa, and but-for and the outer loop, which play the scenario's, go without.
    ahead: called before the outer loop with the result so far, the rows of its runs, if kept, and
    what its but-for table will be made of, which is left to it; gives `late` of `outer_loop`.
    Same scenario, seed and number of runs: the same result, whatever the threads and engine.
    Raises ScenarioError, ResultError for an argument that makes no sense, Interrupted on Ctrl-C,
    with the result of the runs finished by then.
    """
    runs = whole("runs", runs, 1, MOST_RUNS_AT_ONCE)
    seed = DEFAULT_SEED if seed is None else whole("seed", seed, 0, MOST_SEEDS - 1)
    threads = None if threads is None else whole("threads", threads, 1, MOST_THREADS)
    _check(until, engine, luck)
    people = _checked(governments, but_for, spread)
    engine = "mesa" if people else engine
    run = Runner(as_scenario(scenario), seed, threads, progress, engine, keep_runs, people)
    try:
        run.play_all(runs, until, keep_runs or (but_for and runs <= MOST_RUNS and until is None))
        result = run.looked_into(keep_runs)
        shares = run.but_for(result) if but_for else None
        late = None if ahead is None else ahead(result, run.rows, shares)
        over = _spread(result, threads, luck, vary_decisions, late) if spread else None
        frame = None if shares is None or ahead is not None else but_for_frame(shares)
        return replace(result, but_for=frame, spread=over, seconds=run.seconds)
    except KeyboardInterrupt as stop:
        raise Interrupted(None if run.output is None else run.result(keep_runs)) from stop


def whole(name: str, value: Any, low: int, high: int) -> int:
    """The whole number that an argument is. Raises ResultError where it is none of low..high."""
    number = as_whole(value)
    if number is None or not low <= number <= high:
        raise ResultError(
            f"{name} is {quoted(as_python(value))}; allowed: a whole number from {low} to {high}"
        )
    return number


def as_scenario(scenario: Any) -> "Scenario":
    """The scenario that an argument is or names. Raises ScenarioError, ResultError."""
    from sim.scenario.scenario import Scenario

    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, str | Path):
        return Scenario.load(scenario)
    found = type(scenario).__name__
    raise ResultError(f"scenario is a {found}; allowed: a Scenario, or the name or file of one")


def _check(until: float | None, engine: str, luck: str) -> None:
    number = isinstance(until, int | float) and not isinstance(until, bool)
    if until is not None and not (number and 0 < until < 0.5):
        raise ResultError(f"until is {quoted(until)}; allowed: a half-width between 0 and 0.5")
    if engine not in ENGINES:
        raise ResultError(f"engine is {engine!r}; allowed: {', '.join(map(repr, ENGINES))}")
    if luck not in LUCKS:
        raise ResultError(f"luck is {luck!r}; allowed: {', '.join(map(repr, LUCKS))}")


def _checked(governments: Mapping[str, Any] | None, but_for: bool, spread: bool) -> dict[str, Any]:
    if governments and (but_for or spread):
        raise ResultError(
            f"but_for is {but_for}, spread is {spread}; allowed with governments: False, since "
            "both play the scenario's policies"
        )
    return dict(governments or {})


def _spread(
    result: Result, threads: int | None, luck: str, vary_decisions: bool, late: Late | None
) -> Spread | None:
    """The outer loop beside a result, or None where it has nothing to vary."""
    scenario = result.scenario
    if not varied(scenario, () if vary_decisions else scenario.decisions()):
        return None
    known = {name: result.at(name) for name in result.outcomes}
    return outer_loop(
        scenario,
        result.seed,
        threads,
        luck=luck,
        vary_decisions=vary_decisions,
        late=late,
        here={name: share.p for name, share in known.items() if share is not None},
    )


def brief(
    scenario: "Scenario",
    runs: int,
    seed: int,
    threads: int | None = None,
    spread: bool = True,
    vary_decisions: bool = False,
    luck: str = COMMON,
    progress: Progress | None = None,
) -> Report:
    """What the page of `simulate` with the same arguments begins with, as a report without more.

    Nothing else is computed, and nothing is kept. Raises ScenarioError, and KeyboardInterrupt on
    Ctrl-C.
    """
    compiled = scenario.compiled
    name, term = headline(compiled.params.rules[0]), term_of(compiled.params.rules[0])
    weeks = (term or compiled.weeks, compiled.weeks)
    share, later = _shares_at(scenario, name, weeks, runs, seed, threads, progress)
    fixed = () if vary_decisions else scenario.decisions()
    believed = varied(scenario, fixed) if spread else {}
    over = row = None
    if believed:
        points = design(believed, whole_paths(scenario), POINTS, seed)
        held = holding_at(scenario, points, seed, threads, luck=luck, outcomes=(name,))[name]
        row = summary_row(name, [float(rows.mean()) for rows in held], share.p)
        over = {"ranges": len(believed), "judged": judged(scenario, believed), "held": fixed}
    read, last = (
        {"week": week, "date": last_day(compiled.start, week).isoformat(), **vars(estimate)}
        for week, estimate in zip(weeks, (share, later), strict=True)
    )
    top = {
        "outcome": name,
        "read_at": "the end of the term" if term else "the horizon",
        **read,
        "horizon": last,
        "half_width": share.half_width,
        "ranges": row,
    }
    page = {
        **about(scenario),
        "headline": top,
        "runs": runs,
        "spread": over,
    }
    return Report(title=scenario.title, lead=tuple(lead(page)), data=page)


def _shares_at(
    scenario: "Scenario",
    outcome: str,
    weeks: Sequence[int],
    runs: int,
    seed: int,
    threads: int | None,
    progress: Progress | None,
) -> list[Estimate]:
    """The share of runs in which an outcome holds at the end of each of some weeks."""
    from sim.engines.batch import deciding_rows

    parts = [part.changed(without_bands) for part in scenario.compiled.parts]
    holding = np.zeros(len(weeks), np.int64)
    for start in range(0, runs, SPELL):
        count = min(SPELL, runs - start)
        rows = deciding_rows(parts, seed, start, count, (outcome,), threads)
        holding += [int(holds_at(rows, outcome, week).sum()) for week in weeks]
        if progress is not None:
            progress(start + count)
    return [estimate(int(count), runs) for count in holding]


@dataclass
class Runner:
    """Plays runs of one scenario with one seed; what `simulate` needs of the engine.

    `payoffs`: of the rows kept, whether they are read. `output` adds up what was played so far.
    """

    scenario: "Scenario"
    seed: int
    threads: int | None
    progress: Progress | None
    engine: str
    payoffs: bool
    governments: Mapping[str, Any]
    output: "BatchOutput | None" = None
    started: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """Since the runner was made."""
        return time.perf_counter() - self.started

    @property
    def rows(self) -> "np.ndarray | None":
        """Of what was played so far, if they are kept."""
        return None if self.output is None else self.output.rows

    def play_all(self, runs: int, until: float | None, keep: bool) -> None:
        """The first `runs` runs, and with `until` as many batches more as it needs."""
        self.play_on(0, runs, keep)
        while until is not None and not _enough(plain := self.result(False), until):
            self.play_on(plain.n, BATCH, keep)

    def play_on(self, first: int, runs: int, keep: bool) -> None:
        """Adds the runs from `first` on to `output`; on Ctrl-C those that were finished."""
        from sim.engines.batch import BatchInterrupted, joined

        stopped: BatchInterrupted | None = None
        try:
            more = self.play(first, runs, keep)
        except BatchInterrupted as stop:
            more, stopped = stop.output, stop
        if stopped is None or more.tally.counts[RUNS] > 0:
            self.output = more if self.output is None else joined(self.output, more)
        if stopped is not None:
            raise stopped

    def play(self, first: int, runs: int, keep: bool) -> "BatchOutput":
        """Runs `first` .. `first + runs - 1`; progress counts from run 0."""
        tell = self.progress
        progress = None if tell is None else lambda done: tell(first + done)
        if self.engine == "mesa":
            from sim.engines.mesa_batch import run_models

            people = self.governments
            return run_models(self.scenario, self.seed, first, runs, keep, progress, people)
        from sim.engines.batch import run_parts

        parts, threads = self.scenario.compiled.parts, self.threads
        return run_parts(parts, self.seed, first, runs, threads, keep, progress, self.payoffs)

    def result(self, keep_runs: bool) -> Result:
        """The result of what was played so far."""
        if self.output is None:
            raise ResultError("nothing was run")
        world, parts = self.scenario.compiled, self.output.parts
        return Result(
            self.scenario,
            world,
            self.output.tally,
            self.seed,
            self.engine,
            self.seconds,
            runs=runs_frame(_rows(self.output), world) if keep_runs else None,
            by_reading=reading_frame(world, parts) if parts else None,
            governments=dict(self.governments),
        )

    def looked_into(self, keep_runs: bool) -> Result:
        """The result with a sample of its runs; where governments decide, they play it again."""
        result = self.result(keep_runs)
        again: Callable[[int], Record] | None = None
        if self.governments:
            from sim.engines.mesa_batch import record_governed

            again = partial(record_governed, self.scenario, self.seed, governments=self.governments)
        return replace(result, sample=take_sample(result.compiled, self.seed, result.n, again))

    def but_for(self, result: Result) -> list[Share]:
        """But-for shares over the first runs, played again if their rows were not kept."""
        n = min(result.n, MOST_RUNS)
        self.progress = None
        base = self.play(0, n, True) if self.rows is None else self.output
        world, read = result.compiled, (result.headline, result.headline_week)
        rows = _rows(base)[:n]
        return but_for_shares(rows, world.parts, world.shocks, *read, self.seed, self.threads)


def _rows(output: "BatchOutput | None") -> np.ndarray:
    if output is None or output.rows is None:
        raise ResultError("the rows of single runs were not kept")
    return output.rows


def _enough(result: Result, until: float) -> bool:
    return is_precise(result, until) or result.n + BATCH > MOST_RUNS_UNTIL


def is_precise(result: Result, until: float) -> bool:
    """Whether the headline, if it is defined, is known to ± until."""
    estimate = result.at(result.headline)
    return estimate is None or estimate.half_width <= until


def most_runs(runs: int, until: float | None, limit: int) -> int:
    """The runs that are played at most: `runs`, and with `until` as many batches more as a share of
    one half needs, but none that goes beyond `limit`."""
    if until is None:
        return runs
    batches = min(math.ceil((runs_needed(until) - runs) / BATCH), (limit - runs) // BATCH)
    return runs + max(0, batches) * BATCH
