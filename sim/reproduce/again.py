"""A folder's contents made again in another one, from its manifest alone, and compared.

Each kind of folder has its maker (sim/outcomes/kinds.py): played, searched or fitted once more.
"""

import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.errors import ResultError
from sim.extensions import fingerprint
from sim.outcomes.kinds import KINDS, function
from sim.outcomes.manifest import (
    kind_of,
    library_versions,
    manifest_of,
    read_manifest,
    scenario_in,
)
from sim.report.pictures import EXACT, RESULT
from sim.store.checksums import FILES, file_digest, has_file, intact
from sim.store.files import MANIFEST
from sim.studies.plan import code_hash
from sim.version import __version__

#: Files that hold numbers or a machine; pages and pictures are made of them.
TABLES = (".parquet", ".npz", ".json", ".csv", ".toml")
#: What was asked and known, and a page's numbers as they are printed.
NO_TABLES = ("plan.json", "record.json", "summary.csv")
SAME_BYTES, SAME_VALUES, OTHER, MISSING = "same bytes", "same values", "other values", "not made"


class Table(NamedTuple):
    """One file of a folder and how the one made anew compares to it."""

    name: str
    verdict: str

    @property
    def equal(self) -> bool:
        """Whether both hold the same values."""
        return self.verdict in (SAME_BYTES, SAME_VALUES)


@dataclass(frozen=True)
class Reproduced:
    """What came of it: each table, and which code wrote the folder and which compared it.

    `code_then` is "" where the folder does not note it; `libraries` are those of another version
    now: name -> (then, now). `same_extensions`: those loaded now are the ones it notes, if it does.
    """

    kind: str
    tables: tuple[Table, ...]
    version_then: str
    version_now: str
    code_then: str
    code_now: str
    libraries: Mapping[str, tuple[str, str]]
    same_extensions: bool

    @property
    def equal(self) -> bool:
        """Whether every table holds the same values."""
        return all(table.equal for table in self.tables)

    @property
    def same_code(self) -> bool:
        """Whether, as far as the folder tells, the same code wrote it."""
        return self.version_then == self.version_now and self.code_then in ("", self.code_now)


def reproduce(folder: Path | str, threads: int | None = None) -> Reproduced:
    """Plays what a folder holds again, in a temporary folder, and compares every table.

    Of results (of any engine), studies, tournaments, fits, odds and best responses. Raises
    ResultError for a folder that is none of these, is damaged, or was written in a format not read
    any more.
    """
    folder = Path(folder)
    kind = _kind(folder)
    with tempfile.TemporaryDirectory(prefix="detente-again-") as place:
        maker: Maker = function(f"{__name__}.{KINDS[kind].word}_again")
        manifest, again = maker(folder, Path(place), threads)
        tables = list(compared(folder, manifest, again))
    if not tables:
        raise ResultError(f"{folder} notes no table that could be made again")
    plan = manifest.get("plan", manifest)
    now, then = library_versions(), manifest.get("libraries", {})
    return Reproduced(
        kind=RESULT if kind == EXACT else kind,
        tables=tuple(tables),
        version_then=str(plan.get("version", "")),
        version_now=__version__,
        code_then=str(plan.get("code", "")),
        code_now=code_hash(),
        libraries={n: (then[n], now[n]) for n in now if n in then and then[n] != now[n]},
        same_extensions=manifest.get("extensions", fingerprint()) == fingerprint(),
    )


def _kind(folder: Path) -> str:
    """What a folder holds. Raises ResultError where that cannot be played again."""
    kind = kind_of(folder)
    if kind not in KINDS:
        command = manifest_of(folder).get("command", "")
        raise ResultError(
            f"{folder} holds {kind}; allowed: a result, study, tournament, fit, odds or "
            "best response" + (f"; its own command was: {command}" if command else "")
        )
    return kind


def compared(folder: Path, manifest: Mapping[str, Any], anew: Path) -> Iterator[Table]:
    """Each table that a manifest notes, against the one in the folder made anew.

    Raises ResultError for a file that is missing, or is not as it was written.
    """
    for name in manifest[FILES]:
        if not name.endswith(TABLES) or name in NO_TABLES or "/" in name:
            continue
        before, after = intact(folder, manifest, name), anew / name
        if not after.is_file():
            yield Table(name, MISSING)
        elif file_digest(before) == file_digest(after):
            yield Table(name, SAME_BYTES)
        else:
            yield Table(name, SAME_VALUES if _same_values(before, after) else OTHER)


def _same_values(before: Path, after: Path) -> bool:
    """Whether two files of other bytes, as another library writes them, hold the same values."""
    if before.suffix == ".npz":
        with np.load(before) as first, np.load(after) as second:
            return set(first) == set(second) and all(
                np.array_equal(first[n], second[n]) for n in first
            )
    if before.suffix == ".parquet":
        import pyarrow.parquet as pq

        return bool(pq.read_table(before).equals(pq.read_table(after)))
    if before.suffix == ".csv":
        import pandas as pd

        return bool(pd.read_csv(before).equals(pd.read_csv(after)))
    if before.suffix == ".toml":
        texts = (path.read_text(encoding="utf-8") for path in (before, after))
        first, second = map(tomllib.loads, texts)
        return first == second
    return False


LADDER, RUNS, BUT_FOR = "ladder.json", "runs.parquet", "butfor.parquet"
SETTINGS = "settings.parquet"
Manifest = dict[str, Any]
#: From a folder, where to write and threads: its manifest, and the folder made again.
Maker = Callable[[Path, Path, int | None], tuple[Manifest, Path]]


def result_again(folder: Path, place: Path, threads: int | None) -> tuple[Manifest, Path]:
    """The result played again.

    Raises ResultError if the scenario of the manifest is another than its hash says.
    """
    from sim.explain.find import with_ladder
    from sim.outcomes.simulate import simulate
    from sim.outcomes.spread import played_again
    from sim.outcomes.store import load_result, write_result

    manifest = read_manifest(folder)
    result = simulate(
        scenario_in(folder, manifest),
        runs=manifest["runs"],
        seed=manifest["seed"],
        keep_runs=has_file(manifest, RUNS),
        but_for=has_file(manifest, BUT_FOR),
        threads=threads,
        engine=manifest["engine"],
    )
    known = has_file(manifest, LADDER)
    result = with_ladder(result) if known else replace(result, ladder=None)
    if has_file(manifest, SETTINGS):
        spread = load_result(folder).spread
        again = spread and played_again(spread, result.scenario, result.seed, threads)
        result = replace(result, spread=again)
    return manifest, write_result(result, place, pictures=())


def exact_again(folder: Path, place: Path, threads: int | None) -> tuple[Manifest, Path]:
    """The exact solution solved again. Raises ResultError as `result_again`."""
    from sim.engines.exact import solve
    from sim.outcomes.exact import write_exact

    manifest = read_manifest(folder)
    return manifest, write_exact(solve(scenario_in(folder, manifest)), place, "", False)


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

    Raises ResultError if this version reads its question otherwise, UnsolvedError if it has no
    answer.
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
    from sim.forecast.fit import make, on_threads
    from sim.forecast.fit_store import fit_manifest, plan_of, read_fit
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
        if part not in ("version", "code") and plan.get(part) != before:
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
        scenario_in(folder, manifest),
        record=record,
        codings=manifest.get("codings", 1),  # of odds computed before there was a second
        threads=threads,
        anyway=True,
        **sizes,
    )
    answered = answer(question, [date.fromisoformat(day) for day in manifest["days"]], fit)
    kept = folder / KEPT_FIT if fit else None
    return manifest, write_odds(answered, question, place, manifest["command"], kept)
