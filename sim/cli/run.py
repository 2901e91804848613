"""`detente run`: simulate a scenario, print what came out, write the result folder."""

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.console import out
from sim.cli.failure import ANYTHING_ELSE, ends_well, refuse_any, say, stop, warn_of
from sim.cli.options import (
    Changes,
    Formats,
    Json,
    NoPictures,
    Out,
    Runs,
    ScenarioName,
    Seed,
    Threads,
    forms,
    typed_command,
)
from sim.cli.run_ahead import RunAhead, Written, written_here
from sim.cli.run_options import (
    ALL,
    COMMAND,
    DRAWN,
    EVERY,
    EXACT,
    OFF,
    STATED,
    OneReading,
    Options,
    Ranges,
    load,
    problem,
)
from sim.cli.signals import INTERRUPTED, undisturbed
from sim.cli.telling import bar, tell, where
from sim.errors import Problem, ResultError
from sim.numbers import DEFAULT_SEED
from sim.report.pictures import RESULT, pictures
from sim.store.files import RESULTS

if TYPE_CHECKING:
    from sim.outcomes.result import Result
    from sim.scenario import Scenario

DEFAULT_RUNS = 10_000
#: More run-weeks than this the Mesa engine does not play while one waits.
QUICK_RUN_WEEKS = 10_000
#: What a thread of the batch engine plays of a large scenario (`make bench`; order of magnitude).
RUN_WEEKS_A_SECOND = 2_000_000


Until = Annotated[
    float | None,
    typer.Option(metavar="HALFWIDTH", help="Add runs until the headline is known to ± this."),
]
Engine = Annotated[
    str,
    typer.Option(
        help="What plays the runs: batch, or mesa (the same, slowly); exact solves a textbook game."
    ),
]
KeepRuns = Annotated[
    bool, typer.Option("--keep-runs", help="Also write one row per run (runs.parquet).")
]
Pictures = Annotated[
    list[str] | None,
    typer.Option(metavar="all|KIND", help="Which pictures; see detente plot. Repeat for more."),
]
FreshLuck = Annotated[
    bool,
    typer.Option(
        "--fresh-luck",
        help="Each point of the outer loop has random numbers of its own.",
    ),
]
Brief = Annotated[
    bool,
    typer.Option(
        "--brief", help="Print three lines in plain words alone; nothing else is computed or kept."
    ),
]


@ends_well
def run(
    scenario: ScenarioName,
    runs: Runs = DEFAULT_RUNS,
    seed: Seed = DEFAULT_SEED,
    changes: Changes = None,
    until: Until = None,
    engine: Engine = "batch",
    out: Out = RESULTS,
    json: Json = False,
    keep_runs: KeepRuns = False,
    formats: Formats = None,
    pictures: Pictures = None,
    no_pictures: NoPictures = False,
    fresh_luck: FreshLuck = False,
    ranges: Ranges = STATED,
    brief: Brief = False,
    threads: Threads = None,
    reading: OneReading = None,
) -> None:
    """Run a scenario many times: how often the truce holds, what breaks it, what would help."""
    options = Options(
        runs=runs,
        seed=seed,
        until=until,
        engine=engine,
        formats=forms(formats),
        threads=threads,
        out=out,
        keep_runs=keep_runs,
        pictures=() if no_pictures else tuple(dict.fromkeys(pictures or DRAWN)),
        fresh_luck=fresh_luck,
        ranges=ranges,
    )
    conflicts = not_brief(json, keep_runs, formats, pictures) if brief else ()
    refuse_any(COMMAND, [*options.problems(), *conflicts])
    ahead = None if brief or engine == EXACT else RunAhead(options)
    world = load(scenario, changes or [], reading)
    warn_of(world)
    if ahead is not None:
        play_and_report(world, options, json, ahead)
    elif engine == EXACT:
        from sim.cli.run_exact import run_exact

        run_exact(world, options, json)
    else:
        print_brief(world, options)


def not_brief(
    json: bool, keep_runs: bool, formats: list[str] | None, pictures: list[str] | None
) -> Iterator[Problem]:
    """What asks for more than three lines."""
    more = {"--json": json, "--keep-runs": keep_runs, "--format": formats, "--pictures": pictures}
    for option, option_set in more.items():
        if option_set:
            yield problem("--brief", f"with {option}", "without it: three lines, nothing kept")


def print_brief(world: "Scenario", options: Options) -> None:
    """Prints the first lines of the page; computes no more than they say where that can be."""
    from sim.report.terminal import opening

    if options.engine == "mesa" or options.until is not None:
        from sim.outcomes.page import report_of

        result, finished = play(world, options, but_for=False)
        content = report_of(result)
    else:
        from sim.outcomes.decomposition import COMMON, FRESH
        from sim.outcomes.simulate import brief

        luck = FRESH if options.fresh_luck else COMMON
        with progress(options, world.compiled.weeks) as shown:
            every = options.ranges == EVERY
            sizes = (
                options.runs,
                options.seed,
                options.threads,
                options.ranges != OFF,
                every,
                luck,
            )
            content, finished = brief(world, *sizes, shown), True
    out().print(opening(content))
    if not finished:
        stop(f"interrupted after {result.n:,} runs", INTERRUPTED)


def play_and_report(world: "Scenario", options: Options, json: bool, ahead: RunAhead) -> None:
    """Plays, writes and prints; where Ctrl-C came, what was finished by then."""
    if not ahead.has_copy or options.keep_runs or world.readings:
        # whole before the first run: a signal amid its import would keep what is finished from disk
        import pandas  # noqa: F401

    result, finished = play(world, options, ahead=ahead)
    if finished:
        keep(ahead.written(result), options, json)
        return
    say(f"interrupted; keeping the {result.n:,} runs finished by then ...")
    with undisturbed():
        keep(written_here(result), options, json)
    stop(f"interrupted; the {result.n:,} runs finished by then were kept", INTERRUPTED)


def keep(written: Written, options: Options, json: bool) -> None:
    """Writes the folder and prints the summary; ends the command where the disk is full."""
    folder, failure = write(written, options)
    report(written, folder, json)
    if failure:
        stop(failure, ANYTHING_ELSE)


def play(
    world: "Scenario", options: Options, but_for: bool = True, ahead: RunAhead | None = None
) -> "tuple[Result, bool]":
    """The result, and whether it is of all runs asked for (else Ctrl-C came)."""
    from sim.outcomes.decomposition import COMMON, FRESH
    from sim.outcomes.simulate import Interrupted, simulate

    compiled = world.compiled
    with progress(options, int(compiled.params.rules[0]["weeks"])) as shown:
        try:
            result = simulate(
                world,
                runs=options.runs,
                seed=options.seed,
                keep_runs=options.keep_runs,
                until=options.until,
                but_for=but_for,
                spread=options.ranges != OFF,
                vary_decisions=options.ranges == EVERY,
                threads=options.threads,
                progress=shown,
                engine=options.engine,
                luck=FRESH if options.fresh_luck else COMMON,
                ahead=None if ahead is None else ahead.after(shown),
            )
        except Interrupted as stopped:
            if stopped.partial is None:
                raise
            return stopped.partial, False
    return result, True


def progress(options: Options, weeks: int) -> AbstractContextManager[Any]:
    """What shows the runs done: a bar on a terminal, nothing elsewhere.

    That the kernel must be compiled first is said everywhere, since it takes up to a minute.
    """
    from sim.cli.compiling import compile_first, compiling
    from sim.engines import batch
    from sim.engines.compiling import BLOCK

    if options.engine == "mesa":
        from sim.engines import steps

        if steps.needs_compiling():
            say(compiling("simulator"))
        if options.most_runs * weeks > QUICK_RUN_WEEKS:
            say("the Mesa engine plays runs one by one; --engine batch plays the same runs at once")
    elif batch.needs_compiling(options.most_runs * weeks, options.keep_runs):
        compile_first(BLOCK)
    say_if_long(options, weeks)
    return bar("RunProgress", options.most_runs, weeks, at_most=options.until is not None)


def say_if_long(options: Options, weeks: int) -> None:
    """An estimate first, of what would take minutes."""
    hands = options.threads or os.cpu_count() or 1
    minutes = options.most_runs * weeks / RUN_WEEKS_A_SECOND / hands / 60
    if options.engine == "batch" and minutes > 1:
        say(f"{options.most_runs:,} runs of {weeks:,} weeks: some {minutes:,.0f} minutes or more")


def write(written: Written, options: Options) -> tuple[Path | None, str]:
    """The result's folder, written; or none and why not: a full disk must not cost the numbers."""
    from sim.outcomes.store import write_result

    command = typed_command()
    result, page, files = written
    pictures = () if files is not None else chosen(result, options.pictures)
    try:
        return write_result(
            result, options.out, command, pictures, options.formats, files, page
        ), ""
    except ResultError as error:
        return None, str(error)


def chosen(result: "Result", kinds: Sequence[str]) -> Sequence[str]:
    """The pictures to draw: for "all", each that shows something of this result."""
    if ALL not in kinds:
        return kinds
    available = pictures(RESULT)
    return [kind for kind, picture in available.items() if not picture.left_out(result)]


def report(written: Written, folder: Path | None, json: bool) -> None:
    """Prints the summary, as a page or as JSON, and where the folder is."""
    from sim.outcomes.page import result_report

    result = written.result
    lines = [f"\n{result.n:,} runs, seed {result.seed}, {result.seconds:.1f} s", *where(folder)]
    more = {"seconds": result.seconds, "folder": folder and str(folder)}
    tell(result_report(written.page), json, lines, more)
