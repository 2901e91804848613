"""The empirical game of a tournament: its equilibria, and how much of them the runs support.

Wellman (2006), "Methods for empirical game-theoretic analysis". Runs are resampled jointly in all
cells, since their luck is common; each resample is solved anew.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.games.bimatrix import Bimatrix, GameError, gains, tied
from sim.games.deviations import unrefuted
from sim.games.dominance import Elimination, eliminate
from sim.games.equilibria import Component, equilibria, support_of
from sim.games.played import Played
from sim.games.resampling import ends
from sim.games.supports import carry
from sim.outcomes.estimates import Estimate, estimate

Interval = tuple[float, float, float]  # value, low, high


@dataclass(frozen=True)
class Empirical:
    """The game of a tournament after policies that fare exactly alike are counted once.

    `us`, `cn`: utilities of each run (policies of us, of cn, runs); `alike`: by side, the policy
    kept and those counted with it.
    """

    game: Bimatrix
    us: NDArray[np.float64]
    cn: NDArray[np.float64]
    utilities: tuple[str, str]
    duplicates: dict[str, dict[str, tuple[str, ...]]]


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
    whose gains from deviating are all within noise (deviations.unrefuted).
    """

    elimination: Elimination
    equilibria: tuple[SolvedEquilibrium, ...]
    stable: NDArray[np.float64]
    unrefuted: NDArray[np.bool_]
    resamples: int


def empirical(played: Played, utilities: tuple[str, str]) -> Empirical:
    """The empirical game for these utilities. Raises GameError if one of them is constant."""
    ids = played.sides.ids
    us, cn = (played.utility(name, who) for name, who in zip(utilities, ids, strict=True))
    rows = _groups(us, cn)
    columns = _groups(us.transpose(1, 0, 2), cn.transpose(1, 0, 2))
    first_of_each = np.ix_([group[0] for group in rows], [group[0] for group in columns])
    us, cn = us[first_of_each], cn[first_of_each]
    names = (
        tuple(played.us[group[0]] for group in rows),
        tuple(played.cn[group[0]] for group in columns),
    )
    duplicates = {
        side: {labels[group[0]]: tuple(labels[k] for k in group[1:]) for group in groups}
        for side, labels, groups in zip(ids, (played.us, played.cn), (rows, columns), strict=True)
    }
    if min(us.shape[:2]) < 2:
        found = "policies of one side that all fare exactly alike"
        raise GameError("policies", found, "two or more that differ")
    game = Bimatrix(us.mean(axis=2), cn.mean(axis=2), *names, ids)
    return Empirical(game, us, cn, utilities, duplicates)


def _groups(us: NDArray[np.float64], cn: NDArray[np.float64]) -> list[list[int]]:
    """Policies with the same utilities of both sides in every run, grouped, in order."""
    groups: dict[tuple[bytes, bytes], list[int]] = {}
    for i in range(len(us)):
        groups.setdefault((us[i].tobytes(), cn[i].tobytes()), []).append(i)
    return list(groups.values())


def solve(
    played: Empirical,
    us: NDArray[np.float64],
    cn: NDArray[np.float64],
    progress: Callable[[int, int], None] | None = None,
) -> Solution:
    """Every equilibrium of the game, and how it fares in resamples.

    `us`, `cn`: resampled mean utilities, shape (resamples, us, cn). `progress` gets how many
    of how many sets of equilibria are resampled. Raises GameError past the limit of the solver.
    """
    elimination = eliminate(played.game)
    components = equilibria(played.game, elimination)
    solved = []
    for number, component in enumerate(components):
        solved.append(_with_resamples(played.game, component, us, cn, _survives(component, us, cn)))
        if progress is not None:
            progress(number + 1, len(components))
    stable, noise = _stable(us, cn), unrefuted(played.us, played.cn)
    return Solution(elimination, tuple(solved), stable, noise, len(us))


def _survives(
    component: Component, us: NDArray[np.float64], cn: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """In which resamples the policies of a set carry an equilibrium."""
    if component.product:
        return carry(us, cn, *component.support)
    return np.any([carry(us, cn, *support_of(*point)) for point in component.points], axis=0)


def _with_resamples(
    game: Bimatrix,
    component: Component,
    us: NDArray[np.float64],
    cn: NDArray[np.float64],
    survives: NDArray[np.bool_],
) -> SolvedEquilibrium:
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


def _stable(us: NDArray[np.float64], cn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of resamples in which neither side gains by leaving a cell; ties count."""
    best_us, best_cn = us.max(axis=1, keepdims=True), cn.max(axis=2, keepdims=True)
    stays = (tied(us, best_us)) & (tied(cn, best_cn))
    return np.asarray(stays.mean(axis=0))
