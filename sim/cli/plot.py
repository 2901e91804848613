"""`detente plot`: the pictures of a result, redrawn from its folder alone."""

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failure import ends_well, refuse_any, say
from sim.cli.options import Form, ResultName, forms
from sim.cli.plot_study import ALL, COMMAND, plot_study
from sim.cli.result_folder import folder_of, result_folder, study_if_any
from sim.cli.run_options import among, problem, within, writable
from sim.cli.telling import waiting
from sim.errors import Problem
from sim.report.pictures import (
    FIT,
    FORMATS,
    ODDS,
    RESPONSE,
    RESULT,
    Drawing,
    draw,
    pictures,
    write_pictures,
)

if TYPE_CHECKING:
    from sim.outcomes.result import Result

LADDER, RASTER = "ladder", "raster"
#: Folders of one picture, by kind: the picture, and the function that reads what it is of.
ONE_PICTURE = {
    ODDS: ("odds", "sim.forecast.store", "load_odds"),
    FIT: ("fit", "sim.forecast.fit_store", "read_fit"),
    RESPONSE: ("gaps", "sim.games.response", "read_response"),
}
_KINDS = (
    "all|trajectories|survival|endings|raster|ladder|leverage|definition|allies"
    "; of a study line|map|panels|sensitivity"
)


Kind = Annotated[
    list[str] | None,
    typer.Option(metavar=_KINDS, help="Which picture; repeat for more. Default: all."),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Where to write; default: figures/ in the folder."),
]
Run = Annotated[
    int | None, typer.Option(metavar="R", help="The run of the ladder; default: a typical one.")
]
Outcome = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Of a study: the outcome; default: the headline. Of a raster: its order.",
    ),
]
Week = Annotated[
    int | None,
    typer.Option(metavar="W", help="Of a study: read at the end of this week."),
]


@ends_well
def plot(
    result: ResultName,
    kind: Kind = None,
    form: Form = None,
    out: Out = None,
    run: Run = None,
    outcome: Outcome = None,
    week: Week = None,
) -> None:
    """Draw the pictures of a result, study, odds, fit or best response again, from its folder."""
    study = study_if_any(result)
    if study is not None:
        plot_study(study, tuple(kind or ()), form, out, run, outcome, week)
        return
    if (found := folder_of(result, ONE_PICTURE)) is not None:
        _plot_one(*found, forms(form), out)
        return
    folder = result_folder(result, COMMAND)
    target = folder / "figures" if out is None else out
    kinds = tuple(dict.fromkeys(kind or ([ALL] if run is None else [LADDER])))
    problems = _problems(folder, kinds, forms(form), target, run)
    refuse_any(COMMAND, [*problems, *_of_studies(kinds, outcome, week)])
    from sim.outcomes.store import load_result

    loaded = load_result(folder)
    with waiting("drawing ..."):
        paths = write_pictures(target, _pictures(loaded, kinds, run, outcome), forms(form))
    for path in paths:
        typer.echo(f"wrote {path}")


def _plot_one(folder: Path, kind: str, formats: tuple[str, ...], out: Path | None) -> None:
    """The picture of a folder that has but one."""
    target = folder / "figures" if out is None else out
    refuse_any(COMMAND, [*among("--format", formats, FORMATS), *writable(target)])
    for path in draw_one(folder, kind, target, formats):
        typer.echo(f"wrote {path}")


def draw_one(folder: Path, kind: str, target: Path, formats: tuple[str, ...]) -> list[Path]:
    """Draws the picture of a folder that has but one, from the folder alone; its files."""
    name, module, reader = ONE_PICTURE[kind]
    thing = getattr(import_module(module), reader)(folder)
    return write_pictures(target, [(name, partial(draw, kind, name, thing))], formats)


def _problems(
    folder: Path, kinds: tuple[str, ...], formats: tuple[str, ...], out: Path, run: int | None
) -> Iterator[Problem]:
    """Everything that is wrong with the options."""
    from sim.outcomes.manifest import read_manifest

    yield from among("--kind", kinds, (*pictures(RESULT), ALL))
    yield from among("--format", formats, FORMATS)
    yield from writable(out)
    if run is not None:
        yield from within("--run", run, 0, read_manifest(folder)["runs"] - 1)
        if not {ALL, LADDER} & set(kinds):
            yield problem("--run", f"{run}, without a ladder", f"beside --kind {LADDER}")


def _of_studies(kinds: tuple[str, ...], outcome: str | None, week: int | None) -> Iterator[Problem]:
    """Options that only a study has, or a raster."""
    if outcome is not None and not {ALL, RASTER} & set(kinds):
        allowed = f"with a study, or beside --kind {RASTER}"
        yield problem("--outcome", f"{outcome}, of the result of one scenario", allowed)
    if week is not None:
        yield problem("--week", f"{week}, of the result of one scenario", "only with a study")


def _pictures(
    result: "Result", kinds: tuple[str, ...], run: int | None, outcome: str | None
) -> Iterator[Drawing]:
    """Each picture with the name of its file; of all pictures, those that show something."""
    for kind, picture in pictures(RESULT).items():
        why = picture.left_out(result)
        if kind not in kinds and why and ALL in kinds:
            say(f"left out {kind}: {why}")
        elif kind == LADDER and {ALL, LADDER} & set(kinds):
            name = kind if run is None else f"{kind}-{run}"
            yield name, partial(picture.draw, result, run)
        elif kind == RASTER and {ALL, RASTER} & set(kinds):
            yield kind, partial(picture.draw, result, outcome)
        elif kind in kinds or ALL in kinds:
            yield kind, partial(picture.draw, result)
