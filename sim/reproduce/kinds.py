"""Each kind of folder made again from its manifest: played, searched or fitted once more."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.outcomes.manifest import read_manifest
from sim.report.pictures import FIT, ODDS, RESPONSE, RESULT, STUDY
from sim.store.checksums import has_file, intact
from sim.store.files import MANIFEST

if TYPE_CHECKING:
    from sim.scenario import Scenario

EXACT = "exact"
LADDER, RUNS, BUT_FOR = "ladder.json", "runs.parquet", "butfor.parquet"
Manifest = dict[str, Any]
#: From a folder, where to write and threads: its manifest, and the folder made again.
Maker = Callable[[Path, Path, int | None], tuple[Manifest, Path]]


def result_again(folder: Path, place: Path, threads: int | None) -> tuple[Manifest, Path]:
    """The result played again.

    Raises ResultError if the scenario of the manifest is another than its hash says.
    """
    manifest = read_manifest(folder)
    scenario = scenario_of(manifest)
    if manifest["engine"] == EXACT:
        from sim.engines.exact import solve
        from sim.outcomes.exact import write_exact

        return manifest, write_exact(solve(scenario), place, "", False)
    from sim.explain.ladder import with_ladder
    from sim.outcomes.simulate import simulate
    from sim.outcomes.store import write_result

    result = simulate(
        scenario,
        runs=manifest["runs"],
        seed=manifest["seed"],
        keep_runs=has_file(manifest, RUNS),
        but_for=has_file(manifest, BUT_FOR),
        threads=threads,
        engine=manifest["engine"],
    )
    known = has_file(manifest, LADDER)
    result = with_ladder(result) if known else replace(result, ladder=None)
    return manifest, write_result(result, place, pictures=())


def scenario_of(manifest: Mapping[str, Any]) -> "Scenario":
    """The scenario that a manifest holds. Raises ResultError if its hash is another."""
    from sim.scenario import Scenario

    scenario = Scenario.from_table(manifest["scenario"], name=manifest["name"])
    if scenario.hash != manifest["scenario_hash"]:
        raise ResultError(
            f"{MANIFEST} does not fit itself: read by this version, its scenario has the hash "
            f"{scenario.hash}, not {manifest['scenario_hash']}"
        )
    return scenario


def study_again(folder: Path, place: Path, threads: int | None) -> tuple[Manifest, Path]:
    """The study played again.

    Raises ResultError if its plan, read by this version, means other points or scenarios.
    """
    from sim.studies.experiment import experiment_of
    from sim.studies.plan import check_points, plan_table
    from sim.studies.runner import run_study
    from sim.studies.store import StudyFolder
    from sim.studies.study import load_study

    manifest = load_study(folder).manifest
    experiment = experiment_of(manifest["plan"])
    plan = plan_table(experiment)
    for part in ("experiment", "scenarios"):
        if plan[part] != manifest["plan"][part]:
            raise ResultError(f"{MANIFEST}: its {part} cannot be read back by this version")
    again = StudyFolder(place, experiment.name, plan)
    run_study(experiment, check_points(experiment), again, threads)
    return manifest, again.path


def response_again(folder: Path, place: Path, threads: int | None) -> tuple[Manifest, Path]:
    """The best response searched again.

    Raises ResultError if this version reads its question otherwise, GameError if it has no answer.
    """
    from sim.games.best_response import best_response
    from sim.games.response import question_of, write_response
    from sim.games.response import read_manifest as read_response
    from sim.games.searches import Watcher

    manifest = read_response(folder)
    question, runs = question_of(folder, manifest), manifest["runs"]
    response = best_response(question, runs, manifest["seed"], Watcher(), threads)
    return manifest, write_response(response, runs, place, manifest["command"])


def fit_again(folder: Path, place: Path, threads: int | None) -> tuple[Manifest, Path]:
    """The fit made again.

    Raises ResultError if its plan, read by this version and on this record, is another one.
    """
    from sim.forecast.fit import make
    from sim.forecast.fit_store import fit_manifest, plan_of, read_fit
    from sim.forecast.hands import on_threads
    from sim.forecast.observations import observations
    from sim.forecast.store import kept_record

    manifest = fit_manifest(folder)
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
    return manifest, make(fit, place, hand=on_threads(threads))


def odds_again(folder: Path, place: Path, threads: int | None) -> tuple[Manifest, Path]:
    """The odds made again, with the fit that their folder keeps if they used one.

    Raises ResultError as `result_again`, and for a folder of an earlier version.
    """
    from sim.forecast.answer import answer
    from sim.forecast.fit_store import read_fit
    from sim.forecast.odds import Question
    from sim.forecast.store import FIT as KEPT_FIT
    from sim.forecast.store import OF_FIT, kept_record, odds_manifest, write_odds

    manifest = odds_manifest(folder)
    if not isinstance(manifest.get("weeks"), int):
        raise ResultError(f"{folder} does not note how far ahead it looked: an earlier version")
    record, fit = kept_record(folder, manifest), None
    if has_file(manifest, f"{KEPT_FIT}/{MANIFEST}"):
        for name in OF_FIT:
            intact(folder, manifest, f"{KEPT_FIT}/{name}")
        fit = read_fit(folder / KEPT_FIT)
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
    kept = folder / KEPT_FIT if fit else None
    return manifest, write_odds(answered, question, place, manifest["command"], kept)


#: By kind, what makes a folder again; its manifest is refused where it is damaged.
KINDS: Mapping[str, Maker] = {
    RESULT: result_again,
    STUDY: study_again,
    FIT: fit_again,
    ODDS: odds_again,
    RESPONSE: response_again,
}
