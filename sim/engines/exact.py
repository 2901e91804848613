"""The exact engine: a scenario of the one-notch world solved as a Markov chain, no dice at all.

The oracle of the other engines: same outcomes, same frames, no sampling error.
"""

import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim.engines.chain import Chain, Sparse, added, build
from sim.engines.counts import K_MOST
from sim.engines.long_run import LongRun, Weeks, long_run, weeks_until_left
from sim.engines.reduction import OneNotchGame, reduce
from sim.scenario.scenario import Scenario
from sim.world.outcomes import SOLVED

if TYPE_CHECKING:
    import pandas as pd

CONDUCT = ("CC", "CD", "DC", "DD")  # us first; D is a week in violation
_BOTH = 3


@dataclass(frozen=True)
class ExactResult:
    """What a game does, exactly. Weeks count from 1; H is the scenario's horizon."""

    scenario: Scenario
    game: OneNotchGame
    chain: Chain
    engine: str = "exact"
    seed: int = 0
    n: int = 0  # no runs
    seconds: float = 0.0
    spread: None = None

    @property
    def broken_after(self) -> list[int]:
        """The weeks of mutual violation K for which `standing` is told: 1 to 6, and its own."""
        return sorted({*range(1, K_MOST + 1), self.game.breakdown_after})

    @cached_property
    def long_run(self) -> LongRun:
        """Share of weeks in each state in the long run."""
        return long_run(self.chain)

    @cached_property
    def law(self) -> dict[str, float]:
        """Share of weeks in each conduct pair in the long run (us first); see `meaning`."""
        return {
            name: float((self.long_run.law @ step).sum())
            for name, step in zip(CONDUCT, self.chain.steps, strict=True)
        }

    @property
    def meaning(self) -> str:
        """Which long-run law is meant."""
        shares = self.long_run.shares
        if len(shares) == 1:
            return "the one that is reached whatever the first weeks bring"
        listed = ", ".join(f"{share:.6g}" for share in shares)
        return (
            f"not unique: the first weeks decide which of {len(shares)} kinds of future is never "
            f"left again (with probability {listed}); this is their mean, so weighted"
        )

    @property
    def cooperation(self) -> dict[str, float]:
        """Share of weeks in which each side is not in violation, in the long run."""
        law = self.law
        both = law["CC"] + law["CD"], law["CC"] + law["DC"]
        return dict(zip(self.game.ids, both, strict=True))

    @property
    def payoffs(self) -> dict[str, float] | None:
        """Long-run payoff a week of each side; None if a week's conduct does not decide it."""
        if self.game.payoffs is None:
            return None
        cc, cd, dc, dd = (self.law[name] for name in CONDUCT)
        us, cn = self.game.payoffs
        both = float(us @ np.array([cc, cd, dc, dd])), float(cn @ np.array([cc, dc, cd, dd]))
        return dict(zip(self.game.ids, both, strict=True))

    def conduct_table(self, weeks: int | None = None) -> NDArray[np.float64]:
        """P(conduct pair) in weeks 1.., shape (weeks, 4), columns CONDUCT."""
        sums = np.stack([step.sum(axis=1) for step in self.chain.steps], axis=1)
        state = self.chain.start
        rows = []
        for _ in range(weeks or self.scenario.spec.weeks):
            rows.append(state @ sums)
            state = state @ self.chain.transition
        return np.array(rows)

    def conduct(self, weeks: int | None = None) -> "pd.DataFrame":
        """Columns week, CC, CD, DC, DD."""
        import pandas as pd

        table = self.conduct_table(weeks)
        frame = pd.DataFrame(table, columns=list(CONDUCT))
        frame.insert(0, "week", np.arange(1, len(table) + 1))
        return frame

    def holds(
        self,
        outcome: str = "standing",
        weeks: int | None = None,
        breakdown_after: int | None = None,
    ) -> NDArray[np.float64]:
        """P(the outcome holds at the end of week 1, 2, ...), shape (weeks,).

        `clean`: no violation yet; `standing`: no `breakdown_after` weeks of mutual violation yet;
        `undisputed` is the same, since in one notch every dispute is a rupture.
        """
        keep, count, most = self._ends(outcome, breakdown_after)
        mass = [self.chain.start, *(np.zeros_like(self.chain.start) for _ in range(most - 1))]
        curve = []
        for _ in range(weeks or self.scenario.spec.weeks):
            after = [sum(mass) @ keep]
            if count is not None:
                after += [part @ count for part in mass[:-1]]
            mass = after
            curve.append(float(sum(part.sum() for part in mass)))
        return np.array(curve)

    def mean(self, outcome: str = "standing", breakdown_after: int | None = None) -> float:
        """Expected first week in which the outcome no longer holds; inf if it may hold for ever."""
        return self.mean_weeks(outcome, breakdown_after).weeks

    def mean_weeks(self, outcome: str = "standing", breakdown_after: int | None = None) -> Weeks:
        """The same with the number of its digits that are right.

        Raises NotSolvedError, with the condition number, if too few are.
        """
        return weeks_until_left(*self._holding(outcome, breakdown_after))

    def _holding(
        self, outcome: str, breakdown_after: int | None
    ) -> tuple[Sparse, NDArray[np.float64], NDArray[np.float64]]:
        """The chain while the outcome holds: states by weeks of mutual violation so far.

        Chances to go on, to leave (never taken from 1), and where it starts.
        """
        keep, count, most = self._ends(outcome, breakdown_after)
        size = len(self.chain.start)
        blocks: list[list[Sparse | None]] = [[None] * most for _ in range(most)]
        for run in range(most):
            blocks[run][0] = keep
            if count is not None and run + 1 < most:
                blocks[run][run + 1] = count
        matrix = sparse.csr_array(sparse.block_array(blocks)) if most > 1 else keep
        start, leak = np.zeros(size * most), np.zeros(size * most)
        start[:size] = self.chain.start
        ends = added(self.chain.steps[1:]) if count is None else count
        leak[-size:] = ends.sum(axis=1)
        return matrix, leak, start

    def survival(
        self,
        outcome: str = "standing",
        weeks: int | None = None,
        breakdown_after: int | None = None,
    ) -> "pd.DataFrame":
        """The frame of `Result.survival`, without noise: week, date, n = 0, p = low = high."""
        import pandas as pd

        curve = self.holds(outcome, weeks, breakdown_after)
        dates = [self.scenario.date_of_week(t) for t in range(1, len(curve) + 1)]
        columns = {
            "week": np.arange(1, len(curve) + 1),
            "date": np.array(dates, dtype="datetime64[ms]"),
            "n": 0,
            "p": curve,
            "low": curve,
            "high": curve,
        }
        return pd.DataFrame(columns)

    def _ends(self, outcome: str, breakdown_after: int | None) -> tuple[Sparse, Sparse | None, int]:
        """(steps that reset the count of bad weeks, steps that add to it, weeks that break)."""
        if outcome not in SOLVED:
            raise ValueError(f"outcome is {outcome!r}; the exact engine has {', '.join(SOLVED)}")
        if outcome == "clean":
            return self.chain.steps[0], None, 1
        most = self.game.breakdown_after if breakdown_after is None else breakdown_after
        if most < 1:
            raise ValueError(f"breakdown_after is {most}; allowed: at least 1")
        return added(self.chain.steps[:_BOTH]), self.chain.steps[_BOTH], most


def solve(scenario: Scenario | str | Path) -> ExactResult:
    """Solve a scenario, or one named, that reduces to the one-notch world (docs/model.md).

    Raises NotReducibleError with every setting in the way; TooManyStatesError with the size.
    """
    started = time.perf_counter()
    world = Scenario.load(scenario) if isinstance(scenario, str | Path) else scenario
    game = reduce(world)
    chain = build(game)
    return ExactResult(world, game, chain, seconds=time.perf_counter() - started)
