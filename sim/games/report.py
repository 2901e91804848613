"""The analysis of a tournament as plain values: what `--json` prints and tables are made of."""

from dataclasses import asdict
from typing import Any

import numpy as np

from sim.games.analysis import Analysis, Ends
from sim.games.bimatrix import Matrix, Vector, regrets
from sim.games.empirical import Found
from sim.games.played import SIDES
from sim.games.ranking import Rank


def ranking_content(ranks: dict[str, list[Rank]]) -> dict[str, list[dict[str, Any]]]:
    """Both rankings, best first; `settled` says that only this rank is left."""
    return {
        side: [asdict(one) | {"settled": one.settled} for one in found]
        for side, found in ranks.items()
    }


def equilibria_content(analysis: Analysis) -> dict[str, Any]:
    """The empirical game and its equilibria.

    `sets` is None if not all could be found, with the `reason`; `pure` is always complete.
    """
    game, solution = analysis.game.game, analysis.solution
    kept = analysis.elimination
    return {
        "utility": dict(zip(SIDES, analysis.game.utilities, strict=True)),
        "resamples": analysis.resamples,
        "alike": {
            side: {name: list(others) for name, others in groups.items() if others}
            for side, groups in analysis.game.alike.items()
        },
        "dominance": [asdict(step) | {"by": dict(step.by)} for step in kept.steps],
        "undominated": {
            "us": [game.rows[i] for i in kept.rows],
            "cn": [game.columns[j] for j in kept.columns],
        },
        "sets": None if solution is None else [_set(analysis, one) for one in solution.found],
        "reason": analysis.reason,
        "pure": _pure(analysis),
        "within_noise": _within_noise(analysis),
        "replies": [asdict(one) for one in analysis.replies],
        "frontier": _frontier(analysis),
        "price_of_distrust": [asdict(one) for one in analysis.prices],
    }


def _set(analysis: Analysis, found: Found) -> dict[str, Any]:
    component, game = found.component, analysis.game.game
    rows, columns = component.support
    kind = "pure" if component.pure else "mixed" if component.isolated else "connected"
    chance = found.survives
    return {
        "kind": kind,
        "product": component.product,
        "support": {
            "us": [game.rows[i] for i in rows],
            "cn": [game.columns[j] for j in columns],
        },
        "points": [
            {"us": _mix(x, game.rows), "cn": _mix(y, game.columns)} for x, y in component.points
        ],
        "survives": {"p": chance.p, "low": chance.low, "high": chance.high, "n": chance.n},
        "utility": {side: _interval(found.utility[side]) for side in SIDES},
        "gain_from_deviating": {side: _interval(found.gain[side]) for side in SIDES},
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
        {"us": game.rows[i], "cn": game.columns[j]}
        | ({} if stable is None else {"stable": float(stable[i, j])})
        for i, j in analysis.pure
    ]


def _within_noise(analysis: Analysis) -> list[dict[str, Any]]:
    """Cells that the runs do not rule out as equilibria, least to be gained first."""
    if analysis.solution is None:
        return []
    game = analysis.game.game
    gain_us, gain_cn = regrets(game)
    cells = np.argwhere(analysis.solution.unrefuted)
    order = sorted(cells.tolist(), key=lambda cell: max(gain_us[*cell], gain_cn[*cell]))
    return [
        {
            "us": game.rows[i],
            "cn": game.columns[j],
            "gain_us": _at(gain_us, analysis.gain_ends["us"], i, j),
            "gain_cn": _at(gain_cn, analysis.gain_ends["cn"], i, j),
            "stable": float(analysis.solution.stable[i, j]),
        }
        for i, j in order
    ]


def _frontier(analysis: Analysis) -> list[dict[str, Any]]:
    """Cells on the Pareto frontier, with the share of resamples in which they are on it."""
    game = analysis.game.game
    cells = np.argwhere(analysis.on_frontier).tolist()
    return [
        {
            "us": game.rows[i],
            "cn": game.columns[j],
            "utility_us": _at(game.us, analysis.utility_ends["us"], i, j),
            "utility_cn": _at(game.cn, analysis.utility_ends["cn"], i, j),
            "share_of_resamples": float(analysis.efficient[i, j]),
        }
        for i, j in sorted(cells, key=lambda cell: -game.us[*cell])
    ]
