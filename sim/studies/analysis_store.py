"""What an analysis adds to the folder of a study: tables beside the others, whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.store.files import write_text
from sim.store.text import csv_text
from sim.studies.answers import Answers
from sim.studies.discovery import Discovery, Score
from sim.studies.discovery_words import sentence
from sim.studies.parts import write_parquet
from sim.studies.sensitivity import Sensitivity, long_table

if TYPE_CHECKING:
    import pandas as pd


def write_sensitivity(folder: Path, sensitivity: Sensitivity) -> list[Path]:
    """sensitivity.parquet and .csv: a row an index, and three for the decomposition."""
    import pandas as pd

    table, chance, none = long_table(sensitivity), sensitivity.variance, float("nan")
    same = (table["outcome"][0], table["week"][0], "", "")
    rows = [
        (*same, "variance, total", chance.total, none, none),
        (*same, "variance, chance", chance.chance, none, none),
        (*same, "variance, chance share", chance.share, chance.low, chance.high),
    ]
    head = pd.DataFrame(rows, columns=table.columns)
    table = pd.concat([table, head], ignore_index=True)
    return _write(folder, sensitivity.answers, "sensitivity", table)


def write_discovery(folder: Path, discovery: Discovery) -> list[Path]:
    """discovery.parquet and .csv: a row a box and limit, with the scores of the box."""
    import pandas as pd

    rows = [
        {"box": number}
        | _limit(limit)
        | scores(box.fitted, "")
        | scores(box.held_out, "held_")
        | {"sentence": sentence(discovery, box)}
        for number, box in enumerate(discovery.boxes, start=1)
        for limit in box.limits
    ]
    return _write(folder, discovery.answers, "discovery", pd.DataFrame(rows))


def _limit(limit: Any) -> dict[str, Any]:
    none = float("nan")
    return {
        "factor": limit.axis.name,
        "from": none if limit.low is None else limit.low,
        "to": none if limit.high is None else limit.high,
        "labels": " | ".join(limit.labels),
    }


def scores(score: Score, head: str) -> dict[str, Any]:
    """Density and coverage with n and interval, each name after `head`."""
    columns: dict[str, Any] = {}
    for name in ("density", "coverage"):
        share = getattr(score, name)
        columns |= {f"{head}{name}": share.p, f"{head}{name}_n": share.n}
        columns |= {f"{head}{name}_low": share.low, f"{head}{name}_high": share.high}
    return columns


def _write(folder: Path, answers: Answers, name: str, table: "pd.DataFrame") -> list[Path]:
    import pyarrow as pa

    stem = folder / f"{name}{answers.suffix}"
    paths = [stem.with_name(f"{stem.name}.{form}") for form in ("parquet", "csv")]
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    write_parquet(paths[0], arrow.schema, iter([arrow]))
    write_text(paths[1], csv_text(table))
    return paths
