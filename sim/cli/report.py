"""`detente report`: a result or a study as one page to mail, from its folder alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.complete import result_folders
from sim.cli.failure import ends_well, refuse
from sim.cli.result_folder import result_folder, study_if_any
from sim.cli.run_options import writable_file

if TYPE_CHECKING:
    from sim.report.content import Report
    from sim.studies.study import Study

COMMAND = "detente report"
ENDINGS = ("html", "md", "csv", "json")


@ends_well
def report(
    result: Annotated[
        str,
        typer.Argument(
            help="A result folder, or the name of one in results/.", autocompletion=result_folders
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html|md|csv|json",
            help="Where to write; default: report.html in the folder.",
        ),
    ] = None,
) -> None:
    """Write the page to mail: one HTML file with words, tables, pictures and typical runs."""
    study = study_if_any(result)
    folder = study.folder if study else result_folder(result, COMMAND)
    file = folder / "report.html" if out is None else out
    found = [replace(each, file=COMMAND) for each in writable_file("--out", file, ENDINGS)]
    if found:
        refuse(*found)
    write_report(file, _of_study(study) if study else _of_result(folder))
    typer.echo(f"wrote {file}")


def _of_study(study: "Study") -> "Report":
    """The report of a study, or of the pairs of a tournament."""
    from sim.web.mailed import mailed_study

    return mailed_study(study)


def _of_result(folder: Path) -> "Report":
    """The report of the result that a folder holds."""
    from sim.cli.compiling import compile_first
    from sim.engines.compiling import TRACE
    from sim.outcomes.manifest import read_manifest
    from sim.outcomes.store import load_result
    from sim.web.mailed import mailed_result

    loaded = load_result(folder)
    compile_first(TRACE)
    return mailed_result(loaded, read_manifest(folder))


def _form(file: Path) -> "Callable[[Report], str]":
    """What makes the text of a file of this ending."""
    from sim.report.html import page
    from sim.report.markdown import markdown
    from sim.report.plain import csv, json_text

    forms: dict[str, Callable[[Report], str]] = {
        "html": page,
        "md": markdown,
        "csv": csv,
        "json": lambda told: json_text(told.data) + "\n",
    }
    return forms[file.suffix.removeprefix(".")]


def write_report(file: Path, told: "Report") -> None:
    """Writes a report in the form of its file's ending, whole or not at all."""
    from sim.errors import ResultWriteError
    from sim.store.files import write_text

    try:
        write_text(file, _form(file)(told))
    except OSError as error:
        raise ResultWriteError(f"the report could not be written to {file}: {error}") from error
