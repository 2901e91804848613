"""A result: what a number of runs of one scenario add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes import allies, bands, causes, conduct, payoffs, survival, triggers
from sim.outcomes.definitions import definition, term_of, undefined
from sim.outcomes.estimates import Estimate, estimate, wilson
from sim.outcomes.talks import TalksSummary, talks_summary
from sim.report import pictures

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.engines.exact import ExactResult
    from sim.engines.tally import Tally
    from sim.outcomes.ladder import Ladder
    from sim.outcomes.sample import Sample
    from sim.outcomes.spread import Spread
    from sim.scenario import Scenario
    from sim.scenario.compile import Compiled


@dataclass(frozen=True)
class Result:
    """Estimates, curves and tables of `n` runs of one scenario, all computed from its tally.

    `runs` (one row a run), `but_for`, `spread` and `ladder` (one run) are there if they were
    asked for; `sample` (the first runs, week by week) is, unless the runs were interrupted.
    """

    scenario: "Scenario"
    compiled: "Compiled"
    tally: "Tally"
    seed: int
    engine: str = "batch"
    seconds: float = 0.0
    runs: "pd.DataFrame | None" = None
    but_for: "pd.DataFrame | None" = None
    spread: "Spread | None" = None
    sample: "Sample | None" = None
    ladder: "Ladder | None" = None

    @property
    def n(self) -> int:
        """Number of runs."""
        return int(self.tally.counts[0])

    @property
    def rules(self) -> np.void:
        """The compiled rules of the truce and the talks."""
        return self.compiled.params.rules[0]

    @property
    def horizon(self) -> int:
        """The last week simulated."""
        return int(self.rules["weeks"])

    @property
    def term(self) -> int | None:
        """The last week of the first term; None if there is none within the horizon."""
        return term_of(self.rules, self.horizon)

    @property
    def headline_week(self) -> int:
        """The end of the term, or the horizon where there is no term."""
        return self.term or self.horizon

    @property
    def headline(self) -> str:
        """The outcome reported first: standing, or clean where there is no truce."""
        return "clean" if undefined("standing", self.rules, self.horizon) else "standing"

    def reason(self, outcome: str) -> str | None:
        """Why an outcome is not defined here; None if it is."""
        return undefined(outcome, self.rules, self.horizon)

    def definition(self, outcome: str) -> str:
        """What is counted as holding, in words."""
        return definition(outcome, self.rules, self.core_levers)

    @property
    def core_levers(self) -> Sequence[str]:
        """The names of the truce's core levers."""
        core = self.compiled.params.levers["core"]
        return [name for name, flag in zip(self.compiled.levers, core, strict=True) if flag]

    def at(self, outcome: str, week: int | None = None) -> Estimate | None:
        """Share of runs in which an outcome holds at the end of a week; None if not defined.

        Without a week, at the end of the term (or the horizon if there is none). `extended` is
        read once, at the end of the first term, and is not defined for earlier weeks.
        """
        when = self.headline_week if week is None else week
        if not 1 <= when <= self.horizon:
            raise ValueError(f"week is {when}; allowed: 1 to {self.horizon}")
        if self.reason(outcome) or (outcome == "extended" and when < self.headline_week):
            return None
        return estimate(self._holding(outcome, when), self.n, self.definition(outcome))

    def _holding(self, outcome: str, week: int) -> int:
        if outcome == "extended":
            return int(self.tally.counts[1])
        return int(survival.holding(self.tally, survival.ENDED_ROWS[outcome])[week - 1])

    @property
    def standing(self) -> Estimate | None:
        """The headline outcome, at the end of the term."""
        return self.at("standing")

    @property
    def clean(self) -> Estimate | None:
        """Not one week with a violation, at the end of the term."""
        return self.at("clean")

    @property
    def core(self) -> Estimate | None:
        """The truce's core kept, at the end of the term."""
        return self.at("core")

    @property
    def extended(self) -> Estimate | None:
        """Extended at the end of the first term."""
        return self.at("extended")

    def survival(self, outcome: str) -> "pd.DataFrame":
        """One row a week from 1: week, date, n, p, low, high. Empty if not defined.

        `extended` has one row, the week it is decided.
        """
        if outcome == "extended":
            return self._extended_frame()
        holds = survival.holding(self.tally, survival.ENDED_ROWS[outcome])
        frame = survival.survival_frame(holds, self.n, self.compiled.start)
        return frame.iloc[:0] if self.reason(outcome) else frame

    def _extended_frame(self) -> "pd.DataFrame":
        frame = self.survival("clean")
        row = frame[frame["week"] == (0 if self.reason("extended") else self.term)].copy()
        holds = int(self.tally.counts[1])
        low, high = wilson(holds, self.n)
        row[["p", "low", "high"]] = holds / max(self.n, 1), float(low), float(high)
        return row

    def standing_after(self, breakdown_after: int) -> "pd.DataFrame":
        """Survival of `standing` had it been defined with K = breakdown_after, 1 to 6."""
        holds = survival.holding(self.tally, survival.FIRST_K_ROW + breakdown_after - 1)
        return survival.survival_frame(holds, self.n, self.compiled.start)

    @cached_property
    def k_table(self) -> "pd.DataFrame":
        """`standing` by K at term and horizon: breakdown_after, week, n, p, low, high."""
        import pandas as pd

        weeks = sorted({self.headline_week, self.horizon})
        frames = []
        for k in () if self.reason("standing") else survival.K_VALUES:
            frame = self.standing_after(k)
            part = frame[frame["week"].isin(weeks)].drop(columns="date")
            frames.append(part.assign(breakdown_after=k))
        columns = ["breakdown_after", "week", "n", "p", "low", "high"]
        return (
            pd.concat(frames, ignore_index=True)[columns]
            if frames
            else pd.DataFrame([], columns=columns)
        )

    @cached_property
    def triggers(self) -> "pd.DataFrame":
        """Triggers of the breakdowns by the end of the term and by the horizon."""
        return self._triggers(sorted({self.headline_week, self.horizon}))

    @cached_property
    def triggers_by_week(self) -> "pd.DataFrame":
        """Triggers of the breakdowns up to the end of every week."""
        return self._triggers(range(1, self.horizon + 1))

    def _triggers(self, weeks: Sequence[int]) -> "pd.DataFrame":
        return triggers.trigger_frame(self.tally, self.compiled.levers, self.compiled.shocks, weeks)

    @cached_property
    def exact(self) -> "ExactResult | None":
        """The exact solution beside which these runs can be laid, if the scenario has one."""
        from sim.engines.reduction import obstacles

        if obstacles(self.scenario):
            return None
        from sim.engines.chain import TooManyStatesError
        from sim.engines.exact import solve

        try:
            return solve(self.scenario)
        except TooManyStatesError:
            return None

    @cached_property
    def bands(self) -> "pd.DataFrame":
        """Quantiles of the trajectories: week, date, variable, who, mean, q05 to q95."""
        compiled = self.compiled
        return bands.band_frame(self.tally, compiled.params.bands, compiled.levers, compiled.start)

    @cached_property
    def conduct(self) -> "pd.DataFrame":
        """Pairs of conduct: week, date, pair, n, count."""
        return conduct.conduct_frame(self.tally, self.compiled.start)

    @cached_property
    def causes_by_week(self) -> "pd.DataFrame":
        """Breakdowns up to every week by cause and side: cause, who, week, date, count, p."""
        return causes.cause_frame(self.tally, self.compiled.start)

    @cached_property
    def joined(self) -> "pd.DataFrame":
        """Share of runs in which each ally has joined: ally, week, date, n, p, low, high."""
        return allies.joined_frame(self.tally, self.compiled)

    @cached_property
    def typical_run(self) -> int:
        """The lowest of the sampled runs that breaks down in the median week, or nearest to it.

        The median is that of the breakdowns of all runs; without a breakdown, of the first
        violations; 0 without either.
        """
        if self.sample is None:
            return 0
        sample = self.sample
        for row, weeks in ((1, sample.breakdown), (0, sample.first_violation)):
            ended = np.cumsum(self.tally.ended[row, :-1])
            median = int(np.searchsorted(2 * ended, ended[-1]))
            run = sample.run_near(weeks, median)
            if run is not None and not (row == 1 and self.reason("standing")):
                return run
        return 0

    @cached_property
    def payoffs(self) -> "pd.DataFrame":
        """Discounted payoffs and harms: who, measure, n, mean, sd, se."""
        return payoffs.payoff_frame(self.tally)

    @cached_property
    def talks(self) -> TalksSummary:
        """How often there were talks, and when first."""
        return talks_summary(self.tally)

    def plot(self, kind: str) -> "Figure":
        """A picture by name, as a matplotlib Figure; `sim.report.pictures` lists them.

        Raises ResultError with the names there are if there is none of that name.
        """
        return pictures.draw(pictures.RESULT, kind, self)
