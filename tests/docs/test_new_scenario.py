"""The how-to on a scenario from nothing: its file is whole, right, and does what the page says."""

import re
from pathlib import Path

import pytest

from sim import Scenario, simulate
from sim.games.classify import classify
from sim.studies.pair import pair_of
from sim.studies.pairs import compare

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-new-scenario.md"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    (block,) = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    path = tmp_path_factory.mktemp("own") / "ports-2027.toml"
    path.write_text(block)
    return path


def test_it_is_whole_and_has_what_the_page_promises(file):
    scenario = Scenario.load(file)
    assert not scenario.warnings
    assert "extends" not in file.read_text()
    spec = scenario.spec
    assert {side: len(spec.levers[side]) for side in ("us", "cn")} == {"us": 3, "cn": 3}
    assert (len(spec.shocks), list(spec.allies)) == (2, ["kr"])
    assert len(file.read_text().splitlines()) <= 140


def test_it_plays_breaks_and_holds(file):
    result = simulate(Scenario.load(file), runs=300, seed=1)
    assert 0.2 < result.undisputed.p < result.standing.p < 1.0
    assert {"us", "cn"} <= set(result.triggers["who"])


@pytest.mark.slow
def test_its_parts_matter(file):
    scenario = Scenario.load(file)
    for thing in ("shock:summit", "shock:harbour-raid", "lever:us.crane_ban"):
        found = compare(*pair_of(scenario, removed=[thing]).compiled(), 200, 1)
        assert found.divergence.parted > 0, thing
    assert classify(scenario, years=0).game.name == "prisoner's dilemma"
