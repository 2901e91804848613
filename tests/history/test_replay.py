"""The record as one more run: read by the model's rules, and laid among the runs."""

import dataclasses
import datetime
from pathlib import Path as File

import numpy as np
import pytest

from docs.make_record import BEGIN, END, main, section, tables
from sim.engines.counts import WATCHED_RUNS
from sim.history.dated import dated_scenarios
from sim.history.path import levels, month_weights, record_path
from sim.history.replay import LICENCE, first_violations, replay
from sim.history.rivals import with_rivals
from sim.history.rows import RecordError
from sim.history.single_runs import play
from sim.outcomes.simulate import simulate
from sim.scenario import Scenario
from sim.scenario.records import week_of
from tests.everyday import one_in

PAGE = File(__file__).resolve().parents[2] / "docs" / "record.md"
DATED = dated_scenarios()
RUNS, SEED = 2000, 2025


def test_geneva_as_it_was():
    path = record_path(Scenario.load("geneva-2025"))
    assert path.weeks == 26
    assert path.first_violation == (1, 18)  # the guidance of 13 May; the probes of September
    assert path.first_talks == 4  # the call of 5 June
    assert path.dispute == 12  # eight weeks of one side's, which talks began anew in week 4
    assert path.breakdown == 23  # the rules of 9 October: both at rung 5 or above
    assert path.core_kept
    assert path.extended
    assert [round(month.share, 2) for month in path.months] == [0.07, 0.57, 1.0, 0.95, 0.68, 1.06]
    assert path.rungs[0, 2] == 11  # guidance 2, design software 4, engines 3, visas 2
    assert path.rungs[1].tolist()[3:7] == [0, 0, 0, 0]  # licences were owed, not a level
    both = (path.rungs >= 5).all(axis=0)
    assert both.argmax() + 1 == 22  # the week of 6 October: the rare-earth rules of the 9th


def test_geneva_by_the_reading_that_the_controls_had_to_go():
    reading = {"levers.cn.rare_earths.owes": "level", "levers.cn.rare_earths.due_weeks": 3}
    path = record_path(Scenario.load("geneva-2025").override(reading))
    assert path.first_violation == (1, 4)  # what was due on 2 June
    assert path.dispute == 6  # two weeks of mutual violation after it
    assert path.rungs[1].tolist()[3:7] == [5, 2.5, 2.5, 0]


def test_the_record_stops_where_the_table_does():
    path = record_path(Scenario.load("busan-2025"))
    assert path.weeks == 8
    assert path.extended is None
    assert path.first_violation == (0, 0)
    assert (path.dispute, path.breakdown) == (0, 0)


def test_without_a_truce_nothing_breaks():
    path = record_path(Scenario.load("april-2025"))
    assert not path.has_truce
    assert path.breakdown == 0
    assert path.rungs.max(axis=1).tolist() == [12, 19]


def test_a_raised_core_lever_is_not_kept():
    changes = {"start": datetime.date(2025, 4, 1), "as_of": datetime.date(2025, 4, 1), "weeks": 4}
    geneva = Scenario.load("geneva-2025").override(
        {**changes, "levers.cn.rare_earths.history": [], "levers.cn.rare_earths.level": 2}
    )
    assert not record_path(geneva).core_kept


def test_levels_follow_the_moves_within_their_range():
    spec = Scenario.load("geneva-2025").spec
    assert levels(spec, "us.eda", 9) == [0, 0, 1, 1, 1, 1, 1, 0, 0]
    assert levels(spec, "cn.unreliable_entities", 2) == [0, 0]  # suspended already


def test_weeks_and_months():
    path = record_path(Scenario.load("geneva-2025"))
    start = datetime.date(2025, 5, 12)
    assert week_of(start, start) == 1
    assert week_of(datetime.date(2025, 5, 19), start) == 2
    may, june = (month_weights(month, start, path.weeks) for month in path.months[:2])
    assert may.sum() == pytest.approx(1)
    assert may[:3].tolist() == pytest.approx([7 / 20, 7 / 20, 6 / 20])
    assert june[2] == pytest.approx(1 / 30)


def test_single_runs_are_those_of_the_batch():
    scenario = Scenario.load("geneva-2025")
    played = play(scenario.compiled, LICENCE, 300, SEED)
    result = simulate(scenario, runs=300, seed=SEED, keep_runs=True)
    assert result.runs is not None
    first = np.minimum.reduce(
        [np.where(w > 0, w, 99) for w in (first_violations(played, i, 26) for i in (0, 1))]
    )
    assert np.array_equal(first, result.runs["first_violation_week"].fillna(99))
    flow = result.bands.query("variable == 'flow' and who == @LICENCE")["mean"]
    assert np.abs(played.flow.mean(axis=0) - flow).max() < 0.01  # a bin of the histograms


def test_only_runs_that_are_followed_can_be_played():
    with pytest.raises(ValueError, match="allowed: 1 to"):
        play(Scenario.load("geneva-2025").compiled, LICENCE, WATCHED_RUNS + 1, SEED)


@pytest.mark.parametrize("scenario", one_in(3, DATED), ids=lambda s: s.name)
def test_the_recorded_path_is_possible(scenario):
    result = replay(scenario, RUNS, SEED)
    assert all(share > 0 for share in result.facts.values()), result.facts
    assert result.likelihood > 0
    assert all(0 <= place.quantile <= 1 for place in result.places)
    assert all(place.q05 <= place.median <= place.q95 for place in result.places)


def test_the_dated_scenarios_are_there():
    wanted = {"geneva-2025", "geneva-as-happened", "london-2025", "busan-2025", "april-2025"}
    assert wanted <= {scenario.name for scenario in DATED}


def test_april_climbs_to_its_recorded_heights():
    """In the median of 2,000 runs, by the horizon; both sides' lowest quartile above half."""
    result = replay(Scenario.load("april-2025"), RUNS, SEED)
    heights = {place.name: place for place in result.places if "rung" in place.name}
    assert len(heights) == 2
    assert all(place.median >= place.record for place in heights.values())


def test_a_textbook_game_cannot_be_compared():
    with pytest.raises(RecordError, match="not about the record"):
        replay(Scenario.load("textbook/tft-noise"))


@pytest.mark.pages
def test_the_page_has_the_numbers_of_now():
    scenario = next(s for s in DATED if s.name == "geneva-2025")
    assert "\n".join(section(with_rivals(scenario))) in PAGE.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_whole_page_is_that_of_now():
    text = PAGE.read_text(encoding="utf-8")
    assert text.split(BEGIN)[1].split(END)[0].strip("\n") == "\n".join(tables())


def test_the_tables_are_written_between_the_marks(tmp_path, monkeypatch):
    monkeypatch.setattr("docs.make_record.tables", lambda: iter(["new"]))
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    assert main([str(page)]) == 0
    assert page.read_text(encoding="utf-8") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_the_tables_are_printed(monkeypatch, capsys):
    monkeypatch.setattr("docs.make_record.tables", lambda: iter(["new"]))
    assert main(["-"]) == 0
    assert capsys.readouterr().out == "new\n"


def test_a_result_is_a_value():
    assert dataclasses.is_dataclass(record_path(Scenario.load("geneva-2025")))
