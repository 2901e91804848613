"""The whole answer to a question about some days: odds, those beside them, and rivals."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.forecast.chances import Odds
from sim.forecast.facts import Date, ForecastError
from sim.forecast.nulls import nulls
from sim.forecast.observations import Observations
from sim.forecast.odds import Question, every, facts_by_day
from sim.forecast.settings import believed, fitted
from sim.history.path import record_path

if TYPE_CHECKING:
    from sim.forecast.fitted import Fit

#: Tolerances are judgements: so many times each of them is looked at beside.
FACTORS = (0.5, 2.0)


@dataclass(frozen=True)
class Answer:
    """Odds; those by what a fit believed before the record, if there is one; rows of rivals; the
    odds of the last day with every tolerance halved and doubled; and by outcome the week in which
    the record had ended it by then."""

    odds: list[Odds]
    before: list[Odds]
    nulls: list[dict[str, Any]]
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
