"""What a manifest notes of its files and of itself is held against them when they are read."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.errors import ResultError
from sim.store.checksums import FILES, check_seal, intact, intact_table, noted, sealed
from sim.store.json_files import read_json
from sim.store.parquet import read_frame


def test_a_file_is_found_as_it_was_written_or_named(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("some words")
    manifest = {FILES: noted(tmp_path, [file])}
    assert intact(tmp_path, manifest, "a.txt") == file
    file.write_text("some wards")
    with pytest.raises(ResultError, match=r"a\.txt cannot be read: it is damaged"):
        intact(tmp_path, manifest, "a.txt")
    file.unlink()
    with pytest.raises(ResultError, match=r"a\.txt cannot be read"):
        intact(tmp_path, manifest, "a.txt")
    with pytest.raises(ResultError, match="not one of the files"):
        intact(tmp_path, manifest, "b.txt")


@pytest.mark.parametrize("change", [{"seed": 2}, {"more": None}, {"files": {}}, {"checksum": "0"}])
def test_a_manifest_that_was_edited_does_not_fit_itself(tmp_path, change):
    manifest = json.loads(json.dumps(sealed({"seed": 1, "title": "\u00e9", FILES: {"a": {}}})))
    check_seal(tmp_path, manifest)
    with pytest.raises(ResultError, match="not as it was written"):
        check_seal(tmp_path, manifest | change)


def test_json_is_bounded_in_size_and_depth(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[" * 100_000 + "]" * 100_000)
    with pytest.raises(ResultError, match="nested too deeply"):
        read_json(path)
    with pytest.raises(ResultError, match="200,000 bytes.*at most 10"):
        read_json(path, largest=10)
    path.write_text("9" * 5_000)
    with pytest.raises(ResultError, match="cannot be read"):
        read_json(path)


def test_a_table_of_another_number_of_rows_is_not_read(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": [1, 2, 3], "who": ["us", None, "cn"]}), path)
    frame = read_frame(path, 3)
    assert frame["who"].tolist() == ["us", None, "cn"]
    with pytest.raises(ResultError, match="says that it has 3 rows, not 2"):
        read_frame(path, 2)
    manifest = {FILES: noted(tmp_path, [path])}
    assert manifest[FILES]["a.parquet"]["rows"] == 3
    assert intact_table(tmp_path, manifest, "a", columns=["n"]).columns.tolist() == ["n"]


def test_a_long_word_in_every_row_is_held_once(tmp_path):
    path, rows, word = tmp_path / "a.parquet", 1_000_000, "x" * 1_000_000
    column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), [word])
    pq.write_table(pa.table({"word": column}), path, store_schema=False)
    found = read_frame(path, rows)["word"]
    assert found.iloc[0] is found.iloc[-1]
    assert found.iloc[0] == word
