"""How often a week that is read as bad is answered: spells of one side's acts, and the other's.

A *spell* of a side is its acts, each within ANSWER_DAYS of the one before. It counts once, and is
open to an answer from its first act to ANSWER_DAYS after its last. It has a weekly chance for each
week begun until the answer, one at least, or for all its weeks without one. Links in the record
are a lower bound of answering; any act of the other after the first day is an upper bound.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from scipy.stats import beta

from sim.history.record import Date, Event, events

SIDES = ("US", "CN")
ANSWER_DAYS = 14
DAYS_A_WEEK = 7
#: Grade from which an act counts; a comment or a statement is 1.
LEAST = 2

#: Ends of the 95 % intervals.
ENDS = (0.025, 0.975)


@dataclass(frozen=True)
class Chance:
    """`n` answers in `weeks` weekly chances: Beta(n + 1/2, weeks - n + 1/2), by Jeffreys' prior."""

    n: int
    weeks: int

    @property
    def mean(self) -> float:
        """The mean of that law: the chance of an answer in a week."""
        return (self.n + 0.5) / (self.weeks + 1)

    @property
    def interval(self) -> tuple[float, float]:
        """Its central 95 %."""
        law = beta(self.n + 0.5, self.weeks - self.n + 0.5)
        return float(law.ppf(ENDS[0])), float(law.ppf(ENDS[1]))


@dataclass(frozen=True)
class Answering:
    """How `who` answers the other's `spells`: by links only, and by any act that follows."""

    who: str
    spells: int
    linked: Chance
    followed: Chance

    @property
    def generosity(self) -> tuple[float, float, float]:
        """One minus the midpoint of both chances; and the ends of both intervals, lower first."""
        middle = (self.linked.mean + self.followed.mean) / 2
        return 1 - middle, 1 - self.followed.interval[1], 1 - self.linked.interval[0]

    def lines(self) -> Iterator[str]:
        """The counts as text."""
        for words, chance in (("linked", self.linked), ("any act", self.followed)):
            low, high = chance.interval
            yield (
                f"  {words}: {chance.n} of {self.spells} spells answered in {chance.weeks} weekly "
                f"chances, {chance.mean:.2f} a week (95 %: {low:.2f} to {high:.2f})"
            )
        value, low, high = self.generosity
        yield f"  generosity, one minus the midpoint: {value:.2f} ({low:.2f} to {high:.2f})"


def escalations(who: str, until: Date) -> tuple[Event, ...]:
    """Escalations of a side against the other, of grade 2 and more, known to the day."""
    targets = {*SIDES, "BOTH", "ALL"} - {who}
    return tuple(
        event
        for event in events(end=until)
        if (event.actor, event.direction, event.exact) == (who, "escalate", True)
        and event.target in targets
        and event.magnitude >= LEAST
    )


def spells(acts: Sequence[Event]) -> tuple[tuple[Event, ...], ...]:
    """Acts in order of day, those within ANSWER_DAYS of the one before with it."""
    bouts: list[list[Event]] = []
    for act in acts:
        if bouts and (act.day - bouts[-1][-1].day).days <= ANSWER_DAYS:
            bouts[-1].append(act)
        else:
            bouts.append([act])
    return tuple(map(tuple, bouts))


def answering(who: str, until: Date) -> Answering:
    """How a side answers the spells of the other, from the record to a day."""
    other = SIDES[1 - SIDES.index(who)]
    replies = [e for e in events(end=until) if (e.actor, e.direction) == (who, "escalate")]
    bouts = spells(escalations(other, until))
    linked = [_days(spell, replies, linked=True) for spell in bouts]
    followed = [_days(spell, replies, linked=False) for spell in bouts]
    return Answering(
        who, len(bouts), _chance(bouts, linked, until), _chance(bouts, followed, until)
    )


def _days(spell: tuple[Event, ...], replies: list[Event], linked: bool) -> int | None:
    """Days from the first act of a spell to the first answer; none: not answered."""
    names = {act.name for act in spell}
    first, last = spell[0].day, spell[-1].day
    for reply in sorted(replies, key=lambda e: e.day):
        days = (reply.day - first).days
        names_it = reply.answers in names
        late = (reply.day - last).days > ANSWER_DAYS
        if not late and ((names_it and days >= 0) or (not linked and days > 0)):
            return days
    return None


def _chance(
    bouts: tuple[tuple[Event, ...], ...], answered: list[int | None], until: Date
) -> Chance:
    """Answers over weekly chances; a spell still open at `until` has had its chances so far."""
    weeks = 0
    for spell, days in zip(bouts, answered, strict=True):
        if days is None:
            days = (min(spell[-1].day, until) - spell[0].day).days + ANSWER_DAYS
            days = min(days, (until - spell[0].day).days)
        weeks += max(1, ceil(days / DAYS_A_WEEK))
    return Chance(sum(days is not None for days in answered), weeks)
