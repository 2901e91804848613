"""The odds of the truce at each turn of a story: the same run up to there, continued many times."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.engines.branch import states_at
from sim.outcomes.definitions import headline
from sim.outcomes.odds import CONTINUATIONS, Odds, odds_after
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    from sim.explain.weeks import Trace


def odds_of(trace: "Trace", turns: Iterable[int], runs: int = CONTINUATIONS) -> dict[int, Odds]:
    """The odds at the end of each of the weeks `turns` (0: before week 1), while they are open.

    Once the headline outcome has ended there are none. Raises ValueError for a week outside the
    run, and as `odds_after` does.
    """
    compiled = trace.compiled
    name = headline(compiled.params.rules[0], compiled.weeks)
    ended = trace.outcome.ended[name]
    still = [week for week in sorted(set(turns)) if ended is None or week < ended]
    states = states_at(compiled.params, trace.seed, trace.run, still)
    return {
        week: odds_after(compiled, state, week, trace.seed, trace.run, runs)
        for week, state in zip(still, states, strict=True)
    }


def odds_sentence(odds: Odds) -> str:
    """The odds of the headline outcome, with their interval and what was counted."""
    share = odds.truce
    where = f"from the end of week {odds.after}" if odds.after else "from the start"
    return (
        f"Odds that {outcome_of(odds.headline).says} at the end of week {odds.read}: {share.p:.3f} "
        f"(95 % interval {share.low:.3f} to {share.high:.3f}; {share.n:,} continuations {where}, "
        "with other random numbers)."
    )
