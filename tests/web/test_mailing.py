"""The page to mail of a folder of any kind; the explorer with a report below it."""

import re
from datetime import date

import numpy as np
import pytest

from sim.errors import ResultError
from sim.forecast.fit import new_fit
from sim.forecast.fit_store import FitFolder
from sim.forecast.tempered import Particles
from sim.games.lineup import Lineup
from sim.games.ranking import RANKS
from sim.games.tournament import tournament
from sim.outcomes.exact import write_exact
from sim.outcomes.manifest import kind_of
from sim.report.html import page
from sim.report.pictures import EXACT, FIT
from sim.scenario import Scenario
from sim.web.mailed import mailed
from sim.world.philox import normals
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
    assert [us.title, cn.title] == [f"Ranking: {side}" for side in ("United States", "China")]
    assert sorted(row[1] for row in us.rows) == sorted(POLICIES)
    assert re.fullmatch(r"-?\d+\.\d{3} \(-?\d+\.\d{3} to -?\d+\.\d{3}\)", us.rows[0][2])
    scores = [float(row[2].split(" ")[0]) for row in us.rows]
    assert scores == sorted(scores, reverse=True)
    assert "Ranking: China" in page(told)


def test_a_tournament_in_which_all_fare_alike_says_so(tmp_path):
    world = Scenario.load("geneva-simple").override({"weeks": 8})
    alike = {name: {"name": "grim"} for name in ("one", "two")}
    told = mailed(finished(tournament(world, Lineup(alike, alike), 20, 7), tmp_path))
    (said,) = told.sections[0].words
    assert told.sections[0].title == "Ranking"
    assert re.match(r"There is none: payoff of us, -?[0-9.]+ in every cell; allowed: one", said)
    assert said in page(told)


def test_no_table_has_two_headings_that_differ_by_a_letter(played):
    """As *rank* and *ranks* did, of which a reader cannot know which is which."""
    told = mailed(played)
    for section in told.sections:
        names = [column.name.rstrip("s").lower() for column in section.columns]
        assert len(set(names)) == len(names), section.title
    for ranking in told.sections[:2]:
        assert RANKS in {column.name for column in ranking.columns}
        assert RANKS in ranking.notes[0].lower()


@pytest.fixture
def fit(tmp_path):
    """A folder of a fit, its points made up: what is told of them is not of matter here."""
    sizes = {"points": 6, "stages": 2, "moves": 1, "copies": 10}
    asked = new_fit([Scenario.load("geneva-2025")], as_of=date(2025, 6, 15), **sizes)
    folder = FitFolder(tmp_path, asked)
    folder.path.mkdir()
    folder.begin()
    z = normals(asked.plan.key, 6, 0, asked.size)
    cloud = Particles(2, z, -np.ones((6, 1)), 0.5, (6.0, 5.0), (0.5, 0.4), -1.0)
    folder.keep(cloud)
    folder.finish(cloud)
    return folder.path


def test_a_fit_says_how_it_was_made(fit):
    told = mailed(fit)
    assert kind_of(fit) == FIT
    assert told.title == "What the record says of geneva-2025"
    built = told.sections[-1]
    assert built.code.startswith("detente fit geneva-2025 --as-of 2025-06-15 --points 6 --stages 2")
    assert [figure.name for figure in told.sections[-2].figures] == ["fit"]
    facts = dict(built.rows)
    assert facts["scenario"] == f"geneva-2025, SHA-256 {Scenario.load('geneva-2025').hash}"
    assert facts["record up to"] == "2025-06-15"
    assert "reproduce.json" in page(told)
    shown = page(told)
    assert len(shown) < 1_000_000
    assert "The record says nothing about" in shown


def test_a_folder_of_another_kind_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text('{"kind": "something"}', encoding="utf-8")
    with pytest.raises(ResultError):
        mailed(tmp_path)
