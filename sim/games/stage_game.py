"""The one-shot game of good and bad conduct, and its name.

A side's payoffs are those of the textbook: T (temptation: I am bad, the other good), R (reward:
both good), P (punishment: both bad), S (sucker: I am good, the other bad). Four signs name the
game (Rapoport and Guyer 1966; Robinson and Goforth 2005): of T - R, of P - S and of R - P, and
of R - S where a side would do the opposite of the other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.games.bimatrix import Bimatrix, bimatrix
from sim.scenario.sides import DEFAULT

#: Differences below this share of a side's largest payoff are ties.
TIE = 1e-9

DILEMMA, DEADLOCK, CHICKEN, STAG = "prisoner's dilemma", "deadlock", "chicken", "stag hunt"
HARMONY, OPPOSITE, BAD_PAIR = "harmony", "leader or hero", "coordination on bad"
REVERSED, TIED = "reversed dilemma", "on a border"

#: What each name means, in the order of the four letters.
MEANINGS = {
    DILEMMA: "T > R > P > S: bad pays whatever the other does, yet both good is better",
    DEADLOCK: "T > R, P > S and P > R: bad pays whatever the other does, and both bad is better",
    CHICKEN: "T > R > S > P: bad pays against good, and giving way is better than both bad",
    STAG: "R > T and P > S, R > P: each would do as the other does, and both good is better",
    HARMONY: "R > T, S > P and R > P: good pays whatever the other does",
    OPPOSITE: "T > R and S > P, S > R or P > R: each would do the opposite of the other",
    BAD_PAIR: "R > T and P > S, P > R: each would do as the other does, and both bad is better",
    REVERSED: "R > T, S > P and P > R: good pays whatever the other does, yet both bad is better",
    TIED: "a tie among T, R, P, S",
}


@dataclass(frozen=True)
class Side:
    """One side's payoffs a week."""

    temptation: float
    reward: float
    punishment: float
    sucker: float

    @classmethod
    def of(cls, payoffs: NDArray[np.float64]) -> "Side":
        """From its 2 x 2 payoffs by own conduct, then the other's, good first."""
        (reward, sucker), (temptation, punishment) = payoffs.tolist()
        return cls(temptation, reward, punishment, sucker)

    @property
    def tempts(self) -> float:
        """T - R: what being bad adds against a good side."""
        return self.temptation - self.reward

    @property
    def protects(self) -> float:
        """P - S: what being bad adds against a bad side."""
        return self.punishment - self.sucker

    @property
    def binds(self) -> float:
        """R - P: what both being good is worth over both being bad."""
        return self.reward - self.punishment

    @property
    def additive(self) -> bool:
        """Whether T + S = R + P: conduct is worth the same whatever the other does."""
        return abs(self.tempts - self.protects) <= self._tie

    @property
    def _tie(self) -> float:
        values = (self.temptation, self.reward, self.punishment, self.sucker)
        return TIE * max(abs(value) for value in values)

    @property
    def name(self) -> str:
        """The name of the game from this side."""
        differences = [self.tempts, self.protects, self.binds]
        opposite = self.tempts > 0 > self.protects
        if opposite:
            differences.append(self.reward - self.sucker)
        if min(abs(difference) for difference in differences) <= self._tie:
            return TIED
        if opposite:
            return CHICKEN if self.binds > 0 and differences[-1] > 0 else OPPOSITE
        if self.tempts > 0:
            return DILEMMA if self.binds > 0 else DEADLOCK
        if self.protects > 0:
            return STAG if self.binds > 0 else BAD_PAIR
        return HARMONY if self.binds > 0 else REVERSED


@dataclass(frozen=True)
class StageGame:
    """The game of both sides; `us` and `cn` are each one's view, `ids` what they are called."""

    us: Side
    cn: Side
    ids: tuple[str, str] = DEFAULT.ids

    @classmethod
    def of(cls, payoffs: NDArray[np.float64], ids: tuple[str, str] = DEFAULT.ids) -> "StageGame":
        """From payoffs (2 sides, 2, 2) by side, own conduct and the other's, good first."""
        return cls(Side.of(payoffs[0]), Side.of(payoffs[1]), ids)

    @property
    def names(self) -> tuple[str, str]:
        """What us and cn each play."""
        return self.us.name, self.cn.name

    @property
    def name(self) -> str:
        """The name of the game if both sides see the same one, else both names."""
        us, cn = self.names
        return us if us == cn else f"{us} for {self.ids[0]}, {cn} for {self.ids[1]}"

    @property
    def bimatrix(self) -> Bimatrix:
        """Rows: conduct of us; columns: conduct of cn."""
        us, cn = (
            np.array([[s.reward, s.sucker], [s.temptation, s.punishment]])
            for s in (self.us, self.cn)
        )
        return bimatrix(us, cn.T, ("good", "bad"), ("good", "bad"))
