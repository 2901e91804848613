"""A fit or odds again: the same scenarios, seed and sizes, on the same record."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.outcomes.manifest import holds
from sim.reproduce.result import scenario_of
from sim.store.checksums import has_file, intact
from sim.store.files import MANIFEST

if TYPE_CHECKING:
    from sim.forecast.fitted import Fit


def read_forecast(folder: Path) -> dict[str, Any]:
    """The manifest of a fit or of odds. Raises ResultError for one that is damaged or older."""
    from sim.forecast.fit_store import KIND as FIT
    from sim.forecast.fit_store import fit_manifest
    from sim.forecast.store import odds_manifest

    if holds(folder, FIT):
        return fit_manifest(folder)
    manifest = odds_manifest(folder)
    if not isinstance(manifest.get("weeks"), int):
        raise ResultError(f"{folder} does not note how far ahead it looked: an earlier version")
    return manifest


def fit_again(folder: Path, manifest: Mapping[str, Any], place: Path, threads: int | None) -> Path:
    """The folder of the fit made again, below `place`.

    Raises ResultError if its plan, read by this version and on this record, is another one.
    """
    from sim.forecast.fit import make
    from sim.forecast.fit_store import plan_of, read_fit
    from sim.forecast.hands import on_threads
    from sim.forecast.observations import observations
    from sim.forecast.store import kept_record

    fit_then, record = read_fit(folder), kept_record(folder, manifest)
    observed = tuple(
        observations(scenario, record, fit_then.until, fit_then.codings)
        for scenario in fit_then.prior.scenarios
    )
    fit = replace(fit_then, observed=observed, record=record, cloud=None)
    plan = plan_of(fit)
    for part, before in manifest["plan"].items():
        if part != "version" and plan.get(part) != before:
            raise ResultError(f"{folder / MANIFEST}: its {part} are other ones for this version")
    return make(fit, place, hand=on_threads(threads))


def odds_again(folder: Path, manifest: Mapping[str, Any], place: Path, threads: int | None) -> Path:
    """The folder of the odds made again, below `place`. Raises ResultError as `result_again`."""
    from sim.forecast.answer import answer
    from sim.forecast.odds import Question
    from sim.forecast.store import FIT, kept_record, write_odds

    record, fit = kept_record(folder, manifest), _kept_fit(folder, manifest)
    sizes = {name: manifest[name] for name in ("seed", "weeks", "particles", "runs", "tolerance")}
    question = Question(
        scenario_of(manifest),
        record=record,
        codings=manifest.get("codings", 1),  # of odds computed before there was a second
        threads=threads,
        anyway=True,
        **sizes,
    )
    answered = answer(question, [date.fromisoformat(day) for day in manifest["days"]], fit)
    kept = folder / FIT if fit else None
    return write_odds(answered, question, place, manifest["command"], kept)


def _kept_fit(folder: Path, manifest: Mapping[str, Any]) -> "Fit | None":
    """The fit that a folder of odds keeps; None if it used none. Raises ResultError."""
    from sim.forecast.fit_store import read_fit
    from sim.forecast.store import FIT, OF_FIT

    if not has_file(manifest, f"{FIT}/{MANIFEST}"):
        return None
    for name in OF_FIT:
        intact(folder, manifest, f"{FIT}/{name}")
    return read_fit(folder / FIT)
