"""The whole answer: rivals beside the odds, tolerances halved and doubled, one filter for days."""

import math
from dataclasses import replace
from datetime import date

import pytest

from sim.forecast.answer import answer, content, odds_report
from sim.forecast.fitted import as_shipped
from sim.forecast.freeze import constant_hazard, lives
from sim.forecast.frozen import COIN, CONCEDE, HAZARD
from sim.forecast.observations import observations
from sim.forecast.odds import Question, odds
from sim.forecast.stops import Stop, passes, readings_at
from sim.forecast.store import load_odds, stored_content, write_odds
from sim.history.path import record_path
from sim.history.record import shipped
from sim.outcomes.estimates import quantile_of_normal
from sim.report.content import plain_text
from sim.report.numbers import of_hundred
from sim.scenario import Scenario
from sim.scenario.calendar import last_day

GENEVA = Scenario.load("geneva-2025")
DAYS = [date(2025, 5, 25), date(2025, 6, 1), date(2025, 6, 29)]


QUESTION = Question(GENEVA, 1, particles=400, runs=400, anyway=True)


@pytest.fixture(scope="module")
def made():
    return answer(QUESTION, DAYS)


def test_the_report_of_the_folder_is_that_of_the_command(made, tmp_path):
    folder = write_odds(made, QUESTION, tmp_path, "detente odds geneva-2025")
    told = odds_report(content(made), "Geneva")
    stored = odds_report(stored_content(load_odds(folder)), "Geneva")
    assert replace(stored, data=None) == replace(told, data=None)
    assert stored.data["odds"] == told.data["odds"]
    assert stored.data.keys() == told.data.keys()


def test_odds_are_written_whole_or_not_at_all(made, tmp_path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.forecast.store.write_sealed", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_odds(made, QUESTION, tmp_path, "detente odds geneva-2025")
    assert list(tmp_path.iterdir()) == []


def test_the_lead_says_the_chance_and_what_its_interval_leaves_out(made):
    told = odds_report(content(made), "Geneva")
    first = made.odds[-1].chances[0]
    assert f"{first.day}: {first.estimate.p:.3f} (" in told.lead[0]
    assert f"effective n = {first.estimate.n:,})" in told.lead[0]
    assert f"of runs that went as the record did up to {DAYS[-1]}, " in told.lead[1]
    assert f"{of_hundred(first.estimate.p)} hold; detente run counts all runs" in told.lead[1]
    assert "settings are held as shipped; --fit FOLDER" in told.lead[3]
    row = made.odds[-1].rows()[0]
    over = odds_report(
        content(made) | {"odds": [row | {"settings_low": 0.25, "settings_high": 0.75}]}, "Geneva"
    )
    assert "over settings 0.250 to 0.750" in over.lead[0]
    assert "The range over settings holds noise too" in over.lead[3]


def test_the_range_over_settings_that_are_alike_is_the_noise_that_is_said(made):
    """Settings that do not differ have a range all the same: at least that of their runs."""
    alike = replace(as_shipped(GENEVA), several=True)
    rows = odds(Question(GENEVA, fit=alike), DAYS[0]).rows()
    half = quantile_of_normal(0.9) * math.sqrt(rows[0]["p"] * (1 - rows[0]["p"]) / 500)
    assert 0.6 < (rows[0]["settings_high"] - rows[0]["settings_low"]) / (2 * half) < 3
    assert f"within ± {half:.2f}" in odds_report(content(made) | {"odds": rows}, "Geneva").lead[3]


def test_no_mark_of_code_is_left_in_what_is_printed(made):
    """Only a plain name between backticks is code; a command of two words would keep them."""
    told = odds_report(content(made), "Geneva")
    texts = (*told.lead, *told.notes, *(note for part in told.sections for note in part.notes))
    assert any("`" in text for text in texts)
    assert [text for text in texts if "`" in plain_text(text)] == []


def test_what_the_record_had_ended_is_said_with_its_week(made):
    """By the rules of the model read on the record, whatever the copies say; nothing later."""
    ends = record_path(GENEVA).ends
    over = made.odds[-1].after
    assert made.ended == {name: week for name, week in ends.items() if 0 < week <= over}
    notes = odds_report(content(made), "Geneva").sections[0].notes
    assert [note.split("`")[1] for note in notes] == list(made.ended)
    for name, note in zip(made.ended, notes, strict=True):
        chances = [row["p"] for row in made.odds[-1].rows() if row["outcome"] == name]
        day = last_day(GENEVA.spec.start, ends[name])
        assert f"in week {ends[name]} (to {day})" in note
        assert ("no run can still have it" in note) == (not any(chances))
    later = odds_report(content(made) | {"ended": {"standing": 3}}, "Geneva").sections[0]
    assert "above 0 here" in later.notes[0]


def test_a_chance_of_none_or_all_of_the_runs_is_said_so(made):
    row = made.odds[-1].rows()[0]
    for p, words in ((0.0, "in none of the 400 runs"), (1.0, "in all of the 400 runs")):
        one_day = content(made) | {"odds": [row | {"p": p}]}
        assert odds_report(one_day, "Geneva").sections[0].rows[0][-1].endswith(words)


def test_rivals_answer_the_same_question(made):
    headline = [one for one in made.odds[-1].rows() if one["outcome"] == "standing"]
    for rival in (COIN, CONCEDE, HAZARD):
        own = [row for row in made.nulls if row["settings"] == rival]
        assert [row["as_of"] for row in own[:: len(headline)]] == [f"{day}" for day in DAYS]
        assert [row["at"] for row in own[-len(headline) :]] == [row["at"] for row in headline]
        assert all(0 <= row["p"] <= 1 for row in own)
    past = lives(shipped(), DAYS[-1], GENEVA.spec.start)
    last = [row["p"] for row in made.nulls if row["settings"] == HAZARD][-1]
    assert last == constant_hazard(past, 7.0, [26])[0]


def test_tolerances_are_halved_and_doubled(made):
    assert [one.question.tolerance for one in made.other] == [0.5, 2.0]
    halved, doubled = made.other
    assert halved.effective < made.odds[-1].effective < doubled.effective
    table = odds_report(content(made), "Geneva").sections[-1]
    assert [row[0] for row in table.rows] == ["0.5", "1", "2"]


def test_days_of_which_less_was_known_have_a_filter_of_their_own():
    """Late in May nobody knew yet the acts that are dated by their month alone."""
    tables = [observations(GENEVA, until=day) for day in DAYS]
    stops = [Stop(table, readings_at(GENEVA, table.weeks, 26, (13,)), False) for table in tables]
    groups = passes(stops)
    assert sorted(place for group in groups for place in group) == [0, 1, 2]
    for group in groups:
        last = tables[group[-1]]
        for place in group:
            weeks = tables[place].weeks
            assert [f for f in last.facts if f.week <= weeks] == [
                f for f in tables[place].facts if f.week <= weeks
            ]
    assert len(groups) > 1


def test_every_table_in_hundredths_is_rounded_as_everywhere(made):
    """A half as 0.215, which Python's own rounding writes as 0.21."""
    share = {"p": 0.215, "low": 0.105, "high": 0.325}
    page = content(made)
    page |= {key: [row | share for row in page[key]] for key in ("odds", "nulls", "tolerances")}
    many_days, rivals, tolerances = odds_report(page, "Geneva").sections
    for section, cell in (
        (many_days, "0.22 (0.10 to 0.32)"),
        (rivals, "0.22"),
        (tolerances, "0.22 (0.10 to 0.32)"),
    ):
        cells = [text for row in section.rows for text in row[1:4]]
        assert set(cells) - {"-"} == {cell}, section.title
