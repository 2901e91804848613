"""Everything asked of a tournament: rankings, equilibria, frontier, price of distrust."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.extras import MissingPackageError
from sim.games.bimatrix import GameError, Vector
from sim.games.deviations import Reply, reply
from sim.games.dominance import Elimination, eliminate
from sim.games.empirical import Empirical, Solution, empirical, solve
from sim.games.equilibria import Component, pure_equilibria
from sim.games.played import HARM, PAYOFF, Played
from sim.games.ranking import Rank, ranking
from sim.games.resampling import interval, resampled_means
from sim.games.welfare import Price, frontier, joint_of, prices

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]  # low, high
FIELD, EQUILIBRIUM = AGAINST = ("field", "equilibrium")


@dataclass(frozen=True)
class Analysis:
    """What the runs of a tournament say.

    `pure`: cells of the empirical game that are equilibria, always complete; `solution` is None
    if all equilibria could not be found, `error` then says why. `efficient`: share of resamples
    in which a cell lies on the Pareto frontier; `on_frontier`: whether it does in all runs.
    `utility_ends` and `gain_ends` by side: the 95 % intervals of a cell's utility and of what the
    side would gain by its best reply, each a pair of tables. `joint` is the joint utility, None
    if the two utilities do not add up to anything.
    """

    played: Played
    game: Empirical
    elimination: Elimination
    pure: tuple[tuple[int, int], ...]
    solution: Solution | None
    error: GameError | MissingPackageError | None
    replies: tuple[Reply, ...]
    on_frontier: NDArray[np.bool_]
    efficient: NDArray[np.float64]
    utility_ends: dict[str, Ends]
    gain_ends: dict[str, Ends]
    joint: NDArray[np.float64] | None
    prices: tuple[Price, ...]
    resamples: int

    @property
    def reason(self) -> str:
        """Why there is no solution; empty if there is one."""
        return "" if self.error is None else self.error.reason


def analyse(
    played: Played,
    utilities: tuple[str, str],
    own: tuple[str | None, str | None],
    resamples: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> Analysis:
    """The empirical game of a tournament, solved; `own`: the scenario's policies, if they play.

    Raises GameError for a utility that is constant or not defined.
    """
    game, ids = empirical(played, utilities), played.sides.ids
    us, cn = (resampled_means(values, resamples, seed) for values in (game.us, game.cn))
    solution, failure = None, None
    try:
        solution = solve(game, us, cn, progress)
    except (GameError, MissingPackageError) as error:
        failure = error
    joint = _joint(utilities, game.game.us, game.game.cn)
    resampled = _joint(utilities, us, cn)
    components = [equilibrium.component for equilibrium in solution.equilibria] if solution else []
    priced: list[Price] = []
    if joint is not None and resampled is not None and components:
        priced = prices(joint, resampled, components, _shipped(game, own))
    return Analysis(
        played=played,
        game=game,
        elimination=solution.elimination if solution else eliminate(game.game),
        pure=tuple(pure_equilibria(game.game)),
        solution=solution,
        error=failure,
        replies=_replies(played, utilities, own),
        on_frontier=frontier(game.game.us[None], game.game.cn[None])[0],
        efficient=frontier(us, cn).mean(axis=0),
        utility_ends=dict(zip(ids, map(interval, (us, cn)), strict=True)),
        gain_ends={
            ids[0]: interval(us.max(axis=1, keepdims=True) - us),
            ids[1]: interval(cn.max(axis=2, keepdims=True) - cn),
        },
        joint=joint,
        prices=tuple(priced),
        resamples=resamples,
    )


def _joint(
    utilities: tuple[str, str], us: NDArray[np.float64], cn: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """The sum of payoffs or harms; a share that both want is itself; others do not add up."""
    if utilities[0] != utilities[1]:
        return None
    return us + cn if utilities[0] in (PAYOFF, HARM) else us


def _shipped(game: Empirical, own: tuple[str | None, str | None]) -> tuple[Vector, Vector] | None:
    """The scenario's own pair as mixes over the policies that are counted; None if it is out."""
    mixes = []
    for side, name in zip(game.game.ids, own, strict=True):
        counted = [
            counted_policy == name or name in others
            for counted_policy, others in game.duplicates[side].items()
        ]
        if not any(counted):
            return None
        mixes.append(np.asarray(counted, float))
    return mixes[0], mixes[1]


def _replies(
    played: Played, utilities: tuple[str, str], own: tuple[str | None, str | None]
) -> tuple[Reply, ...]:
    """Whether either side of the scenario as shipped would change its policy."""
    if own[0] not in played.us or own[1] not in played.cn:
        return ()
    i, j = played.us.index(own[0]), played.cn.index(own[1])
    ids = played.sides.ids
    us, cn = (played.utility(name, who) for name, who in zip(utilities, ids, strict=True))
    return reply(ids[0], played.us, i, us[:, j]), reply(ids[1], played.cn, j, cn[i])


def rankings(
    played: Played,
    utilities: tuple[str, str],
    against: str,
    analysis: Analysis | None,
    resamples: int,
    seed: int,
) -> dict[str, list[Rank]]:
    """Both sides ranked, against every policy of the other alike or its equilibrium mix.

    Raises GameError if there is no equilibrium to rank against.
    """
    weights = tuple(np.full(n, 1 / n) for n in played.shape)
    if against == EQUILIBRIUM:
        if analysis is None or analysis.solution is None:
            reason = "the game was not solved" if analysis is None else analysis.reason
            raise GameError("--against", f"no equilibrium: {reason}", FIELD)
        weights = equilibrium_weights(analysis)
    ids = played.sides.ids
    us, cn = (played.utility(name, who) for name, who in zip(utilities, ids, strict=True))
    return {
        ids[0]: ranking(played.us, us, weights[1], resamples, seed),
        ids[1]: ranking(played.cn, cn.transpose(1, 0, 2), weights[0], resamples, seed),
    }


def chosen_equilibrium(analysis: Analysis) -> Component:
    """The set with the highest joint utility at its centre, else simply the first."""
    if analysis.solution is None:
        raise GameError("equilibria", f"none: {analysis.reason}", "a game that can be solved")
    sets = [equilibrium.component for equilibrium in analysis.solution.equilibria]
    if analysis.joint is None:
        return sets[0]
    values = [joint_of(equilibrium.centre, analysis.joint) for equilibrium in sets]
    return sets[int(np.argmax(values))]


def equilibrium_weights(analysis: Analysis) -> tuple[NDArray[np.float64], ...]:
    """The mixes of the chosen equilibrium over all policies of the tournament."""
    played, game = analysis.played, analysis.game.game
    weights = []
    for names, counted_policy, mix in zip(
        (played.us, played.cn),
        (game.rows, game.columns),
        chosen_equilibrium(analysis).centre,
        strict=True,
    ):
        whole = np.zeros(len(names))
        whole[[names.index(name) for name in counted_policy]] = mix
        weights.append(whole)
    return tuple(weights)
