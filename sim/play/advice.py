"""The adviser before a move, and the debriefing after the game: both continue it many times.

What would become of each move; what was true, what was misread, where the odds turned, and what the
policies would have done.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.explain.phrases import label, listed, opened
from sim.explain.story import odds_sentence
from sim.explain.weeks import SideWeek, Trace, drawn_move
from sim.outcomes.butfor import RunOdds, odds_after
from sim.outcomes.definitions import date_text
from sim.play.moves import Move, give_orders
from sim.scenario.sides import Sides
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
    odds: Mapping[str, RunOdds]
    policy: tuple[float, float, float]

    def __str__(self) -> str:
        return "\n".join(_advice_lines(self))


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


def _advice_lines(advice: Advice) -> Iterator[str]:
    some = advice.odds["hold"]
    yield (
        f"Odds of each move in week {advice.week}, read at the end of week {some.read}: shares of "
        f"{some.truce.n:,} continuations with their 95 % intervals. The adviser knows the truth; "
        "after the move both sides play their policies."
    )
    for name in some.shares:
        yield f"  {outcome_of(name).says}:"
        for move, odds in advice.odds.items():
            yield f"    {move:<9} {odds.shares[name].text()}"
    chances = [
        f"{move} with chance {p:.2f}" for move, p in zip(MOVES, advice.policy, strict=True) if p > 0
    ]
    yield f"Your policy would {', '.join(chances)}."


@dataclass(frozen=True)
class ChairWeek:
    """One chair in one week of the game.

    `ordered`: the player's move; `did`: what came of it, as retaliate, hold or concede; `policy`:
    what one's policy drew, by the same draw, in the state of its machine. `saw_bad`: one's signal;
    `violated`: whether the other side was in violation, the truth.
    """

    side: str
    ordered: Move
    did: str
    policy: str
    saw_bad: bool
    violated: bool

    @property
    def misread(self) -> bool:
        """Whether what was seen was not true."""
        return self.saw_bad != self.violated


@dataclass(frozen=True)
class DebriefedWeek:
    """A week of the game; `moved`: every lever that moved, with its owner's reason."""

    number: int
    date: datetime.date
    chairs: tuple[ChairWeek, ...]
    moved: tuple[str, ...]
    odds: RunOdds | None  # at its end; None once the headline outcome has ended


@dataclass(frozen=True)
class Debriefing:
    """The game looked back on; `start` has the odds before week 1."""

    start: RunOdds
    weeks: tuple[DebriefedWeek, ...]
    verdict: str
    sides: Sides

    @property
    def misread(self) -> tuple[tuple[int, str], ...]:
        """(week, side) of everything that a chair saw wrongly."""
        return tuple(
            (week.number, chair.side)
            for week in self.weeks
            for chair in week.chairs
            if chair.misread
        )

    @property
    def turns(self) -> tuple[tuple[int, float], ...]:
        """(week, change of the odds of the headline outcome), the largest change first.

        Between odds read at the same week only; to 0 in the week in which the outcome ends.
        """
        changes, before = [], self.start
        for week in self.weeks:
            now = week.odds
            if now is None:
                changes.append((week.number, -before.truce.p))
                break
            if now.read == before.read:
                changes.append((week.number, now.truce.p - before.truce.p))
            before = now
        return tuple(sorted(changes, key=lambda turn: -abs(turn[1])))

    def __str__(self) -> str:
        return "\n".join(_debriefing_lines(self))


def debrief(
    trace: Trace, states: Sequence[State], moves: Sequence[Mapping[str, Move]], runs: int
) -> Debriefing:
    """The debriefing of the weeks played.

    `states` are those at the end of week 0, 1, ...; odds by `runs` continuations each.
    """
    odds = [
        odds_after(trace.compiled, state, week, trace.seed, trace.run, runs)
        for week, state in enumerate(states)
    ]
    headline = odds[0].headline
    ended = trace.outcome.ended[headline]
    weeks = []
    for week, orders in zip(trace.weeks, moves, strict=True):
        chairs = tuple(_chair(trace, week.side(side), move) for side, move in orders.items())
        moved = tuple(
            f"{c.who} {label(c.lever)} {c.before}→{c.after} ({f'{c.why} {c.item}'.strip()})"
            for c in week.changes
        )
        now = odds[week.number] if ended is None or week.number < ended else None
        weeks.append(DebriefedWeek(week.number, week.date, chairs, moved, now))
    verdict = f"The {'truce' if trace.has_truce else 'peace'} "
    if ended is None:
        verdict += f"held for the {len(weeks)} weeks played."
    else:
        verdict += f"broke in week {ended} ({date_text(trace.week(ended).date)})."
    return Debriefing(odds[0], tuple(weeks), verdict, trace.scenario.sides)


def _chair(trace: Trace, now: SideWeek, move: Move) -> ChairWeek:
    policy, seen = drawn_move(trace, now, now.state), now.reading
    return ChairWeek(now.who, move, now.move, policy, seen.saw_bad, seen.violated)


def _debriefing_lines(debriefing: Debriefing) -> Iterator[str]:
    sides = debriefing.sides
    yield debriefing.verdict
    yield f"Before week 1. {odds_sentence(debriefing.start)}"
    for week in debriefing.weeks:
        yield f"Week {week.number}, {date_text(week.date)}"
        yield from (f"  {opened(_chair_line(chair, sides))}" for chair in week.chairs)
        yield from (f"  {text}" for text in week.moved)
        if week.odds is not None:
            yield f"  odds {week.odds.truce}"
    wrong = [f"week {week} ({sides.of(side).short})" for week, side in debriefing.misread]
    yield f"Misread: {listed(wrong) if wrong else 'nothing'}."
    turns = [f"week {week} ({change:+.3f})" for week, change in debriefing.turns[:3] if change]
    yield f"The odds turned most in {listed(turns)}." if turns else "The odds never moved."
    chairs = [chair for week in debriefing.weeks for chair in week.chairs]
    left = [chair.ordered.word == "auto" for chair in chairs]
    same = sum(auto or c.did == c.policy for auto, c in zip(left, chairs, strict=True))
    if chairs:
        what = f"what your policy's draw was ({', '.join(MOVES)})"
        to_policy = f", {sum(left)} of them left to it" if any(left) else ""
        yield f"In {same} of {len(chairs)} moves you did {what}{to_policy}."


def _chair_line(chair: ChairWeek, sides: Sides) -> str:
    saw = "a violation" if chair.saw_bad else "good conduct"
    truth = "wrongly" if chair.misread else "rightly"
    policy = "" if chair.policy == chair.did else f"; your policy's draw was {chair.policy}"
    return f"{sides.of(chair.side).short}: {chair.ordered}{policy}; saw {saw}, {truth}"
