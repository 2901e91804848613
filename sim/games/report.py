"""The analysis of a tournament as plain values: what `--json` prints and tables are made of."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from sim.games.analysis import Analysis, Ends
from sim.games.bimatrix import Bimatrix, Matrix, Vector, regrets
from sim.games.empirical import SolvedEquilibrium
from sim.games.ranking import Rank


def ranking_content(ranks: dict[str, list[Rank]]) -> dict[str, list[dict[str, Any]]]:
    """Both rankings, best first; `settled` says that only this rank is left."""
    return {
        side: [asdict(rank) | {"settled": rank.settled} for rank in side_ranks]
        for side, side_ranks in ranks.items()
    }


def equilibria_content(analysis: Analysis) -> dict[str, Any]:
    """The empirical game and its equilibria.

    `sets` is None if not all could be found, with the `reason`; `pure` is always complete.
    """
    game, solution = analysis.game.game, analysis.solution
    elimination = analysis.elimination
    return {
        "utility": dict(zip(game.ids, analysis.game.utilities, strict=True)),
        "resamples": analysis.resamples,
        "alike": {
            side: {name: list(others) for name, others in groups.items() if others}
            for side, groups in analysis.game.duplicates.items()
        },
        "dominance": [asdict(step) | {"by": dict(step.by)} for step in elimination.steps],
        "undominated": _by_side(game, _names(game, elimination.rows, elimination.columns)),
        "sets": None
        if solution is None
        else [_set(analysis, equilibrium) for equilibrium in solution.equilibria],
        "reason": analysis.reason,
        "pure": _pure(analysis),
        "within_noise": _within_noise(analysis),
        "replies": [asdict(reply) for reply in analysis.replies],
        "frontier": _frontier(analysis),
        "price_of_distrust": [asdict(price) for price in analysis.prices],
    }


def _set(analysis: Analysis, equilibrium: SolvedEquilibrium) -> dict[str, Any]:
    component, game = equilibrium.component, analysis.game.game
    rows, columns = component.support
    kind = "pure" if component.pure else "mixed" if component.isolated else "connected"
    chance = equilibrium.survives
    return {
        "kind": kind,
        "product": component.product,
        "support": _by_side(game, _names(game, rows, columns)),
        "points": [
            _by_side(game, (_mix(x, game.rows), _mix(y, game.columns))) for x, y in component.points
        ],
        "survives": {"p": chance.p, "low": chance.low, "high": chance.high, "n": chance.n},
        "utility": {side: _interval(equilibrium.utility[side]) for side in game.ids},
        "gain_from_deviating": {side: _interval(equilibrium.gain[side]) for side in game.ids},
    }


def _by_side(game: Bimatrix, values: tuple[Any, Any]) -> dict[str, Any]:
    """What is of the one and of the other side, by their ids."""
    return dict(zip(game.ids, values, strict=True))


def _names(
    game: Bimatrix, rows: Sequence[int], columns: Sequence[int]
) -> tuple[list[str], list[str]]:
    return [game.rows[i] for i in rows], [game.columns[j] for j in columns]


def _pair(game: Bimatrix, i: int, j: int) -> dict[str, str]:
    """The policies of a cell, by the ids of those who play them."""
    return _by_side(game, (game.rows[i], game.columns[j]))


def _amounts(
    measure: str,
    game: Bimatrix,
    values: tuple[Matrix, Matrix],
    ends: dict[str, Ends],
    cell: list[int],
) -> dict[str, dict[str, float]]:
    """`measure` of both sides in a cell, with their intervals."""
    return {
        f"{measure}_{side}": _at(table, ends[side], *cell)
        for side, table in zip(game.ids, values, strict=True)
    }


def _mix(weights: Vector, names: tuple[str, ...]) -> dict[str, float]:
    return {names[i]: float(weights[i]) for i in np.flatnonzero(weights)}


def _interval(values: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip(("value", "low", "high"), values, strict=True))


def _at(values: Matrix, ends: Ends, i: int, j: int) -> dict[str, float]:
    """A cell's value with its interval."""
    return _interval((float(values[i, j]), float(ends[0][i, j]), float(ends[1][i, j])))


def _pure(analysis: Analysis) -> list[dict[str, Any]]:
    """Pure equilibria, with the share of resamples in which each still is one."""
    game = analysis.game.game
    stable = None if analysis.solution is None else analysis.solution.stable
    return [
        _pair(game, i, j) | ({} if stable is None else {"stable": float(stable[i, j])})
        for i, j in analysis.pure
    ]


def _within_noise(analysis: Analysis) -> list[dict[str, Any]]:
    """Cells that the runs do not rule out as equilibria, least to be gained first."""
    if analysis.solution is None:
        return []
    game = analysis.game.game
    gains = regrets(game)
    cells = np.argwhere(analysis.solution.unrefuted)
    order = sorted(cells.tolist(), key=lambda cell: max(gains[0][*cell], gains[1][*cell]))
    return [
        _pair(game, *cell)
        | _amounts("gain", game, gains, analysis.gain_ends, cell)
        | {"stable": float(analysis.solution.stable[*cell])}
        for cell in order
    ]


def _frontier(analysis: Analysis) -> list[dict[str, Any]]:
    """Cells on the Pareto frontier, with the share of resamples in which they are on it."""
    game = analysis.game.game
    cells = np.argwhere(analysis.on_frontier).tolist()
    return [
        _pair(game, *cell)
        | _amounts("utility", game, (game.us, game.cn), analysis.utility_ends, cell)
        | {"share_of_resamples": float(analysis.efficient[*cell])}
        for cell in sorted(cells, key=lambda cell: -game.us[*cell])
    ]
