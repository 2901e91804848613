"""A result: what a number of runs of one scenario add up to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.counts import ENDED, RUNS
from sim.engines.own_outcomes import rows_of
from sim.outcomes import bands
from sim.outcomes.bands import TalksSummary
from sim.outcomes.definitions import (
    K_VALUES,
    core_levers,
    counted,
    definitions_frame,
    headline,
    holding,
    holding_at,
    holding_by,
    joined_frame,
    survival_frame,
    term_of,
    undefined,
    week_read,
)
from sim.outcomes.estimates import Estimate, estimate
from sim.report import pictures
from sim.report.text import InNotebook, in_a_line
from sim.scenario.compile_bands import reached_thresholds
from sim.world.outcomes import NAMES, OUTCOMES, Outcome, outcome_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.engines.counts import Tally
    from sim.engines.exact import ExactResult
    from sim.outcomes.sample import Ladder, Sample
    from sim.outcomes.spread import Spread
    from sim.scenario import Scenario
    from sim.scenario.compile import Compiled


@dataclass(frozen=True, repr=False)
class Result(InNotebook):
    """Estimates, curves and tables of `n` runs of one scenario, all computed from its tally.

    `runs` (one row a run), `but_for`, `spread` and `ladder` (one run) are there if they were
    asked for; `sample` (the first runs, week by week) is, unless the runs were interrupted;
    `by_reading` (outcomes under each reading) where the scenario has readings.
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
    by_reading: "pd.DataFrame | None" = None
    #: Written in Python, by side: what decided in place of the scenario's policies.
    governments: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        estimate = self.at(self.headline)
        top = f"{self.headline} at week {self.headline_week} {estimate}"
        return in_a_line(self, self.scenario.name, top, f"seed {self.seed}", self.engine)

    @property
    def n(self) -> int:
        """Number of runs."""
        return int(self.tally.counts[RUNS])

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
        return term_of(self.rules)

    @property
    def headline_week(self) -> int:
        """The end of the term, or the horizon where there is no term."""
        return week_read(self.rules)

    @property
    def headline(self) -> str:
        """The outcome reported first: standing, or clean where there is no truce."""
        return headline(self.rules)

    def reason(self, outcome: str) -> str | None:
        """Why an outcome is not defined here; None if it is."""
        if outcome_of(outcome).ends is not None and outcome not in rows_of(self.tally):
            return "these runs were played without it"
        return undefined(outcome, self.rules)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The names of all outcomes, the headline of most first; one's own that were counted."""
        return NAMES + rows_of(self.tally)[len(ENDED) :]

    def definition(self, outcome: str) -> str:
        """What is counted as holding, in words."""
        return counted(self.compiled, outcome)

    @property
    def core_levers(self) -> Sequence[str]:
        """The names of the truce's core levers."""
        return core_levers(self.compiled)

    def at(self, outcome: str, week: int | None = None) -> Estimate | None:
        """Share of runs in which an outcome holds at the end of a week; None if not defined.

        Without a week, at the end of the term (or the horizon if there is none). What is decided
        once, at the end of the first term, is not defined for earlier weeks.
        """
        when = self.headline_week if week is None else week
        if not 1 <= when <= self.horizon:
            raise ValueError(f"week is {when}; allowed: 1 to {self.horizon}")
        too_early = outcome_of(outcome).once and when < self.headline_week
        if self.reason(outcome) or too_early:
            return None
        holds = holding_at(self.tally, outcome, when)
        return estimate(holds, self.n, self.definition(outcome))

    def survival(self, outcome: str) -> "pd.DataFrame":
        """One row a week from 1: week, date, n, p, low, high. Empty if not defined.

        What is decided once has one row, that week.
        """
        holds = holding(self.tally, outcome)
        if outcome_of(outcome).once:
            holds = np.repeat(holds, self.horizon)
        frame = survival_frame(holds, self.n, self.compiled.start)
        if self.reason(outcome):
            return frame.iloc[:0]
        return frame[frame["week"] == self.term] if outcome_of(outcome).once else frame

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Rungs of a rupture by which standing is counted; 0 is any violation, or long by one."""
        return reached_thresholds(self.scenario.spec)

    def standing_after(
        self, breakdown_after: int, rupture_rung: float | None = None
    ) -> "pd.DataFrame":
        """Survival of `standing` had it been defined with K = breakdown_after, 1 to 6.

        rupture_rung: one of `thresholds`, by default the scenario's own; 0 is `undisputed`.
        Raises ValueError for a rung that was not counted.
        """
        rung = float(self.rules["rupture_rung"]) if rupture_rung is None else rupture_rung
        if rung not in self.thresholds:
            threshold = ", ".join(f"{threshold:g}" for threshold in self.thresholds)
            raise ValueError(f"rupture_rung is {rung:g}; allowed: {threshold}")
        holds = self._standing_by(breakdown_after, rung)
        return survival_frame(holds, self.n, self.compiled.start)

    def _standing_by(self, breakdown_after: int, rung: float) -> NDArray[np.int64]:
        """Runs that stand at the end of week 1..H by another definition."""
        row = self.compiled.params.thresholds.tolist().index(rung)
        return holding_by(self.tally, row, breakdown_after)

    @cached_property
    def k_table(self) -> "pd.DataFrame":
        """`standing` by rung and K: rupture_rung, breakdown_after, week, n, p, low, high.

        At term and horizon. Rung 0 is `undisputed`: any violation by both, or very long by one.
        """
        weeks = sorted({self.headline_week, self.horizon})
        rungs = () if self.reason("standing") else self.thresholds
        return definitions_frame(
            {
                (rung, k, week): int(self._standing_by(k, rung)[week - 1])
                for rung, k, week in product(rungs, K_VALUES, weeks)
            },
            self.n,
        )

    @cached_property
    def triggers(self) -> "pd.DataFrame":
        """Triggers of the disputes by the end of the term and by the horizon."""
        weeks = sorted({self.headline_week, self.horizon})
        return bands.trigger_frame(self.tally, self.compiled, weeks)

    @cached_property
    def triggers_by_week(self) -> "pd.DataFrame":
        """Triggers of the disputes up to the end of every week."""
        return bands.trigger_frame(self.tally, self.compiled, range(1, self.horizon + 1))

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
        return bands.band_frame(self.tally, self.compiled)

    @cached_property
    def conduct(self) -> "pd.DataFrame":
        """Pairs of conduct: week, date, pair, n, count."""
        return bands.conduct_frame(self.tally, self.compiled)

    @cached_property
    def causes_by_week(self) -> "pd.DataFrame":
        """Disputes up to every week by cause and side: cause, who, week, date, count, p."""
        return bands.cause_frame(self.tally, self.compiled)

    @cached_property
    def joined(self) -> "pd.DataFrame":
        """Share of runs in which each ally has joined: ally, week, date, n, p, low, high."""
        return joined_frame(self.tally, self.compiled)

    @cached_property
    def payoffs(self) -> "pd.DataFrame":
        """Discounted payoffs and harms: who, measure, n, mean, sd, se."""
        return bands.payoff_frame(self.tally, self.compiled.sides.ids)

    @cached_property
    def talks(self) -> TalksSummary:
        """How often there were talks, and when first."""
        return bands.talks_summary(self.tally)

    def plot(self, kind: str) -> "Figure":
        """A picture by name, as a matplotlib Figure; `sim.report.pictures` lists them.

        Raises ResultError with the names there are if there is none of that name.
        """
        return pictures.draw(pictures.RESULT, kind, self)


def _share_of(outcome: Outcome) -> property:
    """An outcome as a property: its share at the end of the term (or the horizon)."""
    doc = f"{outcome.says[0].upper()}{outcome.says[1:]}, at the end of the term."
    return property(lambda self: self.at(outcome.name), doc=doc)


for _outcome in OUTCOMES:
    setattr(Result, _outcome.name, _share_of(_outcome))
