"""The whole answer to a question about some days: odds, those beside them, and rivals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.forecast.chances import Odds
from sim.forecast.facts import Date
from sim.forecast.nulls import nulls
from sim.forecast.odds import Question, every, known
from sim.forecast.settings import believed, fitted

if TYPE_CHECKING:
    from sim.forecast.fitted import Fit


@dataclass(frozen=True)
class Answer:
    """Odds; those by what a fit believed before the record, if there is one; rows of rivals."""

    odds: list[Odds]
    before: list[Odds]
    nulls: list[dict[str, Any]]


def answer(asked: Question, days: Sequence[Date], fit: "Fit | None" = None) -> Answer:
    """What is told on these days, with the settings of a fit if one is given. Raises as `odds`."""
    seen = known(asked, days)
    if fit is None:
        made = every(asked, days, seen)
        return Answer(made, [], nulls(asked, made, seen))
    made = every(replace(asked, fit=fitted(fit)), days, seen)
    before = every(replace(asked, fit=believed(fit)), days, seen)
    return Answer(made, before, nulls(asked, made, seen))
