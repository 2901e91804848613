"""Forecasts and what came of them: the model against each rival, by mean scores and by paired
differences with their error and power.

A mean difference is of all pairs, a question each, as every mean score is. Forecasts of one truce
are not independent, so its standard error is robust to what those of a truce (scenario) share: it
is that of a mean of truces that weigh as many pairs as they have.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil, inf, isnan, sqrt
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from sim.errors import ResultError
from sim.forecast.freeze import data_hash
from sim.forecast.frozen import FITTED, FORECASTERS, MODEL, Frozen
from sim.forecast.observations import Date
from sim.forecast.scoring import BRIER, LOGARITHMIC, MEASURES, PLACE, Score, asked_weeks, scores
from sim.history.path import record_path
from sim.history.record import Record, shipped
from sim.history.replay import COIN, CONCEDE
from sim.outcomes.estimates import Estimate, estimate, quantile_of_normal
from sim.scenario.calendar import last_day, weeks_over

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

#: The Brier gain that the power line is about, and the chance to see it.
GAIN, POWER = 0.05, 0.8
#: Spread of single differences of Brier scores by which the power line is stated where the record
#: cannot tell it: of forecasts that differ by .2 or so (judgement, 2026-11-29).
USUAL_SPREAD = 0.2
BINS = 5
#: What forecasters with governments, all of them, give to what is all but settled (judgement).
SURE, GOVERNED = 0.99, (MODEL, FITTED, COIN, CONCEDE)
#: The dates on which forecasts are frozen: truces begun, and the crisis of October (2025).
DATES = (Date(2025, 5, 12), Date(2025, 6, 27), Date(2025, 10, 9), Date(2025, 10, 30))
#: What may have changed since a forecast: its scenario, the record of what was known on its day.
SCENARIO, RECORD = "scenario", "record"
KEYS = ["scenario", "as_of", "quantity"]


@dataclass(frozen=True)
class Difference:
    """Model minus rival by one measure: below 0 the model is better.

    n: pairs, `truces`: scenarios they are of. error: standard error between truces, nan of one.
    needed: independent forecasts to see a mean gain of GAIN (two-sided 5 %, power .8), of Brier
    scores; 0 elsewhere.
    """

    measure: str
    rival: str
    mean: float
    error: float
    n: int
    truces: int
    needed: int

    @property
    def loses(self) -> bool:
        """Whether the model was worse on average."""
        return self.mean > 0


@dataclass(frozen=True)
class Bin:
    """Chances said between `low` and `high`: their mean, how many there were, how many came."""

    low: float
    high: float
    said: float
    came: Estimate


def table(rows: Iterable[Score]) -> "pd.DataFrame":
    """All scores, a row each."""
    import pandas as pd

    return pd.DataFrame([vars(row) for row in rows], columns=list(Score.__annotations__))


def means(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Mean score by forecaster (rows) and measure, on what every forecaster of a row was asked."""
    scored = frame[frame["measure"] != PLACE]
    means_by = scored.pivot_table(index="forecaster", columns="measure", values="value", sort=False)
    rows = [name for name in FORECASTERS if name in means_by.index]
    return means_by.reindex(index=rows, columns=[m for m in MEASURES if m in means_by.columns])


def common(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Those scores that every forecaster has: of the same quantities on the same days."""
    forecasters = frame["forecaster"].nunique()
    counts = frame.groupby([*KEYS, "measure"])["forecaster"].transform("nunique")
    return frame[counts == forecasters]


def unsettled(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Brier scores without what every forecaster with governments is all but sure of.

    So the scenario settles it, not how it is played: all give it SURE or more, or 1 - SURE or less.
    """
    brier = frame[frame["measure"] == BRIER]
    chances = brier["chance"].where(brier["forecaster"].isin(GOVERNED))
    by_question = chances.groupby([brier[key] for key in KEYS])
    least, most = by_question.transform("min"), by_question.transform("max")
    return brier[(least < SURE) & (most > 1 - SURE)]


def differences(frame: "pd.DataFrame") -> list[Difference]:
    """The model against every rival by every measure they share."""
    gaps = _gaps(frame)
    measured = gaps.index.get_level_values("measure")
    return [
        _difference(measure, rival, pairs)
        for measure in MEASURES
        for rival in FORECASTERS
        if rival in gaps and len(pairs := gaps[rival][measured == measure].dropna())
    ]


def _gaps(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Model minus rival, a row a question and measure, a column a rival; nan where one was not
    asked."""
    scored = frame[frame["measure"] != PLACE]
    wide = scored.set_index([*KEYS, "measure", "forecaster"])["value"].unstack("forecaster")
    return wide.drop(columns=MODEL).rsub(wide[MODEL], axis=0)


@dataclass(frozen=True)
class Loss:
    """A day on which the best rival had a better mean score than the model, `gap` better."""

    scenario: str
    as_of: str
    measure: str
    rival: str
    gap: float


def losses_by_day(frame: "pd.DataFrame") -> tuple[list[Loss], int]:
    """By day, scenario and measure, where the best rival beat the model on the same questions.

    And how many such comparisons there are.
    """
    by_day = _gaps(frame).groupby(level=["scenario", "as_of", "measure"])
    mean, losses = by_day.mean().dropna(how="all"), []
    for key, gaps in mean.to_dict("index").items():
        day = cast("tuple[str, str, str]", key)
        rival = max(map(str, gaps), key=lambda name: -inf if isnan(gaps[name]) else gaps[name])
        if gaps[rival] > 0:
            losses.append(Loss(*day, rival, float(gaps[rival])))
    return losses, len(mean)


def _difference(measure: str, rival: str, gaps: "pd.Series") -> Difference:
    count, finite = gaps.index.unique("scenario").size, bool(np.isfinite(gaps).all())
    error = _between_truces(gaps) if count > 1 and finite else float("nan")
    spread = float(gaps.std(ddof=1)) if len(gaps) > 1 and finite else float("nan")
    needed = needed_for(spread) if measure == BRIER and spread > 0 else 0
    return Difference(measure, rival, float(gaps.mean()), error, len(gaps), count, needed)


def _between_truces(gaps: "pd.Series") -> float:
    """The standard error of the mean of all gaps, by what each truce adds to it.

    The variance of a ratio of means of clusters (Cochran 1977, Sampling Techniques, 6.3), which is
    that of single gaps robust to clusters; of truces with as many pairs each the spread of their
    means over the root of their number.
    """
    sums = (gaps - gaps.mean()).groupby(level="scenario").sum()
    count = len(sums)
    return sqrt(count / (count - 1) * float((sums**2).sum())) / len(gaps)


def needed_for(spread: float) -> int:
    """Independent forecasts by which a mean gain of GAIN shows, if single differences spread so.

    Two-sided test at 5 % with power .8 of a normal mean.

    >>> needed_for(0.2)
    126
    """
    z = quantile_of_normal(0.95) + quantile_of_normal(2 * POWER - 1)
    return ceil((z * spread / GAIN) ** 2)


def reliability(frame: "pd.DataFrame") -> list[Bin]:
    """Chances the model said, pooled in BINS even bins, and how often what they spoke of came."""
    rows = frame[(frame["measure"] == BRIER) & (frame["forecaster"] == MODEL)]
    chances, came = rows["chance"].to_numpy(float), rows["came"].to_numpy(bool)
    bins, words = _bins(chances), "of what was forecast with such a chance"
    return [
        Bin(
            low=b / BINS,
            high=(b + 1) / BINS,
            said=float(chances[bins == b].mean()),
            came=estimate(int(came[bins == b].sum()), int((bins == b).sum()), words),
        )
        for b in np.unique(bins).tolist()
    ]


def places(frame: "pd.DataFrame", of: str = "") -> list[int]:
    """How many recorded rungs and flows lie in each fifth of the model's forecast (PIT): even if
    it is calibrated. of: "rung" or "flow", those alone."""
    rows = _placed(frame, of)
    return np.bincount(_bins(rows["value"].to_numpy(float)), minlength=BINS).tolist()


def _placed(frame: "pd.DataFrame", of: str) -> "pd.DataFrame":
    rows = frame[(frame["measure"] == PLACE) & (frame["forecaster"] == MODEL)]
    return rows[rows["quantity"].str.startswith(of)]


def _bins(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.minimum((shares * BINS).astype(int), BINS - 1)


def with_digits(value: float, measure: str) -> str:
    """A score as text."""
    if np.isnan(value):
        return "-"
    if np.isinf(value):
        return "infinite" if value > 0 else "-infinite"
    return f"{value:.3f}" if measure in (BRIER, LOGARITHMIC) else f"{value:.2f}"


@dataclass(frozen=True, eq=False)
class Scored:
    """Forecasts, and the table of their scores (columns of `Score`).

    open: those of which nothing has happened yet. changed: of each forecast what is no longer what
    it was when it was frozen: SCENARIO, RECORD.
    """

    forecasts: tuple[Frozen, ...]
    scores: "pd.DataFrame"
    open: tuple[Frozen, ...]
    changed: tuple[tuple[str, ...], ...]

    def different(self, of: str) -> int:
        """Of how many calendar weeks ("rung") or months ("flow") the record's numbers are.

        The same week or month is forecast on several days, and of two truces that overlap.
        """
        rows = _placed(self.scores, of)
        if of == "flow":
            return rows["quantity"].nunique()
        frozen = {(each.scenario, f"{each.as_of}"): each for each in self.forecasts}
        asked = zip(rows["scenario"], rows["as_of"], rows["quantity"], strict=True)
        return len({_week_of(frozen[scenario, day], quantity) for scenario, day, quantity in asked})


def score(
    forecasts: Sequence[Frozen],
    scenarios: "Iterable[Scenario]",
    record: Record | None = None,
) -> Scored:
    """Scores forecasts of these scenarios against a record, the shipped one by default.

    Raises ResultError if there is nothing to score, or scoringrules is not installed.
    """
    worlds = {scenario.name: scenario for scenario in scenarios}
    happened = {name: record_path(scenario, record) for name, scenario in worlds.items()}
    rows = [scores(frozen, happened[frozen.scenario]) for frozen in forecasts]
    if not any(rows):
        raise ResultError("nothing to score: no week that was forecast is on record")
    facts = record or shipped()
    return Scored(
        forecasts=tuple(forecasts),
        scores=table(chain.from_iterable(rows)),
        open=tuple(frozen for frozen, own in zip(forecasts, rows, strict=True) if not own),
        changed=tuple(tuple(_changed(each, worlds[each.scenario], facts)) for each in forecasts),
    )


def _changed(frozen: Frozen, scenario: "Scenario", record: Record) -> Iterator[str]:
    """What is no longer what it was when a forecast was frozen."""
    if frozen.hashes["scenario"] != scenario.hash:
        yield SCENARIO
    if frozen.hashes["data"] != data_hash(record.until(frozen.as_of)):
        yield RECORD


def _week_of(frozen: Frozen, quantity: str) -> tuple[int, int]:
    """Year and calendar week in which the week of a forecast rung ends."""
    week = asked_weeks(frozen)[quantity.partition(", ")[2]]
    year, number, _ = last_day(frozen.start, week).isocalendar()
    return year, number


def stated_dates(scenario: "Scenario", record: Record | None = None) -> list[Date]:
    """The dates of DATES within a scenario's weeks on record; its first day among them."""
    start = scenario.spec.start
    return sorted(d for d in {start, *DATES} if start <= d <= _last(scenario, record))


def weeks_to_score(scenario: "Scenario", record: Record | None = None) -> list[Date]:
    """The start, and the last day of every week on record that has a week after it."""
    start = scenario.spec.start
    weeks = weeks_over(start, _last(scenario, record))
    return [start, *(last_day(start, week) for week in range(1, weeks))]


def _last(scenario: "Scenario", record: Record | None) -> Date:
    """The last day of a scenario that is on record."""
    return min((record or shipped()).extent[1], last_day(scenario.spec.start, scenario.spec.weeks))


def kinds(forecasts: Sequence[Frozen]) -> dict[str, int]:
    """How many of the model's own forecasts are forecasts, and how many fits."""
    return Counter(frozen.forecasts[MODEL].kind for frozen in forecasts)
