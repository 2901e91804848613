"""Governments in Python through tables, stories and pictures: of the very runs that Mesa plays."""

import numpy as np
import pytest

from sim import Government, Scenario, TruceModel, simulate
from sim.errors import AgentError, ResultError, ResultWriteError
from sim.explain import tell, trace_run
from sim.explain.find import with_ladder
from sim.explain.render import render
from sim.outcomes.store import write_result

GENEVA = Scenario.load("geneva-2025").override({"weeks": 13})
RUNS, SEED = 12, 2025


class Patient(Government):
    """Answers only what it has seen in most of the last four weeks; yields when it hurts."""

    def intend(self):
        if self.pressure > 0.5:
            return "concede"
        lately = [past.signal for past in self.history[-4:]]
        return "retaliate" if lately.count("bad") >= 3 else "concede"


class Mute(Government):
    """Has nothing to say in week 3."""

    def intend(self):
        return None if self.week == 3 else "hold"


BOTH = {"us": Patient, "cn": Patient}


@pytest.fixture(scope="module")
def result():
    return simulate(GENEVA, runs=RUNS, seed=SEED, keep_runs=True, governments=BOTH)


def model(run):
    played = TruceModel(GENEVA, SEED, run, BOTH, collect=False)
    played.run()
    return played


def test_the_table_of_runs_is_that_of_the_models(result):
    for run in range(RUNS):
        outcome = model(run).outcome
        kept = result.runs.iloc[run]
        for name in ("breakdown_week", "dispute_week", "first_violation_week"):
            week = kept[name]
            assert (None if np.isnan(week) else int(week)) == outcome[name]
    assert (result.engine, result.n) == ("mesa", RUNS)


def test_a_trace_is_of_the_same_run_week_by_week(result):
    for run in range(RUNS):
        played = model(run)
        trace = trace_run(GENEVA, SEED, run, governments=BOTH)
        assert [week.us.move for week in trace.weeks] == [past.move for past in played.us.history]
        assert [week.cn.move for week in trace.weeks] == [past.move for past in played.cn.history]
        assert trace.outcome.standing_week == played.outcome["breakdown_week"]
        assert trace.weeks[-1].cn.rung_end == played.cn.rung
        assert result.sample.breakdown[run] == (trace.outcome.standing_week or 0)


def test_it_has_a_story_a_ladder_and_pictures(result):
    ladder = with_ladder(result).ladder
    story = tell(trace_run(GENEVA, SEED, ladder.run, governments=BOTH))
    assert "not by its rule" in " ".join(render(story, "text").split())
    assert ladder.breakdown == (story.trace.outcome.standing_week or 0)
    for kind in ("ladder", "raster", "survival"):
        assert result.plot(kind).axes


@pytest.mark.parametrize("played", [simulate, trace_run])
def test_a_wrong_answer_is_named_with_its_week_and_what_is_allowed(played):
    with pytest.raises(AgentError) as caught:
        played(GENEVA, **_one(played), governments={"cn": Mute})
    told = str(caught.value)
    assert "Mute: intend() of cn in week 3" in told
    assert "allowed: retaliate, hold, concede" in told
    with pytest.raises(AgentError, match="a subclass of sim.Government"):
        played(GENEVA, **_one(played), governments={"cn": str})
    with pytest.raises(AgentError, match="us or cn"):
        played(GENEVA, **_one(played), governments={"eu": Patient})


def _one(played):
    return {"runs": 1} if played is simulate else {"seed": 1, "run": 0}


def test_what_plays_the_policies_of_the_scenario_goes_without(result, tmp_path):
    for asked in ("but_for", "spread"):
        with pytest.raises(ResultError, match="allowed with governments: False"):
            simulate(GENEVA, runs=2, governments=BOTH, **{asked: True})
    with pytest.raises(ResultWriteError, match="governments written in Python"):
        write_result(result, tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_first_mistake_of_many_threads_is_the_one_that_is_told():
    """A hand that failed is free again: the blocks that wait for one find it."""
    textbook = Scenario.load("textbook/tft-noise")
    for _ in range(3):
        with pytest.raises(AgentError, match="intend"):
            simulate(textbook, runs=40, threads=4, governments={"us": Mute})
