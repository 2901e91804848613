"""The ledger: what is written is read, and nothing is written twice."""

import datetime
import json

import pytest

from sim.errors import ResultError
from sim.forecast.frozen import FITTED, FORECASTERS, file_name, ledger_of, read, write
from sim.forecast.scored import DATES
from sim.history.record import shipped
from tests.forecast.made import frozen

WRITTEN = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)


def test_what_is_written_is_read(tmp_path):
    file = write(frozen(), tmp_path / "ledger", WRITTEN)
    assert file.name == "2025-05-12-geneva-2025.json"
    assert read(tmp_path / "ledger") == [frozen()]
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["written"] == "2026-01-02"
    assert set(content["hashes"]) == {"scenario", "data", "code"}
    assert [path.name for path in file.parent.iterdir()] == [file.name]  # no draft is left


def test_a_forecast_that_is_there_is_never_written_over(tmp_path):
    file = write(frozen(), tmp_path, WRITTEN)
    before = file.read_bytes()
    with pytest.raises(ResultError, match="frozen once and never edited"):
        write(frozen(seed=2), tmp_path, WRITTEN)
    assert file.read_bytes() == before


def test_forecasts_come_in_order_of_day(tmp_path):
    later = frozen("busan-2025", as_of=datetime.date(2025, 10, 30))
    for one in (later, frozen()):
        write(one, tmp_path, WRITTEN)
    assert read(tmp_path) == [frozen(), later]
    assert read(tmp_path / "nothing") == []


@pytest.mark.parametrize("text", ["{}", "nothing", '{"format": 99}', "[1]"])
def test_a_file_that_is_no_forecast_is_named(tmp_path, text):
    (tmp_path / "2025-05-12-x.json").write_text(text, encoding="utf-8")
    with pytest.raises(ResultError, match="2025-05-12-x"):
        read(tmp_path)


def test_names_of_scenarios_in_folders_make_one_file():
    assert file_name(DATES[0], "nulls/coin") == "2025-05-12-nulls-coin.json"
    assert ledger_of(None).name == "forecasts"


def test_the_shipped_ledger_has_every_stated_day_and_the_next_clock():
    ledger = read(ledger_of(None))
    assert set(DATES) <= {one.as_of for one in ledger}
    last = next(t for t in shipped().truces if t.name == "busan-kuala-lumpur")
    assert last.outcome == "ongoing"
    clock = max(ledger, key=lambda one: one.as_of)
    assert clock.as_of == shipped().extent[1]
    assert clock.until >= last.start + datetime.timedelta(days=last.term_days)
    for one in ledger:
        assert set(one.forecasts) >= set(FORECASTERS) - {FITTED}
        for said in one.forecasts.values():
            assert all(len(held) == one.weeks - one.elapsed for held in said.holds.values())
