"""`detente games SCENARIO replicator`: a teaching device, who is left if success is copied."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import games_options as options
from sim.cli.failure import ends_well, refuse_any
from sim.cli.games_options import Options
from sim.cli.options import Formats, Json, NoPictures, Out, Threads, forms
from sim.cli.run_options import problem
from sim.cli.telling import tell, waiting
from sim.errors import Problem
from sim.report.pictures import write_pictures
from sim.store.files import RESULTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.games.replicator import Dynamics
    from sim.games.tournament import Game

TRIO = "always_concede,always_retaliate,tit_for_tat"
MOST = 6

Populations = Annotated[
    int,
    typer.Option(metavar="1|2", help="One population that plays both sides, or one a side."),
]
Time = Annotated[
    float | None,
    typer.Option(metavar="T", help="How long. Default: 400 over the range of payoffs."),
]
Names = Annotated[
    str,
    typer.Option(
        "--policies", metavar="A,B,...", help="Two to six policies, by label, of either side."
    ),
]


@ends_well
def replicator(
    ctx: typer.Context,
    names: Names = TRIO,
    populations: Populations = 2,
    time: Time = None,
    changes: options.Changes = None,
    runs: options.Runs = None,
    seed: options.Seed = None,
    out: Out = RESULTS,
    json: Json = False,
    formats: Formats = None,
    no_pictures: NoPictures = False,
    threads: Threads = None,
) -> None:
    """Let policies spread that fare better than the mean: a teaching device, no forecast."""
    selection = Options(
        command=f"detente games {ctx.obj} replicator",
        named=ctx.obj,
        us=names,
        cn=names,
        policies=None,
        changes=tuple(changes or ()),
        runs=runs,
        seed=seed,
        utility="payoff",
        resamples=options.FEWEST_RESAMPLES,
        out=out,
        threads=threads,
        formats=forms(formats),
    )
    refuse_any(selection.command, [*selection.problems(), *_problems(names, populations, time)])
    from sim.cli.games_play import play
    from sim.games.replicator import dynamics, replicator_report

    game = play(selection)
    with waiting("following the shares over resampled runs ..."):
        paths = dynamics(game.played, populations, time, game.experiment.seed)
        pictures = [] if no_pictures else _draw_pictures(game, paths, selection.formats)
    files = [str(path) for path in pictures]
    lines = [f"wrote {path}" for path in files]
    tell(replicator_report(game, paths), json, lines, {"pictures": files})


def _problems(names: str, populations: int, time: float | None) -> Iterator[Problem]:
    if populations not in (1, 2):
        yield problem("--populations", populations, "1 or 2")
    if time is not None and not 0 < time < float("inf"):
        yield problem("--time", time, "a number above 0")
    if len(names.split(",")) > MOST:
        yield problem("--policies", f"{len(names.split(','))} policies", f"two to {MOST}")


def _draw_pictures(game: "Game", paths: "Dynamics", forms: tuple[str, ...]) -> list[Path]:
    drawing = (f"replicator-{paths.populations}", partial(_picture, game, paths))
    return write_pictures(game.folder / "figures", [drawing], forms)


def _picture(game: "Game", paths: "Dynamics") -> "Figure":
    from sim.plots.replicator import shares, simplex

    title, source = game.world.title, game.source
    payoffs = "Payoffs: means of the runs, discounted totals."
    if paths.populations == 1 and len(paths.names) == 3:
        note = "Full dots: stable rest points; open: not stable, or one of a line of them."
        return simplex(paths.names, paths.fan, paths.rests, title, [f"{note} {payoffs}", source])
    start = "All policies begin with equal shares."
    return shares(
        (paths.names, paths.names), paths.path, title, [f"{start} {payoffs}", source], paths.sides
    )
