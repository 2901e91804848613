"""One typical run: the picture, `explain --find`, the page and the report are of the same one."""

import pytest

from sim.explain.find import find_run, find_typical
from sim.explain.ladder import ladder_of_run, typical_run, with_ladder
from sim.explain.page import runs_with_stories, typical_stories
from sim.outcomes.simulate import simulate
from sim.web.stories import stories
from tests.explain import worlds

RUNS = 400


@pytest.fixture(scope="module")
def result():
    scenario = worlds.scenario("geneva-2025")
    return simulate(scenario, runs=RUNS, seed=worlds.SEED, keep_runs=True)


def test_they_are_all_of_one_run(result):
    scenario, seed = result.scenario, result.seed
    run = find_run(scenario, "breakdown", seed, RUNS).run
    assert typical_run(result) == with_ladder(result).ladder.run == run
    assert runs_with_stories(scenario, seed, RUNS)[0].run == run
    assert stories(scenario, seed, RUNS)[0]["run"] == run
    assert typical_stories(scenario, seed, RUNS)[1].title == f"Run {run}, week by week"


def test_its_trigger_is_the_commonest(result):
    """Counted a second time, over the kept runs that broke by the end of the term."""
    runs = result.runs
    broken = runs[runs["breakdown_week"] <= result.term]
    told = broken[["cause", "cause_who", "cause_item"]].fillna("none").apply(tuple, axis=1)
    counts = told.value_counts()
    mine = told[told.index == typical_run(result)].iloc[0]
    assert counts[mine] == counts.max()


def test_where_nothing_breaks_it_is_of_a_dispute_and_then_of_talks():
    base = worlds.scenario("geneva-2025")
    unbroken = base.override({"truce.rupture_rung": 50, "truce.core": []})
    assert find_typical(unbroken, worlds.SEED, 100).kind == "dispute"
    assert find_typical(worlds.scenario("april-2025"), worlds.SEED, 50).kind in ("talks", "quiet")
    quiet = simulate(worlds.scenario("textbook/tft-noise"), runs=20, seed=1)
    assert ladder_of_run(quiet, typical_run(quiet)).run == typical_run(quiet)
