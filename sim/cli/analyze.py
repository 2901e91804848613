"""`detente analyze`: which factors of a study matter, and in which boxes the truce fails."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.complete import result_folders
from sim.cli.console import print_json
from sim.cli.failure import ends_well, refuse_any
from sim.cli.options import Form, Json, forms
from sim.cli.result_folder import study_folder
from sim.cli.run_options import among, problem
from sim.cli.telling import tell, waiting
from sim.errors import Problem
from sim.report.pictures import FORMATS, write_pictures
from sim.world.outcomes import NAMES

if TYPE_CHECKING:
    from sim.report.content import Report
    from sim.studies.answers import Answers

COMMAND = "detente analyze"
THRESHOLD, DENSITY = 0.5, 0.8


StudyName = Annotated[
    str,
    typer.Argument(
        help="The folder of a study, or its name in results/.", autocompletion=result_folders
    ),
]
Sensitivity = Annotated[
    bool,
    typer.Option("--sensitivity", help="Which factors matter: Sobol indices, Morris effects."),
]
Discover = Annotated[
    bool, typer.Option("--discover", help="Where the truce fails: boxes, as sentences (PRIM).")
]
Outcome = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=f"{', '.join(NAMES)}; default: the headline."),
]
Week = Annotated[
    int | None,
    typer.Option(metavar="W", help="Read at the end of this week; default: of the term."),
]
Threshold = Annotated[
    float,
    typer.Option(metavar="P", help="With --discover: a point fails if fewer runs hold."),
]
Density = Annotated[
    float,
    typer.Option(metavar="P", help="With --discover: share of failures a box should reach."),
]


@ends_well
def analyze(
    result: StudyName,
    sensitivity: Sensitivity = False,
    discover: Discover = False,
    outcome: Outcome = None,
    week: Week = None,
    threshold: Threshold = THRESHOLD,
    density: Density = DENSITY,
    form: Form = None,
    json: Json = False,
) -> None:
    """Read a study: which factors matter (--sensitivity), where the truce fails (--discover)."""
    formats = forms(form)
    refuse_any(COMMAND, _problems(sensitivity, discover, formats, threshold, density))
    study = study_folder(result, COMMAND)
    from sim.studies.answers import answers

    of_study = answers(study, outcome, week)
    reports = {}
    if sensitivity:
        reports["sensitivity"] = _sensitivity(of_study, study.folder, formats, json)
    if discover:
        reports["discovery"] = _discover(of_study, study.folder, formats, json, threshold, density)
    if json:
        print_json(reports)


def _problems(
    sensitivity: bool, discover: bool, formats: tuple[str, ...], threshold: float, density: float
) -> Iterator[Problem]:
    """Everything that is wrong with the options."""
    if not (sensitivity or discover):
        yield problem("", "nothing to do", "--sensitivity, --discover, or both")
    for name, value, default in (
        ("--threshold", threshold, THRESHOLD),
        ("--density", density, DENSITY),
    ):
        if not 0 < value < 1:
            yield problem(name, value, "a share between 0 and 1, as 0.5")
        elif value != default and not discover:
            yield problem(name, f"{value}, without --discover", "beside --discover")
    yield from among("--format", formats, FORMATS)


def _sensitivity(
    of_study: "Answers", folder: Path, formats: tuple[str, ...], json: bool
) -> dict[str, object]:
    from sim.plots.study_sensitivity import draw_sensitivity
    from sim.studies.analysis_page import sensitivity_report, write_sensitivity
    from sim.studies.sensitivity import sensitivity

    with waiting("computing indices and their intervals ..."):
        result = sensitivity(of_study)
    files = write_sensitivity(folder, result)
    drawing = (f"sensitivity{of_study.suffix}", partial(draw_sensitivity, result))
    files += write_pictures(folder / "figures", [drawing], formats)
    return _printed(sensitivity_report(result), files, json)


def _discover(
    of_study: "Answers",
    folder: Path,
    formats: tuple[str, ...],
    json: bool,
    threshold: float,
    density: float,
) -> dict[str, object]:
    from sim.plots.study_discovery import draw_discovery
    from sim.studies.analysis_page import discovery_report, write_discovery
    from sim.studies.discovery import discover

    with waiting("peeling box 1 ...") as status:

        def progress(done: int) -> None:
            if status is not None:
                status.update(f"peeling box {done + 1} ...")

        discovery = discover(of_study, threshold, density, progress=progress)
    files = write_discovery(folder, discovery)
    drawing = (f"discovery{of_study.suffix}", partial(draw_discovery, discovery))
    files += write_pictures(folder / "figures", [drawing], formats)
    return _printed(discovery_report(discovery), files, json)


def _printed(page_report: "Report", files: list[Path], json: bool) -> dict[str, object]:
    """Prints a report, unless it is wanted as JSON; returns what JSON holds of it."""
    names = [str(path) for path in files]
    if not json:
        tell(page_report, json, [f"written: {', '.join(names)}"])
    return {**page_report.data, "files": names}
