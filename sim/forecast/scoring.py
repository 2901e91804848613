"""Every score of a frozen forecast against the path that the record took.

Chances of outcomes and of an extension score by Brier and by logarithm, the week of an end, rungs
and flows by CRPS, paths of both rungs by their energy; of a number its place among the quantiles
(PIT) is a row too. The rules are those of the library scoringrules, each compiled when it is first
called: its sixty are compiled on import, which takes seconds, and a score wants a few.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from sim.extras import need, replaced
from sim.forecast.frozen import LEVELS, Forecast, Frozen, Numbers
from sim.forecast.observations import SIDES
from sim.history.path import RecordPath


class Later:
    """A function that is compiled when it is first called."""

    def __init__(self, compiled: Callable[[], Callable[..., Any]]) -> None:
        """compiled: makes it."""
        self.compiled = cache(compiled)

    def __call__(self, *arguments: Any) -> Any:
        """What it returns."""
        return self.compiled()(*arguments)


@cache
def rules() -> Any:
    """The library. Raises ImportError where it is not installed."""
    import numba

    at_once = numba.guvectorize

    def later(*words: Any, **options: Any) -> Callable[..., Later]:
        return lambda function: Later(lambda: at_once(*words, **options)(function))

    with replaced(numba, "guvectorize", later):
        import scoringrules
    return scoringrules


#: Weeks ahead at which chances and rungs are scored; the end of the first term is scored as well.
AHEAD = (4, 13, 26)
BRIER, LOGARITHMIC, TIME, RUNG, FLOW, PATH, PLACE = (
    "Brier",
    "logarithmic",
    "CRPS, week of the end",
    "CRPS, rung",
    "CRPS, flow",
    "energy, path of rungs",
    "PIT",
)
#: The measures of a table of scores, in order.
MEASURES = (BRIER, LOGARITHMIC, TIME, RUNG, FLOW, PATH)


@dataclass(frozen=True)
class Score:
    """One number: of a forecaster, of what was forecast when, by a measure.

    chance, came: of a chance, what was said and what happened; nan and None elsewhere.
    """

    scenario: str
    as_of: str
    forecaster: str
    kind: str
    quantity: str
    measure: str
    value: float
    chance: float = float("nan")
    came: bool | None = None


def refuse_missing() -> None:
    """Raises MissingPackageError, with what to type, if the package that scores is missing."""
    need("scoringrules", "scores")


def scores(frozen: Frozen, truth: RecordPath) -> list[Score]:
    """Every score of every forecaster, for what is known of the weeks ahead.

    What had ended already on the day is not scored. Raises MissingPackageError as `refuse_missing`.
    """
    refuse_missing()
    return [
        Score(frozen.scenario, f"{frozen.as_of}", name, forecast.kind, *row)
        for name, forecast in frozen.forecasts.items()
        for row in _rows(frozen, forecast, truth)
    ]


Row = tuple[str, str, float, float, bool | None]


def _rows(frozen: Frozen, forecast: Forecast, truth: RecordPath) -> Iterator[Row]:
    weeks = scored_weeks(frozen, truth)
    for outcome, holds in forecast.holds.items():
        if truth.held(outcome, frozen.elapsed):
            for name, week in weeks.items():
                chance, came = holds[week - frozen.first], truth.held(outcome, week)
                yield from _chance(f"{outcome}, {name}", chance, came)
            yield from _time(frozen, outcome, holds, truth)
    ahead = frozen.term is not None and frozen.elapsed < frozen.term
    if forecast.extended is not None and truth.extended is not None and ahead:
        yield from _chance("extended", forecast.extended, truth.extended)
    for side, quantiles in forecast.rungs.items():
        for name, week in weeks.items():
            rung = float(truth.rungs[SIDES.index(side), week - 1])
            yield from _number(f"rung {side}, {name}", RUNG, quantiles[week - frozen.first], rung)
    for month in truth.months:
        if month.name in forecast.flows:
            flow = forecast.flows[month.name]
            yield from _number(f"flow, {month.name}", FLOW, flow, month.share)
    yield from _path(frozen, forecast, truth)


def asked_weeks(frozen: Frozen) -> dict[str, int]:
    """By name, the weeks that chances are asked of: so many ahead, and the end of the term."""
    weeks = {f"{ahead} weeks on": frozen.elapsed + ahead for ahead in AHEAD}
    if frozen.term is not None and frozen.term not in weeks.values():
        weeks["end of the term"] = frozen.term
    return weeks


def scored_weeks(frozen: Frozen, truth: RecordPath) -> dict[str, int]:
    """Those of them at which chances are scored: to come on the day, and on record by now."""
    last = min(truth.weeks, frozen.weeks)
    return {
        name: week for name, week in asked_weeks(frozen).items() if frozen.elapsed < week <= last
    }


def _chance(quantity: str, chance: float, came: bool) -> Iterator[Row]:
    yield quantity, BRIER, float(rules().brier_score(float(came), chance)), chance, came
    with np.errstate(divide="ignore"):  # a certain error scores infinity
        value = float(rules().log_score(float(came), chance))
    yield quantity, LOGARITHMIC, value, chance, came


def _time(frozen: Frozen, outcome: str, holds: Numbers, truth: RecordPath) -> Iterator[Row]:
    """CRPS of the week of the end, up to what is known: the sum of the Brier scores by week."""
    weeks = range(frozen.first, min(truth.weeks, frozen.weeks) + 1)
    if not len(weeks):
        return
    held_then = np.array([float(truth.held(outcome, week)) for week in weeks])
    by_week = rules().brier_score(held_then, np.array(holds[: len(weeks)]))
    yield f"{outcome}, week of its end", TIME, float(by_week.sum()), float("nan"), None


def _number(quantity: str, measure: str, quantiles: Numbers, came: float) -> Iterator[Row]:
    """CRPS of a number, and where it lies among the quantiles (half of those equal below it)."""
    values = np.array(quantiles)
    value = float(rules().crps_quantile(came, values, np.array(LEVELS)))
    place = float(((values < came) + (values == came) / 2).mean())
    yield quantity, measure, value, float("nan"), None
    yield quantity, PLACE, place, float("nan"), None


def _path(frozen: Frozen, forecast: Forecast, truth: RecordPath) -> Iterator[Row]:
    last = min(truth.weeks, frozen.weeks)
    if not forecast.paths or last < frozen.first:
        return
    paths = np.array(forecast.paths)[:, :, : last - frozen.elapsed].reshape(len(forecast.paths), -1)
    came = truth.rungs[:, frozen.elapsed : last].reshape(-1)
    estimator = "fair" if len(paths) > 1 else "nrg"
    value = float(rules().es_ensemble(came, paths, estimator=estimator))
    yield "path of both rungs", PATH, value, float("nan"), None
