"""A result folder: results/<name>-<hash8>/, written whole or not at all, and read back.

Tables hold no times, so the same scenario, seed and runs give the same bytes; what depends on
the moment (start, seconds, command) is in manifest.json alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import ResultError, ResultWriteError
from sim.outcomes.manifest import (
    OWN,
    Finished,
    read_manifest,
    result_hash,
    scenario_in,
    write_manifest,
)
from sim.outcomes.page import result_report
from sim.outcomes.result import Result
from sim.outcomes.sample import ladder_text, read_ladder, read_sample, write_sample
from sim.outcomes.spread import Spread, spread_from
from sim.outcomes.summary import Summary, summary
from sim.outcomes.tables import SETTINGS, at_point, read_table, tables, write_table
from sim.report.content import figures_at
from sim.report.pictures import write_pictures
from sim.report.text import csv, markdown
from sim.store.checksums import TABLE, has_file, intact
from sim.store.files import MANIFEST
from sim.store.folders import written_folder
from sim.store.tables import like, read_arrays
from sim.world.outcomes import OWN_OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.engines.counts import Tally
    from sim.scenario import Scenario
    from sim.scenario.compile import Compiled

TALLY, SAMPLE, LADDER = "tally.npz", "sample.npz", "ladder.json"
FIGURES, NUMBERS = "figures", "summary.csv"
PICTURES = ("trajectories", "survival", "endings")


class File(NamedTuple):
    """What is in a file, and how many rows in a table."""

    content: bytes
    rows: int | None = None


def folder_name(result: Finished) -> str:
    """The name of the result's folder."""
    return f"{result.scenario.name}-{result_hash(result)}"


def write_result(
    result: Result,
    root: Path | str = "results",
    command: str = "",
    pictures: Sequence[str] = PICTURES,
    formats: Sequence[str] = ("png",),
    files: Mapping[str, File] | None = None,
    page: Summary | None = None,
) -> Path:
    """Write the folder of a result below `root` and return it.

    files: its tables and pictures (`files_of`) and its numbers (`numbers_of`), if they have been
    made already; page: its `summary`, likewise.
    Everything is written into a temporary folder beside it and renamed; on any failure (full
    disk, no permission) ResultError, and nothing is left under a final name. A folder that is
    there already holds the same numbers: its files are replaced one by one.
    """
    if result.governments:
        raise ResultWriteError(
            "governments written in Python are not in a result's folder, so that it could not be "
            "made again: keep result.runs, its other tables and its pictures"
        )

    def fill(draft: Path) -> None:
        made = files_of(result, pictures, formats) if files is None else files
        _write_files(result, draft, command, made, page or summary(result))

    return written_folder(root, folder_name(result), fill)


def _write_files(
    result: Result, folder: Path, command: str, files: Mapping[str, File], page: Summary
) -> None:
    for name, file in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(file.content)
    if result.runs is not None:
        write_table(at_point(result.runs), folder / f"runs{TABLE}")
    np.savez_compressed(folder / TALLY, **result.tally._asdict())
    if result.sample is not None:
        write_sample(result.sample, folder / SAMPLE)
    if result.ladder is not None:
        _write_text(folder / LADDER, ladder_text(result.ladder))
    figures = figures_at(name for name in files if name.startswith(f"{FIGURES}/"))
    report = result_report(page, figures, command)
    _write_text(folder / "summary.md", markdown(report))
    if NUMBERS not in files:
        (folder / NUMBERS).write_bytes(numbers_of(page).content)
    rows = {name: file.rows for name, file in files.items() if file.rows is not None}
    write_manifest(result, folder, command, rows)


def numbers_of(page: Summary) -> File:
    """The file of a page's numbers."""
    return File(csv(result_report(page)).encode())


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def files_of(
    result: Result, kinds: Sequence[str], formats: Sequence[str] = ("png",)
) -> dict[str, File]:
    """The pictures of some kinds and the tables, but that of the runs, by name."""
    with TemporaryDirectory() as folder:
        drawings = [(kind, partial(result.plot, kind)) for kind in kinds]
        drawn = write_pictures(Path(folder), drawings, formats) if kinds else []
        files = {f"{FIGURES}/{file.name}": File(file.read_bytes()) for file in drawn}
    return files | dict(_table_file(name, table) for name, table in tables(result))


def with_spread(result: Result, files: Mapping[str, File]) -> dict[str, File]:
    """`files_of` a result to which its outer loop has been added since."""
    settings = None if result.spread is None else result.spread.settings
    if settings is None:
        return dict(files)
    return dict([*files.items(), _table_file(SETTINGS, at_point(settings))])


def _table_file(name: str, table: "pd.DataFrame") -> tuple[str, File]:
    content = BytesIO()
    write_table(table, content)
    return f"{name}{TABLE}", File(content.getvalue(), len(table))


def load_result(folder: Path | str) -> Result:
    """The result a folder holds, from the folder alone.

    Raises ResultError if it is not whole, or any file that is read is not as it was written.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest["engine"] == "exact":
        raise ResultError(
            f"{folder} holds an exact solution: it has no runs to load, only tables to read; "
            f"`detente run --engine exact` or `sim.solve` solves the scenario again"
        )
    scenario = _scenario(folder, manifest)
    compiled = scenario.compiled
    return Result(
        scenario=scenario,
        compiled=compiled,
        tally=_read_tally(folder, manifest, compiled),
        seed=manifest["seed"],
        engine=manifest["engine"],
        seconds=manifest["seconds"],
        runs=read_table(folder, manifest, "runs"),
        but_for=read_table(folder, manifest, "butfor"),
        by_reading=read_table(folder, manifest, "readings"),
        spread=_spread(folder, manifest),
        sample=read_sample(intact(folder, manifest, SAMPLE), compiled, manifest["runs"])
        if has_file(manifest, SAMPLE)
        else None,
        ladder=read_ladder(intact(folder, manifest, LADDER))
        if has_file(manifest, LADDER)
        else None,
    )


def _scenario(folder: Path, manifest: Mapping[str, Any]) -> "Scenario":
    """The scenario that was run, with what was changed of it."""
    from sim.scenario.sourcing import Changes

    changes = _entry(folder, manifest, "changes", Changes.from_table)
    return replace(scenario_in(folder, manifest), recorded_changes=changes)


def _spread(folder: Path, manifest: Mapping[str, Any]) -> "Spread | None":
    """The outer loop, with the settings that were drawn where the folder has them."""
    spread: Spread | None = _entry(folder, manifest, "spread", spread_from)
    settings = None if spread is None else read_table(folder, manifest, SETTINGS)
    if spread is None or settings is None:
        return spread
    try:
        return spread.with_settings(settings)
    except (KeyError, TypeError) as problem:
        file = folder / f"{SETTINGS}{TABLE}"
        raise ResultError(f"{file} is not of {folder / MANIFEST}: no column {problem}") from problem


def _entry(folder: Path, manifest: Mapping[str, Any], name: str, read: Callable[[Any], Any]) -> Any:
    """What `read` makes of an entry of the manifest; None where there is none."""
    try:
        return None if manifest.get(name) is None else read(manifest[name])
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise ResultError(f"{folder / MANIFEST} cannot be read: {name}: {problem}") from problem


def _read_tally(folder: Path, manifest: Mapping[str, Any], compiled: "Compiled") -> "Tally":
    from sim.engines.counts import ENDED, Tally, new_tally
    from sim.engines.own_outcomes import padded

    path = intact(folder, manifest, TALLY)
    own = tuple(manifest.get(OWN, ()))
    if own and own != tuple(OWN_OUTCOMES.added):
        known = ", ".join(OWN_OUTCOMES.added) or "none"
        raise ResultError(
            f"{folder} counts outcomes of an extension: {', '.join(own)} (loaded here: {known}); "
            "name the same files before the command, as detente --extension FILE.py"
        )
    expected = padded(new_tally(compiled.params), len(ENDED) + len(own))._asdict()
    tally = Tally(**read_arrays(path, {name: like(array) for name, array in expected.items()}))
    if tally.counts[0] != manifest["runs"]:
        raise ResultError(f"{path} is of {tally.counts[0]:,} runs, not {manifest['runs']:,}")
    return tally
