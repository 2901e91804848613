"""Any record of one's own: every mistake of it in one clear error, or a record.

The package's tables with cells replaced, lines doubled and dropped, files cut and bytes changed.
"""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.history.check_data import summary
from sim.history.record import new_record, read_checked, read_record
from tests.fuzz.bounds import bounded
from tests.fuzz.test_files import EVERYDAY, SLOW, one_clear_error

CELLS = st.sampled_from(
    [*("", "x", "-1", "1e400", "nan", "9" * 5_000, "1.5", "true", "us", "us.chips", '"', "\x00"),
     *("2025-13-40", "0001-01-01", "9999-12-31", "=1+1", "日本", "a" * 200_000, "\n", ",")]
)  # fmt: skip
HOW = ["cell"] * 5 + ["line", "double", "cut", "flip"]


def damage(data: st.DataObject, file: Path) -> None:
    """One table changed in one way."""
    whole = file.read_bytes()
    lines = whole.decode("utf-8", "replace").split("\n")
    how, number = data.draw(st.sampled_from(HOW)), data.draw(st.integers(0, len(lines) - 1))
    if how == "cut":
        file.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    elif how == "flip" and whole:
        changed = bytearray(whole)
        changed[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
        file.write_bytes(changed)
    else:
        cells = lines[number].split(",")
        if how == "cell":
            cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(CELLS)
        many = {"line": 0, "double": data.draw(st.sampled_from([2, 3_000]))}.get(how, 1)
        lines[number : number + 1] = [",".join(cells)] * many
        file.write_bytes("\n".join(lines).encode("utf-8", "replace"))


def attack(folder: Path, profile: settings) -> None:
    whole = folder / "whole"
    names = sorted(file.name for file in new_record(whole) if file.suffix == ".csv")
    read_record(whole)

    @profile
    @given(data=st.data(), changes=st.integers(1, 3))
    def one(data: st.DataObject, changes: int) -> None:
        copy = Path(shutil.copytree(whole, folder / "copy"))
        try:
            for _ in range(changes):
                damage(data, copy / data.draw(st.sampled_from(names)))
            with bounded(), one_clear_error():
                list(summary(read_checked(copy)))
                read_record(copy)
        finally:
            shutil.rmtree(copy)

    one()


def test_a_damaged_record_is_refused_clearly_or_read(tmp_path):
    attack(tmp_path, EVERYDAY)


@pytest.mark.attack
def test_ten_thousand_damaged_records(tmp_path):
    attack(tmp_path, SLOW)
