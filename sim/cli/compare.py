"""`detente compare`: two scenarios run by run, or what one thing in one was worth."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.complete import removable, scenario_names, settings
from sim.cli.failure import ends_well, refuse_any, say, warn_of
from sim.cli.options import Seed, Threads, typed_command
from sim.cli.run_options import (
    EVERY,
    OFF,
    RANGES,
    STATED,
    Ranges,
    among,
    load,
    problem,
    within,
    writable_file,
    wrong_seed,
    wrong_threads,
)
from sim.cli.telling import bar, draw_beside, tell
from sim.errors import Problem
from sim.numbers import DEFAULT_SEED
from sim.report.pictures import FORMATS

if TYPE_CHECKING:
    from sim.report.content import Report as PageReport
    from sim.studies.pair import Pair
    from sim.studies.pairs import Comparison

COMMAND = "detente compare"
#: Forms of the page to mail.
PAGES = ("html", "md", "csv")
DEFAULT_RUNS = 20_000
#: Every run is kept, about a hundred bytes in each sample.
MOST_RUNS = 5_000_000


FirstName = Annotated[
    str,
    typer.Argument(
        metavar="A", help="A scenario file, or the name of one.", autocompletion=scenario_names
    ),
]
SecondName = Annotated[
    str | None,
    typer.Argument(
        metavar="[B]", help="Another; left out: A, changed.", autocompletion=scenario_names
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one value of B; repeat for more.",
        autocompletion=settings,
    ),
]
Removed = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="shock:NAME|lever:OWNER.NAME",
        help="Take this out of B: the shock never comes, the lever is gone from week 1. "
        "Repeat for more.",
        autocompletion=removable,
    ),
]
Independent = Annotated[
    bool,
    typer.Option(
        "--independent", help="B has random numbers of its own: samples, not pairs of runs."
    ),
]
Plot = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Draw both curves and their difference: png, svg, pdf."),
]
Report = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.html|md|csv", help="Write the page to mail, with both curves in it."
    ),
]


@ends_well
def compare(
    scenario: FirstName,
    other: SecondName = None,
    changes: Changes = None,
    removed: Removed = None,
    runs: Annotated[int, typer.Option(metavar="N", help="How many runs of each.")] = DEFAULT_RUNS,
    seed: Seed = DEFAULT_SEED,
    json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
    threads: Threads = None,
    independent: Independent = False,
    ranges: Ranges = STATED,
    plot: Plot = None,
    report: Report = None,
) -> None:
    """Compare two scenarios with common random numbers, or one with itself after a change."""
    problems = [*_problems(other, changes or [], removed or [], runs, seed, threads)]
    problems += among("--ranges", (ranges,), RANGES)
    problems += [] if plot is None else writable_file("--plot", plot, FORMATS)
    problems += [] if report is None else writable_file("--report", report, PAGES)
    refuse_any(COMMAND, problems)
    from sim.studies.pair import Pair

    first, before = load(scenario, []), load(other or scenario, [])
    second = load(other or scenario, changes) if changes else before
    pair = Pair(first, second, before, tuple(removed or ()))
    warn_of(first, second)
    comparison = _run_both(pair, runs, seed, threads, independent, ranges)
    table = content(pair, comparison)
    table["second"]["set"] = list(changes or ())
    tell(_page(pair, comparison, table), json)
    if plot is not None:
        from sim.plots.comparison import comparison_figure

        drawn = partial(comparison_figure, comparison, pair.first.title, pair.captions)
        draw_beside(plot, (plot.stem, drawn))
    if report is not None:
        _mail(pair, comparison, table, report)


def _problems(
    other: str | None,
    changes: list[str],
    removed: list[str],
    runs: int,
    seed: int,
    threads: int | None,
) -> Iterator[Problem]:
    """Everything that is wrong with the options."""
    yield from within("--runs", runs, 2, MOST_RUNS)
    yield from wrong_seed(seed)
    yield from wrong_threads(threads)
    if other is None and not changes and not removed:
        yield problem("", "one scenario, unchanged", "a second scenario, --set or --without")


def _mail(pair: "Pair", comparison: "Comparison", table: dict[str, Any], file: Path) -> None:
    """The page to mail."""
    from sim.cli.report import write_report
    from sim.web.mailed_study import mailed_comparison

    command = typed_command()
    write_report(file, mailed_comparison(comparison, pair, table, command))
    say(f"wrote {file}")


def _run_both(
    pair: "Pair", runs: int, seed: int, threads: int | None, independent: bool, ranges: str
) -> "Comparison":
    """The comparison, with its range unless that is off, and with a bar on a terminal."""
    from sim.cli.compiling import compile_first
    from sim.engines.compiling import TRACE
    from sim.outcomes.spread import POINTS, RUNS_A_POINT
    from sim.studies.margin import margin
    from sim.studies.pairs import compare as compare_runs

    first, second = pair.compiled()
    compile_first(TRACE)
    loop = 0 if ranges == OFF else 2 * POINTS * RUNS_A_POINT
    with bar("RunProgress", 2 * runs + loop, first.weeks) as progress:
        comparison = compare_runs(first, second, runs, seed, threads, progress, independent)
        if ranges == OFF:
            return comparison
        more = None if progress is None else lambda done: progress(2 * runs + done)
        over = margin(
            pair,
            comparison.outcomes[0].outcome,
            seed,
            threads,
            POINTS,
            RUNS_A_POINT,
            vary_decisions=ranges == EVERY,
            progress=more,
            independent=independent,
        )
        return replace(comparison, margin=over)


def _page(pair: "Pair", comparison: "Comparison", table: dict[str, Any]) -> "PageReport":
    """What is printed, with the table as its plain values."""
    from sim.studies.comparison_page import report_of as comparison_report

    return replace(comparison_report(comparison, pair.first.title, pair.captions), data=table)


def content(pair: "Pair", comparison: "Comparison") -> dict[str, Any]:
    """The comparison as plain values: what `--json` prints. Differences are B minus A."""
    whole = zip((pair.first, pair.second), pair.names, pair.hashes, strict=True)
    first, second = (
        {"scenario": title.name, "title": title.title, "is": name, "hash": digest}
        for title, name, digest in whole
    )
    scenarios = {"first": first, "second": second | {"without": list(pair.removed)}}
    luck = "independent" if comparison.independent else "common"
    numbers = {"seed": comparison.seed, "n": comparison.n, "luck": luck}
    weeks = {"term": comparison.term, "horizon": comparison.horizon}
    met = comparison.first_talks
    return {
        **scenarios,
        **numbers,
        **weeks,
        "outcomes": [asdict(change) for change in comparison.outcomes],
        "talks": [asdict(change) for change in comparison.talks],
        "amounts": [asdict(change) for change in comparison.amounts],
        "number_of_talks": asdict(comparison.number_of_talks),
        "first_talks": None if met is None else asdict(met),
        "curves": [asdict(curve) for curve in comparison.curves],
        "divergence": None if comparison.divergence is None else asdict(comparison.divergence),
        "notes": list(comparison.notes),
        "ranges": None if comparison.margin is None else asdict(comparison.margin),
    }
