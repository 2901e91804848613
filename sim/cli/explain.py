"""`detente explain`: one run as a dated story, chosen by its number or as typical of a kind."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failure import ends_well, refuse_any, warn_of
from sim.cli.options import Changes, ScenarioName, Seed
from sim.cli.run_options import OneReading, among, load, problem, within, writable, wrong_seed
from sim.cli.telling import waiting
from sim.errors import Problem
from sim.numbers import DEFAULT_SEED

if TYPE_CHECKING:
    from sim.explain.find import TypicalRun
    from sim.scenario import Scenario

COMMAND = "detente explain"
DEFAULT_RUNS = 10_000
MOST_RUNS = 5_000_000
FORMATS = ("text", "markdown", "json")
KINDS = ("breakdown", "dispute", "slip", "misread", "talks", "lapse", "quiet")

Weeks = tuple[int, int]


@ends_well
def explain(
    scenario: ScenarioName,
    run: Annotated[
        int | None, typer.Option(metavar="R", help="Which run, from 0; default: run 0.")
    ] = None,
    find: Annotated[
        str | None,
        typer.Option(metavar="|".join(KINDS), help="A run that is typical of this kind."),
    ] = None,
    seed: Seed = DEFAULT_SEED,
    runs: Annotated[
        int, typer.Option(metavar="N", help="How many runs there are to choose from.")
    ] = DEFAULT_RUNS,
    changes: Changes = None,
    weeks: Annotated[
        str | None, typer.Option(metavar="FROM-TO", help="Only these weeks, as 3-9 or 7.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="text|markdown|json", help="Of the story.")
    ] = "text",
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    odds: Annotated[
        bool, typer.Option("--odds", help="Also the odds of the truce at each turn of the story.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write to this file, not to the screen.")
    ] = None,
    reading: OneReading = None,
) -> None:
    """Tell one run: what each side did and saw, what was true, which rule fired, what ended it."""
    form = "json" if json else form
    refuse_any(COMMAND, _problems(run, find, seed, runs, form, out))
    world = load(scenario, changes or [], reading)
    stretch = _weeks(weeks, world.compiled.weeks)
    warn_of(world)
    text = _story_of(world, run, find, seed, runs, stretch, form, odds)
    if out is None:
        typer.echo(text)
    else:
        _write(out, text)


def _problems(
    run: int | None, find: str | None, seed: int, runs: int, form: str, out: Path | None
) -> Iterator[Problem]:
    """Everything that is wrong with the options."""
    yield from within("--runs", runs, 1, MOST_RUNS)
    yield from wrong_seed(seed)
    yield from among("--format", (form,), FORMATS)
    if find is not None:
        yield from among("--find", (find,), KINDS)
    if find is not None and run is not None:
        yield problem("--run", f"{run}, beside --find {find}", "one of the two")
    elif run is not None and not 0 <= run < runs:
        yield problem("--run", run, f"0 to {runs - 1}, one of the {runs:,} runs{_more(run, runs)}")
    if out is not None and (out.is_dir() or not out.absolute().parent.is_dir()):
        yield problem("--out", out, "a file in a folder that exists")
    elif out is not None and not out.exists():
        yield from writable(out.absolute().parent, "--out")


def _more(run: int, runs: int) -> str:
    """How many runs would have a run beyond these; "" where it is not beyond."""
    if run < runs:
        return ""
    least = f"{run + 1} or more would have it"
    return f"; --runs {least if run < MOST_RUNS else f'can be {MOST_RUNS} at most'}"


def _weeks(text: str | None, horizon: int) -> Weeks:
    """The weeks asked for: "3-9", "7", "3-" or "-9"."""
    if text is None:
        return 1, horizon
    first, dash, last = text.partition("-")
    try:
        low = int(first) if first else 1
        high = (int(last) if last else horizon) if dash else low
    except ValueError:
        low = high = 0
    if not 1 <= low <= high <= horizon:
        allowed = f"weeks within 1 to {horizon}, as 3-9 or 7"
        refuse_any(COMMAND, [problem("--weeks", text, allowed)])
    return low, high


def _story_of(
    world: "Scenario",
    run: int | None,
    find: str | None,
    seed: int,
    runs: int,
    weeks: Weeks,
    form: str,
    odds: bool,
) -> str:
    """The story in its form."""
    from sim.cli.compiling import compile_first
    from sim.engines.compiling import BLOCK, TRACE
    from sim.explain import find_run, tell, trace_run
    from sim.explain.render import render
    from sim.outcomes.odds import CONTINUATIONS

    if odds:
        compile_first(BLOCK, TRACE)
    typical: TypicalRun | None = None
    if find is not None:
        with waiting(f"looking through {runs:,} runs ..."):
            typical = find_run(world, find, seed, runs)
        run = typical.run
    continuations = CONTINUATIONS if odds else 0
    trace = trace_run(world, seed, run or 0, only=not odds)
    story = tell(trace, weeks, continuations=continuations)
    return render(story, form, typical)


def _write(out: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    from sim.store.files import write_text

    write_text(out, text + "\n")
    typer.echo(f"wrote {out}")
