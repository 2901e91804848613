"""A folder's contents made again in another one, from its manifest alone."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.extensions import fingerprint
from sim.outcomes.manifest import PART_OF_STUDY, library_versions, manifest_of, read_manifest
from sim.report.pictures import FIT, ODDS, RESPONSE, RESULT, STUDY
from sim.reproduce.compared import Table, compared
from sim.reproduce.forecast import fit_again, odds_again, read_forecast
from sim.reproduce.response import read_response_manifest, response_again
from sim.reproduce.result import result_again
from sim.reproduce.study import read_study, study_again
from sim.studies.plan import code_hash
from sim.version import __version__

#: A folder, its manifest, where to write, threads: the folder made again.
Maker = Callable[[Path, Mapping[str, Any], Path, int | None], Path]
#: By kind: what reads a manifest, refusing one that is damaged, and what makes the folder again.
KINDS: Mapping[str, tuple[Callable[[Path], dict[str, Any]], Maker]] = {
    RESULT: (read_manifest, result_again),
    STUDY: (read_study, study_again),
    FIT: (read_forecast, fit_again),
    ODDS: (read_forecast, odds_again),
    RESPONSE: (read_response_manifest, response_again),
}


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
    kind = kind_of(folder)
    read, make = KINDS[kind]
    manifest = read(folder)
    with tempfile.TemporaryDirectory(prefix="detente-again-") as place:
        tables = list(compared(folder, manifest, make(folder, manifest, Path(place), threads)))
    if not tables:
        raise ResultError(f"{folder} notes no table that could be made again")
    return _reproduced(kind, tables, manifest)


def kind_of(folder: Path) -> str:
    """What a folder holds. Raises ResultError where that cannot be played again."""
    manifest = manifest_of(folder)
    kind = manifest.get("kind", RESULT)
    if kind == PART_OF_STUDY:
        raise ResultError(f"{folder} holds one part of a study: `detente merge` takes all of them")
    if kind not in KINDS:
        command = manifest.get("command", "")
        raise ResultError(
            f"{folder} holds {kind}; allowed: a result, study, tournament, fit, odds or "
            "best response" + (f"; its own command was: {command}" if command else "")
        )
    return str(kind)


def _reproduced(kind: str, tables: list[Table], manifest: Mapping[str, Any]) -> Reproduced:
    plan = manifest.get("plan", manifest)
    now, then = library_versions(), manifest.get("libraries", {})
    return Reproduced(
        kind=kind,
        tables=tuple(tables),
        version_then=str(plan.get("version", "")),
        version_now=__version__,
        code_then=str(plan.get("code", "")),
        code_now=code_hash(),
        libraries={n: (then[n], now[n]) for n in now if n in then and then[n] != now[n]},
        same_extensions=manifest.get("extensions", fingerprint()) == fingerprint(),
    )
