"""Commands that read a folder of results: `detente report`, `export` and `reproduce`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from typer import Option

from sim.cli import checks
from sim.cli.complete import result_folders
from sim.cli.failure import ANYTHING_ELSE, problem, refuse_any, stop
from sim.cli.finding import any_folder, result_folder
from sim.cli.options import Command, ResultName, Threads, argument, flag, option
from sim.cli.telling import waiting
from sim.errors import Problem, ResultWriteError

if TYPE_CHECKING:
    from sim.report.content import Report as PageReport
    from sim.reproduce import Reproduced

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
        from sim.outcomes.store import load_result
        from sim.report.pictures import RESULT
        from sim.web.mailed import kind_of, mailed
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

    try:
        write_text(file, text)
    except OSError as error:
        raise ResultWriteError(f"the report could not be written to {file}: {error}") from error


@dataclass
class Export(Command):
    """Write the tables of a result as CSV for spreadsheets, one file a table."""

    result: ResultName
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
