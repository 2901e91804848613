"""What is believed of one number: a distribution with bounds, read from a file.

`[low, high]` and `{ uniform = [low, high] }`: every value alike.
`{ triangular = [low, mode, high] }`: likeliest at the mode, falling straight to both ends.
`{ truncated_normal = [mean, sd, low, high] }`: a normal law cut off at both ends and scaled up.
`{ beta = [a, b] }`: on 0 to 1, with mean a / (a + b); `bounds = [low, high]` beside it stretches
it to other ends.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import nearest, quoted
from sim.scenario.kept import special
from sim.scenario.key_paths import BETA, BOUNDS, NUMBERS, TRIANGULAR, TRUNCATED_NORMAL, UNIFORM

ALLOWED = (
    "[low, high], or one of { uniform = [low, high] }, { triangular = [low, mode, high] }, "
    "{ truncated_normal = [mean, sd, low, high] }, { beta = [a, b] } "
    "(with bounds = [low, high] beside it, else 0 to 1)"
)
#: How far outside its ends the mean of a truncated normal law may lie, in its sd.
MOST_DEVIATIONS = 6


class DistributionError(ValueError):
    """What is written is no distribution: what was found, what is allowed, what was meant."""

    def __init__(self, found: str, allowed: str, near: str | None = None) -> None:
        super().__init__(f"{found}; allowed: {allowed}")
        self.found = found
        self.allowed = allowed
        self.nearest = near


@dataclass(frozen=True)
class Distribution:
    """One of the kinds in NUMBERS with its numbers; all its mass lies in `low` to `high`."""

    kind: str
    numbers: tuple[float, ...]
    low: float
    high: float

    def at(self, share: ArrayLike, whole: bool = False) -> NDArray[np.float64]:
        """The value below which that share of the mass lies (0 <= share <= 1), elementwise.

        `whole`: whole numbers only; of a uniform one each alike, of the others the nearest.
        """
        u = np.asarray(share, float)
        if self.kind == UNIFORM:
            if whole:
                low, high = int(self.low), int(self.high)
                return np.minimum(np.floor(low + u * (high - low + 1)), high)
            return np.asarray(self.low + u * (self.high - self.low))
        if self.low == self.high:
            return np.full(u.shape, self.low)
        value = np.clip(self._quantile(u), self.low, self.high)
        return np.floor(value + 0.5) if whole else value

    def median(self, whole: bool = False) -> float:
        """The value with half of the mass on each side, to six digits."""
        middle = float(self.at(0.5, whole))
        return int(middle) if whole else float(f"{middle:.6g}")

    def _quantile(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """The inverse of its distribution function, with the arithmetic of scipy.stats.

        Two kinds are written out, since to import scipy.stats takes longer than most commands.
        """
        low, width = self.low, self.high - self.low
        if self.kind == TRIANGULAR:
            mode = (self.numbers[1] - low) / width
            rising, falling = np.sqrt(mode * u), 1 - np.sqrt((1 - mode) * (1 - u))
            return np.asarray(np.where(u < mode, rising, falling) * width + low)
        if self.kind == TRUNCATED_NORMAL:
            from scipy.stats import truncnorm

            mean, sd = self.numbers[:2]
            ends = (low - mean) / sd, (self.high - mean) / sd
            return np.asarray(truncnorm(*ends, loc=mean, scale=sd).ppf(u))
        inputs = np.array(self.numbers).tobytes(), u.tobytes()
        quantile = special("beta", inputs, lambda: self._beta(u))
        return np.asarray(quantile.reshape(u.shape) * width + low)

    def _beta(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        from scipy.special import betaincinv

        return np.asarray(betaincinv(self.numbers[0], self.numbers[1], u))

    def to_table(self) -> dict[str, list[float]]:
        """As a file would write it."""
        table = {self.kind: list(self.numbers)}
        bounded = self.kind == BETA and (self.low, self.high) != (0.0, 1.0)
        return table | ({BOUNDS: [self.low, self.high]} if bounded else {})

    def __str__(self) -> str:
        if self.kind == UNIFORM:
            return f"{self.low:g} to {self.high:g}"
        text = f"{self.kind.replace('_', ' ')} " + ", ".join(f"{x:g}" for x in self.numbers)
        return f"{text} on {self.low:g} to {self.high:g}" if BOUNDS in self.to_table() else text


def is_finite_number(value: Any) -> bool:
    """Whether something read from a file is a number that a float can hold."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and abs(value) <= sys.float_info.max


def uniform(low: float, high: float) -> Distribution:
    """Every value from `low` to `high` alike."""
    return Distribution(UNIFORM, (low, high), low, high)


def read_distribution(written: Any) -> Distribution:
    """The distribution a file writes as a pair or a table.

    Raises DistributionError for an unknown kind, a wrong count, what is no number, ends in the
    wrong order, a mode outside them, an sd, a or b that is not above 0, and a normal law with
    next to no mass between its ends.
    """
    if isinstance(written, list | tuple):
        written = {UNIFORM: written}
    if not isinstance(written, Mapping) or not written:
        raise DistributionError(quoted(written), ALLOWED)
    kinds = [key for key in written if key != BOUNDS]
    for key in kinds:
        if key not in NUMBERS:
            guess = nearest(str(key), NUMBERS)
            raise DistributionError(f'the unknown distribution "{key}"', ALLOWED, guess)
    if len(kinds) != 1:
        found = " and ".join(kinds) or "bounds alone"
        raise DistributionError(found, f"one distribution: {ALLOWED}")
    kind = kinds[0]
    numbers = _numbers(written[kind], kind, NUMBERS[kind])
    ends = _ends(kind, numbers, written)
    _check_order(kind, numbers, ends)
    return Distribution(kind, numbers, *ends)


def _numbers(written: Any, name: str, names: Sequence[str]) -> tuple[float, ...]:
    allowed = f"{name} = [{', '.join(names)}]"
    if not isinstance(written, list | tuple) or len(written) != len(names):
        count = f", {len(written)} of {len(names)}" if isinstance(written, list | tuple) else ""
        raise DistributionError(f"{name} = {quoted(written)}{count}", allowed)
    if not all(map(is_finite_number, written)):
        raise DistributionError(f"{name} = {quoted(written)}", f"{allowed}, finite numbers")
    return tuple(float(number) for number in written)


def _ends(kind: str, numbers: tuple[float, ...], written: Mapping[str, Any]) -> tuple[float, float]:
    if BOUNDS in written and kind != BETA:
        found = f"bounds beside {kind}"
        raise DistributionError(found, f"bounds beside beta only: {kind} has its own ends")
    if kind != BETA:
        return numbers[NUMBERS[kind].index("low")], numbers[-1]
    if BOUNDS not in written:
        return 0.0, 1.0
    low, high = _numbers(written[BOUNDS], BOUNDS, ("low", "high"))
    return low, high


def _check_order(kind: str, numbers: tuple[float, ...], ends: tuple[float, float]) -> None:
    low, high = ends
    named = dict(zip(NUMBERS[kind], numbers, strict=True))
    spell = f"{kind} = [{', '.join(f'{x:g}' for x in numbers)}]"
    if low > high or (low == high and kind != UNIFORM):
        found = f"[{low:g}, {high:g}]" if kind in (UNIFORM, BETA) else spell
        raise DistributionError(found, "the lower value first")
    if "mode" in named and not low <= named["mode"] <= high:
        raise DistributionError(spell, f"a mode from {low:g} to {high:g}, [low, mode, high]")
    for name in ("sd", "a", "b"):
        if named.get(name, 1.0) <= 0:
            raise DistributionError(spell, f"{name} above 0")
    if kind == TRUNCATED_NORMAL:  # far outside its ends it would pile up at one of them
        away = max(low - named["mean"], named["mean"] - high) / named["sd"]
        if away > MOST_DEVIATIONS:
            allowed = f"ends within {MOST_DEVIATIONS} standard deviations of the mean"
            raise DistributionError(spell, allowed)
