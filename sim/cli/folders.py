"""Commands that read a folder of results: `detente report`, `export`, `reproduce`, `analyze`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from typer import Option

from sim.cli import checks
from sim.cli.complete import result_folders
from sim.cli.failure import ANYTHING_ELSE, problem, refuse_any, stop
from sim.cli.finding import any_folder, result_folder, study_folder
from sim.cli.options import Command, Form, Json, ResultName, Threads, argument, flag, forms, option
from sim.cli.telling import print_json, tell, waiting
from sim.errors import Problem
from sim.report.pictures import Drawing, write_pictures
from sim.studies.sizes import DENSITY, THRESHOLD
from sim.world.outcomes import NAMES

if TYPE_CHECKING:
    from sim.report.content import Report as PageReport
    from sim.reproduce import Reproduced
    from sim.studies.answers import Answers

ENDINGS = ("html", "md", "csv", "json")


@dataclass
class Report(Command):
    """Write the page to mail: one HTML file with words, tables, pictures and typical runs."""

    result: ResultName
    out: Path | None = option(
        "FILE.html|md|csv|json", "Where to write; default: report.html in the folder."
    )
    live: bool = flag("--live", "With the sliders of detente page above the report.")

    def _act(self) -> None:
        from sim.web.mailed import mailed

        folder = any_folder(self.result, self.command)
        file = folder / "report.html" if self.out is None else self.out
        refuse_any(self.command, self._unfit(file))
        if self.live:
            write_page(file, self._live(folder))
        else:
            write_report(file, mailed(folder))
        typer.echo(f"wrote {file}")

    def _unfit(self, file: Path) -> Iterator[Problem]:
        yield from checks.writable_file("--out", file, ENDINGS)
        if self.live and file.suffix != ".html":
            yield problem("--live", f"with {file.name}", "a page: a file that ends in .html")

    def _live(self, folder: Path) -> str:
        """The explorer of a result's scenario, with the report below it."""
        from sim.outcomes.manifest import kind_of
        from sim.outcomes.store import load_result
        from sim.report.pictures import RESULT
        from sim.web.mailed import mailed
        from sim.web.page import explorer

        kind = kind_of(folder)
        if kind != RESULT:
            self.refuse("--live", f"with what is {kind}", "a result of `detente run`")
        content = mailed(folder)
        result = load_result(folder)
        world, over = result.scenario, result.spread
        return explorer(world, result.seed, story_runs=0, report=content, spread=over)


def write_report(file: Path, report: "PageReport") -> None:
    """Writes a report in the form of its file's ending, whole or not at all."""
    from sim.report.html import page
    from sim.report.text import csv, json_text, markdown

    forms: dict[str, Callable[[PageReport], str]] = {
        ".html": page,
        ".md": markdown,
        ".csv": csv,
        ".json": lambda report: json_text(report.data) + "\n",
    }
    write_page(file, forms[file.suffix](report))


def write_page(file: Path, text: str) -> None:
    """Writes a text to a file, whole or not at all."""
    from sim.store.files import write_text
    from sim.store.folders import write_failures_named

    with write_failures_named(file, "report"):
        write_text(file, text)


@dataclass
class Export(Command):
    """Write the tables of a result as CSV for spreadsheets, one file a table."""

    result: ResultName
    # the only form there is: not read, but typed, as docs/howto-plot.md does
    csv: bool = Option(True, "--csv", help="As comma-separated values (also without this).")
    out: Path | None = option("DIR", "Where to write; default: csv/ in the result folder.")

    def _act(self) -> None:
        folder = result_folder(self.result, self.command)
        target = folder / "csv" if self.out is None else self.out
        refuse_any(self.command, checks.writable(target))
        from sim.outcomes.tables import export_csv

        with waiting("writing ..."):
            files = list(export_csv(folder, target))
        for file in files:
            typer.echo(f"wrote {file}")


@dataclass
class Reproduce(Command):
    """Play a result again from its manifest, elsewhere, and say whether every table is equal."""

    folder: str = argument(
        "The folder of a result, study, tournament, fit, odds or best response, or its "
        "name in results/.",
        result_folders,
    )
    threads: Threads = None

    def _act(self) -> None:
        place = any_folder(self.folder, self.command)
        from sim.reproduce import reproduce

        with waiting(f"playing {place.name} again ..."):
            reproduced = reproduce(place, self.threads)
        for table in reproduced.tables:
            typer.echo(f"{table.verdict:<12} {table.name}")
        for line in code(reproduced):
            typer.echo(line)
        if not reproduced.equal:
            stop(f"{place} was not reproduced", ANYTHING_ELSE)
        typer.echo(f"{place} is reproduced: every table is equal")


def code(reproduced: "Reproduced") -> Iterator[str]:
    """What is to be said of the code that wrote the folder, if it was another."""
    then, now = reproduced.version_then, reproduced.version_now
    if then != now:
        yield f"written by detente {then}, played again by {now}"
    elif not reproduced.same_code:
        yield f"written by other code ({reproduced.code_then}) than this ({reproduced.code_now})"
    if not reproduced.same_extensions:
        yield "written with other extensions than are loaded now"
    yield from (f"{n} was {then}, is {now}" for n, (then, now) in reproduced.libraries.items())


@dataclass
class Analyze(Command):
    """Read a study: which factors matter (--sensitivity), where the truce fails (--discover)."""

    result: str = argument("The folder of a study, or its name in results/.", result_folders)
    sensitivity: bool = flag(
        "--sensitivity", "Which factors matter: Sobol indices, Morris effects."
    )
    discover: bool = flag("--discover", "Where the truce fails: boxes, as sentences (PRIM).")
    outcome: str | None = option("NAME", f"{', '.join(NAMES)}; default: the headline.")
    week: int | None = option("W", "Read at the end of this week; default: of the term.")
    threshold: float = option("P", "With --discover: a point fails if fewer runs hold.", THRESHOLD)
    density: float = option("P", "With --discover: share of failures a box should reach.", DENSITY)
    form: Form = None
    json: Json = False

    def _problems(self) -> Iterator[Problem]:
        if not (self.sensitivity or self.discover):
            yield problem("", "nothing to do", "--sensitivity, --discover, or both")
        shares = ("--threshold", self.threshold, THRESHOLD), ("--density", self.density, DENSITY)
        for name, value, default in shares:
            if not 0 < value < 1:
                yield problem(name, value, "a share between 0 and 1, as 0.5")
            elif value != default and not self.discover:
                yield problem(name, f"{value}, without --discover", "beside --discover")
        yield from checks.formats(self.form)

    def _act(self) -> None:
        study = study_folder(self.result, self.command)
        from sim.studies.answers import answers

        of_study = answers(study, self.outcome, self.week)
        reports = {}
        if self.sensitivity:
            reports["sensitivity"] = self._sensitivity(of_study, study.folder)
        if self.discover:
            reports["discovery"] = self._discovery(of_study, study.folder)
        if self.json:
            print_json(reports)

    def _sensitivity(self, of_study: "Answers", folder: Path) -> dict[str, object]:
        from sim.plots.study_findings import sensitivity as drawn
        from sim.studies.analysis_page import sensitivity_report, write_sensitivity
        from sim.studies.sensitivity import sensitivity

        with waiting("computing indices and their intervals ..."):
            result = sensitivity(of_study)
        files = write_sensitivity(folder, result)
        drawing = f"sensitivity{of_study.suffix}", partial(drawn, result)
        return self._told(sensitivity_report(result), files, folder, drawing)

    def _discovery(self, of_study: "Answers", folder: Path) -> dict[str, object]:
        from sim.plots.study_findings import discovery as drawn
        from sim.studies.analysis_page import discovery_report, write_discovery
        from sim.studies.discovery import discover

        with waiting("peeling box 1 ...") as status:

            def progress(done: int) -> None:
                if status is not None:
                    status.update(f"peeling box {done + 1} ...")

            discovery = discover(of_study, self.threshold, self.density, progress=progress)
        files = write_discovery(folder, discovery)
        drawing = f"discovery{of_study.suffix}", partial(drawn, discovery)
        return self._told(discovery_report(discovery), files, folder, drawing)

    def _told(
        self, report: "PageReport", files: list[Path], folder: Path, drawing: Drawing
    ) -> dict[str, object]:
        """Draws the picture, prints the report unless JSON is wanted; returns its part of that."""
        files = files + write_pictures(folder / "figures", [drawing], forms(self.form))
        names = [str(path) for path in files]
        if not self.json:
            tell(report, False, [f"written: {', '.join(names)}"])
        return {**report.data, "files": names}
