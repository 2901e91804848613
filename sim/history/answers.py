"""Who answers what, counted on the record: what policies, slips, graces and tariffs are set from.

    python -m sim.history.answers                        the whole record
    python -m sim.history.answers --until 2025-05-12     what was known on that day

Every share comes with its counts and its 95 % Wilson interval. An *escalation day* of a side is a
day, known to the day, with an escalation of it that is aimed at the other. It is *answered* if an
escalation of the other within 14 days is recorded as an answer to one of that day: a lower bound,
for an empty field does not mean unprovoked. It is *followed* if there is any: an upper bound.

A *spell* of a side is its acts, each within ANSWER_DAYS of the one before. It counts once, and is
open to an answer from its first act to ANSWER_DAYS after its last. It has a weekly chance for each
week begun until the answer, one at least, or for all its weeks without one. Links in the record
are a lower bound of answering; any act of the other after the first day is an upper bound.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from scipy.stats import beta

from sim.history.record import COMPONENTS, Date, Event, Truce, events, shipped, truces
from sim.outcomes.estimates import Estimate, estimate

SIDES = ("US", "CN")
ANSWER_DAYS = 14
GRACE_DAYS = 28
DAYS_A_WEEK = 7
#: Grade from which an act counts; a comment or a statement is 1.
LEAST = 2


@dataclass(frozen=True)
class Chance:
    """`n` of `weeks` weekly chances taken: Beta(n + 1/2, weeks - n + 1/2), by Jeffreys' prior."""

    n: int
    weeks: int

    @property
    def mean(self) -> float:
        """The mean of that law: the chance in a week."""
        return (self.n + 0.5) / (self.weeks + 1)

    def interval(self, ends: tuple[float, float] = (0.025, 0.975)) -> tuple[float, float]:
        """Its central 95 %, or what lies between other quantiles."""
        low, high = beta(self.n + 0.5, self.weeks - self.n + 0.5).ppf(ends)
        return float(low), float(high)


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
        return 1 - middle, 1 - self.followed.interval()[1], 1 - self.linked.interval()[0]

    def lines(self) -> Iterator[str]:
        """The counts as text."""
        for words, chance in (("linked", self.linked), ("any act", self.followed)):
            low, high = chance.interval()
            yield (
                f"  {words}: {chance.n} of {self.spells} spells answered in {chance.weeks} weekly "
                f"chances, {chance.mean:.2f} a week (95 %: {low:.2f} to {high:.2f})"
            )
        value, low, high = self.generosity
        yield f"  generosity, one minus the midpoint: {value:.2f} ({low:.2f} to {high:.2f})"


@dataclass(frozen=True)
class Answers:
    """How often `who` answers the other's escalation days, and after how many days.

    `by_grade`: the answered ones apart by the gravest act of the day, grade 2 first.
    """

    who: str
    answered: Estimate
    followed: Estimate
    lags: tuple[int, ...]
    by_grade: dict[int, Estimate]


@dataclass(frozen=True)
class InTruce:
    """Acts of `who` while a headline truce was in force.

    `unprovoked`: share of truce weeks with an escalation, no tariff, that is not recorded as an
    answer. `tariffs`: of the bouts of escalation (acts within 14 days of the one before belong
    together), those with a tariff raised or threatened.
    """

    who: str
    unprovoked: Estimate
    tariffs: Estimate


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


def _between(who: str, until: Date) -> tuple[tuple[Event, ...], list[Event]]:
    """Escalations of the other side, and all of a side's own, in order of day."""
    replies = [e for e in events(end=until) if (e.actor, e.direction) == (who, "escalate")]
    return escalations(SIDES[1 - SIDES.index(who)], until), replies


def answers(who: str, until: Date) -> Answers:
    """How a side answers the other."""
    provocations, replies = _between(who, until)
    provoking: dict[Date, list[Event]] = {}
    for event in provocations:
        provoking.setdefault(event.day, []).append(event)
    lags: dict[Date, int] = {}
    followed = 0
    for day, acts in provoking.items():
        soon = [e for e in replies if 0 <= (e.day - day).days <= ANSWER_DAYS]
        followed += bool(soon)
        replied = [(e.day - day).days for e in soon if e.answers in {act.name for act in acts}]
        if replied:
            lags[day] = min(replied)
    n = len(provoking)
    return Answers(
        who,
        estimate(len(lags), n, "escalation days of the other that are answered"),
        estimate(followed, n, "escalation days of the other that are followed by one of its own"),
        tuple(sorted(lags.values())),
        _by_grade(provoking, lags),
    )


def _by_grade(provoking: dict[Date, list[Event]], lags: dict[Date, int]) -> dict[int, Estimate]:
    """Answered days over all days, by the gravest act of the day."""
    grades = {day: max(act.magnitude for act in acts) for day, acts in provoking.items()}
    shares = {}
    for grade in sorted(set(grades.values())):
        days = [day for day in grades if grades[day] == grade]
        answered = sum(day in lags for day in days)
        shares[grade] = estimate(answered, len(days), f"days of grade {grade} that are answered")
    return shares


def headline_truces(until: Date) -> tuple[Truce, ...]:
    """Truces begun by a day, without the parts of packages that have clocks of their own."""
    return tuple(truce for truce in truces(end=until) if truce.name not in COMPONENTS)


def in_truce(who: str, until: Date) -> InTruce:
    """What a side did while a truce was in force; the week that ends one is of it."""
    days = {
        truce.start + timedelta(days=n)
        for truce in headline_truces(until)
        for n in range((min(truce.end, until) - truce.start).days + 1)
    }
    acts = [event for event in escalations(who, until) if event.day in days]
    weeks = round(len(days) / 7)
    tariffs = {_week(e) for e in acts if e.instrument == "tariffs"}
    alone = {_week(e) for e in acts if not e.answers} - tariffs
    bouts = spells(acts)
    by_tariff = sum(any(e.instrument == "tariffs" for e in bout) for bout in bouts)
    return InTruce(
        who,
        estimate(len(alone), weeks, "truce weeks with an unprovoked escalation, tariffs apart"),
        estimate(by_tariff, len(bouts), "bouts of escalation in a truce with a tariff"),
    )


def _week(event: Event) -> tuple[int, int]:
    return event.day.isocalendar()[:2]


def quiet_after_talks(who: str, until: Date) -> list[tuple[Date, int | None]]:
    """Each day of talks or of a truce begun, GRACE_DAYS or more before `until`, and after how many
    days the side next escalated; None: not until then. Days within a week of one are left out."""
    begun = {truce.start for truce in headline_truces(until)} | set(shipped().talks(end=until))
    first_days: list[tuple[Date, int | None]] = []
    for day in sorted(begun):
        new = not first_days or (day - first_days[-1][0]).days > DAYS_A_WEEK
        if new and day + timedelta(days=GRACE_DAYS) <= until:
            after = [(e.day - day).days for e in escalations(who, until) if e.day > day]
            first_days.append((day, min(after, default=None)))
    return first_days


def answering(who: str, until: Date) -> Answering:
    """How a side answers the spells of the other, from the record to a day."""
    provocations, replies = _between(who, until)
    bouts = spells(provocations)
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


def lines(until: Date) -> Iterator[str]:
    """The counts as text."""
    yield f"The record from {shipped().extent[0]} to {until}; 95 % Wilson intervals."
    for who in SIDES:
        shares, acts = answers(who, until), in_truce(who, until)
        quiet = quiet_after_talks(who, until)
        quiet_count = sum(days is None or days > GRACE_DAYS for _, days in quiet)
        silent = estimate(quiet_count, len(quiet))
        yield ""
        yield who
        yield f"  answers the other's escalation days within {ANSWER_DAYS} days: {shares.answered}"
        for grade, share in shares.by_grade.items():
            yield f"    of those whose gravest act has grade {grade}: {share}"
        yield f"  escalates at all within {ANSWER_DAYS} days of one: {shares.followed}"
        yield f"  days from act to answer: {', '.join(map(str, shares.lags))}"
        yield from answering(who, until).lines()
        yield f"  truce weeks with an unprovoked escalation, tariffs apart: {acts.unprovoked}"
        yield f"  of the bouts of escalation in a truce, with a tariff: {acts.tariffs}"
        yield f"  no escalation within {GRACE_DAYS} days of talks or a truce: {silent}"


def print_counts(what: str, lines: Callable[[Date], Iterable[str]]) -> None:
    """Prints the counts of a day, `--until`; by default the last of the record."""
    parser = argparse.ArgumentParser(description=f"{what}, counted on the record")
    first, last = shipped().extent
    parser.add_argument("--until", type=Date.fromisoformat, default=last, metavar="DATE")
    until = parser.parse_args().until
    if not first <= until <= last:
        parser.error(f"argument --until: {until}; allowed: {first} to {last}")
    print("\n".join(lines(until)))


if __name__ == "__main__":
    print_counts("who answers what", lines)
