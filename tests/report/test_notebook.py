"""In a notebook and at a prompt: the report's own section, and one line."""

import pytest

from sim.explain import tell, trace_run
from sim.outcomes.simulate import simulate
from sim.report.notebook import WRITERS, report_of
from sim.scenario import Scenario
from sim.studies.pairs import compare
from sim.studies.study import load_study
from tests.outcomes.tallies import small
from tests.report.test_html import check_harmless
from tests.studies.experiments import GRID, experiment, finished


@pytest.fixture(scope="module")
def things(tmp_path_factory) -> dict[str, object]:
    scenario = small(title="<script>" + "x" * 400)
    place = tmp_path_factory.mktemp("study")
    folder = finished(experiment(place, GRID), place)
    world = scenario.compiled
    made = (
        scenario,
        simulate(scenario, runs=30, but_for=True),
        load_study(folder),
        compare(world, world, 30, 1),
        tell(trace_run(scenario, 1, 0)),
    )
    return {type(thing).__name__: thing for thing in made}


def test_all_that_can_be_shown_is_here(things):
    assert set(things) == set(WRITERS)


@pytest.mark.parametrize("name", WRITERS)
def test_a_prompt_gets_one_short_line(things, name):
    text = repr(things[name])
    assert text.startswith(f"<{name} ")
    assert len(text) < 300
    assert text.isprintable()


@pytest.mark.parametrize("name", WRITERS)
def test_a_notebook_gets_the_section_of_the_report(things, name):
    seen = check_harmless(things[name]._repr_html_())
    assert "h3" in seen.tags
    told = report_of(things[name])
    assert told.title.replace("`", "") in seen.texts
    assert told.lead


@pytest.mark.parametrize("name", ["geneva-2025", "textbook/tft-noise", "race-2025-2030"])
def test_shipped_scenarios_too(name):
    scenario = Scenario.load(name)
    assert len(repr(scenario)) < 300
    check_harmless(scenario._repr_html_())


def test_a_picture_shows_itself(things):
    shown = things["Result"].plot("survival")._repr_png_()
    assert shown.startswith(b"\x89PNG")


def test_a_scenario_says_what_it_changes_and_a_story_its_weeks(things):
    curt = Scenario.load("geneva-2025").override({"actors.us.policy.generosity": 0.5})
    seen = check_harmless(curt._repr_html_())
    assert {"What was changed", "actors.us.policy.generosity", "0.5"} <= set(seen.texts)
    assert "Run 0, week by week" in check_harmless(things["Story"]._repr_html_()).texts
