"""The empirical game of a tournament: its equilibria, and how much of them the runs support.

Wellman (2006), "Methods for empirical game-theoretic analysis". Runs are resampled jointly in all
cells, since their luck is common; each resample is solved anew.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.games.bimatrix import TIE, Bimatrix, GameError, gains, regrets
from sim.games.deviations import unrefuted
from sim.games.dominance import Elimination, eliminate
from sim.games.equilibria import Component, check_limit, equilibria
from sim.games.played import SIDES, Played
from sim.games.resampling import interval, resampled_means

Supports = tuple[tuple[int, ...], tuple[int, ...]]
Interval = tuple[float, float]
#: Resamples that are solved: a share is then known to +-.03 at worst (one standard error).
SOLVED = 300


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
    alike: dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Found:
    """A connected set of equilibria, with what the resamples say of it.

    `survives`: share of resamples with an equilibrium set of exactly these supports, with its
    interval `survives_low` .. (Wilson, of the resamples). Utilities and gains are of its centre,
    with percentile intervals; the gain is the most a side could get by deviating, 0 by
    construction in the runs themselves, its interval what other luck would make of it.
    """

    component: Component
    survives: float
    utility: dict[str, tuple[float, float, float]]
    gain: dict[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Solution:
    """All that is known of an empirical game's equilibria.

    `others`: supports that are equilibria in some resamples but not in all runs together, with
    their share; `stable`: share of resamples in which a cell is a pure equilibrium;
    `unrefuted`: cells whose gains from deviating are all within noise; `unsolved`: resamples
    that were past the limit of the solver.
    """

    elimination: Elimination
    found: tuple[Found, ...]
    others: tuple[tuple[Supports, float], ...]
    stable: NDArray[np.float64]
    unrefuted: NDArray[np.bool_]
    resamples: int
    unsolved: int


def empirical(played: Played, utilities: tuple[str, str]) -> Empirical:
    """The empirical game for these utilities. Raises GameError if one of them is constant."""
    us, cn = (played.utility(name, who) for name, who in zip(utilities, SIDES, strict=True))
    rows = _groups(us, cn)
    columns = _groups(us.transpose(1, 0, 2), cn.transpose(1, 0, 2))
    kept = np.ix_([group[0] for group in rows], [group[0] for group in columns])
    us, cn = us[kept], cn[kept]
    names = (
        tuple(played.us[group[0]] for group in rows),
        tuple(played.cn[group[0]] for group in columns),
    )
    alike = {
        side: {labels[group[0]]: tuple(labels[k] for k in group[1:]) for group in groups}
        for side, labels, groups in (("us", played.us, rows), ("cn", played.cn, columns))
    }
    if min(us.shape[:2]) < 2:
        raise GameError("all policies of a side fare exactly alike: there is nothing to choose")
    game = Bimatrix(us.mean(axis=2), cn.mean(axis=2), *names)
    return Empirical(game, us, cn, utilities, alike)


def _groups(us: NDArray[np.float64], cn: NDArray[np.float64]) -> list[list[int]]:
    """Policies with the same utilities of both sides in every run, grouped, in order."""
    groups: dict[tuple[bytes, bytes], list[int]] = {}
    for i in range(len(us)):
        groups.setdefault((us[i].tobytes(), cn[i].tobytes()), []).append(i)
    return list(groups.values())


def solve(
    empirical_game: Empirical,
    seed: int,
    resamples: int = SOLVED,
    progress: Callable[[int], None] | None = None,
) -> Solution:
    """Every equilibrium of the game and of its resamples. Raises GameError past the limit."""
    game = empirical_game.game
    elimination = eliminate(game)
    check_limit(elimination)
    components = equilibria(game, elimination)
    us = resampled_means(empirical_game.us, resamples, seed)
    cn = resampled_means(empirical_game.cn, resamples, seed)
    counts: Counter[Supports] = Counter()
    unsolved = 0
    for number in range(resamples):
        try:
            one = Bimatrix(us[number], cn[number], game.rows, game.columns)
            counts.update({component.support for component in equilibria(one)})
        except GameError:
            unsolved += 1
        if progress is not None:
            progress(number + 1)
    solved = max(1, resamples - unsolved)
    known = {component.support for component in components}
    return Solution(
        elimination,
        tuple(_found(game, one, us, cn, counts[one.support] / solved) for one in components),
        tuple((s, count / solved) for s, count in counts.most_common() if s not in known),
        _stable(us, cn),
        unrefuted(empirical_game.us, empirical_game.cn),
        resamples,
        unsolved,
    )


def _found(
    game: Bimatrix,
    component: Component,
    us: NDArray[np.float64],
    cn: NDArray[np.float64],
    survives: float,
) -> Found:
    x, y = component.centre
    at = {"us": float(x @ game.us @ y), "cn": float(x @ game.cn @ y)}
    drawn = {
        side: np.einsum("i,bij,j->b", x, values, y) for side, values in (("us", us), ("cn", cn))
    }
    best = {"us": (us @ y).max(axis=1), "cn": np.einsum("i,bij->bj", x, cn).max(axis=1)}
    gained = dict(zip(SIDES, gains(game, x, y), strict=True))
    return Found(
        component,
        survives,
        {side: (at[side], *_ends(drawn[side])) for side in SIDES},
        {side: (gained[side], *_ends(best[side] - drawn[side])) for side in SIDES},
    )


def _ends(values: NDArray[np.float64]) -> Interval:
    low, high = interval(values)
    return float(low), float(high)


def _stable(us: NDArray[np.float64], cn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of resamples in which neither side gains by leaving a cell, ties within TIE."""
    slack = [TIE * np.ptp(values, axis=(1, 2))[:, None, None] for values in (us, cn)]
    best = us >= us.max(axis=1, keepdims=True) - slack[0]
    best &= cn >= cn.max(axis=2, keepdims=True) - slack[1]
    return np.asarray(best.mean(axis=0))


def largest_gain(game: Bimatrix) -> NDArray[np.float64]:
    """In every cell the larger of both sides' gains from their best replies."""
    return np.maximum(*regrets(game))
