"""The page to mail of a folder of any kind; the explorer with a report below it."""

import re

import pytest

from sim.errors import ResultError
from sim.games.lineup import Lineup
from sim.games.tournament import tournament
from sim.outcomes.exact_store import write_exact
from sim.report.html import page
from sim.scenario import Scenario
from sim.web.mailing import EXACT, kind_of, mailed
from tests.studies.experiments import finished

POLICIES = {name: {"name": name} for name in ("grim", "tit_for_tat", "always_retaliate")}


def test_an_exact_solution(tmp_path):
    from sim.engines.exact import solve

    folder = write_exact(solve(Scenario.load("textbook/gtft-noise")), tmp_path, picture=False)
    told = mailed(folder)
    assert kind_of(folder) == EXACT
    assert "exact: " in told.notes[0]
    assert "In the long run: each side" in [section.title for section in told.sections]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    world = Scenario.load("geneva-simple").override({"weeks": 8})
    made = tournament(world, Lineup(POLICIES, POLICIES), 200, 7)
    return finished(made, tmp_path_factory.mktemp("tournament"))


def test_a_tournament_has_its_rankings_first(played):
    told = mailed(played)
    us, cn = told.sections[:2]
    assert [us.title, cn.title] == ["Ranking, us", "Ranking, cn"]
    assert sorted(row[1] for row in us.rows) == sorted(POLICIES)
    assert re.fullmatch(r"-?\d+\.\d{3} \(-?\d+\.\d{3} to -?\d+\.\d{3}\)", us.rows[0][2])
    scores = [float(row[2].split(" ")[0]) for row in us.rows]
    assert scores == sorted(scores, reverse=True)
    assert "Ranking, us" in page(told)


def test_a_folder_of_another_kind_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text('{"kind": "something"}', encoding="utf-8")
    with pytest.raises(ResultError):
        mailed(tmp_path)
