"""`detente explain`: one run as a dated story, chosen by its number or as typical of a kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli import checks, options
from sim.cli.failure import problem, warn_of
from sim.cli.finding import load
from sim.cli.options import Command, flag, option
from sim.cli.telling import compile_first, waiting
from sim.errors import Problem
from sim.numbers import DEFAULT_RUNS, DEFAULT_SEED

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_RUNS = 5_000_000
FORMATS = ("text", "markdown", "json")
KINDS = ("breakdown", "dispute", "slip", "misread", "talks", "lapse", "quiet")


@dataclass
class Explain(Command):
    """Tell one run: what each side did and saw, what was true, which rule fired, what ended it."""

    scenario: options.ScenarioName
    run: int | None = option("R", "Which run, from 0; default: run 0.")
    find: str | None = option("|".join(KINDS), "A run that is typical of this kind.")
    seed: options.Seed = DEFAULT_SEED
    runs: int = option("N", "How many runs there are to choose from.", DEFAULT_RUNS)
    changes: options.Changes = None
    weeks: str | None = option("FROM-TO", "Only these weeks, as 3-9 or 7.")
    form: str = option("text|markdown|json", "Of the story.", "text", "--format")
    json: bool = flag("--json", "The same as --format json.")
    odds: bool = flag("--odds", "Also the odds of the truce at each turn of the story.")
    out: Path | None = option("FILE", "Write to this file, not to the screen.")
    reading: options.OneReading = None

    def _problems(self) -> Iterator[Problem]:
        run, runs, find, out = self.run, self.runs, self.find, self.out
        yield from checks.within("--runs", runs, 1, MOST_RUNS)
        yield from checks.seed(self.seed)
        yield from checks.among("--format", () if self.json else (self.form,), FORMATS)
        yield from checks.among("--find", () if find is None else (find,), KINDS)
        if find is not None and run is not None:
            yield problem("--run", f"{run}, beside --find {find}", "one of the two")
        elif run is not None and not 0 <= run < runs:
            allowed = f"0 to {runs - 1}, one of the {runs:,} runs{_more(run, runs)}"
            yield problem("--run", run, allowed)
        if out is not None:
            yield from checks.in_a_folder("--out", out)
            if not out.exists() and out.absolute().parent.is_dir():
                yield from checks.writable(out.absolute().parent)

    def _act(self) -> None:
        world = load(self.scenario, self.changes, self.reading)
        weeks = self._weeks(world.compiled.weeks)
        warn_of(world)
        text = self._story(world, weeks)
        if self.out is None:
            typer.echo(text)
            return
        from sim.store.files import write_text

        write_text(self.out, text + "\n")
        typer.echo(f"wrote {self.out}")

    def _weeks(self, horizon: int) -> tuple[int, int]:
        """The weeks asked for: "3-9", "7", "3-" or "-9"."""
        if self.weeks is None:
            return 1, horizon
        first, dash, last = self.weeks.partition("-")
        try:
            low = int(first) if first else 1
            high = (int(last) if last else horizon) if dash else low
        except ValueError:
            low = high = 0
        if not 1 <= low <= high <= horizon:
            self.refuse("--weeks", self.weeks, f"weeks within 1 to {horizon}, as 3-9 or 7")
        return low, high

    def _story(self, world: "Scenario", weeks: tuple[int, int]) -> str:
        from sim.engines.compiling import BLOCK, TRACE
        from sim.explain import find_run, tell, trace_run
        from sim.explain.render import render
        from sim.outcomes.butfor import CONTINUATIONS

        if self.odds:
            compile_first(BLOCK, TRACE)
        run, typical = self.run or 0, None
        if self.find is not None:
            with waiting(f"looking through {self.runs:,} runs ..."):
                typical = find_run(world, self.find, self.seed, self.runs)
            run = typical.run
        trace = trace_run(world, self.seed, run, only=not self.odds)
        story = tell(trace, weeks, continuations=CONTINUATIONS if self.odds else 0)
        return render(story, "json" if self.json else self.form, typical)


def _more(run: int, runs: int) -> str:
    """How many runs would have a run beyond these; "" where it is not beyond."""
    if run < runs:
        return ""
    least = f"{run + 1} or more would have it"
    return f"; --runs {least if run < MOST_RUNS else f'can be {MOST_RUNS} at most'}"
