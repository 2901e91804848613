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

if TYPE_CHECKING:
    from sim.forecast.fitted import Fit

#: Tolerances are judgements: so many times each of them is looked at beside.
FACTORS = (0.5, 2.0)


@dataclass(frozen=True)
class Answer:
    """Odds; those by what a fit believed before the record, if there is one; rows of rivals; and
    the odds of the last day with every tolerance halved and doubled."""

    odds: list[Odds]
    before: list[Odds]
    nulls: list[dict[str, Any]]
    other: list[Odds]


def answer(question: Question, days: Sequence[Date], fit: "Fit | None" = None) -> Answer:
    """The odds on these days, with the settings of a fit if one is given. Raises as `odds`."""
    observed = facts_by_day(question, days)
    used = question if fit is None else replace(question, fit=fitted(fit))
    all_odds = every(used, days, observed)
    before = [] if fit is None else every(replace(question, fit=believed(fit)), days, observed)
    other = list(other_tolerances(used, days[-1], observed[-1]))
    return Answer(all_odds, before, nulls(question, all_odds, observed), other)


def other_tolerances(question: Question, day: Date, observed: Observations) -> Iterator[Odds]:
    """The odds of a day with every tolerance times FACTORS, however few copies are left effective:
    a result that does not survive that is one of the tolerances. What no copy can follow so is
    left out."""
    for factor in FACTORS:
        other = replace(question, tolerance=factor * question.tolerance, anyway=True)
        with suppress(ForecastError):
            yield every(other, [day], [observed])[0]
