"""A user's own record: copied, added to, refused with every mistake at once, and read."""

import pytest

from sim.history import record
from sim.history.own_record import FILES, new_record, read_record
from sim.history.rows import RecordError


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "mine"
    assert [file.name for file in new_record(place)] == list(FILES)
    return place


def test_a_copy_of_the_shipped_record_is_the_shipped_record(folder):
    assert read_record(folder) == record.shipped()


def test_nothing_is_written_over(folder):
    with pytest.raises(RecordError, match="something is already"):
        new_record(folder)


def test_every_mistake_of_every_table_comes_at_once(folder):
    events, moves = folder / "events.csv", folder / "moves.csv"
    text = events.read_text(encoding="utf-8")
    events.write_text(text.replace(",tariffs,escalate,", ",tarrifs,escalate,", 1), encoding="utf-8")
    text = moves.read_text(encoding="utf-8")
    moves.write_text(text.replace(",us.tariffs,1,", ",us.tarifs,one,", 1), encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        read_record(folder)
    text = str(caught.value)
    assert f"{events}:" in text
    assert f"{moves}:" in text
    assert "did you mean tariffs?" in text
    assert "did you mean us.tariffs?" in text
    assert '"one"' in text


def test_files_that_are_missing_or_no_text_are_named_together(folder):
    (folder / "orders.csv").unlink()
    (folder / "series.csv").write_bytes(b"\xff\xfe")
    (folder / "truces.csv").write_text("", encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        read_record(folder)
    names = [problem.file for problem in caught.value.problems]
    assert names == [str(folder / f"{name}.csv") for name in ("series", "truces", "orders")]


def test_no_folder_is_no_record(tmp_path):
    with pytest.raises(RecordError, match="detente record new"):
        read_record(tmp_path / "nothing")


def test_an_event_of_a_later_year_must_be_coded_too(folder):
    with (folder / "events.csv").open("a", encoding="utf-8") as file:
        file.write(
            "2026-01-05-new-list-us,2026-01-05,day,US,CN,entity_list,escalate,effect,2,,"
            "A list.,a source,no\n"
        )
    with pytest.raises(RecordError, match="2026-01-05-new-list-us is not coded"):
        read_record(folder)
    with (folder / "moves.csv").open("a", encoding="utf-8") as file:
        file.write("2026-01-05-new-list-us,us.entity_list,1,grade,grade 2 over severity 2\n")
    own = read_record(folder)
    assert own.extent[1].isoformat() == "2026-01-05"
    assert own.moves[-1].lever == "us.entity_list"
