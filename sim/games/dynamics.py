"""Replicator dynamics on the payoffs of a tournament: from equal shares, and a fan of starts."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.games.bimatrix import Matrix, Vector
from sim.games.ranking import interval, resampled_means
from sim.games.replicator import Path, double, rest_points, single, symmetrised
from sim.games.tournament import PAYOFF, Played
from sim.scenario.sides import DEFAULT, Sides

RESAMPLES = 100
#: Default time, over the range of payoffs: a policy a tenth of it better has long won by then.
LONG = 400.0
#: Starts of the fan: multiples of 1 / FAN in the interior of the simplex.
FAN = 6


@dataclass(frozen=True)
class Dynamics:
    """What became of equal shares, and how other starts go (one population only).

    `low`, `high`: 95 % of the final shares over resampled runs, us then cn; `rests`: isolated
    rest points of one population, each with whether it is stable.
    """

    populations: int
    names: tuple[str, ...]
    path: Path
    low: Vector
    high: Vector
    fan: tuple[Path, ...]
    rests: tuple[tuple[Vector, bool], ...]
    sides: Sides = DEFAULT

    def content(self) -> dict[str, Any]:
        """The result as plain values."""
        labels = [(side, name) for side in self.sides.ids for name in self.names]
        if self.populations == 1:
            labels = [("both", name) for name in self.names]
        last = _last(self.path, self.populations)
        rows = zip(labels, last, self.low, self.high, strict=True)
        return {
            "populations": self.populations,
            "time": float(self.path.times[-1]),
            "ends": [
                {
                    "population": who,
                    "policy": name,
                    "share": float(share),
                    "low": float(low),
                    "high": float(high),
                }
                for (who, name), share, low, high in rows
            ],
            "rest_points": [
                {"mix": _mix(self.names, mix), "stable": stable} for mix, stable in self.rests
            ],
            "path": {
                "time": self.path.times.tolist(),
                self.sides.first.id: self.path.us.tolist(),
                self.sides.second.id: self.path.cn.tolist(),
            },
        }


def dynamics(played: Played, populations: int, horizon: float | None, seed: int) -> Dynamics:
    """Replicator dynamics of a tournament in which both sides have the same policies.

    `horizon` None: LONG over the range of payoffs. Raises GameError for constant payoffs.
    """
    us, cn = played.utilities((PAYOFF, PAYOFF))
    tables = us.mean(axis=2), cn.mean(axis=2)
    reach = max(float(np.ptp(table)) for table in tables)
    time = LONG / reach if horizon is None else horizon
    resampled = [resampled_means(values, RESAMPLES, seed) for values in (us, cn)]
    finals = np.array(
        [
            _last(_path(populations, a, b, time), populations)
            for a, b in zip(*resampled, strict=True)
        ]
    )
    low, high = interval(finals)
    fan: tuple[Path, ...] = ()
    rests: tuple[tuple[Vector, bool], ...] = ()
    if populations == 1:
        utility = symmetrised(*tables)
        rests = tuple(rest_points(utility))
        if len(utility) == 3:
            fan = tuple(single(utility, start, time) for start in _starts())
    path = _path(populations, *tables, time)
    return Dynamics(populations, played.us, path, low, high, fan, rests, played.sides)


def _path(populations: int, us: Matrix, cn: Matrix, time: float) -> Path:
    equal = np.full(len(us), 1 / len(us))
    if populations == 1:
        return single(symmetrised(us, cn), equal, time)
    return double(us, cn, (equal, equal), time)


def _last(path: Path, populations: int) -> NDArray[np.float64]:
    return path.us[-1] if populations == 1 else np.concatenate([path.us[-1], path.cn[-1]])


def _starts() -> list[Vector]:
    """Points of the interior of the simplex of three, evenly spaced."""
    return [np.array([i, j, FAN - i - j]) / FAN for i in range(1, FAN) for j in range(1, FAN - i)]


def _mix(names: tuple[str, ...], mix: Vector) -> dict[str, float]:
    return {name: float(share) for name, share in zip(names, mix, strict=True) if share > 0}
