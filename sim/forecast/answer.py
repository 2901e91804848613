"""The whole answer to a question about some days: odds, those beside them, and rivals."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.forecast.chances import Odds
from sim.forecast.facts import Date, ForecastError
from sim.forecast.nulls import nulls
from sim.forecast.observations import Observations
from sim.forecast.odds import Question, every, known
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


def answer(asked: Question, days: Sequence[Date], fit: "Fit | None" = None) -> Answer:
    """The odds on these days, with the settings of a fit if one is given. Raises as `odds`."""
    seen = known(asked, days)
    used = asked if fit is None else replace(asked, fit=fitted(fit))
    made = every(used, days, seen)
    before = [] if fit is None else every(replace(asked, fit=believed(fit)), days, seen)
    other = list(other_tolerances(used, days[-1], seen[-1]))
    return Answer(made, before, nulls(asked, made, seen), other)


def other_tolerances(asked: Question, day: Date, seen: Observations) -> Iterator[Odds]:
    """The odds of a day with every tolerance times FACTORS, however few copies are left effective:
    a result that does not survive that is one of the tolerances. What no copy can follow so is
    left out."""
    for factor in FACTORS:
        other = replace(asked, tolerance=factor * asked.tolerance, anyway=True)
        with suppress(ForecastError):
            yield every(other, [day], [seen])[0]
