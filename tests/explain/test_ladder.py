"""The ladder of one run: what moved, when and why, off its trace; and its file."""

from dataclasses import replace

import pytest

from sim.errors import ResultError
from sim.explain import tell
from sim.explain.find import find_run, ladder_of, ladder_of_run, with_ladder
from sim.explain.outside import dues
from sim.explain.render import render
from sim.explain.trace import trace_run
from sim.outcomes.sample import DUE, ladder_text, read_ladder
from sim.outcomes.simulate import simulate
from sim.scenario import Scenario
from tests.explain import worlds


@pytest.fixture(scope="module")
def result():
    return simulate(Scenario.load("geneva-2025"), runs=40, seed=3)


def test_acts_lead_from_level_to_level(result):
    """Replaying the acts of each lever never skips a level, and ends where the run ended."""
    for run in range(10):
        trace = trace_run(result.scenario, 3, run)
        told = ladder_of(trace)
        levels = {lever.name: lever.level for lever in trace.start}
        for act in told.acts:
            for lever, before, after in act.moves:
                assert levels[lever] == before, (run, act)
                levels[lever] = before if act.why == DUE else after
        assert levels == {lever.name: lever.level for lever in trace.weeks[-1].levers}


def test_what_falls_due_undone_is_told_in_its_week():
    """By the reading that the controls of May had to go in three weeks."""
    due = {"levers.cn.rare_earths.owes": "level", "levers.cn.rare_earths.due_weeks": 3}
    owing = simulate(Scenario.load("geneva-2025").override(due), runs=10, seed=3)
    acts = [act for run in range(10) for act in ladder_of_run(owing, run).acts if act.why == DUE]
    assert acts
    assert {(act.week, act.who) for act in acts} == {(4, "cn")}
    assert all(before > after for act in acts for _, before, after in act.moves)


def test_breakdown_is_that_of_the_run(result):
    for run in range(result.n):
        told = ladder_of_run(result, run)
        assert told.breakdown == result.sample.breakdown[run]
        assert told.dispute == result.sample.dispute[run]
        assert bool(told.trigger) == bool(told.dispute)


def test_the_typical_run_is_stored_and_read_back(result, tmp_path):
    kept = with_ladder(result).ladder
    assert kept.run == find_run(result.scenario, "breakdown", result.seed, result.n).run
    (tmp_path / "ladder.json").write_text(ladder_text(kept))
    assert read_ladder(tmp_path / "ladder.json") == kept
    assert ladder_of_run(replace(result, ladder=kept), kept.run) is kept


@pytest.mark.parametrize("text", ["nonsense", "{}", '{"acts": 1}', "[]"])
def test_a_damaged_file_is_refused(text, tmp_path):
    (tmp_path / "ladder.json").write_text(text)
    with pytest.raises(ResultError, match=r"ladder.json cannot be read"):
        read_ladder(tmp_path / "ladder.json")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ResultError, match=r"none.json cannot be read"):
        read_ladder(tmp_path / "none.json")


def test_a_run_outside_the_result_is_refused(result):
    with pytest.raises(ResultError, match="allowed: 0 to 39"):
        ladder_of_run(result, 40)


def test_a_run_that_goes_otherwise_now_is_refused(result):
    """A folder of before: the model has changed since, and the run is not the one counted."""
    sample = replace(result.sample, dispute=result.sample.dispute + 1)
    with pytest.raises(ResultError, match="run the scenario again"):
        ladder_of_run(replace(result, sample=sample), 0)


def test_without_a_truce_there_is_no_breakdown():
    scenario = Scenario.load("april-2025")
    for run in range(5):
        told = ladder_of(trace_run(scenario, 1, run))
        assert (told.breakdown, told.trigger) == (0, "")


def test_to_refuse_is_told_as_such():
    """In the story and on the ladder."""
    refusing = worlds.scenario("geneva-2025", ("levers.cn.rare_earths.refusal", 0.0))
    acts = [(run, act) for run in range(60) for act in ladder_of(trace_run(refusing, 3, run)).acts]
    run, act = next((run, act) for run, act in acts if act.why.startswith("refuses licences: "))
    ((before, after),) = [move[1:] for move in act.moves if move[0] == "cn.rare_earths"]
    assert before < after == 3  # of two notches
    story = render(tell(trace_run(refusing, 3, run), (act.week, act.week)), "text")
    assert f"refuses rare earths licences ({before}→refused)" in " ".join(story.split())
    assert not any(act.why.startswith("refuses") for act in ladder_of(worlds.trace("busy", 1)).acts)


def test_who_owes_service_misses_no_date():
    owing = worlds.scenario("geneva-2025", ("levers.cn.rare_earths.owes", "service"))
    traces = [trace_run(owing, 3, run) for run in range(10)]
    assert not any(act.why == DUE for trace in traces for act in ladder_of(trace).acts)
    assert not any(event.kind == "overdue" for trace in traces for event in dues(trace))
