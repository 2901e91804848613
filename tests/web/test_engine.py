"""The simulator in the page counts what the batch engine counts, byte for byte."""

import numpy as np
import pytest

from sim.engines.batch import run_parts
from sim.native import dump
from sim.outcomes.butfor import channels_off, without_bands
from sim.outcomes.estimates import paired, wilson
from sim.scenario import Scenario
from sim.scenario.loading import list_shipped
from sim.web.controls import controls
from tests.everyday import of_every_kind
from tests.web.conftest import DONE, SECONDS, bytes_of, tally_of, written

RUNS = 1_000
SEED = 2**40 + 7


def same_tally(page, compiled):
    ours = tally_of(page, compiled.params, {}, RUNS, SEED)
    theirs = run_parts(compiled.parts, SEED, 0, RUNS).tally
    for name, one, two in zip(ours._fields, ours, theirs, strict=True):
        assert np.array_equal(one, two), name


@pytest.fixture(scope="module")
def page(browser, geneva):
    """One for all: nothing here changes what it shows."""
    page = browser.new_page()
    page.goto(geneva.as_uri())
    page.wait_for_selector(DONE, timeout=SECONDS)
    yield page
    page.close()


def test_geneva_counts_the_same(page):
    same_tally(page, Scenario.load("geneva-2025").compiled)


@pytest.mark.slow
def test_a_textbook_without_a_truce_counts_the_same(opened, tmp_path):
    scenario = Scenario.load("textbook/licence-queue")
    page = opened(written(tmp_path, scenario))
    page.wait_for_selector(DONE)
    same_tally(page, scenario.compiled)


@pytest.mark.slow
@pytest.mark.parametrize("name", of_every_kind([one.name for one in list_shipped()]))
def test_shipped_scenarios_count_the_same(opened, tmp_path, name):
    scenario = Scenario.load(name)
    page = opened(written(tmp_path, scenario))
    page.wait_for_selector(DONE)
    same_tally(page, scenario.compiled)


CHANGES = (
    {},
    {"actors.us.slip": 0.1, "talks.sequencing": "us_first", "truce.breakdown_after": 4},
    {"actors.cn.policy.k": 3, "actors.cn.policy.below": "hold", "talks.relief_lag_weeks": 1},
    {"actors.us.policy.name": "grim", "actors.cn.policy.name": "contrite_tit_for_tat"},
    {"actors.us.policy.name": "tit_for_k_tats", "actors.us.policy.k": 1, "actors.cn.slip": 0.0},
    {"truce.unilateral_after": 0, "truce.term_weeks": 20, "actors.cn.policy.name": "random"},
)


def with_bins_of(params, base):
    """The page keeps the bins of trajectories as they are in the scenario as given."""
    return params._replace(bands=base.bands)


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: ",".join(changes) or "as given")
def test_choices_become_the_tables_that_python_compiles(page, changes):
    scenario = Scenario.load("geneva-2025")
    params = scenario.override(changes).compiled.params
    expected = dump(with_bins_of(params, scenario.compiled.params))
    assert bytes_of(page, "detente.bytes(a[0])", changes) == expected


@pytest.mark.slow
def test_settings_that_share_a_place_at_their_ends(page):
    scenario = Scenario.load("geneva-2025")
    sliders = {each["path"]: each["values"] for each in controls(scenario)["settings"]}
    for end in (0, -1):
        paths = ("levers.cn.rare_earths.capacity", "levers.cn.rare_earths.squeeze")
        changes = {path: sliders[path][end] for path in paths}
        params = scenario.override(changes).compiled.params
        expected = dump(with_bins_of(params, scenario.compiled.params))
        assert bytes_of(page, "detente.bytes(a[0])", changes) == expected


def test_every_policy_in_either_chair(page):
    scenario = Scenario.load("geneva-2025")
    names = page.evaluate("() => detente.data.policies.map((policy) => policy.name)")
    assert len(names) > 10
    for us, cn in zip(names, names[1:] + names[:1], strict=True):
        given = {actor: scenario.spec.actors[actor].policy["name"] for actor in ("us", "cn")}
        chosen = {"us": us, "cn": cn}
        changes = {f"actors.{a}.policy.name": n for a, n in chosen.items() if n != given[a]}
        assert bytes_of(page, "detente.bytes(a[0])", changes) == dump(
            scenario.override(changes).compiled.params
        ), chosen


@pytest.mark.slow
def test_both_ends_of_every_slider_all_at_once_and_alone(page):
    scenario = Scenario.load("geneva-2025")
    sliders = {each["path"]: each["values"] for each in controls(scenario)["settings"]}
    alone = [{path: values[end]} for path, values in sliders.items() for end in (0, -1)]
    together = [{path: values[end] for path, values in sliders.items()} for end in (0, -1)]
    for changes in (*alone, *together):
        params = scenario.override(changes).compiled.params
        expected = dump(with_bins_of(params, scenario.compiled.params))
        assert bytes_of(page, "detente.bytes(a[0])", changes) == expected, changes


def test_channels_off_are_those_of_the_but_for_shares(page):
    compiled = Scenario.load("geneva-2025").compiled
    for name, params in channels_off(compiled.params, compiled.shocks).items():
        expected = dump(without_bands(params))
        assert bytes_of(page, "detente.bytes({}, a[0])", name) == expected, name


def test_intervals_are_those_of_python(page):
    cases = [(0, 10), (10, 10), (3, 1000), (500, 1000), (9999, 10_000)]
    ours = page.evaluate("(cases) => cases.map(([k, n]) => detente.wilson(k, n))", cases)
    theirs = np.transpose([wilson(*case) for case in cases][:]).reshape(2, -1).T
    np.testing.assert_allclose(ours, theirs, atol=1e-12)
    flips = [(0, 0, 1000), (5, 0, 1000), (120, 80, 1000), (1, 999, 1000)]
    found = page.evaluate("(cases) => cases.map((c) => Object.values(detente.paired(...c)))", flips)
    for case, (value, low, high, *_) in zip(flips, found, strict=True):
        np.testing.assert_allclose((value, low, high), [float(x) for x in paired(*case)], atol=1e-9)
