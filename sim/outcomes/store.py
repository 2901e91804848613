"""A result folder: results/<name>-<hash8>/, written whole or not at all, and read back.

Tables hold no times, so the same scenario, seed and runs give the same bytes; what depends on
the moment (start, seconds, command) is in manifest.json alone.
"""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import ResultError, ResultWriteError
from sim.outcomes.ladder import ladder_text, read_ladder
from sim.outcomes.manifest import MANIFEST, Finished, manifest, read_manifest, result_hash
from sim.outcomes.page import result_report
from sim.outcomes.result import Result
from sim.outcomes.sample import read_sample, write_sample
from sim.outcomes.spread import spread_from
from sim.outcomes.summary import summary
from sim.outcomes.tables import read_table, tables, write_table
from sim.report.markdown import markdown
from sim.report.pictures import write_pictures
from sim.report.plain import csv

if TYPE_CHECKING:
    from sim.engines.tally import Tally
    from sim.scenario.compile import Compiled

PICTURES = ("trajectories", "survival", "endings")


def folder_name(result: Finished) -> str:
    """The name of the result's folder."""
    return f"{result.scenario.name}-{result_hash(result)}"


def write_result(
    result: Result,
    root: Path | str = "results",
    command: str = "",
    pictures: Sequence[str] = PICTURES,
    formats: Sequence[str] = ("png",),
) -> Path:
    """Write the folder of a result below `root` and return it.

    Everything is written into a temporary folder beside it and renamed; on any failure (full
    disk, no permission) ResultError, and nothing is left under a final name. A folder that is
    there already holds the same numbers: its files are replaced one by one.
    """

    def fill(draft: Path) -> None:
        _write_files(result, draft, command, pictures, formats)

    return write_folder(root, folder_name(result), fill)


def write_folder(root: Path | str, name: str, fill: Callable[[Path], None]) -> Path:
    """A folder of this name below `root`, whole or not at all; `fill` writes what is in it."""
    folder = Path(root) / name
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        draft.mkdir(parents=True)
        fill(draft)
        _publish(draft, folder)
    except OSError as problem:
        raise ResultWriteError(
            f"the result could not be written to {folder}: {problem}"
        ) from problem
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _write_files(
    result: Result, folder: Path, command: str, pictures: Sequence[str], formats: Sequence[str]
) -> None:
    for name, table in tables(result):
        write_table(table, folder / f"{name}.parquet")
    np.savez_compressed(folder / "tally.npz", **result.tally._asdict())
    if result.sample is not None:
        write_sample(result.sample, folder / "sample.npz")
    if result.ladder is not None:
        _write_text(folder / "ladder.json", ladder_text(result.ladder))
    drawn = _draw(result, folder / "figures", pictures, formats)
    shown = [f"figures/{name}" for name in drawn if name.endswith((".png", ".svg"))]
    page = result_report(summary(result), shown, command)
    _write_text(folder / "summary.md", markdown(page))
    _write_text(folder / "summary.csv", csv(page))
    text = json.dumps(manifest(result, command), indent=2, ensure_ascii=False)
    _write_text(folder / MANIFEST, text + "\n")


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _draw(
    result: Result, folder: Path, pictures: Sequence[str], formats: Sequence[str]
) -> list[str]:
    """Draw each picture in each format; returns the file names."""
    if not pictures:
        return []
    drawings = [(kind, partial(result.plot, kind)) for kind in pictures]
    return [path.name for path in write_pictures(folder, drawings, formats)]


def _publish(draft: Path, folder: Path) -> None:
    """Give the files their final names, the manifest last."""
    if not folder.exists():
        draft.rename(folder)
        return
    files = [path.relative_to(draft) for path in sorted(draft.rglob("*")) if path.is_file()]
    for path in sorted(files, key=lambda path: path.name == MANIFEST):
        (folder / path).parent.mkdir(exist_ok=True)
        (draft / path).replace(folder / path)


def load_result(folder: Path | str) -> Result:
    """The result a folder holds, from the folder alone; ResultError if it is not whole."""
    from sim.scenario import Scenario

    folder = Path(folder)
    found = read_manifest(folder)
    if found["engine"] == "exact":
        raise ResultError(
            f"{folder} holds an exact solution: it has no runs to load, only tables to read; "
            f"`detente run --engine exact` or `sim.solve` solves the scenario again"
        )
    scenario = Scenario.from_table(found["scenario"], name=found["name"])
    compiled = scenario.compiled
    outer = found["spread"]
    return Result(
        scenario=scenario,
        compiled=compiled,
        tally=_read_tally(folder / "tally.npz", compiled),
        seed=found["seed"],
        engine=found["engine"],
        seconds=found["seconds"],
        runs=read_table(folder / "runs.parquet"),
        but_for=read_table(folder / "butfor.parquet"),
        spread=None if outer is None else spread_from(outer),
        sample=read_sample(folder / "sample.npz", compiled),
        ladder=read_ladder(folder / "ladder.json"),
    )


def _read_tally(path: Path, compiled: "Compiled") -> "Tally":
    from sim.engines.tally import Tally, new_tally

    try:
        with np.load(path) as arrays:
            tally = Tally(**{name: arrays[name] for name in Tally._fields})
    except (OSError, KeyError, ValueError) as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem
    expected = new_tally(compiled.params)
    for name, field, model in zip(Tally._fields, tally, expected, strict=True):
        if field.shape != model.shape:
            raise ResultError(f"{path} does not fit its scenario: {name} is {field.shape}")
    return tally
