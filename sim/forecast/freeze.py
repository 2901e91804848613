"""Freezing forecasts: what the model and all its rivals say on a day, from what was known by it.

The rivals are always in the same table: governments without reciprocity, truces without
governments, and tomorrow as today. Those that know only how long earlier truces lasted (base rate,
constant hazard, frailty) see the same durations: headline truces that ended before the day of the
forecast, the one that is forecast left out. A truce that was broken ended by it; one that was
extended, superseded or held to its term is censored there. Each gives the chance that a truce that
has lived `elapsed` weeks lives `ahead` more.
"""

import hashlib
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.forecast.fitted import SHIPPED, Settings
from sim.forecast.frozen import (
    BASE,
    FIT,
    FITTED,
    FORECAST,
    FRAILTY,
    HAZARD,
    LEVELS,
    MODEL,
    PERSISTENCE,
    Forecast,
    Frozen,
    rounded,
)
from sim.forecast.members import curves_of, members_on
from sim.forecast.observations import SIDES, Date, ForecastError
from sim.forecast.sizes import FROZEN_RUNS
from sim.history.path import is_dated, months_ahead, record_path
from sim.history.record import COMPONENTS, Record, Truce, shipped
from sim.history.replay import GOVERNMENTS, with_governments
from sim.numbers import DEFAULT_SEED
from sim.scenario.calendar import last_day, weeks_over
from sim.scenario.sourcing import Knowledge, knowledge
from sim.store.digests import package_digest

if TYPE_CHECKING:
    from sim.scenario import Scenario

Floats = NDArray[np.float64]

#: Days by which the start of a truce and that of a scenario may differ and be the same.
SAME_DAYS = 7
DAYS_A_WEEK = 7.0
#: Shape of the Gamma prior of a constant rate: Jeffreys.
JEFFREYS = 0.5
#: Ends of the even (logarithmic) prior grid of the frailty: shape, and scale in weeks (judgement,
#: 2026-11-29: from hazards that hardly differ, 10, to those that differ by tens, .1; from a week to
#: twenty years).
SHAPES, SCALES = (0.1, 10.0), (1.0, 1000.0)
GRID = 61


@dataclass(frozen=True)
class Lives:
    """How long truces lasted, weeks, and whether each was broken (else censored)."""

    names: tuple[str, ...]
    weeks: tuple[float, ...]
    broken: tuple[bool, ...]

    @property
    def deaths(self) -> int:
        """How many were broken."""
        return sum(self.broken)


def lives(record: Record, as_of: Date, start: Date) -> Lives:
    """Truces that ended before a day, without those that began with the scenario's own.

    The record is cut at the day first, so that nothing dated later is seen.
    """
    ended = [truce for truce in record.until(as_of).truces if _counts(truce, as_of, start)]
    return Lives(
        tuple(truce.name for truce in ended),
        tuple((truce.end - truce.start).days / DAYS_A_WEEK for truce in ended),
        tuple(truce.outcome == "broken" for truce in ended),
    )


def _counts(truce: Truce, as_of: Date, start: Date) -> bool:
    same = abs((truce.start - start).days) <= SAME_DAYS
    ended = truce.outcome != "ongoing" and truce.end < as_of
    return ended and not same and truce.name not in COMPONENTS


def base_rate(past: Lives, elapsed: float, ahead: ArrayLike) -> Floats:
    """Kaplan and Meier (1958), Journal of the American Statistical Association 53:457.

    0 where all earlier ones had ended. Raises ValueError if none is seen.
    """
    _refuse_none(past)
    weeks, broken = np.array(past.weeks), np.array(past.broken)
    ends = np.unique(weeks[broken])
    dying = np.array([(weeks[broken] == end).sum() for end in ends])
    left = np.array([(weeks >= end).sum() for end in ends])
    alive = np.concatenate([[1.0], np.cumprod(1 - dying / left)])  # after so many of the ends
    now = float(alive[np.searchsorted(ends, elapsed, "right")])
    later: Floats = alive[np.searchsorted(ends, elapsed + np.asarray(ahead, float), "right")]
    return later / now if now > 0 else np.zeros_like(later)


def constant_hazard(past: Lives, elapsed: float, ahead: ArrayLike) -> Floats:
    """The same rate for all: k broken in T weeks, a Gamma(k + 1/2, T) rate integrated out.

    The weeks lived so far count: (T + e) / (T + e + t) to the power k + 1/2.
    """
    _refuse_none(past)
    weeks = sum(past.weeks) + elapsed
    law: Floats = (weeks / (weeks + np.asarray(ahead, float))) ** (past.deaths + JEFFREYS)
    return law


def frailty(past: Lives, elapsed: float, ahead: ArrayLike) -> Floats:
    """Rates that differ between truces by a Gamma law, so lives are Lomax: (b / (b + t))^a.

    Shape a and scale b have an even prior in their logarithms over SHAPES and SCALES, weighed by
    the chance of the lives seen; the chance ahead is the mean over both. Lomax (1954), Journal of
    the American Statistical Association 49:847.
    """
    _refuse_none(past)
    shape, scale = np.meshgrid(np.geomspace(*SHAPES, GRID), np.geomspace(*SCALES, GRID))
    log = np.zeros_like(shape)
    for weeks, broken in zip(past.weeks, past.broken, strict=True):
        log += shape * np.log(scale / (scale + weeks))
        log += np.log(shape / (scale + weeks)) if broken else 0.0
    log += shape * np.log(scale / (scale + elapsed))
    weight = np.exp(log - log.max())
    reached = (scale + elapsed)[..., None]
    alive = (reached / (reached + np.asarray(ahead, float))) ** shape[..., None]
    law: Floats = (weight[..., None] * alive).sum(axis=(0, 1)) / weight.sum()
    return law


def _refuse_none(past: Lives) -> None:
    if not past.weeks:
        raise ValueError("no truce has ended before; allowed: one or more")


#: Rivals that know only how long truces lasted.
LIFETIME_RIVALS = {BASE: base_rate, HAZARD: constant_hazard, FRAILTY: frailty}
#: What "a truce ended" is taken to be a forecast of: how the record's truces ended is coded by acts
#: (truces.csv), which is not the rule of either outcome; both are scored.
OF_LIVES = ("standing", "undisputed")


def from_lives(
    rival: str, scenario: "Scenario", elapsed: int, past: Lives, as_of: Date
) -> Forecast:
    """What a rival that knows how long earlier truces lasted says. Raises ValueError for none."""
    ahead = np.arange(1, scenario.spec.weeks - elapsed + 1)
    chances = tuple(rounded(p, 6) for p in LIFETIME_RIVALS[rival](past, float(elapsed), ahead))
    outcomes = OF_LIVES if scenario.spec.truce is not None else ()
    return Forecast(
        label=f"lives of truces that ended before {as_of}",
        kind=FORECAST,
        holds=dict.fromkeys(outcomes, chances),
    )


def persistence(scenario: "Scenario", elapsed: int, record: Record, as_of: Date) -> Forecast:
    """Tomorrow as today: what holds goes on to hold, rungs and flow stay where they were seen.

    At the start of a scenario rungs are 0: what stands there counts (model.md, step 9).
    """
    spec = scenario.spec
    weeks = spec.weeks - elapsed
    known_record = record.until(as_of)
    rungs_seen = record_path(scenario, known_record).rungs
    now = [rounded(rung) for rung in (rungs_seen[:, -1] if rungs_seen.shape[1] else (0.0, 0.0))]
    last = rounded(known_record.magnets[-1].share) if known_record.magnets else None
    months = months_ahead(spec.start, spec.weeks, as_of) if last is not None else ()
    flow = (last,) * len(LEVELS) if last is not None else ()
    return Forecast(
        label=f"as it was on {as_of}",
        kind=FORECAST,
        holds=dict.fromkeys((curve.name for curve in curves_of(scenario)), (1.0,) * weeks),
        rungs={side: ((now[i],) * len(LEVELS),) * weeks for i, side in enumerate(SIDES)},
        flows={month.name: flow for month in months},
        paths=(((now[0],) * weeks, (now[1],) * weeks),),
    )


#: All code of the package.
SOURCES = ("**/*.py", "**/*.c")


def freeze(
    scenario: "Scenario",
    as_of: Date,
    record: Record | None = None,
    runs: int = FROZEN_RUNS,
    seed: int = DEFAULT_SEED,
    fit: Settings | None = None,
) -> Frozen:
    """What every forecaster says of a scenario at the end of a day.

    record: the shipped one where none is given; it is cut at the day before anything reads it.
    runs: of each forecaster with governments, 50 to 20,000. fit: settings that the record has
    weighed, as a forecaster of their own; in hindsight that is a fit, no forecast, and so it is
    where what was not fitted rests on what was known later. Raises ForecastError for a day that is
    not within the scenario and the record, or a scenario that the record is not about.
    """
    spec, whole = scenario.spec, record or shipped()
    _check(scenario, as_of, whole)
    known = whole.until(as_of)
    elapsed = weeks_over(spec.start, as_of)
    dated = knowledge(as_of, scenario.entries())
    kind = FIT if dated.late else FORECAST
    members = partial(members_on, as_of=as_of, record=known, runs=runs, seed=seed)
    forecasts = {MODEL: members(scenario).forecast(SHIPPED, kind)}
    if fit is not None:
        seen_later = fit.known_to is not None and fit.known_to > as_of
        label, fitted_kind = fit.label_on(as_of), FIT if seen_later else kind
        forecasts[FITTED] = members(scenario, settings=fit).forecast(label, fitted_kind)
    for rival in GOVERNMENTS:
        world = with_governments(scenario, rival)
        forecasts[rival] = members(world).forecast("a rival by definition", kind)
    past = lives(known, as_of, spec.start)
    if past.names and spec.truce is not None:
        for rival in LIFETIME_RIVALS:
            forecasts[rival] = from_lives(rival, scenario, elapsed, past, as_of)
    forecasts[PERSISTENCE] = persistence(scenario, elapsed, known, as_of)
    return Frozen(
        scenario=scenario.name,
        as_of=as_of,
        start=spec.start,
        elapsed=elapsed,
        weeks=spec.weeks,
        term=(spec.truce.term_weeks or None) if spec.truce else None,
        seed=seed,
        runs=runs,
        hashes=_hashes(scenario, known),
        forecasts=forecasts,
        notes=_notes(dated, past),
    )


def _hashes(scenario: "Scenario", known: Record) -> dict[str, str]:
    code = package_digest(SOURCES)[:16]
    return {"scenario": scenario.hash, "data": data_hash(known), "code": code}


def _notes(dated: Knowledge, past: Lives) -> tuple[str, str]:
    return (
        f"settings as of {dated.as_of}: {len(dated.late)} rest on what was known later, "
        f"{len(dated.undated)} on sources without a date",
        f"rivals saw {len(past.names)} truces that ended before, {past.deaths} broken: "
        f"{', '.join(past.names)}",
    )


def _check(scenario: "Scenario", as_of: Date, record: Record) -> None:
    spec = scenario.spec
    end = last_day(spec.start, spec.weeks)
    if not is_dated(scenario.compiled.levers, spec.start, end, record) or scenario.readings:
        found = f"{scenario.name}, {spec.weeks} weeks from {spec.start}"
        allowed = "a scenario of one reading, with levers and days of the record"
        raise ForecastError.single("SCENARIO", found, allowed)
    latest = min(record.extent[1], last_day(spec.start, spec.weeks - 1))
    if not spec.start <= as_of <= latest:
        allowed = f"{spec.start} to {latest}, in the scenario and on record"
        raise ForecastError.single("DATE", f"{as_of} of {scenario.name}", allowed)


def data_hash(known: Record) -> str:
    """Sixteen hex digits of every fact that was known: other facts, another hash."""
    facts = repr(sorted(asdict(known).items()))
    return hashlib.sha256(facts.encode()).hexdigest()[:16]
