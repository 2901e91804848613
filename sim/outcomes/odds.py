"""The odds of the outcomes as a run stands at the end of a week: many continuations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.engines.branch import branch, other_luck
from sim.engines.counts import RUNS
from sim.outcomes.butfor import without_bands
from sim.outcomes.definitions import defined, definition, headline, term_of
from sim.outcomes.estimates import Estimate, estimate
from sim.outcomes.survival import holding_at
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled
    from sim.world.state import State

#: Continuations: their odds are known to two points (judgement: enough to see a turn).
CONTINUATIONS = 2_000


@dataclass(frozen=True)
class Odds:
    """What a run that stands so at the end of week `after` still has before it.

    `shares`: by outcome, the share of continuations in which it holds at the end of week `read`
    (for one decided once: in which it comes about). `headline` is the outcome named first.
    """

    after: int
    read: int
    headline: str
    shares: dict[str, Estimate]

    @property
    def truce(self) -> Estimate:
        """The odds of the headline outcome: that the truce stands, where there is one."""
        return self.shares[self.headline]


def read_at(compiled: "Compiled", after: int) -> int:
    """The week at whose end odds are read: the last of the first term, or the horizon after it."""
    term = term_of(compiled.params.rules[0], compiled.weeks)
    return term if term is not None and after < term else compiled.weeks


def odds_after(
    compiled: "Compiled",
    state: "State",
    week: int,
    seed: int,
    run: int,
    runs: int = CONTINUATIONS,
    progress: Callable[[int], None] | None = None,
) -> Odds:
    """The odds from a state of run `run` of a seed at the end of a week.

    Both sides go on by their policies. The run's own future is not among the continuations. Raises
    ValueError as `branch` does.
    """
    params, read = without_bands(compiled.params), read_at(compiled, week)
    first = other_luck(run, runs)
    tally = branch(params, state, week, seed, first, runs, progress=progress).tally
    rules = params.rules[0]
    shares = {}
    for name in defined(rules, compiled.weeks):
        hits, n = holding_at(tally, name, read), int(tally.counts[RUNS])
        shares[name] = estimate(hits, n, _counted(compiled, name, week, read))
    return Odds(week, read, headline(rules, compiled.weeks), shares)


def _counted(compiled: "Compiled", name: str, week: int, read: int) -> str:
    """What was counted, in words."""
    levers = compiled.params.levers
    core = [lever for k, lever in enumerate(compiled.levers) if levers["core"][k]]
    measure = definition(name, compiled.params.rules[0], core)
    when = "" if outcome_of(name).once else f" at the end of week {read}"
    return f"share of continuations from the end of week {week} with {measure}{when}"
