"""Pictures of a study: what was varied across, the share that holds up."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli.failure import refuse, say
from sim.cli.plot import ALL, COMMAND, saved
from sim.cli.run_options import FORMATS, among, problem, writable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.errors import Problem
    from sim.studies.shown import Shown
    from sim.studies.study import Study


def plot_study(
    study: "Study",
    kinds: tuple[str, ...],
    forms: tuple[str, ...],
    out: Path | None,
    run: int | None,
    outcome: str | None,
    week: int | None,
) -> None:
    """Draws the pictures of a study; by default the one that fits what was varied."""
    from sim.plots.studies import STUDY_PICTURES
    from sim.studies.answers import answers
    from sim.studies.shown import SENSITIVITY, shown

    forms = tuple(dict.fromkeys(forms)) or ("png",)
    target = study.folder / "figures" if out is None else out
    found = list(_problems(kinds, (*STUDY_PICTURES, SENSITIVITY), forms, target, run))
    if found:
        refuse(*(replace(each, file=COMMAND) for each in found))
    made = shown(answers(study, outcome, week))
    wanted = dict.fromkeys(made.fitting if kind == ALL else kind for kind in kinds or (ALL,))
    figures = {kind: figure_of(made, kind) for kind in wanted}
    target.mkdir(parents=True, exist_ok=True)
    for kind, figure in figures.items():
        for form in forms:
            path = saved(figure, target / f"{kind}{made.answers.suffix}.{form}")
            typer.echo(f"wrote {path}")


def draw_fitting(folder: Path) -> None:
    """Draws the one picture that fits a study that was just run, or says why there is none."""
    from sim.errors import ResultError
    from sim.studies.answers import answers
    from sim.studies.shown import shown
    from sim.studies.study import load_study

    try:
        made = shown(answers(load_study(folder)))
        figure = figure_of(made, made.fitting)
    except ResultError as why:
        say(f"no picture: {why}")
        return
    target = folder / "figures"
    target.mkdir(exist_ok=True)
    say(f"drawn: {saved(figure, target / f'{made.fitting}.png')}")


def figure_of(made: "Shown", kind: str) -> "Figure":
    """One picture of a study; that of its sensitivity needs the indices first."""
    from sim.plots.studies import draw_study
    from sim.plots.study_sensitivity import draw_sensitivity
    from sim.studies.sensitivity import sensitivity
    from sim.studies.shown import SENSITIVITY

    if kind == SENSITIVITY:
        return draw_sensitivity(sensitivity(made.answers))
    return draw_study(made, kind)


def _problems(
    kinds: tuple[str, ...],
    there: tuple[str, ...],
    forms: tuple[str, ...],
    out: Path,
    run: int | None,
) -> "Iterator[Problem]":
    """Everything that is wrong with the options."""
    yield from among("--kind", kinds, (*there, ALL))
    yield from among("--format", forms, FORMATS)
    yield from writable(out)
    if run is not None:
        yield problem("--run", f"{run}, of a study", "only with the result of one scenario")
