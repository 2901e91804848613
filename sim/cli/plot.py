"""`detente plot`: the pictures of what a folder holds, redrawn from the folder alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.cli import checks
from sim.cli.failure import problem, refuse_any, say
from sim.cli.finding import folder_of, result_folder
from sim.cli.options import Command, Form, ResultName, forms, option
from sim.cli.telling import waiting
from sim.errors import Problem, ResultError
from sim.outcomes.kinds import KINDS, function
from sim.report.pictures import (
    RESULT,
    STUDY,
    Drawing,
    draw,
    pictures,
    write_pictures,
)

if TYPE_CHECKING:
    from sim.outcomes.result import Result

ALL, LADDER, RASTER = "all", "ladder", "raster"
_KINDS = (
    "all|trajectories|survival|endings|raster|ladder|leverage|definition|allies|settings"
    "; of a study line|map|panels|sensitivity"
)


@dataclass
class Plot(Command):
    """Draw the pictures of a result, study, odds, fit or best response again, from its folder."""

    result: ResultName
    kind: list[str] | None = option(_KINDS, "Which picture; repeat for more. Default: all.")
    form: Form = None
    out: Path | None = option("DIR", "Where to write; default: figures/ in the folder.")
    run: int | None = option("R", "The run of the ladder; default: a typical one.")
    outcome: str | None = option(
        "NAME", "Of a study: the outcome; default: the headline. Of a raster: its order."
    )
    week: int | None = option("W", "Of a study: read at the end of this week.")

    def _act(self) -> None:
        one_picture = (kind for kind, row in KINDS.items() if row.picture)
        folder, kind = folder_of(self.result, (STUDY, *one_picture)) or (None, "")
        if folder is None:
            paths = self._of_result(result_folder(self.result, self.command))
        elif kind == STUDY:
            paths = self._of_study(folder)
        else:
            self._refuse_wrong(folder)
            paths = draw_one(folder, kind, self._target(folder), forms(self.form))
        for path in paths:
            typer.echo(f"wrote {path}")

    def _target(self, folder: Path) -> Path:
        return folder / "figures" if self.out is None else self.out

    def _refuse_wrong(
        self,
        folder: Path,
        kinds: Sequence[str] = (),
        known: Iterable[str] = (),
        more: Iterable[Problem] = (),
    ) -> None:
        """Ends the command if a picture cannot be one of these, or cannot be written."""
        known_kinds = checks.among("--kind", kinds, (*known, ALL))
        formats, folders = checks.formats(self.form), checks.writable(self._target(folder))
        refuse_any(self.command, [*known_kinds, *formats, *folders, *more])

    def _of_study(self, folder: Path) -> list[Path]:
        """Draws the pictures of a study; by default the one that fits what was varied."""
        from sim.plots import draw_study, refuse_unfitting
        from sim.studies.answers import SENSITIVITY, answers
        from sim.studies.study import load_study

        study = load_study(folder)
        of_study = f"{self.run}, of a study"
        wrong = problem("--run", of_study, "only with the result of one scenario")
        known = (*pictures(STUDY), SENSITIVITY)
        more = [] if self.run is None else [wrong]
        self._refuse_wrong(folder, self.kind or (), known, more)
        view = answers(study, self.outcome, self.week)
        kinds = dict.fromkeys(view.fitting if k == ALL else k for k in self.kind or (ALL,))
        for kind in kinds:
            refuse_unfitting(view, kind)
        drawings = [(f"{kind}{view.suffix}", partial(draw_study, view, kind)) for kind in kinds]
        return write_pictures(self._target(folder), drawings, forms(self.form))

    def _of_result(self, folder: Path) -> list[Path]:
        from sim.outcomes.store import load_result

        kinds = tuple(dict.fromkeys(self.kind or ([ALL] if self.run is None else [LADDER])))
        self._refuse_wrong(folder, kinds, pictures(RESULT), self._unfit(folder, {*kinds}))
        loaded = load_result(folder)
        with waiting("drawing ..."):
            drawings = self._drawings(loaded, kinds)
            return write_pictures(self._target(folder), drawings, forms(self.form))

    def _unfit(self, folder: Path, kinds: set[str]) -> Iterator[Problem]:
        """Options that only some pictures have, or only a study."""
        from sim.outcomes.manifest import read_manifest

        if self.run is not None:
            yield from checks.within("--run", self.run, 0, read_manifest(folder)["runs"] - 1)
            if not {ALL, LADDER} & kinds:
                yield problem("--run", f"{self.run}, without a ladder", f"beside --kind {LADDER}")
        if self.outcome is not None and not {ALL, RASTER} & kinds:
            allowed = f"with a study, or beside --kind {RASTER}"
            yield problem("--outcome", f"{self.outcome}, of the result of one scenario", allowed)
        if self.week is not None:
            found = f"{self.week}, of the result of one scenario"
            yield problem("--week", found, "only with a study")

    def _drawings(self, result: "Result", kinds: Sequence[str]) -> Iterator[Drawing]:
        """Each picture with the name of its file; of all pictures, those that show something."""
        details = {LADDER: (self.run,), RASTER: (self.outcome,)}
        for kind, picture in pictures(RESULT).items():
            why = picture.left_out(result)
            if kind not in kinds and why and ALL in kinds:
                say(f"left out {kind}: {why}")
            elif kind in kinds or ALL in kinds:
                name = f"{kind}-{self.run}" if kind == LADDER and self.run is not None else kind
                yield name, partial(picture.draw, result, *details.get(kind, ()))


def draw_one(folder: Path, kind: str, target: Path, formats: tuple[str, ...]) -> list[Path]:
    """Draws the picture of a folder that has but one, from the folder alone; its files."""
    row = KINDS[kind]
    thing = function(row.read)(folder)
    return write_pictures(target, [(row.picture, partial(draw, kind, row.picture, thing))], formats)


def draw_fitting(folder: Path, missing: bool = False) -> None:
    """Draws the one picture that fits a study that was just run, or says why there is none.

    missing: only if it has none, as a study that was killed before it was drawn.
    """
    from sim.plots import draw_study, refuse_unfitting
    from sim.studies.answers import answers
    from sim.studies.study import load_study

    if missing and any((folder / "figures").glob("[!.]*.png")):
        return
    try:
        view = answers(load_study(folder))
        refuse_unfitting(view, view.fitting)
    except ResultError as why:
        say(f"no picture: {why}")
        return
    drawing = partial(draw_study, view, view.fitting)
    for path in write_pictures(folder / "figures", [(view.fitting, drawing)]):
        say(f"drawn: {path}")
