"""Every shipped scenario keeps its promises; a new one is tested by being there."""

import re
from functools import cache

import pytest

from sim.outcomes.simulate import simulate
from sim.report.pictures import RESULT, left_out, pictures
from sim.scenario import Scenario
from sim.scenario.loading import list_shipped, shipped_files
from tests.everyday import of_every_kind, one_in

FILES = shipped_files()
NAMES = [shipped.name for shipped in list_shipped()]
RUNS = 200
#: Drawn every day: a scenario with everything, and one with next to nothing.
DRAWN = ("geneva-as-happened", "textbook/quiet")
#: What everybody asked for, so that none goes missing.
PROMISED = {
    "geneva-2025",
    "geneva-2025-capacity",
    "geneva-2025-design",
    "geneva-as-happened",
    "geneva-as-happened-capacity",
    "geneva-as-happened-design",
    "geneva-simple",
    "london-2025",
    "busan-2025",
    "april-2025",
    "race-2025-2030",
}


@cache
def loaded(name):
    return Scenario.load(FILES[name])


def test_the_promised_scenarios_are_there():
    assert set(NAMES) >= PROMISED


@pytest.mark.parametrize("name", FILES)
def test_loads_and_compiles_without_a_warning(name):
    scenario = loaded(name)
    assert scenario.warnings == ()
    assert scenario.compiled.weeks == scenario.spec.weeks


@pytest.mark.parametrize("name", FILES)
def test_the_first_line_says_what_it_is_for(name):
    first = FILES[name].read_text(encoding="utf-8").splitlines()[0]
    assert re.fullmatch(r"# \S.{20,}[.?)]", first), first


@pytest.mark.parametrize("name", FILES)
def test_every_value_it_sets_has_a_source(name):
    scenario = loaded(name)
    for row in scenario.entries():
        assert row.source or row.origin == "default", row.path


def assert_runs(name, pictures_of_it):
    result = simulate(loaded(name), runs=RUNS, keep_runs=True, but_for=False)
    assert result.n == RUNS
    held = result.at(result.headline)
    assert held is not None
    assert 0 <= held.low <= held.p <= held.high <= 1
    for kind in pictures_of_it:
        if not left_out(RESULT, kind, result):
            assert result.plot(kind).axes, kind


@pytest.mark.parametrize("name", one_in(3, NAMES))
def test_runs(name):
    assert_runs(name, ())


@pytest.mark.parametrize("name", DRAWN)
def test_draws(name):
    assert_runs(name, pictures(RESULT))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in of_every_kind(NAMES) if name not in DRAWN])
def test_draws_too(name):
    assert_runs(name, pictures(RESULT))
