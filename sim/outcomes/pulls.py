"""Which ranges pull an outcome away from what it is at these settings.

A range whose middle is not the value moves the outcome by about slope x (middle - value), the
slope by least squares over the points of the outer loop, one parameter at a time: a Latin
hypercube keeps the others in balance.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Ranges named at most, and from how many standard errors of their slope on.
MOST = 3
SURE = 2.0
Columns = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Pull:
    """A range, the value inside or outside it, and by how much it moves the outcome's mean."""

    path: str
    value: float
    low: float
    high: float
    by: float

    @property
    def is_off(self) -> bool:
        """Whether the value lies well outside what was drawn, by a tenth of that or more."""
        margin = 0.1 * (self.high - self.low)
        return not self.low - margin <= self.value <= self.high + margin


def columns(points: Sequence[Mapping[str, Any]], paths: Iterable[str]) -> Columns:
    """The value of each of some parameters at all points of a design."""
    return {path: np.array([float(point[path]) for point in points]) for path in paths}


def pulls(drawn: Columns, shares: Sequence[float], values: Mapping[str, float]) -> tuple[Pull, ...]:
    """The ranges that pull most: those that leave their value out, then the strongest.

    Of ranges that hold their value, only what the points can tell from none.

    drawn: the value of every parameter at each point; shares: the outcome there; values: these
    settings.
    """
    y = np.asarray(shares, float)
    found_pulls = []
    for path, value in values.items():
        x = drawn[path]
        spread = float(((x - x.mean()) ** 2).sum())
        if spread == 0 or len(y) < 3:
            continue
        slope = float(((x - x.mean()) * y).sum()) / spread
        rest = y - y.mean() - slope * (x - x.mean())
        error = float(np.sqrt((rest**2).sum() / (len(y) - 2) / spread))
        pull = Pull(path, value, float(x.min()), float(x.max()), slope * (float(x.mean()) - value))
        if pull.is_off or abs(slope) > SURE * error:
            found_pulls.append(pull)
    return tuple(sorted(found_pulls, key=lambda pull: (not pull.is_off, -abs(pull.by)))[:MOST])
