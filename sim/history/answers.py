"""Who answers what, counted on the record: what policies, slips, graces and tariffs are set from.

    python -m sim.history.answers                        the whole record
    python -m sim.history.answers --until 2025-05-12     what was known on that day

Every share comes with its counts and its 95 % Wilson interval. An *escalation day* of a side is a
day, known to the day, with an escalation of it that is aimed at the other. It is *answered* if an
escalation of the other within 14 days is recorded as an answer to one of that day: a lower bound,
for an empty field does not mean unprovoked. It is *followed* if there is any: an upper bound.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sim.history.counting import print_counts
from sim.history.record import COMPONENTS, Date, Event, Truce, events, shipped, truces
from sim.history.spells import ANSWER_DAYS, DAYS_A_WEEK, SIDES, answering, escalations, spells
from sim.outcomes.estimates import Estimate, estimate

GRACE_DAYS = 28


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


def answers(who: str, until: Date) -> Answers:
    """How a side answers the other."""
    other = SIDES[1 - SIDES.index(who)]
    provoking: dict[Date, list[Event]] = {}
    for event in escalations(other, until):
        provoking.setdefault(event.day, []).append(event)
    replies = [e for e in events(end=until) if (e.actor, e.direction) == (who, "escalate")]
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


if __name__ == "__main__":
    print_counts("who answers what", lines)
