"""Everything asked of a tournament: rankings, equilibria, frontier, price of distrust."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.extras import MissingPackageError
from sim.games.bimatrix import (
    Array,
    Elimination,
    Matrix,
    UnsolvedError,
    Vector,
    eliminate,
    regrets,
)
from sim.games.empirical import Empirical, Solution, Tables, empirical, solve
from sim.games.equilibria import Component, pure_equilibria
from sim.games.ranking import Rank, Reply, ends, interval, ranking, reply, resampled_means
from sim.games.sizes import EQUILIBRIUM, FIELD, HARM, PAYOFF
from sim.games.tournament import PairRuns

Measured = tuple[Array, Array, Array]  # tables of the value, low, high
Labels = tuple[str | None, str | None]
_CHUNK = 50  # resamples compared at once


@dataclass(frozen=True)
class Analysis:
    """What the runs of a tournament say.

    `pure`: cells of the empirical game that are equilibria, always complete; `solution` is None
    if all equilibria could not be found, `error` then says why. `efficient`: share of resamples
    in which a cell lies on the Pareto frontier; `on_frontier`: whether it does in all runs.
    `utility` and `gain` by side: a cell's utility, and what the side would gain by its best reply,
    with their 95 % intervals. `joint` is the joint utility, None if the two utilities do not add up
    to anything.
    """

    played: PairRuns
    game: Empirical
    elimination: Elimination
    pure: tuple[tuple[int, int], ...]
    solution: Solution | None
    error: UnsolvedError | MissingPackageError | None
    replies: tuple[Reply, ...]
    on_frontier: NDArray[np.bool_]
    efficient: Array
    utility: dict[str, Measured]
    gain: dict[str, Measured]
    joint: Array | None
    prices: "tuple[Price, ...]"
    resamples: int

    @property
    def reason(self) -> str:
        """Why there is no solution; empty if there is one."""
        return "" if self.error is None else self.error.reason


def analyse(
    played: PairRuns,
    utilities: tuple[str, str],
    own: Labels,
    resamples: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> Analysis:
    """The empirical game of a tournament, solved; `own`: the scenario's policies, if they play.

    Raises UnsolvedError for a utility that is constant or not defined.
    """
    game, ids = empirical(played, utilities), played.sides.ids
    us, cn = (resampled_means(values, resamples, seed) for values in (game.us, game.cn))
    elimination, gains = eliminate(game.game), regrets(game.game)
    solution, failure = None, None
    try:
        solution = solve(game, elimination, us, cn, progress)
    except (UnsolvedError, MissingPackageError) as error:
        failure = error
    joint = _joint(utilities, game.game.us, game.game.cn)
    resampled = _joint(utilities, us, cn)
    priced: list[Price] = []
    if joint is not None and resampled is not None and solution is not None:
        priced = prices(joint, resampled, solution.components, _shipped(game, own))
    return Analysis(
        played=played,
        game=game,
        elimination=elimination,
        pure=tuple(pure_equilibria(game.game)),
        solution=solution,
        error=failure,
        replies=_replies(played, utilities, own),
        on_frontier=frontier(game.game.us[None], game.game.cn[None])[0],
        efficient=frontier(us, cn).mean(axis=0),
        utility={ids[0]: (game.game.us, *interval(us)), ids[1]: (game.game.cn, *interval(cn))},
        gain={
            ids[0]: (gains[0], *interval(us.max(axis=1, keepdims=True) - us)),
            ids[1]: (gains[1], *interval(cn.max(axis=2, keepdims=True) - cn)),
        },
        joint=joint,
        prices=tuple(priced),
        resamples=resamples,
    )


def _joint(utilities: tuple[str, str], us: Array, cn: Array) -> Array | None:
    """The sum of payoffs or harms; a share that both want is itself; others do not add up."""
    if utilities[0] != utilities[1]:
        return None
    return us + cn if utilities[0] in (PAYOFF, HARM) else us


def _shipped(game: Empirical, own: Labels) -> tuple[Vector, Vector] | None:
    """The scenario's own pair as mixes over the policies that are counted; None if it is out."""
    us, cn = (
        np.array([name == label or label in others for name, others in counted.items()], float)
        for label, counted in zip(own, game.duplicates.values(), strict=True)
    )
    return (us, cn) if us.any() and cn.any() else None


def _replies(played: PairRuns, utilities: tuple[str, str], own: Labels) -> tuple[Reply, ...]:
    """Whether either side of the scenario as shipped would change its policy."""
    if own[0] not in played.us or own[1] not in played.cn:
        return ()
    i, j = played.us.index(own[0]), played.cn.index(own[1])
    (first, second), (us, cn) = played.sides.ids, played.utilities(utilities)
    return reply(first, played.us, i, us[:, j]), reply(second, played.cn, j, cn[i])


def frontier(us: Tables, cn: Tables) -> NDArray[np.bool_]:
    """The cells that no other cell matches for one side and beats for the other (Pareto 1906).

    Of shape (..., us, cn), each table for itself.
    """
    shape = us.shape
    a, b = us.reshape(-1, shape[-2] * shape[-1]), cn.reshape(-1, shape[-2] * shape[-1])
    unmatched = np.zeros(a.shape, bool)
    for first in range(0, len(a), _CHUNK):
        x, y = a[first : first + _CHUNK], b[first : first + _CHUNK]
        as_good = (x[:, :, None] >= x[:, None, :]) & (y[:, :, None] >= y[:, None, :])
        better = (x[:, :, None] > x[:, None, :]) | (y[:, :, None] > y[:, None, :])
        unmatched[first : first + _CHUNK] = ~(as_good & better).any(axis=1)
    return unmatched.reshape(shape)


@dataclass(frozen=True)
class Price:
    """The best joint utility against that of an equilibrium, with bootstrap intervals of 95 %.

    `difference` is best less equilibrium, 0 or more, and does not depend on where 0 lies.
    `ratio` is None unless all of it has one sign: of gains best / equilibrium (Koutsoupias and
    Papadimitriou 1999), of losses equilibrium / best; 1 or more, how many times better off both
    together could be, and only as meaningful as the zero of the utility.
    """

    which: str
    best: float
    best_low: float
    best_high: float
    equilibrium: float
    equilibrium_low: float
    equilibrium_high: float
    difference: float
    low: float
    high: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None


def _joint_of(point: tuple[Vector, Vector], joint: Matrix) -> float:
    return float(point[0] @ joint @ point[1])


def prices(
    joint: Matrix,
    resampled: Array,
    components: list[Component],
    shipped: tuple[Vector, Vector] | None,
) -> list[Price]:
    """The price at the worst and at the best equilibrium (one row if they are the same).

    With `shipped`, the policies of the scenario itself, also what those cost; they need not be
    an equilibrium. `resampled` are resamples of `joint`. Cell and mixes are held as found in all
    runs.
    """
    points = [point for component in components for point in component.points]
    values = [_joint_of(point, joint) for point in points]
    worst, best = points[int(np.argmin(values))], points[int(np.argmax(values))]
    rows = {"worst equilibrium": worst, "best equilibrium": best}
    if min(values) == max(values):
        rows = {"equilibrium": worst}
    if shipped is not None:
        rows["scenario as shipped"] = shipped
    return [_price(which, point, joint, resampled) for which, point in rows.items()]


def _price(which: str, point: tuple[Vector, Vector], joint: Matrix, resampled: Array) -> Price:
    cell = np.unravel_index(int(np.argmax(joint)), joint.shape)
    top, value_there = float(joint[cell]), _joint_of(point, joint)
    tops = resampled[:, cell[0], cell[1]]
    theres = np.einsum("i,bij,j->b", point[0], resampled, point[1])
    ratio: tuple[float | None, ...] = (None, None, None)
    if min(top, value_there, tops.min(), theres.min()) > 0:
        ratio = (top / value_there, *ends(tops / theres))
    elif max(top, value_there, tops.max(), theres.max()) < 0:
        ratio = (value_there / top, *ends(theres / tops))
    return Price(
        which,
        *(top, *ends(tops)),
        *(value_there, *ends(theres)),
        *(top - value_there, *ends(tops - theres)),
        *ratio,
    )


def rankings(
    played: PairRuns,
    utilities: tuple[str, str],
    against: str,
    analysis: Analysis | None,
    resamples: int,
    seed: int,
) -> dict[str, list[Rank]]:
    """Both sides ranked, against every policy of the other alike or its equilibrium mix.

    Raises UnsolvedError if there is no equilibrium to rank against.
    """
    weights = tuple(np.full(n, 1 / n) for n in played.shape)
    if against == EQUILIBRIUM:
        if analysis is None or analysis.solution is None:
            reason = "the game was not solved" if analysis is None else analysis.reason
            raise UnsolvedError("--against", f"no equilibrium: {reason}", FIELD)
        weights = equilibrium_weights(analysis)
    (first, second), (us, cn) = played.sides.ids, played.utilities(utilities)
    return {
        first: ranking(played.us, us, weights[1], resamples, seed),
        second: ranking(played.cn, cn.transpose(1, 0, 2), weights[0], resamples, seed),
    }


def chosen_equilibrium(analysis: Analysis) -> Component:
    """The set with the highest joint utility at its centre, else simply the first."""
    if analysis.solution is None:
        raise UnsolvedError("equilibria", f"none: {analysis.reason}", "a game that can be solved")
    sets, joint = analysis.solution.components, analysis.joint
    return sets[0] if joint is None else max(sets, key=lambda c: _joint_of(c.centre, joint))


def equilibrium_weights(analysis: Analysis) -> tuple[Array, ...]:
    """The mixes of the chosen equilibrium over all policies of the tournament."""
    played, game = analysis.played, analysis.game.game
    weights = []
    for names, counted, mix in zip(
        (played.us, played.cn),
        (game.rows, game.columns),
        chosen_equilibrium(analysis).centre,
        strict=True,
    ):
        whole = np.zeros(len(names))
        whole[[names.index(name) for name in counted]] = mix
        weights.append(whole)
    return tuple(weights)
