"""The shipped tables pass their checks, and every check finds what it is for."""

import copy

import pytest

from sim.history.check_data import answer_lags, main, summary
from sim.history.checks import problems, seed_problems
from sim.history.rows import RecordError, data_folder, is_period, read_table, read_tables

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


#: Table, row, column, a value that must not be there, what is said of it, the nearest name.
FAULTS = [
    ("events", 0, "event_id", "2018-05-29-tariffs-resume-us", "2 times", None),
    ("events", 3, "event_id", "Nonsense", '"Nonsense"', None),
    ("events", 3, "date", "2018-13-01", "bad date", None),
    ("events", 3, "date", "20180601", "bad date", None),
    ("events", 3, "date", "2026-12-31", "out of date order", None),
    ("events", 0, "date", "2008-03-22", "before the record starts", None),
    ("events", -1, "date", "2999-01-01", "in the future", None),
    ("events", 3, "instrument", "tarrifs", '"tarrifs"', "tariffs"),
    ("events", 3, "direction", "escalated", '"escalated"', "escalate"),
    ("events", 3, "stage", "announced", '"announced"', "announce"),
    ("events", 3, "date_precision", "dya", '"dya"', "day"),
    ("events", 3, "magnitude", "6", '"6"', None),
    ("events", 3, "verified", "maybe", '"maybe"', None),
    ("events", 3, "actor", "usa", '"usa"', "US"),
    ("events", 3, "target", "world", '"world"', None),
    ("events", 3, "source", " ", "nothing", None),
    ("events", 3, "in_response_to", "2018-05-29-tariff-resume-us", '"2018-05-29', "2018-05-29-tar"),
    ("events", 0, "in_response_to", "2025-12-26-defence-sanctions-cn", "a later event", None),
    ("series", 3, "series", "Big Name", '"Big Name"', None),
    ("series", 3, "period", "2025-13", '"2025-13"', None),
    ("series", 3, "value", "many", '"many"', None),
    ("series", 3, "value", "nan", '"nan"', None),
    ("series", 3, "unit", "", "nothing", None),
    ("series", 0, "series", "zzz", "not sorted", None),
    ("truces", 2, "start", "1999-01-01", "out of date order", None),
    ("truces", 2, "end_or_censored_date", "2000-01-01", "ends before it starts", None),
    ("truces", 2, "end_or_censored_date", "soon", "bad date", None),
    ("truces", 2, "end_or_censored_date", "2999-01-01", "in the future", None),
    ("truces", 2, "outcome", "brokn", '"brokn"', "broken"),
    ("truces", 2, "agreed_term_days", "ninety", '"ninety"', None),
    ("truces", 2, "agreed_term_days", "0", '"0"', None),
    ("truces", 2, "breaking_event_id", "", "with outcome broken", None),
    ("truces", 2, "breaking_event_id", "nothing", '"nothing"', None),
    ("truces", 2, "breaking_event_id", "2018-05-29-tariffs-resume-us", "not between", None),
    ("truces", 2, "verified", "perhaps", '"perhaps"', None),
    ("moves", 0, "event_id", "2025-01-01-s301-step-us", '"2025-01', "2025-01-01-s301-step2-us"),
    ("orders", 0, "done_event", "2025-01-01-nothing-us", '"2025-01-01-nothing-us"', None),
    ("orders", 0, "order_event", "2025-06-27-mofcom-framework-cn", "after its order", None),
    ("orders", 0, "kind", "list", '"list"', "lists"),
    ("moves", 0, "event_id", "2025-06-05-leaders-call-both", "is not about a lever", None),
    ("moves", 0, "change", "some", '"some"', None),
    ("moves", 0, "change", "1", '"part" with change 1', None),
    ("moves", 0, "change", "99", '"99"', None),
    ("moves", 0, "why", "", "nothing", None),
    ("moves", 0, "lever", "us.tarifs", '"us.tarifs"', "us.tariffs"),
    ("moves", 0, "lever", "cn.tariffs", "a lever of the other side", None),
    ("moves", 8, "change", "-1", "that is to escalate", None),
    ("moves", 1, "event_id", "2025-01-01-s301-step2-us", "is not coded", None),
    ("moves", 0, "event_id", "2025-03-04-fentanyl20-us", "not sorted", None),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "said", "near"), FAULTS)
def test_every_fault_is_found(table, row, column, value, said, near):
    tables = copy.deepcopy(TABLES)
    tables[table][row][column] = value
    found = [problem for problem in problems(tables) if said in problem.found]
    assert found, [str(problem) for problem in problems(tables)]
    for problem in found:
        assert problem.file == f"{table}.csv"
        assert problem.allowed
        if near is not None:
            assert problem.nearest is not None
            assert problem.nearest.startswith(near)


def test_a_fault_is_placed_in_its_row_as_an_editor_counts():
    tables = copy.deepcopy(TABLES)
    tables["moves"][7]["lever"] = "us.tarifs"
    problem = next(iter(problems(tables)))
    assert (problem.place, problem.path, problem.found) == ("moves.csv:9", "lever", '"us.tarifs"')


def test_a_month_left_out_is_a_hole():
    tables = copy.deepcopy(TABLES)
    months = [row for row in tables["series"] if row["series"] == "magnet_exports_china_to_us"]
    tables["series"].remove(next(row for row in months if row["period"] == "2025-08"))
    (problem,) = problems(tables)
    assert problem.found == "2025-09 after 2025-07"
    assert problem.allowed.startswith("2025-08")


def test_an_event_that_answers_itself_and_seeds_nobody_cites_are_found():
    tables = copy.deepcopy(TABLES)
    tables["events"][5]["in_response_to"] = tables["events"][5]["event_id"]
    for row in tables["events"]:
        row["source"] = "a book"
    assert any("answers itself" in problem.found for problem in problems(tables))
    assert sum("none cites" in p.found for p in seed_problems(tables["events"])) == 2


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [("a,b", "1,2", "header"), ("event_id,lever,change,rule,why", "x,y", "2 fields")],
)
def test_a_table_of_another_shape_is_named(tmp_path, header, row, said):
    (tmp_path / "moves.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(RecordError, match=rf"(?s)moves\.csv.*{said}"):
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
