"""Pictures of a study: what was varied across, the share that holds up."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.failure import refuse_any, say
from sim.cli.options import forms
from sim.cli.run_options import among, problem, writable
from sim.errors import Problem, ResultError
from sim.report.pictures import FORMATS, STUDY, pictures, write_pictures

if TYPE_CHECKING:
    from sim.studies.study import Study

COMMAND = "detente plot"
ALL = "all"


def plot_study(
    study: "Study",
    kinds: tuple[str, ...],
    form: list[str] | None,
    out: Path | None,
    run: int | None,
    outcome: str | None,
    week: int | None,
) -> None:
    """Draws the pictures of a study; by default the one that fits what was varied."""
    from sim.plots import draw_study, refuse_unfitting
    from sim.studies.answers import SENSITIVITY, StudyView, answers

    formats = forms(form)
    target = study.folder / "figures" if out is None else out
    refuse_any(COMMAND, _problems(kinds, (*pictures(STUDY), SENSITIVITY), formats, target, run))
    view = StudyView(answers(study, outcome, week))
    chosen_kinds = dict.fromkeys(view.fitting if kind == ALL else kind for kind in kinds or (ALL,))
    for kind in chosen_kinds:
        refuse_unfitting(view, kind)
    drawings = [
        (f"{kind}{view.answers.suffix}", partial(draw_study, view, kind)) for kind in chosen_kinds
    ]
    for path in write_pictures(target, drawings, formats):
        typer.echo(f"wrote {path}")


def draw_missing(folder: Path) -> None:
    """Draws the picture of a finished study that was killed before it had one."""
    if not any((folder / "figures").glob("[!.]*.png")):
        draw_fitting(folder)


def draw_fitting(folder: Path) -> None:
    """Draws the one picture that fits a study that was just run, or says why there is none."""
    from sim.plots import draw_study, refuse_unfitting
    from sim.studies.answers import StudyView, answers
    from sim.studies.study import load_study

    try:
        view = StudyView(answers(load_study(folder)))
        refuse_unfitting(view, view.fitting)
    except ResultError as why:
        say(f"no picture: {why}")
        return
    drawing = partial(draw_study, view, view.fitting)
    for path in write_pictures(folder / "figures", [(view.fitting, drawing)]):
        say(f"drawn: {path}")


def _problems(
    kinds: tuple[str, ...],
    known_kinds: tuple[str, ...],
    formats: tuple[str, ...],
    out: Path,
    run: int | None,
) -> Iterator[Problem]:
    """Everything that is wrong with the options."""
    yield from among("--kind", kinds, (*known_kinds, ALL))
    yield from among("--format", formats, FORMATS)
    yield from writable(out)
    if run is not None:
        yield problem("--run", f"{run}, of a study", "only with the result of one scenario")
