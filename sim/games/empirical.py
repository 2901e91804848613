"""The empirical game of a tournament: its equilibria, and how much of them the runs support.

Wellman (2006), "Methods for empirical game-theoretic analysis". Runs are resampled jointly in all
cells, since their luck is common; each resample is solved anew.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.games.bimatrix import (
    Array,
    Bimatrix,
    Elimination,
    Matrix,
    UnsolvedError,
    gains,
    levelled,
    tied,
)
from sim.games.equilibria import Component, equilibria, support_of
from sim.games.ranking import ends, unrefuted
from sim.games.tournament import PairRuns
from sim.outcomes.estimates import Estimate, estimate

#: Every policy of a support is played at least so often.
LEAST_WEIGHT = 1e-7
#: What linear solvers leave of an equality, of payoffs between 0 and 1.
SOLVED = 1e-9

Interval = tuple[float, float, float]  # value, low, high
Support = tuple[int, ...]
Tables = Array  # utilities of many games, shape (games, us, cn)


@dataclass(frozen=True)
class Empirical:
    """The game of a tournament after policies that fare exactly alike are counted once.

    `us`, `cn`: utilities of each run (policies of us, of cn, runs); `duplicates`: by side, the
    policy kept and those counted with it.
    """

    game: Bimatrix
    us: Array
    cn: Array
    utilities: tuple[str, str]
    duplicates: dict[str, dict[str, tuple[str, ...]]]


def empirical(played: PairRuns, utilities: tuple[str, str]) -> Empirical:
    """The empirical game for these utilities. Raises UnsolvedError if one of them is constant."""
    us, cn = played.utilities(utilities)
    groups = _groups(us, cn), _groups(us.transpose(1, 0, 2), cn.transpose(1, 0, 2))
    first_of_each = np.ix_(*([group[0] for group in side] for side in groups))
    us, cn = us[first_of_each], cn[first_of_each]
    rows, columns = (
        {labels[first]: tuple(labels[k] for k in others) for first, *others in side}
        for labels, side in zip((played.us, played.cn), groups, strict=True)
    )
    if min(us.shape[:2]) < 2:
        found = "policies of one side that all fare exactly alike"
        raise UnsolvedError("policies", found, "two or more that differ")
    ids = played.sides.ids
    game = Bimatrix(us.mean(axis=2), cn.mean(axis=2), tuple(rows), tuple(columns), ids)
    return Empirical(game, us, cn, utilities, {ids[0]: rows, ids[1]: columns})


def _groups(us: Array, cn: Array) -> list[list[int]]:
    """Policies with the same utilities of both sides in every run, grouped, in order."""
    groups: dict[tuple[bytes, bytes], list[int]] = {}
    for i in range(len(us)):
        groups.setdefault((us[i].tobytes(), cn[i].tobytes()), []).append(i)
    return list(groups.values())


@dataclass(frozen=True)
class SolvedEquilibrium:
    """A connected set of equilibria, with what the resamples say of it.

    `survives`: the share of resamples in which its policies carry an equilibrium (of a set that
    is no product, the policies of some extreme point), with its Wilson interval. `utility` and
    `gain` by side are of its centre, with percentile intervals; the gain is the most a side could
    get by deviating: 0 by construction in the runs themselves, its interval what others make
    of the same mixes.
    """

    component: Component
    survives: Estimate
    utility: dict[str, Interval]
    gain: dict[str, Interval]


@dataclass(frozen=True)
class Solution:
    """All that is known of an empirical game's equilibria.

    `stable`: share of resamples in which a cell is a pure equilibrium; `unrefuted`: the cells
    whose gains from deviating are all within noise (ranking.unrefuted).
    """

    equilibria: tuple[SolvedEquilibrium, ...]
    stable: Array
    unrefuted: NDArray[np.bool_]

    @property
    def components(self) -> list[Component]:
        """The sets of equilibria."""
        return [solved.component for solved in self.equilibria]


def solve(
    played: Empirical,
    elimination: Elimination,
    us: Tables,
    cn: Tables,
    progress: Callable[[int, int], None] | None = None,
) -> Solution:
    """Every equilibrium of the game, and how it fares in resamples.

    `us`, `cn`: resampled mean utilities, shape (resamples, us, cn). `progress` gets how many
    of how many sets of equilibria are resampled. Raises UnsolvedError past the solver's limit.
    """
    components = equilibria(played.game, elimination)
    solved = []
    for number, component in enumerate(components, start=1):
        solved.append(_with_resamples(played.game, component, us, cn))
        if progress is not None:
            progress(number, len(components))
    # neither side gains by leaving a cell; ties count
    best_us, best_cn = us.max(axis=1, keepdims=True), cn.max(axis=2, keepdims=True)
    stable = (tied(us, best_us) & tied(cn, best_cn)).mean(axis=0)
    return Solution(tuple(solved), np.asarray(stable), unrefuted(played.us, played.cn))


def _with_resamples(
    game: Bimatrix, component: Component, us: Tables, cn: Tables
) -> SolvedEquilibrium:
    supports = [component.support]
    if not component.product:
        supports = [support_of(*point) for point in component.points]
    survives = np.any([carry(us, cn, *support) for support in supports], axis=0)
    x, y = component.centre
    now = np.einsum("i,bij,j->b", x, us, y), np.einsum("i,bij,j->b", x, cn, y)
    best = (us @ y).max(axis=1), np.einsum("i,bij->bj", x, cn).max(axis=1)
    at = float(x @ game.us @ y), float(x @ game.cn @ y)
    gained = gains(game, x, y)
    return SolvedEquilibrium(
        component,
        estimate(int(survives.sum()), len(us)),
        {side: (at[i], *ends(now[i])) for i, side in enumerate(game.ids)},
        {side: (gained[i], *ends(best[i] - now[i])) for i, side in enumerate(game.ids)},
    )


def carry(us: Tables, cn: Tables, rows: Support, columns: Support) -> NDArray[np.bool_]:
    """In which of the games `rows` mixed with `columns` are a Nash equilibrium, all of them played.

    Ties count as in a single game (bimatrix.TIE), within what a linear solver can tell.
    """
    carried = _indifferent(us, rows, columns)
    carried[carried] = _indifferent(cn[carried].transpose(0, 2, 1), columns, rows)
    return carried


def _indifferent(payoffs: Tables, mine: Support, other: Support) -> NDArray[np.bool_]:
    """Whether some mix of all of `other` makes every one of `mine` a best reply."""
    if not len(payoffs):
        return np.zeros(0, bool)
    if len(other) == 1:
        values = payoffs[:, :, other[0]]
        best = values.max(axis=1, keepdims=True)
        return np.asarray(tied(values, best)[:, mine].all(axis=1))
    payoffs = levelled(payoffs, 1)
    if len(mine) == len(other):
        try:
            return _solved(payoffs, mine, other)
        except np.linalg.LinAlgError:
            pass  # some game has a tie: many mixes do, and a linear programme finds one
    return np.array([_has_mix(table, mine, other) for table in payoffs], bool)


def _solved(payoffs: Tables, mine: Support, other: Support) -> NDArray[np.bool_]:
    """The one mix that makes as many policies as it has indifferent, in all games at once."""
    games, count = len(payoffs), len(mine)
    system = np.zeros((games, count + 1, count + 1))
    system[:, :count, :count] = payoffs[:, mine][:, :, other]
    system[:, :count, count] = -1.0
    system[:, count, :count] = 1.0
    target = np.zeros((games, count + 1, 1))
    target[:, count] = 1.0
    solutions = np.linalg.solve(system, target)[..., 0]
    mix, value = solutions[:, :count], solutions[:, count]
    replies = np.einsum("gij,gj->gi", payoffs[:, :, other], mix)
    best = replies.max(axis=1) <= value + SOLVED
    return np.asarray(best & (mix >= LEAST_WEIGHT).all(axis=1))


def _has_mix(payoffs: Matrix, mine: Support, other: Support) -> bool:
    """The same for one game by linear programming: the mix whose smallest weight is largest."""
    from scipy.optimize import linprog

    rows, count = len(payoffs), len(other)
    inside = payoffs[:, other]
    # unknowns: the mix, the value of the best reply, the smallest weight
    at_most = np.column_stack((inside, -np.ones(rows), np.zeros(rows)))
    at_least = np.column_stack((-inside[list(mine)], np.ones(len(mine)), np.zeros(len(mine))))
    smallest = np.column_stack((-np.eye(count), np.zeros(count), np.ones(count)))
    limits = np.concatenate([np.zeros(rows), np.full(len(mine), SOLVED), np.zeros(count)])
    total = np.concatenate([np.ones(count), [0.0, 0.0]])[None, :]
    goal = np.concatenate([np.zeros(count + 1), [-1.0]])
    bounds = [(0.0, 1.0)] * count + [(None, None), (None, None)]
    solution = linprog(goal, np.vstack((at_most, at_least, smallest)), limits, total, [1.0], bounds)
    return bool(solution.success and solution.x is not None and solution.x[-1] >= LEAST_WEIGHT)
