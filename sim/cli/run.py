"""`detente run`: simulate a scenario, print what came out, write the result folder."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer import Option

from sim.cli import checks, options
from sim.cli.failure import ANYTHING_ELSE, problem, say, stop, warn_of
from sim.cli.finding import load
from sim.cli.options import EVERY, OFF, RANGES, STATED, Command, flag, forms, option, typed_command
from sim.cli.run_ahead import DRAWN, RunAhead, Written, written_here
from sim.cli.signals import INTERRUPTED, undisturbed
from sim.cli.telling import bar, compile_first, compiling, out, tell
from sim.errors import Problem, ResultError
from sim.numbers import DEFAULT_RUNS, DEFAULT_SEED, MOST_RUNS
from sim.report.pictures import RESULT, pictures
from sim.store.files import RESULTS
from sim.threads import cores

if TYPE_CHECKING:
    from sim.outcomes.result import Result
    from sim.report.content import Report
    from sim.scenario import Scenario

#: More run-weeks than this the Mesa engine does not play while one waits.
QUICK_RUN_WEEKS = 10_000
#: What a thread of the batch engine plays of a large scenario (`make bench`; order of magnitude).
RUN_WEEKS_A_SECOND = 2_000_000
ENGINES = BATCH, MESA, EXACT = "batch", "mesa", "exact"
ALL = "all"


@dataclass
class Run(Command):
    """Run a scenario many times: how often the truce holds, what breaks it, what would help."""

    scenario: options.ScenarioName
    runs: options.Runs = DEFAULT_RUNS
    seed: options.Seed = DEFAULT_SEED
    changes: options.Changes = None
    until: float | None = option("HALFWIDTH", "Add runs until the headline is known to ± this.")
    engine: str = Option(
        BATCH,
        help="What plays the runs: batch, or mesa (the same, slowly); "
        "exact solves a textbook game.",
    )
    out: options.Out = RESULTS
    json: options.Json = False
    keep_runs: bool = flag("--keep-runs", "Also write one row per run (runs.parquet).")
    formats: options.Formats = None
    pictures: list[str] | None = option(
        "all|KIND", "Which pictures; see detente plot. Repeat for more."
    )
    no_pictures: options.NoPictures = False
    fresh_luck: bool = flag(
        "--fresh-luck", "Each point of the outer loop has random numbers of its own."
    )
    ranges: options.Ranges = STATED
    brief: bool = flag(
        "--brief", "Print the first lines, in plain words, alone; nothing else is computed or kept."
    )
    threads: options.Threads = None
    reading: options.OneReading = None

    @property
    def most_runs(self) -> int:
        """Runs at most: as asked, or what `--until` needs if the headline is one half."""
        from sim.outcomes.simulate import MOST_RUNS_UNTIL, most_runs

        return most_runs(self.runs, self.until, MOST_RUNS_UNTIL)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The pictures to draw, by name, or "all"."""
        return () if self.no_pictures else tuple(dict.fromkeys(self.pictures or DRAWN))

    @property
    def luck(self) -> str:
        """The random numbers of the outer loop."""
        from sim.outcomes.decomposition import COMMON, FRESH

        return FRESH if self.fresh_luck else COMMON

    def _problems(self) -> Iterator[Problem]:
        yield from checks.within("--runs", self.runs, 1, MOST_RUNS)
        yield from checks.seed(self.seed)
        yield from checks.threads(self.threads)
        yield from checks.halfwidth(self.until, "0.005")
        yield from checks.among("--engine", (self.engine,), ENGINES)
        exact = self.engine == EXACT
        if exact and (self.until is not None or self.keep_runs):
            yield problem("--engine", "exact, with --until or --keep-runs", "exact: it has no runs")
        yield from checks.among("--ranges", (self.ranges,), RANGES)
        if self.ranges == OFF and self.fresh_luck:
            yield problem("--ranges", "off, with --fresh-luck", "one of them")
        if exact and self.fresh_luck:
            allowed = "exact: it draws no random numbers"
            yield problem("--engine", "exact, with --fresh-luck", allowed)
        yield from checks.formats(self.formats)
        if not set(self.kinds) <= set(DRAWN):
            yield from checks.among("--pictures", self.kinds, (*pictures(RESULT), ALL))
        yield from checks.writable(self.out)
        more: dict[str, Any] = {"--json": self.json, "--keep-runs": self.keep_runs}
        more |= {"--format": self.formats, "--pictures": self.pictures}
        for name in (name for name, value in more.items() if self.brief and value):
            yield problem("--brief", f"with {name}", "without it: a few lines, nothing kept")

    def _act(self) -> None:
        exact = self.engine == EXACT
        ahead = None if self.brief or exact else RunAhead(self.kinds, forms(self.formats))
        world = load(self.scenario, self.changes, self.reading)
        warn_of(world)
        if ahead is not None:
            play_and_report(world, self, ahead)
        elif exact:
            solve_and_report(world, self)
        else:
            print_brief(world, self)


def print_brief(world: "Scenario", typed: Run) -> None:
    """Prints the first lines of the page; computes no more than they say where that can be."""
    from sim.report.terminal import opening

    if typed.engine == MESA or typed.until is not None:
        from sim.outcomes.page import report_of

        result, finished = play(world, typed, but_for=False)
        content = report_of(result)
    else:
        from sim.outcomes.simulate import brief

        with progress(typed, world.compiled.weeks) as shown:
            over, every = typed.ranges != OFF, typed.ranges == EVERY
            sizes = (typed.runs, typed.seed, typed.threads, over, every, typed.luck)
            content, finished = brief(world, *sizes, shown), True
    out().print(opening(content))
    if not finished:
        stop(f"interrupted after {result.n:,} runs", INTERRUPTED)


def play_and_report(world: "Scenario", typed: Run, ahead: RunAhead) -> None:
    """Plays, writes and prints; where Ctrl-C came, what was finished by then."""
    if not ahead.has_copy or typed.keep_runs or world.readings:
        # whole before the first run: a signal amid its import would keep what is finished from disk
        import pandas  # noqa: F401

    result, finished = play(world, typed, ahead=ahead)
    if finished:
        keep(ahead.written(result), typed)
        return
    say(f"interrupted; keeping the {result.n:,} runs finished by then ...")
    with undisturbed():
        keep(written_here(result), typed)
    stop(f"interrupted; the {result.n:,} runs finished by then were kept", INTERRUPTED)


def keep(written: Written, typed: Run) -> None:
    """Writes the folder of a result and prints its summary."""
    from sim.outcomes.page import result_report

    result = written.result
    took = f"\n{result.n:,} runs, seed {result.seed}, {result.seconds:.1f} s"
    report, more = result_report(written.page), {"seconds": result.seconds}
    tell_kept(report, typed.json, lambda: write(written, typed), [took], more)


def tell_kept(
    report: "Report",
    json: bool,
    kept: Callable[[], Path],
    lines: Sequence[str] = (),
    more: Mapping[str, Any] | None = None,
) -> None:
    """Prints a report and the folder it is kept in, by `kept`; a full disk costs no numbers."""
    folder, failure = None, ""
    try:
        folder = kept()
    except ResultError as error:
        failure = str(error)
    if folder is not None:
        lines = [*lines, f"written to {folder}/ (summary.md is the page to read)"]
    tell(report, json, lines, {**(more or {}), "folder": folder and str(folder)})
    if failure:
        stop(failure, ANYTHING_ELSE)


def write(written: Written, typed: Run) -> Path:
    """The result's folder, written."""
    from sim.outcomes.store import write_result

    result, page, files = written
    kinds: Sequence[str] = () if files is not None else typed.kinds
    if ALL in kinds:  # each that shows something of this result
        kinds = [kind for kind, row in pictures(RESULT).items() if not row.left_out(result)]
    formats = forms(typed.formats)
    return write_result(result, typed.out, typed_command(), kinds, formats, files, page)


def solve_and_report(world: "Scenario", typed: Run) -> None:
    """Solves a scenario instead of playing it, writes its folder and prints it."""
    from sim.engines.exact import solve
    from sim.outcomes.exact import exact_report, exact_summary, write_exact

    result = solve(world)
    page = exact_summary(result)
    how = (typed.out, typed_command(), bool(typed.kinds), forms(typed.formats), page)
    tell_kept(exact_report(page), typed.json, lambda: write_exact(result, *how))


def play(
    world: "Scenario", typed: Run, but_for: bool = True, ahead: RunAhead | None = None
) -> "tuple[Result, bool]":
    """The result, and whether it is of all runs asked for (else Ctrl-C came)."""
    from sim.outcomes.simulate import Interrupted, simulate

    compiled = world.compiled
    with progress(typed, int(compiled.params.rules[0]["weeks"])) as shown:
        try:
            result = simulate(
                world,
                runs=typed.runs,
                seed=typed.seed,
                keep_runs=typed.keep_runs,
                until=typed.until,
                but_for=but_for,
                spread=typed.ranges != OFF,
                vary_decisions=typed.ranges == EVERY,
                threads=typed.threads,
                progress=shown,
                engine=typed.engine,
                luck=typed.luck,
                ahead=None if ahead is None else partial(ahead.begin, shown),
            )
        except Interrupted as stopped:
            if stopped.partial is None:
                raise
            return stopped.partial, False
    say_imprecise(result, typed.until)
    return result, True


def say_limit(typed: Run) -> None:
    """Says of a precision that it may take more runs than are played."""
    from sim.outcomes.estimates import runs_needed

    if typed.until is not None and (needed := runs_needed(typed.until)) > typed.most_runs:
        say(
            f"±{typed.until:g} may take {needed:,} runs, as of a share of one half; "
            f"no more than {typed.most_runs:,} are played"
        )


def say_imprecise(result: "Result", until: float | None) -> None:
    """Says of a result that its runs ended before the headline was as precise as asked."""
    from sim.outcomes.simulate import is_precise

    known = result.at(result.headline)
    if until is not None and known is not None and not is_precise(result, until):
        say(
            f"after {result.n:,} runs, the most that --until plays, {result.headline} is known to "
            f"±{known.half_width:.2g}, not to ±{until:g}"
        )


def progress(typed: Run, weeks: int) -> AbstractContextManager[Any]:
    """What shows the runs done: a bar on a terminal, nothing elsewhere.

    That the kernel must be compiled first is said everywhere, since it takes up to a minute, and
    so is an estimate of what would take minutes.
    """
    from sim.engines import batch
    from sim.engines.compiling import BLOCK

    run_weeks = typed.most_runs * weeks
    if typed.engine == MESA:
        from sim.engines import steps

        if steps.needs_compiling():
            say(compiling("simulator"))
        if run_weeks > QUICK_RUN_WEEKS:
            say("the Mesa engine plays runs one by one; --engine batch plays the same runs at once")
    elif batch.needs_compiling(run_weeks, typed.keep_runs):
        compile_first(BLOCK)
    say_limit(typed)
    minutes = run_weeks / RUN_WEEKS_A_SECOND / (typed.threads or cores()) / 60
    if typed.engine == BATCH and minutes > 1:
        say(f"{typed.most_runs:,} runs of {weeks:,} weeks: some {minutes:,.0f} minutes or more")
    return bar("RunProgress", typed.most_runs, weeks, at_most=typed.until is not None)
