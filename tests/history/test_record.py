"""The record as values, what of it lies within a scenario's calendar, and a user's own."""

import datetime
import subprocess
import sys

import pytest

from sim.history import record
from sim.history.path import is_dated, stretch_of
from sim.history.rows import RecordError
from sim.scenario import Scenario

Date = datetime.date
GENEVA = (Date(2025, 5, 12), Date(2025, 11, 9))


def test_events_are_filtered_by_day_and_in_order():
    days = [event.day for event in record.events(*GENEVA)]
    assert days == sorted(days)
    assert GENEVA[0] <= days[0] <= days[-1] <= GENEVA[1]
    assert len(record.events()) == 210


def test_one_event_in_full():
    event = next(e for e in record.events() if e.name == "2025-05-13-ascend-guidance-us")
    assert (event.actor, event.target, event.magnitude, event.exact) == ("US", "CN", 2, True)
    assert event.day == Date(2025, 5, 13)


def test_truces_alive_on_a_day():
    names = [truce.name for truce in record.truces(Date(2025, 7, 1), Date(2025, 7, 1))]
    assert names == ["geneva-tariff", "london-framework"]
    geneva = next(t for t in record.truces() if t.name == "geneva-tariff")
    assert (geneva.term_days, geneva.outcome, geneva.broken_by) == (90, "extended", "")


def test_moves_leave_out_what_moved_nothing():
    assert all(move.change for move in record.shipped().moves_of())
    assert len(record.shipped().moves_of()) < 66


def test_talks_are_rounds_and_days_of_agreement():
    found = [day.isoformat()[5:] for day in record.shipped().talks(Date(2025, 1, 1))]
    assert found == ["05-12", "06-05", "06-09", "07-28", "09-14", "10-25", "10-30"]


def test_magnets_are_monthly_and_over_normal():
    months = record.shipped().magnets_of(Date(2025, 5, 12), Date(2025, 6, 1))
    assert [month.tonnes for month in months] == [46.0, 352.8]
    assert months[1].share == pytest.approx(352.8 / 620)
    assert months[0].last == Date(2025, 5, 31)


def test_what_was_known_on_a_day_holds_nothing_dated_later():
    day = Date(2025, 9, 12)
    known = record.shipped().until(day)
    assert known.events[-1].name == "2025-09-12-entity23-us"
    assert max(move.event.day for move in known.moves) == day
    london = next(t for t in known.truces if t.name == "london-framework")
    assert (london.end, london.outcome, london.broken_by) == (day, "ongoing", "")
    assert next(t for t in known.truces if t.name == "geneva-tariff").outcome == "extended"
    assert known.magnets[-1].first == Date(2025, 8, 1)
    assert known.extent == (record.shipped().extent[0], day)


def test_an_event_without_an_exact_day_is_known_when_its_month_is_over():
    letters = "2025-05-28-eda-letters-us"
    before, after = (record.shipped().until(Date(2025, 5, day)) for day in (30, 31))
    assert letters not in {event.name for event in before.events}
    assert letters in {event.name for event in after.events}
    assert letters not in {move.event.name for move in before.moves}


def test_a_series_is_a_table():
    frame = record.series("truce_term_geneva")
    assert frame["value"].tolist() == [90.0]
    assert record.series("nothing").empty


def test_the_reader_does_not_load_pandas():
    code = "import sys; from sim.history import record; record.events(); record.shipped(); "
    code += "sys.exit('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert done.returncode == 0


def test_a_scenario_is_dated_by_its_levers_and_days():
    assert is_dated(["cn.rare_earths"], *GENEVA)
    assert not is_dated(["us.move", "cn.move"], *GENEVA)
    assert not is_dated(["cn.rare_earths"], Date(2030, 1, 1), Date(2031, 1, 1))
    assert not is_dated(["cn.rare_earths"], Date(2010, 1, 1), Date(2011, 1, 1))
    assert stretch_of(Scenario.load("textbook/tft-noise").compiled) is None


def test_a_stretch_of_the_record():
    seen = stretch_of(Scenario.load("busan-2025").compiled)
    assert seen is not None
    assert seen.end == Date(2025, 12, 31)
    assert {event.direction for acts in seen.events.values() for event in acts} == {
        "escalate",
        "concede",
    }
    assert [truce.name for truce in seen.truces] == ["stockholm-extension", "busan-kuala-lumpur"]


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "mine"
    assert [file.name for file in record.new_record(place)] == list(record.FILES)
    return place


def test_a_copy_of_the_shipped_record_is_the_shipped_record(folder):
    assert record.read_record(folder) == record.shipped()


def test_nothing_is_written_over(folder):
    with pytest.raises(RecordError, match="something is already"):
        record.new_record(folder)


def test_every_mistake_of_every_table_comes_at_once(folder):
    events, moves = folder / "events.csv", folder / "moves.csv"
    text = events.read_text(encoding="utf-8")
    events.write_text(text.replace(",tariffs,escalate,", ",tarrifs,escalate,", 1), encoding="utf-8")
    text = moves.read_text(encoding="utf-8")
    moves.write_text(text.replace(",us.tariffs,1,", ",us.tarifs,one,", 1), encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        record.read_record(folder)
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
        record.read_record(folder)
    names = [problem.file for problem in caught.value.problems]
    assert names == [str(folder / f"{name}.csv") for name in ("series", "truces", "orders")]


def test_no_folder_is_no_record(tmp_path):
    with pytest.raises(RecordError, match="detente record new"):
        record.read_record(tmp_path / "nothing")


def test_an_event_of_a_later_year_must_be_coded_too(folder):
    with (folder / "events.csv").open("a", encoding="utf-8") as file:
        file.write(
            "2026-01-05-new-list-us,2026-01-05,day,US,CN,entity_list,escalate,effect,2,,"
            "A list.,a source,no\n"
        )
    with pytest.raises(RecordError, match="2026-01-05-new-list-us is not coded"):
        record.read_record(folder)
    with (folder / "moves.csv").open("a", encoding="utf-8") as file:
        file.write("2026-01-05-new-list-us,us.entity_list,1,grade,grade 2 over severity 2\n")
    own = record.read_record(folder)
    assert own.extent[1].isoformat() == "2026-01-05"
    assert own.moves[-1].lever == "us.entity_list"
