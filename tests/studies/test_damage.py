"""Whatever is changed in a study, or in a part of one, is seen when it is read, and named."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ResultError
from sim.studies.store import Parts
from sim.studies.study import load_study
from sim.studies.tables import part_schema
from tests.store.resealed import resealed
from tests.studies.experiments import GRID, experiment, finished

TABLES = ("points", "outcomes", "payoffs")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    text = GRID.replace("seed", 'keep = ["payoffs"]\nseed')
    study = experiment(tmp_path_factory.mktemp("file"), text)
    return finished(study, tmp_path_factory.mktemp("out"))


@pytest.mark.parametrize("name", TABLES)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_is_seen_and_the_table_named(folder, name, share, bit):
    path = folder / f"{name}.parquet"
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[int(share * len(whole))] ^= 1 << bit
    try:
        path.write_bytes(flipped)
        with pytest.raises(ResultError, match=f"{name}.parquet.*damaged"):
            load_study(folder).table(name)
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("keys", [("points",), ("plan", "experiment", "seed"), ("seconds",)])
def test_an_edited_manifest_is_refused(folder, tmp_path, keys):
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    manifest = json.loads((copy / "manifest.json").read_text())
    table = manifest
    for key in keys[:-1]:
        table = table[key]
    table[keys[-1]] += 1
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ResultError, match=r"manifest\.json is not as it was written"):
        load_study(copy)


def test_a_table_of_more_rows_than_were_written_is_not_read(folder, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    rows = pq.read_table(copy / "points.parquet")
    pq.write_table(pa.concat_tables([rows, rows]), copy / "points.parquet")
    resealed(copy)
    with pytest.raises(ResultError, match="says that it has 12 rows, not 6"):
        load_study(copy).headline()


def rows(table):
    schema = part_schema(table)
    columns = [
        pa.array(["standing"] * 3 if pa.types.is_string(kind) else [1, 2, 3]).cast(kind)
        for kind in schema.types
    ]
    return pa.table(columns, schema=schema)


def test_a_flipped_bit_anywhere_in_a_part_is_seen(tmp_path):
    parts, group = Parts(tmp_path / "parts", ["outcomes"]), range(3)
    parts.begin()
    table = rows("outcomes")
    parts.write(group, {"outcomes": table})
    file = parts.file(group, "outcomes")
    whole = file.read_bytes()
    assert parts.read(group, "outcomes").equals(table)
    draws = np.random.default_rng(7)
    for place, bit in zip(
        draws.integers(len(whole), size=400), draws.integers(8, size=400), strict=True
    ):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(bit)
        file.write_bytes(damaged)
        assert not parts.has(group) or parts.read(group, "outcomes").equals(table)
