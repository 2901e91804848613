"""Tables and archives of arrays: nothing is unpacked that is not what must be there."""

import io
import tracemalloc
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.errors import ResultError
from sim.store.checksums import FILES, intact_table, noted
from sim.store.tables import Expected, like, read_arrays, read_frame

SMALL = {"counts": np.arange(8, dtype=np.int64), "ended": np.zeros((3, 5), np.int64)}
EXPECTED = {name: like(one) for name, one in SMALL.items()}


def heading(shape: str, kind: str = "<i8") -> bytes:
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def archive(path, **members: bytes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(f"{name}.npy", data)
    return path


def test_what_was_written_is_read(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", **SMALL)
    found = read_arrays(tmp_path / "a.npz", EXPECTED)
    assert all(np.array_equal(found[name], SMALL[name]) for name in SMALL)


def test_a_heading_that_claims_more_is_refused_before_anything_is_allocated(tmp_path):
    claim = archive(tmp_path / "a.npz", counts=heading(f"({10**12},)") + b"\0" * 64)
    packed = archive(tmp_path / "b.npz", counts=heading("(8,)") + b"\0" * 200_000_000)
    tracemalloc.start()
    for path in (claim, packed):
        with pytest.raises(ResultError, match="does not fit its scenario: counts"):
            read_arrays(path, EXPECTED)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


@pytest.mark.parametrize(
    "member",
    [
        b"",
        b"\x93NUMPY\x09\x00",
        heading("(" * 300 + ")" * 300),
        heading("(8,)", "|O") + b"\x80\x04N.",
        heading("(8,)"),
        heading("(True,)"),
        heading("(8,)").replace(b"descr", b"\xff\xfe\xfd\xfc\xfb"),
    ],
)
def test_an_array_that_is_none_is_refused(tmp_path, member):
    with pytest.raises(ResultError, match=r"a\.npz"):
        read_arrays(archive(tmp_path / "a.npz", counts=member), EXPECTED)


def test_every_cut_and_every_flipped_byte_is_a_clean_error_or_nothing(tmp_path):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **SMALL)
    whole, path = buffer.getvalue(), tmp_path / "a.npz"
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 0x55
        for damaged in (whole[:place], bytes(flipped)):
            path.write_bytes(damaged)
            try:
                found = read_arrays(path, EXPECTED)
            except ResultError:
                continue
            assert {name: like(one) for name, one in found.items()} == EXPECTED


def test_the_size_of_what_is_expected_does_not_overflow():
    assert Expected(np.dtype("i8"), (2**40, 2**40)).bytes == 2**83


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
