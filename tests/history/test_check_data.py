"""The shipped tables pass their checks, and every check finds what it is for."""

import copy

import pytest

from sim.history.check_data import answer_lags, main, summary
from sim.history.checks import is_period, problems
from sim.history.rows import RecordError, data_folder, read_table, read_tables

TABLES = read_tables()


def test_the_record_passes_its_checks(capsys):
    assert main() == 0
    printed = capsys.readouterr().out
    assert printed.endswith("OK\n")
    assert "events 210, series rows 158 (83 series), truces 14, moves 66, orders 13" in printed
    assert "US escalations recorded as answers (day precision): 10, mean lag 1.8 d" in printed
    assert "CN escalations recorded as answers (day precision): 40, mean lag 5.5 d" in printed


def test_the_tables_are_described_beside_them():
    text = data_folder().joinpath("README.md").read_text(encoding="utf-8")
    assert all(f"`{name}.csv` | {len(rows)} " in text for name, rows in TABLES.items())


#: Table, row, column, a value that must not be there, part of what is said of it.
FAULTS = [
    ("events", 0, "event_id", "2018-05-29-tariffs-resume-us", "2 times"),
    ("events", 3, "event_id", "Nonsense", "malformed id"),
    ("events", 3, "date", "2018-13-01", "bad date"),
    ("events", 3, "date", "2026-12-31", "out of date order"),
    ("events", -1, "date", "2999-01-01", "in the future"),
    ("events", 3, "instrument", "tea", "instrument='tea'"),
    ("events", 3, "direction", "sideways", "direction='sideways'"),
    ("events", 3, "stage", "done", "stage='done'"),
    ("events", 3, "date_precision", "hour", "date_precision='hour'"),
    ("events", 3, "magnitude", "6", "magnitude='6'"),
    ("events", 3, "verified", "maybe", "verified='maybe'"),
    ("events", 3, "actor", "usa", "actor='usa'"),
    ("events", 3, "target", "world", "target='world'"),
    ("events", 3, "source", " ", "empty source"),
    ("events", 3, "in_response_to", "2018-01-01-nothing-us", "not found"),
    ("events", 0, "in_response_to", "2025-12-26-defence-sanctions-cn", "answers a later event"),
    ("series", 3, "series", "Big Name", "name 'Big Name'"),
    ("series", 3, "period", "2025-13", "period '2025-13'"),
    ("series", 3, "value", "many", "value 'many'"),
    ("series", 3, "unit", "", "verified, unit or source"),
    ("series", 0, "series", "zzz", "not sorted"),
    ("truces", 2, "start", "1999-01-01", "out of date order"),
    ("truces", 2, "end_or_censored_date", "2000-01-01", "ends before it starts"),
    ("truces", 2, "end_or_censored_date", "soon", "bad date"),
    ("truces", 2, "outcome", "fine", "outcome='fine'"),
    ("truces", 2, "agreed_term_days", "ninety", "agreed_term_days"),
    ("truces", 2, "breaking_event_id", "", "exactly when broken"),
    ("truces", 2, "breaking_event_id", "nothing", "breaking_event_id not found"),
    ("truces", 2, "verified", "perhaps", "verified or source"),
    ("moves", 0, "event_id", "2025-01-01-nothing-us", "no such event"),
    ("orders", 0, "done_event", "2025-01-01-nothing-us", "no such event"),
    ("orders", 0, "order_event", "2025-06-27-mofcom-framework-cn", "after its order"),
    ("orders", 0, "kind", "chips", "kind='chips'"),
    ("moves", 0, "event_id", "2025-06-05-leaders-call-both", "is not about a lever"),
    ("moves", 0, "change", "some", "change='some'"),
    ("moves", 0, "change", "1", "rule='part' with change 1"),
    ("moves", 0, "why", "", "empty why"),
    ("moves", 0, "lever", "cn.tariffs", "a lever of the other side"),
    ("moves", 8, "change", "-1", "that is to escalate"),
    ("moves", 1, "event_id", "2025-01-01-s301-step2-us", "is not coded"),
    ("moves", 0, "event_id", "2025-03-04-fentanyl20-us", "not sorted"),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "said"), FAULTS)
def test_every_fault_is_found(table, row, column, value, said):
    tables = copy.deepcopy(TABLES)
    tables[table][row][column] = value
    assert any(said in problem for problem in problems(tables))


def test_an_event_that_answers_itself_and_seeds_nobody_cites_are_found():
    tables = copy.deepcopy(TABLES)
    tables["events"][5]["in_response_to"] = tables["events"][5]["event_id"]
    for row in tables["events"]:
        row["source"] = "a book"
    found = list(problems(tables))
    assert any("answers itself" in problem for problem in found)
    assert sum("none cites" in problem for problem in found) == 2


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [("a,b", "1,2", "header"), ("event_id,lever,change,rule,why", "x,y", "2 fields")],
)
def test_a_table_of_another_shape_is_named(tmp_path, header, row, said):
    (tmp_path / "moves.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(RecordError, match=rf"moves\.csv.*{said}"):
        read_table("moves", tmp_path)


def test_an_empty_table_has_no_header(tmp_path):
    (tmp_path / "moves.csv").write_text("", encoding="utf-8")
    with pytest.raises(RecordError, match="header"):
        read_table("moves", tmp_path)


@pytest.mark.parametrize("text", ["2025", "2025-06", "2025-06-30", "2025-01/2025-04"])
def test_periods(text):
    assert is_period(text)


@pytest.mark.parametrize("text", ["", "25", "2025-6", "2025-02-30", "2025/2024", "a/b", "1/2/3"])
def test_what_is_not_a_period(text):
    assert not is_period(text)


def test_lags_are_between_escalations_of_two_sides():
    assert answer_lags("US", TABLES["events"])[-1] == 5
    assert answer_lags("JP", TABLES["events"]) == []
    assert len(list(summary({**TABLES, "events": []}))) > 1
