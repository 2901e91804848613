"""The record as one more run: read by the model's rules, laid among the runs, beside its rivals."""

import dataclasses
import datetime
from pathlib import Path as File

import numpy as np
import pytest

from docs.make_record import BEGIN, END, likelihood_table, main, section, tables
from sim.engines.counts import WATCHED_RUNS
from sim.history.backtest_page import backtest_report
from sim.history.path import dated_scenarios, levels, month_weights, record_path
from sim.history.record import MAGNET_LEVER
from sim.history.record import shipped as shipped_record
from sim.history.replay import (
    COIN,
    CONCEDE,
    GOVERNMENTS,
    first_violations,
    play,
    replay,
    with_governments,
    with_rivals,
)
from sim.history.rows import RecordError
from sim.outcomes.simulate import simulate
from sim.scenario import Scenario
from sim.scenario.calendar import week_of, weeks_over
from tests.everyday import one_in

PAGE = File(__file__).resolve().parents[2] / "docs" / "record.md"
DATED = dated_scenarios()
RUNS, SEED = 2000, 2025


def test_geneva_as_it_was():
    path = record_path(Scenario.load("geneva-2025"))
    assert path.weeks == 26
    assert path.first_violation == (1, 18)  # the guidance of 13 May; the probes of September
    assert path.first_talks == 4  # the call of 5 June
    assert (
        path.ends["undisputed"] == 12
    )  # eight weeks of one side's, which talks began anew in week 4
    assert path.ends["standing"] == 23  # the rules of 9 October: both at rung 5 or above
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
    assert path.ends["undisputed"] == 6  # two weeks of mutual violation after it
    assert path.rungs[1].tolist()[3:7] == [5, 2.5, 2.5, 0]


def test_the_record_stops_where_the_table_does():
    path = record_path(Scenario.load("busan-2025"))
    assert path.weeks == 9  # of 30 October to 31 December: nine weeks to the day
    assert path.extended is None
    assert path.first_violation == (0, 0)
    assert path.ends == dict.fromkeys(("clean", "undisputed", "standing", "core"), 0)


@pytest.mark.parametrize("days", range(85, 95))
def test_a_path_has_the_weeks_that_are_over_on_the_records_last_day(days):
    geneva = Scenario.load("geneva-2025")
    day = geneva.spec.start + datetime.timedelta(days=days)
    path = record_path(geneva, shipped_record().until(day))
    assert path.weeks == weeks_over(geneva.spec.start, day) == (12 if days < 90 else 13)
    # the pause was prolonged on 11 August, the day after the term's last
    assert path.extended is (None if days < 91 else True)


def test_without_a_truce_nothing_breaks():
    path = record_path(Scenario.load("april-2025"))
    assert set(path.ends) == {"clean"}
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
    played = play(scenario.compiled, MAGNET_LEVER, 300, SEED)
    result = simulate(scenario, runs=300, seed=SEED, keep_runs=True)
    assert result.runs is not None
    first = np.minimum.reduce(
        [np.where(w > 0, w, 99) for w in (first_violations(played, i, 26) for i in (0, 1))]
    )
    assert np.array_equal(first, result.runs["first_violation_week"].fillna(99))
    flow = result.bands.query("variable == 'flow' and who == @MAGNET_LEVER")["mean"]
    assert np.abs(played.flow.mean(axis=0) - flow).max() < 0.01  # a bin of the histograms


def test_only_runs_that_are_followed_can_be_played():
    with pytest.raises(ValueError, match="allowed: 1 to"):
        play(Scenario.load("geneva-2025").compiled, MAGNET_LEVER, WATCHED_RUNS + 1, SEED)


@pytest.mark.parametrize("scenario", one_in(6, DATED), ids=lambda s: s.name)
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


@pytest.fixture(scope="module")
def busan():
    return with_rivals(Scenario.load("busan-2025"), 1000, SEED)


@pytest.mark.parametrize("truce", ["geneva", "london"])
@pytest.mark.parametrize(
    ("rival", "name"),
    [
        (COIN, "coin-flips"),
        pytest.param(CONCEDE, "always-concede", marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_a_rival_is_the_shipped_one(truce, rival, name):
    made = with_governments(Scenario.load(f"{truce}-2025"), rival)
    if (truce, rival) == ("geneva", COIN):  # that file lets it meet whenever it likes
        made = made.override({"talks.since_weeks": "none"})
    shipped = Scenario.load(f"nulls/{truce}-{name}")
    assert replay(made, 1000, SEED).facts == replay(shipped, 1000, SEED).facts


def test_sides_of_ones_own_have_rivals_too():
    names = [{"id": "east", "name": "Eastland"}, {"id": "west", "name": "Westland"}]
    scenario = Scenario.load("busan-2025")
    renamed = scenario.override({"sides": names})
    for rival in GOVERNMENTS:
        made, same = (with_governments(each, rival).compiled.params for each in (scenario, renamed))
        assert all(np.array_equal(a, b) for a, b in zip(made, same, strict=True))


def test_every_rival_is_in_every_table(busan):
    report = backtest_report([busan])
    matches, places = report.sections
    assert [column.name for column in matches.columns] == ["fact", "busan-2025", *GOVERNMENTS]
    assert [row[0] for row in matches.rows] == [*busan.base.facts, "all of them"]
    assert [column.name for column in places.columns][-2:] == list(GOVERNMENTS)
    for rival, found in busan.rivals.items():
        assert f"{found.matching:,} ({rival})" in report.lead[0]
        assert report.data["scenarios"][0]["rivals"][rival]["facts"] == found.facts
    table = list(likelihood_table(busan.rows))
    assert len(table) == 2 + 1 + len(GOVERNMENTS)
    head = next(line for line in section(busan) if line.startswith("| quantity"))
    assert head.endswith(" | coin flips | always concede |")


def test_of_several_scenarios_one_table_says_which_matches(busan):
    report = backtest_report([busan, busan._replace(base=busan.rivals[CONCEDE])])
    overview, *details = report.sections
    assert [row[0] for row in overview.rows] == ["busan-2025"] * 2
    assert overview.rows[0][1].startswith(f"{busan.base.likelihood:.4f} (")
    assert overview.rows[0][2:] == tuple(f"{r.likelihood:.4f}" for r in busan.rivals.values())
    assert [part.detail for part in (overview, *details)] == [False, *[True] * 4]
    assert " 0 of 2 match it more often than each rival" in report.lead[0]
    assert len(report.data["scenarios"]) == 2


def test_what_always_concedes_never_breaks_busan(busan):
    """As the design's referee found: a rival without behaviour matches nearly always there."""
    assert busan.rivals[CONCEDE].likelihood > busan.base.likelihood > busan.rivals[COIN].likelihood
