"""Freezing forecasts: what the model and all its rivals say on a day, from what was known by it."""

import hashlib
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.forecast.facts import Date, ForecastError, weeks_over
from sim.forecast.fitted import SHIPPED, Settings
from sim.forecast.frozen import FIT, FITTED, FORECAST, MODEL, PERSISTENCE, Frozen
from sim.forecast.members import Members, from_batch, from_filter
from sim.forecast.rivals import LIVES, Lives, from_lives, lives, persistence
from sim.history.path import is_dated
from sim.history.record import Record, shipped
from sim.history.replay import GOVERNMENTS, with_governments
from sim.numbers import DEFAULT_SEED
from sim.outcomes.definitions import last_day
from sim.scenario.sourcing import Knowledge, knowledge

if TYPE_CHECKING:
    from sim.scenario import Scenario

RUNS, SEED = 2_000, DEFAULT_SEED
FEWEST_RUNS, MOST_RUNS = 50, 20_000
_SOURCES = (".py", ".c")


def freeze(
    scenario: "Scenario",
    as_of: Date,
    record: Record | None = None,
    runs: int = RUNS,
    seed: int = SEED,
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
    members = partial(_members, as_of=as_of, known=known, runs=runs, seed=seed)
    forecasts = {MODEL: members(scenario).forecast(SHIPPED, kind)}
    if fit is not None:
        seen_later = fit.known_to is not None and fit.known_to > as_of
        said = members(scenario, fit=fit).forecast(fit.label_on(as_of), FIT if seen_later else kind)
        forecasts[FITTED] = said
    for rival in GOVERNMENTS:
        world = with_governments(scenario, rival)
        forecasts[rival] = members(world).forecast("a rival by definition", kind)
    past = lives(known, as_of, spec.start)
    if past.names and spec.truce is not None:
        forecasts |= {law: from_lives(law, scenario, elapsed, past, as_of) for law in LIVES}
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
        hashes={"scenario": scenario.hash, "data": data_hash(known), "code": code_hash()},
        forecasts=forecasts,
        notes=_notes(dated, past),
    )


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


def _members(
    scenario: "Scenario",
    as_of: Date,
    known: Record,
    runs: int,
    seed: int,
    fit: Settings | None = None,
) -> Members:
    """Runs of a scenario: at its start the batch engine's, later and with settings of a fit those
    that go on from where the record has led."""
    if fit is None and not weeks_over(scenario.spec.start, as_of):
        return from_batch(scenario, runs, seed)
    return from_filter(scenario, as_of, known, runs, seed, fit)


def data_hash(known: Record) -> str:
    """Sixteen hex digits of every fact that was known: other facts, another hash."""
    return _digest(repr(sorted(asdict(known).items())).encode())


@cache
def code_hash() -> str:
    """Sixteen hex digits of the sources of this package."""
    package = Path(__file__).resolve().parents[1]
    sources = sorted(path for path in package.rglob("*") if path.suffix in _SOURCES)
    named = (path.relative_to(package).as_posix().encode() + b"\0" for path in sources)
    return _digest(
        b"\0".join(n + path.read_bytes() for n, path in zip(named, sources, strict=True))
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
