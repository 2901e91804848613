"""The whole answer to a question about some days: odds, those beside them, and rivals."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.forecast.facts import Date, ForecastError
from sim.forecast.fitted import believed, fitted
from sim.forecast.observations import Observations
from sim.forecast.odds import Odds, Question, every, facts_by_day
from sim.forecast.rivals import LIVES, OF_LIVES, lives
from sim.history.path import record_path
from sim.history.record import shipped
from sim.history.replay import GOVERNMENTS, with_governments

if TYPE_CHECKING:
    from sim.forecast.fitted import Fit

#: Tolerances are judgements: so many times each of them is looked at beside.
FACTORS = (0.5, 2.0)
#: Copies and runs of a rival with governments (judgement, 2026-11-29: a thin line, +- .04).
COPIES = RUNS = 500

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """Odds; those by what a fit believed before the record, if there is one; rows of rivals; the
    odds of the last day with every tolerance halved and doubled; and by outcome the week in which
    the record had ended it by then."""

    odds: list[Odds]
    before: list[Odds]
    nulls: Rows
    other: list[Odds]
    ended: dict[str, int]


def answer(question: Question, days: Sequence[Date], fit: "Fit | None" = None) -> Answer:
    """The odds on these days, with the settings of a fit if one is given. Raises as `odds`."""
    observed = facts_by_day(question, days)
    used = question if fit is None else replace(question, fit=fitted(fit))
    all_odds = every(used, days, observed)
    before = [] if fit is None else every(replace(question, fit=believed(fit)), days, observed)
    other = list(other_tolerances(used, days[-1], observed[-1]))
    ended = ended_on_record(question, all_odds[-1])
    return Answer(all_odds, before, nulls(question, all_odds, observed), other, ended)


def ended_on_record(question: Question, last: Odds) -> dict[str, int]:
    """The outcomes that had ended on record by the day of odds, each with its week."""
    ends = record_path(question.scenario, question.record).ends
    asked = dict.fromkeys(chance.outcome for chance in last.chances)
    return {name: ends[name] for name in asked if 0 < ends.get(name, 0) <= last.after}


def other_tolerances(question: Question, day: Date, observed: Observations) -> Iterator[Odds]:
    """The odds of a day with every tolerance times FACTORS, however few copies are left effective:
    a result that does not survive that is one of the tolerances. What no copy can follow so is
    left out."""
    for factor in FACTORS:
        other = replace(question, tolerance=factor * question.tolerance, anyway=True)
        with suppress(ForecastError):
            yield every(other, [day], [observed])[0]


def nulls(question: Question, all_odds: Sequence[Odds], tables: Sequence[Observations]) -> Rows:
    """Rows as those of the odds, of every rival on their days; `settings` names the rival.

    tables: what was known on these days. Governments without reciprocity follow the record and go
    on like the scenario's own; one that cannot follow it at all has no rows. Rivals that know only
    how long earlier truces lasted are arithmetic, and have no interval. All are asked about the
    headline alone.
    """
    headline = all_odds[0].chances[0].outcome
    rows: Rows = []
    for rival in GOVERNMENTS:
        other = with_governments(question.scenario, rival)
        small = replace(
            question, scenario=other, particles=COPIES, runs=RUNS, fit=None, anyway=True
        )
        with suppress(ForecastError):
            rival_odds = every(small, [odds.as_of for odds in all_odds], tables)
            rows += [
                row | {"settings": rival} for odds in rival_odds for row in odds.rows(headline)
            ]
    if question.scenario.spec.truce is not None and headline in OF_LIVES:
        rows += [row for odds in all_odds for row in _lived(question, odds, headline)]
    return rows


def _lived(question: Question, odds: Odds, headline: str) -> Iterator[dict[str, Any]]:
    """What lives of truces that ended before the day say of the readings of its headline."""
    past = lives(question.record or shipped(), odds.as_of, question.scenario.spec.start)
    rows = odds.rows(headline)
    when = ("as_of", "weeks_over", "outcome", "at", "week", "day")
    for rival, law in LIVES.items() if past.names else ():
        chances = law(past, float(odds.after), [row["week"] - odds.after for row in rows])
        for row, p in zip(rows, chances, strict=True):
            yield {name: row[name] for name in when} | {"p": float(p), "settings": rival}
