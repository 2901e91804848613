"""The adviser: what would become of each move, by continuing the game many times from here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.outcomes.odds import Odds, odds_after
from sim.play.moves import Move
from sim.play.ordering import give_orders
from sim.world.outcomes import outcome_of
from sim.world.state import MOVES, State, copied

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

#: What is weighed, in the words of moves: the three of the model, and the policy's own draw.
WEIGHED = {
    "retaliate": Move("retaliate"),
    "hold": Move("hold"),
    "concede": Move("ease"),
    "auto": Move("auto"),
}


@dataclass(frozen=True)
class Advice:
    """The odds after each move of `side` in week `week`; both go on by their policies then.

    `odds`: by move (retaliate, hold, concede, auto). `policy`: the chances of retaliate, hold and
    concede by the side's own policy. The adviser plays on from the truth, which no side knows.
    """

    side: str
    week: int
    odds: Mapping[str, Odds]
    policy: tuple[float, float, float]

    def __str__(self) -> str:
        return "\n".join(lines(self))


def advise(
    compiled: "Compiled",
    state: State,
    week: int,
    side: str,
    luck: tuple[int, int],
    runs: int,
    policy: tuple[float, float, float],
) -> Advice:
    """The advice for a side at the end of week `week`; `luck` is the game's (seed, run).

    All moves are weighed with common random numbers. Raises ValueError as `branch` does.
    """
    odds = {}
    for name, move in WEIGHED.items():
        ordered = copied(state)
        give_orders(compiled, ordered, side, move)
        odds[name] = odds_after(compiled, ordered, week, *luck, runs)
    return Advice(side, week + 1, odds, policy)


def lines(advice: Advice) -> Iterator[str]:
    """The advice in words: a line for each outcome and move."""
    some = advice.odds["hold"]
    yield (
        f"Odds of each move in week {advice.week}, read at the end of week {some.read}: shares of "
        f"{some.truce.n:,} continuations with their 95 % intervals. The adviser knows the truth; "
        "after the move both sides play their policies."
    )
    for name in some.shares:
        yield f"  {outcome_of(name).says}:"
        for move, odds in advice.odds.items():
            share = odds.shares[name]
            yield f"    {move:<9} {share.p:.3f} ({share.low:.3f} to {share.high:.3f})"
    yield f"Your policy would {_chances(advice.policy)}."


def _chances(policy: Sequence[float]) -> str:
    moves = [f"{move} with chance {p:.2f}" for move, p in zip(MOVES, policy, strict=True) if p > 0]
    return ", ".join(moves)
