"""The debriefing of a game: what was true, what was misread, where the odds turned, and what the
policies would have done."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.explain.counterfactual import drawn_move
from sim.explain.phrases import label, listed, opened
from sim.explain.story import odds_sentence
from sim.explain.weeks import Trace, Week
from sim.outcomes.calendar import date_text
from sim.outcomes.odds import Odds, odds_after
from sim.play.moves import Move
from sim.scenario.sides import Sides
from sim.world.state import MOVES, State


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
    odds: Odds | None  # at its end; None once the headline outcome has ended


@dataclass(frozen=True)
class Debriefing:
    """The game looked back on; `start` has the odds before week 1."""

    start: Odds
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
        return "\n".join(lines(self))


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
    ended = trace.outcome.ended[odds[0].headline]
    weeks = []
    for week, orders in zip(trace.weeks, moves, strict=True):
        chairs = tuple(_chair(trace, week, side, move) for side, move in orders.items())
        open_yet = ended is None or week.number < ended
        now = odds[week.number] if open_yet else None
        weeks.append(DebriefedWeek(week.number, week.date, chairs, tuple(_moves_of(week)), now))
    return Debriefing(
        odds[0], tuple(weeks), _verdict(trace, odds[0].headline), trace.scenario.sides
    )


def _chair(trace: Trace, week: Week, side: str, move: Move) -> ChairWeek:
    now = week.side(side)
    policy = drawn_move(trace, now, now.state)
    return ChairWeek(side, move, now.move, policy, now.reading.saw_bad, now.reading.violated)


def _moves_of(week: Week) -> Iterator[str]:
    for change in week.changes:
        why = f"{change.why} {change.item}".strip()
        yield f"{change.who} {label(change.lever)} {change.before}→{change.after} ({why})"


def _verdict(trace: Trace, headline: str) -> str:
    ended, played = trace.outcome.ended[headline], len(trace.weeks)
    subject = "The truce" if trace.has_truce else "The peace"
    if ended is not None:
        return f"{subject} broke in week {ended} ({date_text(trace.week(ended).date)})."
    return f"{subject} held for the {played} weeks played."


def lines(debriefing: Debriefing) -> Iterator[str]:
    """The debriefing in words."""
    yield debriefing.verdict
    yield f"Before week 1. {odds_sentence(debriefing.start)}"
    for week in debriefing.weeks:
        yield f"Week {week.number}, {date_text(week.date)}"
        yield from (f"  {opened(_chair_line(chair, debriefing.sides))}" for chair in week.chairs)
        yield from (f"  {text}" for text in week.moved)
        if week.odds is not None:
            share = week.odds.truce
            yield f"  odds {share.p:.3f} ({share.low:.3f} to {share.high:.3f}, n = {share.n:,})"
    yield from _summed_up(debriefing)


def _chair_line(chair: ChairWeek, sides: Sides) -> str:
    saw = "a violation" if chair.saw_bad else "good conduct"
    truth = "wrongly" if chair.misread else "rightly"
    policy = "" if chair.policy == chair.did else f"; your policy's draw was {chair.policy}"
    return f"{sides.of(chair.side).short}: {chair.ordered}{policy}; saw {saw}, {truth}"


def _summed_up(debriefing: Debriefing) -> Iterator[str]:
    wrong = [
        f"week {week} ({debriefing.sides.of(side).short})" for week, side in debriefing.misread
    ]
    yield f"Misread: {listed(wrong) if wrong else 'nothing'}."
    turns = [f"week {week} ({change:+.3f})" for week, change in debriefing.turns[:3] if change]
    yield f"The odds turned most in {listed(turns)}." if turns else "The odds never moved."
    chairs = [chair for week in debriefing.weeks for chair in week.chairs]
    same = sum(chair.did == chair.policy for chair in chairs)
    if chairs:
        yield (
            f"In {same} of {len(chairs)} moves you did what your policy's draw was "
            f"({', '.join(MOVES)})."
        )
