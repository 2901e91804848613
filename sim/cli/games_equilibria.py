"""`detente games SCENARIO equilibria`: the empirical game of a tournament, solved."""

import typer

from sim.cli import games_options as options
from sim.cli.failure import ANYTHING_ELSE, ends_well
from sim.cli.games_options import Options
from sim.cli.options import Json, Out, Threads
from sim.cli.telling import tell
from sim.store.files import RESULTS


@ends_well
def equilibria(
    ctx: typer.Context,
    us: options.Us = None,
    cn: options.Cn = None,
    policies: options.Policies = None,
    changes: options.Changes = None,
    runs: options.Runs = None,
    seed: options.Seed = None,
    utility: options.Utility = "payoff",
    resamples: options.Resamples = options.RESAMPLES,
    out: Out = RESULTS,
    json: Json = False,
    threads: Threads = None,
) -> None:
    """Find every equilibrium of the game between policies, and how sure the runs make it.

    Exit code 1 if not all can be found: the pure ones are printed, and the runs are kept.
    """
    selection = Options(
        command=f"detente games {ctx.obj} equilibria",
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
    )
    from sim.cli.games_play import analysed, play, unsolved
    from sim.games.equilibria_page import equilibria_report

    game = play(selection)
    analysis = analysed(game, selection)
    tell(equilibria_report(game, analysis), json, [f"runs in {game.folder}/"])
    if analysis.error is not None:
        unsolved(game, analysis.error, ANYTHING_ELSE)
