"""The manifest of a result folder: what was run, by what, when. The only file with times."""

import datetime
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from sim.engines.counts import ENDED
from sim.engines.own_outcomes import rows_of
from sim.errors import DetenteError, ResultError
from sim.extensions import fingerprint
from sim.outcomes.decomposition import COMMON
from sim.outcomes.kinds import KINDS, PART_OF_STUDY, kind_in
from sim.report.pictures import EXACT, RESULT, STUDY
from sim.store.checksums import FILES, check_seal, check_shape, noted, read_sealed, sealed
from sim.store.digests import short_key
from sim.store.files import MANIFEST, write_json
from sim.version import __version__

if TYPE_CHECKING:
    from sim.engines.exact import ExactResult
    from sim.outcomes.result import Result
    from sim.scenario import Scenario

#: What a folder can be written of.
Finished: TypeAlias = "Result | ExactResult"

#: Raised whenever a folder written before could not be read as it should be.
FORMAT = 5
#: In a manifest: the outcomes of one's own that are counted beside the shipped ones.
OWN = "own_outcomes"
#: What a manifest must have to be read.
_KINDS = {
    "name": str,
    "scenario_hash": str,
    "scenario": dict,
    "seed": int,
    "runs": int,
    "engine": str,
    "seconds": int | float,
    "spread": dict | None,
    FILES: dict,
}
_LIBRARIES = ("numpy", "numba", "pandas", "pyarrow", "matplotlib")


def result_hash(result: Finished) -> str:
    """Eight hex digits of what determines the numbers: scenario, seed, runs, engine, version.

    And of the outer loop what is not as always: its luck, what it holds, or that there is none.
    And extensions.
    """
    parts = [result.scenario.hash, result.seed, result.n, result.engine, __version__]
    if own := fingerprint():
        parts.append(own)
    if counted_too := own_counted(result):
        parts.append(f"counts {' '.join(counted_too)}")
    if result.spread is not None and result.spread.luck != COMMON:
        parts.append(f"{result.spread.luck} luck")
    if result.spread is not None and result.spread.fixed:
        parts.append(f"held {' '.join(result.spread.fixed)}")
    return short_key(*parts)


def own_counted(result: Finished) -> tuple[str, ...]:
    """The outcomes of one's own that a result counts."""
    from sim.outcomes.result import Result

    return rows_of(result.tally)[len(ENDED) :] if isinstance(result, Result) else ()


def write_manifest(
    result: Finished, folder: Path, command: str, rows: Mapping[str, int] | None = None
) -> None:
    """The last file of a folder: what was run, and what all the others hold.

    rows: of some tables, by the name of the file, if that is known.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    noted_files = {FILES: noted(folder, files, rows)}
    write_json(folder / MANIFEST, sealed(manifest(result, command) | noted_files))


def manifest(result: Finished, command: str) -> dict[str, Any]:
    """What was run, by what, when; enough to run it again and to redraw it."""
    scenario = result.scenario
    spread, own = result.spread, own_counted(result)
    return {
        "format": FORMAT,
        "version": __version__,
        "name": scenario.name,
        "scenario_hash": scenario.hash,
        "seed": result.seed,
        "runs": result.n,
        "engine": result.engine,
        "command": command,
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seconds": round(result.seconds, 3),
        "libraries": library_versions(),
        "spread": None if spread is None else spread.to_table(),
        "scenario": scenario.to_table(),
        "changes": scenario.changes and scenario.changes.to_table(),
        **({OWN: list(own)} if own else {}),
    }


def write_sealed(folder: Path, facts: Mapping[str, Any], files: Iterable[Path]) -> None:
    """Writes the manifest of a folder that holds no result: `facts`, then when it was written, by
    which libraries, and what its files hold."""
    table = {
        **facts,
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "libraries": library_versions(),
        FILES: noted(folder, files),
    }
    write_json(folder / MANIFEST, sealed(table))


def library_versions() -> dict[str, str]:
    """The versions of what computes, writes and draws."""
    return {name: _version(name) for name in _LIBRARIES}


@cache
def _version(name: str) -> str:
    from importlib.metadata import version

    return version(name)


def manifest_of(folder: Path | str) -> dict[str, Any]:
    """The manifest of a folder of any kind. Raises ResultError if it has none, or a broken one."""
    try:
        return read_sealed(Path(folder) / MANIFEST)
    except FileNotFoundError:
        raise ResultError(f"{folder} is not a result folder: it has no {MANIFEST}") from None


def kind_of(folder: Path) -> str:
    """The kind of a folder (`kinds`). Raises ResultError without a manifest, for one that is
    broken, and for a part of a study, which only `detente merge` reads."""
    manifest = manifest_of(folder)
    refuse_part(folder, manifest)
    return kind_in(manifest)


def refuse_part(folder: Path | str, manifest: Mapping[str, Any]) -> None:
    """Raises ResultError for a part of a study."""
    if manifest.get("kind") == PART_OF_STUDY:
        raise ResultError(f"{folder} holds one part of a study: `detente merge` takes all of them")


def holds(folder: Path, kind: str) -> bool:
    """Whether the manifest of a folder names that kind; False where it cannot be read."""
    try:
        return manifest_of(folder).get("kind") == kind
    except (OSError, ResultError):
        return False


def _extension_missing(manifest: Mapping[str, Any]) -> str:
    """What to do where an extension was loaded when it was written, and none is now; or ""."""
    command = str(manifest.get("command", ""))
    if "--extension" not in command or fingerprint():
        return ""
    return f"\n  written with an extension, to be loaded again: {command}"


def scenario_in(folder: Path, manifest: Mapping[str, Any]) -> "Scenario":
    """The scenario of a manifest. Raises ResultError if it is none, or not that of its hash."""
    from sim.scenario import Scenario

    try:
        scenario = Scenario.from_table(manifest["scenario"], name=manifest["name"])
    except DetenteError as problem:
        text = f"{folder / MANIFEST} does not fit itself: {problem}"
        raise ResultError(text + _extension_missing(manifest)) from problem
    if scenario.hash != manifest["scenario_hash"]:
        raise ResultError(
            f"{folder / MANIFEST} does not fit itself: read by this version, its scenario has the "
            f"hash {scenario.hash}, not {manifest['scenario_hash']} (edited, or written by "
            "another version)"
        )
    return scenario


def read_manifest_of(
    folder: Path, kind: str, refusal: str, shape: Mapping[str, Any]
) -> dict[str, Any]:
    """The manifest of a folder of one kind, with the keys of `shape`, each of its type.

    Raises ResultError if it is of another kind (`refusal` says which command writes this one), or
    not as it was written.
    """
    place, stored = folder / MANIFEST, manifest_of(folder)
    if stored.get("kind") != kind:
        raise ResultError(f"{folder} holds {refusal}")
    check_shape(place, stored, shape)
    check_seal(place, stored)
    return stored


def read_manifest(folder: Path | str) -> dict[str, Any]:
    """The manifest of a result folder.

    Raises ResultError if it is none, of another format, or not as it was written.
    """
    path, stored = Path(folder) / MANIFEST, manifest_of(folder)
    refuse_part(folder, stored)
    kind = kind_in(stored)
    if kind == STUDY:
        raise ResultError(
            f"{folder} holds a study of many points, not one result: "
            f"its outcomes.parquet can be read with pandas, polars, DuckDB or R"
        )
    if kind in KINDS and kind not in (RESULT, EXACT):
        row = KINDS[kind]
        instead = row.takes.replace("{}", str(folder))
        raise ResultError(f"{folder} holds a {row.called}, not the result of a run; try: {instead}")
    form = stored.get("format")
    if form != FORMAT:
        raise ResultError(
            f"{folder} was written by detente {stored.get('version', 'unknown')} in format {form}; "
            f"this version reads format {FORMAT}: run the scenario again"
        )
    check_seal(path, stored)
    check_shape(path, stored, _KINDS)
    return stored
