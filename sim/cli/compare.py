"""`detente compare`: two scenarios run by run, or what one thing in one was worth."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from sim.cli import checks, options
from sim.cli.complete import removable, scenario_names
from sim.cli.failure import problem, say, warn_of
from sim.cli.finding import load
from sim.cli.options import (
    EVERY,
    OFF,
    RANGES,
    STATED,
    Command,
    argument,
    changes_of,
    flag,
    option,
    typed_command,
)
from sim.cli.telling import bar, compile_first, draw_beside, tell
from sim.errors import Problem
from sim.numbers import DEFAULT_SEED
from sim.report.pictures import FORMATS

if TYPE_CHECKING:
    from sim.studies.pair import Pair
    from sim.studies.pairs import Comparison

#: Forms of the page to mail.
PAGES = ("html", "md", "csv")
DEFAULT_RUNS = 20_000
#: Every run is kept, about a hundred bytes in each sample.
MOST_RUNS = 5_000_000


@dataclass
class Compare(Command):
    """Compare two scenarios with common random numbers, or one with itself after a change."""

    scenario: str = argument("A scenario file, or the name of one.", scenario_names, metavar="A")
    other: str | None = argument(
        "Another; left out: A, changed.", scenario_names, metavar="[B]", default=None
    )
    changes: Annotated[list[str] | None, changes_of(" of B")] = None
    removed: list[str] | None = option(
        "shock:NAME|lever:OWNER.NAME",
        "Take this out of B: the shock never comes, the lever is gone from week 1. "
        "Repeat for more.",
        None,
        "--without",
        autocompletion=removable,
    )
    runs: int = option("N", "How many runs of each.", DEFAULT_RUNS)
    seed: options.Seed = DEFAULT_SEED
    json: bool = flag("--json", "Print the comparison as JSON.")
    threads: options.Threads = None
    independent: bool = flag(
        "--independent", "B has random numbers of its own: samples, not pairs of runs."
    )
    ranges: options.Ranges = STATED
    plot: Path | None = option("FILE", "Draw both curves and their difference: png, svg, pdf.")
    report: Path | None = option(
        "FILE.html|md|csv", "Write the page to mail, with both curves in it."
    )

    def _problems(self) -> Iterator[Problem]:
        yield from checks.within("--runs", self.runs, 2, MOST_RUNS)
        yield from checks.seed(self.seed)
        yield from checks.threads(self.threads)
        if self.other is None and not self.changes and not self.removed:
            yield problem("", "one scenario, unchanged", "a second scenario, --set or --without")
        yield from checks.among("--ranges", (self.ranges,), RANGES)
        yield from checks.writable_file("--plot", self.plot, FORMATS)
        yield from checks.writable_file("--report", self.report, PAGES)

    def _act(self) -> None:
        from sim.studies.pair import Pair

        other = self.other or self.scenario
        first, before = load(self.scenario, ()), load(other, ())
        second = load(other, self.changes) if self.changes else before
        pair = Pair(first, second, before, tuple(self.removed or ()))
        warn_of(first, second)
        comparison = self._compared(pair)
        self._told(pair, comparison)

    def _compared(self, pair: "Pair") -> "Comparison":
        """The comparison, with its range unless that is off, and with a bar on a terminal."""
        from sim.engines.compiling import TRACE
        from sim.outcomes.spread import POINTS, RUNS_A_POINT
        from sim.studies.pair import margin
        from sim.studies.pairs import compare

        runs, luck = self.runs, self.independent
        first, second = pair.compiled()
        compile_first(TRACE)
        loop = 0 if self.ranges == OFF else 2 * POINTS * RUNS_A_POINT
        with bar("RunProgress", 2 * runs + loop, first.weeks) as progress:
            comparison = compare(first, second, runs, self.seed, self.threads, progress, luck)
            if self.ranges == OFF:
                return comparison
            over = margin(
                pair,
                comparison.outcomes[0].outcome,
                self.seed,
                self.threads,
                POINTS,
                RUNS_A_POINT,
                vary_decisions=self.ranges == EVERY,
                progress=progress and (lambda done: progress(2 * runs + done)),
                independent=luck,
            )
            return replace(comparison, margin=over)

    def _told(self, pair: "Pair", comparison: "Comparison") -> None:
        """Prints the comparison; draws it and writes the page to mail, if that is wanted."""
        from sim.studies.comparison_page import report_of as comparison_report

        table = content(pair, comparison)
        table["second"]["set"] = list(self.changes or ())
        page = comparison_report(comparison, pair.title, pair.captions)
        tell(replace(page, data=table), self.json)
        if self.plot is not None:
            from sim.plots import survival

            drawn = partial(survival.comparison, comparison, pair.title, pair.captions)
            draw_beside(self.plot, (self.plot.stem, drawn))
        if self.report is not None:
            from sim.cli.folders import write_report
            from sim.web.mailed import mailed_comparison

            mailed = mailed_comparison(comparison, pair, table, typed_command())
            write_report(self.report, mailed)
            say(f"wrote {self.report}")


def content(pair: "Pair", comparison: "Comparison") -> dict[str, Any]:
    """The comparison as plain values: what `--json` prints. Differences are B minus A."""
    whole = zip((pair.first, pair.second), pair.names, pair.hashes, strict=True)
    first, second = (
        {"scenario": title.name, "title": title.title, "is": name, "hash": digest}
        for title, name, digest in whole
    )
    changes = ("outcomes", "talks", "amounts", "number_of_talks", "first_talks")
    return {
        "first": first,
        "second": second | {"without": list(pair.removed)},
        "seed": comparison.seed,
        "n": comparison.n,
        "luck": "independent" if comparison.independent else "common",
        "term": comparison.term,
        "horizon": comparison.horizon,
        **{name: _plain(getattr(comparison, name)) for name in (*changes, "curves", "divergence")},
        "notes": list(comparison.notes),
        "ranges": _plain(comparison.margin),
    }


def _plain(value: Any) -> Any:
    """A dataclass, several or none as plain values."""
    return [asdict(each) for each in value] if isinstance(value, tuple) else value and asdict(value)
