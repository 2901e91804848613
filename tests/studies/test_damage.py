"""Whatever is changed in a finished study is seen when it is read, and named."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ResultError
from sim.studies.study import load_study
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
