"""`detente report`: what a folder holds as one page to mail, from the folder alone."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failure import ends_well, refuse_any
from sim.cli.options import ResultName
from sim.cli.result_folder import any_folder
from sim.cli.run_options import problem, writable_file
from sim.errors import Problem, ResultWriteError

if TYPE_CHECKING:
    from sim.report.content import Report

COMMAND = "detente report"
ENDINGS = ("html", "md", "csv", "json")


@ends_well
def report(
    result: ResultName,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html|md|csv|json",
            help="Where to write; default: report.html in the folder.",
        ),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="With the sliders of detente page above the report.")
    ] = False,
) -> None:
    """Write the page to mail: one HTML file with words, tables, pictures and typical runs."""
    folder = any_folder(result, COMMAND)
    file = folder / "report.html" if out is None else out
    problems = [*writable_file("--out", file, ENDINGS)]
    if live and file.suffix != ".html":
        problems.append(_not_live(file.name, "a page: a file that ends in .html"))
    refuse_any(COMMAND, problems)
    if live:
        write_page(file, _live(folder))
    else:
        write_report(file, _of(folder))
    typer.echo(f"wrote {file}")


def _not_live(what: str, allowed: str) -> Problem:
    return problem("--live", f"with {what}", allowed)


def _of(folder: Path) -> "Report":
    """The report of what a folder holds, of whatever kind."""
    from sim.web.mailing import mailed

    return mailed(folder)


def _live(folder: Path) -> str:
    """The explorer of a result's scenario, with the report below it."""
    from sim.outcomes.store import load_result
    from sim.report.pictures import RESULT
    from sim.web.mailing import kind_of
    from sim.web.page import explorer

    kind = kind_of(folder)
    if kind != RESULT:
        refuse_any(COMMAND, [_not_live(f"what is {kind}", "a result of `detente run`")])
    content = _of(folder)
    result = load_result(folder)
    world, over = result.scenario, result.spread
    return explorer(world, result.seed, story_runs=0, report=content, spread=over)


def _form(file: Path) -> "Callable[[Report], str]":
    """What makes the text of a file of this ending."""
    from sim.report.html import page
    from sim.report.text import csv, json_text, markdown

    forms: dict[str, Callable[[Report], str]] = {
        "html": page,
        "md": markdown,
        "csv": csv,
        "json": lambda page_report: json_text(page_report.data) + "\n",
    }
    return forms[file.suffix.removeprefix(".")]


def write_report(file: Path, page_report: "Report") -> None:
    """Writes a report in the form of its file's ending, whole or not at all."""
    write_page(file, _form(file)(page_report))


def write_page(file: Path, text: str) -> None:
    """Writes a text to a file, whole or not at all."""
    from sim.store.files import write_text

    try:
        write_text(file, text)
    except OSError as error:
        raise ResultWriteError(f"the report could not be written to {file}: {error}") from error
