"""`detente games SCENARIO tournament`: every policy against every other, ranked."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import games_options as options
from sim.cli.failure import ends_well, refuse_any
from sim.cli.games_options import AGAINST, FIELD, Options
from sim.cli.options import Formats, Json, NoPictures, Out, Threads, forms
from sim.cli.run_options import among
from sim.cli.telling import tell
from sim.report.pictures import Drawing, write_pictures
from sim.store.files import RESULTS

if TYPE_CHECKING:
    from sim.games.analysis import Analysis
    from sim.games.ranking import Rank
    from sim.games.tournament import Game


Against = Annotated[
    str,
    typer.Option(
        metavar="field|equilibrium",
        help="Rank by the mean over all policies of the other side, or against its "
        "equilibrium mix (the one best for both together).",
    ),
]


@ends_well
def tournament(
    ctx: typer.Context,
    us: options.Us = None,
    cn: options.Cn = None,
    policies: options.Policies = None,
    changes: options.Changes = None,
    runs: options.Runs = None,
    seed: options.Seed = None,
    utility: options.Utility = "payoff",
    against: Against = FIELD,
    resamples: options.Resamples = options.RESAMPLES,
    out: Out = RESULTS,
    json: Json = False,
    formats: Formats = None,
    no_pictures: NoPictures = False,
    threads: Threads = None,
) -> None:
    """Play every policy of one side against every policy of the other, and rank them."""
    command = f"detente games {ctx.obj} tournament"
    selection = Options(
        command=command,
        named=ctx.obj,
        us=us,
        cn=cn,
        policies=policies,
        changes=tuple(changes or ()),
        runs=runs,
        seed=seed,
        utility=utility,
        resamples=resamples,
        out=out,
        threads=threads,
        formats=forms(formats),
    )
    refuse_any(command, [*selection.problems(), *among("--against", (against,), AGAINST)])
    from sim.cli.games_play import analysed, play
    from sim.games.analysis import rankings
    from sim.games.tournament_page import tournament_report

    game = play(selection)
    analysis = analysed(game, selection)
    utilities = selection.utilities(game.world.sides)
    ranks = rankings(game.played, utilities, against, analysis, resamples, game.experiment.seed)
    pictures = [] if no_pictures else _pictures(game, selection, analysis, ranks, against)
    report = tournament_report(game, analysis, ranks, against)
    line = f"written to {game.folder}/ (figures/ has the heat maps)"
    tell(report, json, [line], {"pictures": [str(path) for path in pictures]})


def _pictures(
    game: "Game",
    options: Options,
    analysis: "Analysis",
    ranks: "dict[str, list[Rank]]",
    against: str,
) -> list[Path]:
    """Draws heat maps and ranking into the folder; returns their files."""
    from sim.plots.tournament import heat_map, ranking_dots

    played = game.played
    source = game.source
    title = game.world.title
    order = (
        [played.us.index(rank.policy) for rank in ranks[played.sides.first.id]],
        [played.cn.index(rank.policy) for rank in ranks[played.sides.second.id]],
    )
    rows, columns = analysis.game.game.rows, analysis.game.game.columns
    marked = [(played.us.index(rows[i]), played.cn.index(columns[j])) for i, j in analysis.pure]
    us, cn = game.own
    has_both = us is not None and cn is not None
    shipped = (played.us.index(us), played.cn.index(cn)) if has_both else None
    headline = played.outcomes[0]
    drawings: list[Drawing] = [
        (f"heat-{name}", partial(heat_map, played, name, order, marked, shipped, title, source))
        for name in (headline, *played.amounts[:2])
    ]
    words = ranking_words(game, options, against, source)
    drawings.append(("ranking", partial(ranking_dots, ranks, title, *words, played.sides)))
    return write_pictures(game.folder / "figures", drawings, options.formats)


def ranking_words(
    game: "Game", options: Options, against: str, source: str
) -> tuple[str, list[str]]:
    """What the ranking is by, and the notes below its picture."""
    from sim.games.tournament_page import against_whom

    utilities = options.utilities(game.world.sides)
    of_sides = (
        f"{utility} ({side.plain})"
        for utility, side in zip(utilities, game.played.sides, strict=True)
    )
    measure = utilities[0] if len({*utilities}) == 1 else ", ".join(of_sides)
    over = against_whom(against)
    note = (
        f"Score: mean {measure} of {game.played.n:,} runs, against {over}; bars: 95 % bootstrap "
        f"interval over runs. Rank: the ranks left by tests of all pairs, common random numbers "
        "(Holm, 5 % in all). Full dots: settled, but for policies that fare exactly alike; "
        "open: tied."
    )
    return f"Utility: {measure}, against {over}", [note, source]
