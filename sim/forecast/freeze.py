"""Freezing forecasts: what the model and all its rivals say on a day, from what was known by it."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from sim.forecast.facts import Date, ForecastError, weeks_over
from sim.forecast.fitted import Settings
from sim.forecast.frozen import FIT, FITTED, FORECAST, MODEL, PERSISTENCE, Forecast, Frozen
from sim.forecast.members import from_batch, from_filter
from sim.forecast.rivals import LIVES, from_lives, lives, lives_text, persistence
from sim.history.path import is_dated
from sim.history.record import Record, shipped
from sim.history.replay import GOVERNMENTS, with_governments
from sim.numbers import DEFAULT_SEED
from sim.outcomes.calendar import last_day
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
    weighed, as a forecaster of their own. Raises ForecastError for a day that is
    not within the scenario and the record, or a scenario that the record is not about.
    """
    whole = record or shipped()
    _check(scenario, as_of, whole)
    known_record = whole.until(as_of)
    elapsed = weeks_over(scenario.spec.start, as_of)
    spec = scenario.spec
    past = lives(known_record, as_of, spec.start)
    dated = knowledge(as_of, scenario.entries())
    forecasts = {MODEL: _by_runs(scenario, scenario, as_of, known_record, runs, seed, dated)}
    if fit is not None:
        forecasts[FITTED] = _fitted(scenario, as_of, known_record, runs, seed, fit, dated)
    for rival in GOVERNMENTS:
        other = with_governments(scenario, rival)
        forecasts[rival] = _by_runs(scenario, other, as_of, known_record, runs, seed, dated)
    if past.names and spec.truce is not None:
        forecasts |= {
            law_name: from_lives(law_name, scenario, elapsed, past, as_of) for law_name in LIVES
        }
    forecasts[PERSISTENCE] = persistence(scenario, elapsed, known_record, as_of)
    return Frozen(
        scenario=scenario.name,
        as_of=as_of,
        start=spec.start,
        elapsed=elapsed,
        weeks=spec.weeks,
        term=(spec.truce.term_weeks or None) if spec.truce else None,
        seed=seed,
        runs=runs,
        hashes={"scenario": scenario.hash, "data": data_hash(known_record), "code": code_hash()},
        forecasts=forecasts,
        notes=tuple(_notes(dated, lives_text(past))),
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


def _by_runs(
    base: "Scenario",
    scenario: "Scenario",
    as_of: Date,
    known: Record,
    runs: int,
    seed: int,
    dated: Knowledge,
) -> Forecast:
    """What runs of a scenario say; `base` is the one whose settings they use.

    At the start they are the batch engine's; later they go on from where the record has led.
    """
    label = "as shipped (judgement)" if base is scenario else "a rival by definition"
    kind = FIT if dated.late else FORECAST
    over = weeks_over(scenario.spec.start, as_of)
    members = (
        from_filter(scenario, as_of, known, runs, seed)
        if over
        else from_batch(scenario, runs, seed)
    )
    return members.forecast(label, kind)


def _fitted(
    scenario: "Scenario",
    as_of: Date,
    known: Record,
    runs: int,
    seed: int,
    fit: Settings,
    dated: Knowledge,
) -> Forecast:
    """What settings say that the record has weighed; in hindsight that is a fit, no forecast, and
    so it is where what was not fitted rests on what was known later."""
    late = bool(dated.late) or (fit.known_to is not None and fit.known_to > as_of)
    members = from_filter(scenario, as_of, known, runs, seed, fit)
    return members.forecast(fit.label_on(as_of), FIT if late else FORECAST)


def _notes(dated: Knowledge, rivals_saw: str) -> Iterator[str]:
    yield (
        f"settings as of {dated.as_of}: {len(dated.late)} rest on what was known later, "
        f"{len(dated.undated)} on sources without a date"
    )
    yield f"rivals saw {rivals_saw}"


def data_hash(known: Record) -> str:
    """Sixteen hex digits of every fact that was known: other facts, another hash."""
    return _digest(repr(sorted(asdict(known).items())).encode())


@cache
def code_hash() -> str:
    """Sixteen hex digits of the sources of this package."""
    return _digest(b"\0".join(_sources(files("sim"))))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _sources(folder: Traversable) -> Iterator[bytes]:
    for entry in sorted(folder.iterdir(), key=lambda source: source.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith(_SOURCES):
            yield entry.name.encode() + b"\0" + entry.read_bytes()
