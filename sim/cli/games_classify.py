"""`detente games SCENARIO classify`: the one-shot game that a scenario implies, by its name."""

import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.failure import ends_well, refuse_any, say, warn_of
from sim.cli.options import Changes
from sim.cli.run_options import among, load, problem, within, writable
from sim.cli.telling import draw_beside, tell, waiting
from sim.errors import Problem
from sim.report.pictures import FORMATS, GAME, draw

if TYPE_CHECKING:
    from sim.games.classify import Classification
    from sim.scenario import Scenario

COMMAND = "detente games"
EVERYTHING = "everything"
MOST_YEARS = 50


@ends_well
def classify(
    ctx: typer.Context,
    bad: Annotated[
        str,
        typer.Option(
            metavar="RUNG|everything",
            help="How bad bad conduct is: levers are pulled, best scored first, to this rung.",
        ),
    ] = "5",
    years: Annotated[
        int, typer.Option(metavar="N", help="For how many years on the game is given.")
    ] = 5,
    changes: Changes = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw it by year: a png, svg or pdf."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """What game is this? The payoffs of good and bad conduct held for a year, and its name."""
    refuse_any(COMMAND, _problems(bad, years, plot))
    scenario = load(ctx.obj, changes or [])
    warn_of(scenario)
    classified = _classified(scenario, _rung(bad), years)
    from sim.games.classify_page import classification_report

    tell(classification_report(classified), json)
    if plot is not None:
        draw_beside(plot, (plot.stem, partial(draw, GAME, GAME, classified)), done="wrote")


def _rung(bad: str) -> float:
    """The rung meant; nan if the text is none."""
    try:
        return math.inf if bad == EVERYTHING else float(bad)
    except ValueError:
        return math.nan


def _problems(bad: str, years: int, plot: Path | None) -> Iterator[Problem]:
    """Everything that is wrong with the options."""
    if not _rung(bad) > 0:
        yield problem("--bad", bad, f"a rung above 0, as 5, or {EVERYTHING}")
    yield from within("--years", years, 0, MOST_YEARS)
    if plot is not None:
        yield from among("--plot", (plot.suffix.removeprefix("."),), FORMATS)
        yield from writable(plot.parent, "--plot")


def _classified(scenario: "Scenario", rung: float, years: int) -> "Classification":
    """The classification, with a count of the parameters turned on a terminal."""
    from sim.engines import frozen_conduct
    from sim.games.classify import classify as classified

    if frozen_conduct.needs_compiling():
        say("compiling the year of frozen conduct, once (some seconds) ...")
    with waiting("looking for borders ...") as status:

        def progress(done: int, of: int) -> None:
            if status is not None:
                status.update(f"looking for borders: {done} of {of} parameters")

        return classified(scenario, rung, years, progress)
