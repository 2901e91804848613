"""The typical run of a kind and its share, as picture, page and report have it; and its ladder."""

from dataclasses import replace

import numpy as np
import pytest

from sim.engines.counts import ENDED
from sim.errors import ResultError
from sim.explain import find_run, tell, trace_run
from sim.explain.find import (
    KINDS,
    FindError,
    find_stories,
    find_typical,
    ladder_of,
    ladder_of_run,
    typical,
    typical_run,
    with_ladder,
)
from sim.explain.outside import due_events
from sim.explain.render import render, runs_with_stories, typical_stories
from sim.outcomes.estimates import wilson
from sim.outcomes.sample import DUE, ladder_text, read_ladder
from sim.outcomes.simulate import simulate
from sim.scenario import Scenario
from sim.web.data import stories
from tests.explain import worlds

RUNS, FEW = 2_000, 400


def found(kind, name="geneva-2025", runs=RUNS):
    return find_run(worlds.scenario(name), kind, worlds.SEED, runs)


def test_shares_are_those_of_the_tallies():
    result = simulate(worlds.scenario("geneva-2025"), runs=RUNS, seed=worlds.SEED)
    term = result.term
    ended = result.tally.ended
    for kind, outcome in (("breakdown", "standing"), ("dispute", "undisputed")):
        assert found(kind).count == ended[ENDED.index(outcome), 1 : term + 1].sum()
    assert found("quiet").count == ended[0, term + 1 :].sum()
    assert found("talks").count == result.tally.first_talks[1 : term + 1].sum()
    assert found("lapse").count == result.tally.counts[2]
    for kind, cause in (("slip", 5), ("misread", 2)):
        assert found(kind).count == result.tally.trigger[cause, :, :, : term + 1].sum()


def test_a_share_has_n_and_its_wilson_interval():
    share = found("breakdown").share
    low, high = wilson(found("breakdown").count, RUNS)
    assert (share.n, share.low, share.high) == (RUNS, low, high)
    assert "by the end of week 13" in found("breakdown").text
    assert "2,000 runs" in found("breakdown").text


@pytest.mark.parametrize("kind", KINDS)
def test_the_run_is_of_its_kind(kind):
    outcome = trace_run(worlds.scenario("geneva-2025"), worlds.SEED, found(kind).run).outcome
    holds = {
        "breakdown": lambda: outcome.standing_week <= 13,
        "dispute": lambda: outcome.undisputed_week <= 13,
        "slip": lambda: outcome.trigger.cause == "slip",
        "misread": lambda: outcome.trigger.cause == "misread",
        "talks": lambda: outcome.first_talks <= 13,
        "lapse": lambda: outcome.lapse_week is not None,
        "quiet": lambda: outcome.clean_week is None or outcome.clean_week > 13,
    }
    assert holds[kind]()


def rows(weeks, causes=None):
    table = np.zeros(
        len(weeks),
        [
            (name, "i4")
            for name in ("clean_week", "undisputed_week", "first_talks", "talks_count", "cause")
        ]
        + [("cause_who", "i4"), ("cause_item", "i4"), ("harm_us", "f8"), ("harm_cn", "f8")],
    )
    table["undisputed_week"] = weeks
    table["cause"] = causes if causes is not None else 0
    return table


def test_typical_is_the_median_and_the_lowest_index_on_ties():
    assert typical(rows([9, 5, 2, 5]), np.arange(4), 26) == 1
    assert typical(rows([9, 5, 2, 5]), np.array([0, 2, 3]), 26) == 3


def test_typical_has_the_commonest_trigger():
    assert typical(rows([5, 4, 9], [3, 5, 5]), np.arange(3), 26) == 1


def test_a_kind_that_never_happens_says_how_many_runs_were_searched():
    with pytest.raises(FindError, match="lapse: in none of the 500 runs searched") as caught:
        found("lapse", "textbook/tft-noise", 500)
    assert (
        caught.value.problems[0].allowed == "a kind that happens: breakdown, dispute, slip, quiet"
    )


def test_a_kind_that_needs_a_truce_is_not_defined_without_one():
    with pytest.raises(FindError, match=r"the scenario has no \[truce\]"):
        found("breakdown", "april-2025", 100)


def test_an_unknown_kind_names_the_nearest():
    for word in ("breakdwn", "rupture"):
        with pytest.raises(FindError, match="did you mean breakdown"):
            found(word)


def test_stories_begin_with_the_typical_run():
    scenario = Scenario.load("geneva-simple")
    told = find_stories(scenario, 3, 400, 4, KINDS)
    first = find_typical(scenario, 3, 400)
    assert told[0] == first
    assert told[1:] == [find_run(scenario, each.kind, 3, 400) for each in told[1:]]
    assert len({each.run for each in told}) == len(told) == 4


@pytest.fixture(scope="module")
def kept():
    scenario = worlds.scenario("geneva-2025")
    return simulate(scenario, runs=FEW, seed=worlds.SEED, keep_runs=True)


def test_they_are_all_of_one_run(kept):
    scenario, seed = kept.scenario, kept.seed
    run = find_run(scenario, "breakdown", seed, FEW).run
    assert typical_run(kept) == with_ladder(kept).ladder.run == run
    assert runs_with_stories(scenario, seed, FEW)[0].run == run
    assert stories(scenario, seed, FEW)[0]["run"] == run
    assert typical_stories(scenario, seed, FEW)[1].title == f"Run {run}, week by week"


def test_its_trigger_is_the_commonest(kept):
    """Counted a second time, over the kept runs that broke by the end of the term."""
    runs = kept.runs
    broken = runs[runs["breakdown_week"] <= kept.term]
    told = broken[["cause", "cause_who", "cause_item"]].fillna("none").apply(tuple, axis=1)
    counts = told.value_counts()
    mine = told[told.index == typical_run(kept)].iloc[0]
    assert counts[mine] == counts.max()


def test_where_nothing_breaks_it_is_of_a_dispute_and_then_of_talks():
    base = worlds.scenario("geneva-2025")
    unbroken = base.override({"truce.rupture_rung": 50, "truce.core": []})
    assert find_typical(unbroken, worlds.SEED, 100).kind == "dispute"
    assert find_typical(worlds.scenario("april-2025"), worlds.SEED, 50).kind in ("talks", "quiet")
    quiet = simulate(worlds.scenario("textbook/tft-noise"), runs=20, seed=1)
    assert ladder_of_run(quiet, typical_run(quiet)).run == typical_run(quiet)


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
    assert not any(event.kind == "overdue" for trace in traces for event in due_events(trace))
