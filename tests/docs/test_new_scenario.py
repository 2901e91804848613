"""The how-to on a scenario from nothing: its file is whole, right, and does what the page says."""

import re
from pathlib import Path

import pytest

from sim import Scenario, simulate
from sim.explain import tell, trace_run
from sim.explain.render import render
from sim.games.classify import classify
from sim.studies.pair import pair_of
from sim.studies.pairs import compare

NAMES = ("the League", "Coastland")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-new-scenario.md"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    block, _ = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    path = tmp_path_factory.mktemp("own") / "ports-2027.toml"
    path.write_text(block)
    return path


def test_it_is_whole_and_has_what_the_page_promises(file):
    scenario = Scenario.load(file)
    assert not scenario.warnings
    assert "extends" not in file.read_text()
    spec = scenario.spec
    assert {side: len(spec.levers[side]) for side in spec.ids} == {"league": 3, "coast": 3}
    assert (len(spec.shocks), list(spec.allies)) == (2, ["bay"])
    assert len(file.read_text().splitlines()) <= 155


def test_it_plays_breaks_and_holds(file):
    result = simulate(Scenario.load(file), runs=300, seed=1)
    assert 0.2 < result.undisputed.p < result.standing.p < 1.0
    assert {"league", "coast"} <= set(result.triggers["who"])


def test_all_that_is_told_has_the_names_of_its_own_sides(file):
    told = render(tell(trace_run(Scenario.load(file), 2025, 1)), "text")
    assert {"the League", "Coastland"} <= {name for name in NAMES if name in told}
    assert not re.search(r"\b(US|China|American|Chinese|us\.|cn\.)", told)


@pytest.mark.slow
def test_its_parts_matter(file):
    scenario = Scenario.load(file)
    for thing in ("shock:summit", "shock:harbour-raid", "lever:league.crane_ban"):
        found = compare(*pair_of(scenario, removed=[thing]).compiled(), 200, 1)
        assert found.divergence.parted > 0, thing
    assert classify(scenario, years=0).game.name == "prisoner's dilemma"
