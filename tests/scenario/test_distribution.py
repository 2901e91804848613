"""What is believed of a number: kinds, errors, and where a file may write it."""

import numpy as np
import pytest
from scipy import stats

from sim import Scenario
from sim.scenario.distribution import DistributionError, read_distribution, uniform
from sim.scenario.key_paths import NUMBERS
from tests.scenario.conftest import Wrong

SHARES = np.linspace(0, 1, 41)

#: what a file writes, and the law it means
LAWS = {
    "pair": ([0.1, 0.4], stats.uniform(0.1, 0.3)),
    "uniform": ({"uniform": [0.1, 0.4]}, stats.uniform(0.1, 0.3)),
    "triangular": ({"triangular": [0, 1, 4]}, stats.triang(0.25, 0, 4)),
    "truncated_normal": (
        {"truncated_normal": [0.1, 0.05, 0, 0.3]},
        stats.truncnorm(-2, 4, 0.1, 0.05),
    ),
    "beta": ({"beta": [2, 5]}, stats.beta(2, 5)),
    "beta with bounds": ({"beta": [2, 5], "bounds": [1, 3]}, stats.beta(2, 5, 1, 2)),
}


def test_every_kind_is_tried():
    assert {name.partition(" ")[0] for name in LAWS} == {"pair", *NUMBERS}


@pytest.mark.parametrize("name", LAWS)
def test_shares_of_the_mass_are_those_of_scipy(name):
    written, law = LAWS[name]
    found = read_distribution(written)
    assert found.at(SHARES) == pytest.approx(law.ppf(SHARES))
    assert (found.low, found.high) == pytest.approx(law.support())
    assert found.median() == pytest.approx(law.median(), rel=1e-5)
    assert read_distribution(found.to_table()) == found


@pytest.mark.parametrize("name", LAWS)
def test_whole_numbers_stay_between_the_ends(name):
    found = read_distribution(LAWS[name][0])
    whole = found.at(SHARES, whole=True)
    assert (whole == np.floor(whole)).all()
    assert (whole >= np.floor(found.low)).all()
    assert (whole <= np.ceil(found.high)).all()


def test_each_whole_number_of_a_uniform_is_as_likely():
    found = uniform(1, 3).at((np.arange(300) + 0.5) / 300, whole=True)
    assert [int((found == k).sum()) for k in (1, 2, 3)] == [100, 100, 100]
    assert uniform(1, 3).at(1.0, whole=True) == 3


def test_a_range_of_one_value_is_that_value():
    assert uniform(2, 2).at(SHARES).tolist() == [2.0] * len(SHARES)


#: what is written, words of what was found and of what is allowed, nearest name
WRONG = [
    (3, "3", "[low, high]", None),
    ({}, "{}", "{ beta = [a, b] }", None),
    ("wide", '"wide"', "[low, high]", None),
    ({"unifrom": [0, 1]}, 'unknown distribution "unifrom"', "triangular", "uniform"),
    ({"trunc_normal": [0, 1]}, '"trunc_normal"', "truncated_normal", "truncated_normal"),
    ({"uniform": [0, 1], "beta": [1, 1]}, "uniform and beta", "one distribution", None),
    ({"bounds": [0, 1]}, "bounds alone", "one distribution", None),
    ([1], "1 of 2", "uniform = [low, high]", None),
    ({"triangular": [0, 1]}, "2 of 3", "triangular = [low, mode, high]", None),
    ({"truncated_normal": [0, 1, 2]}, "3 of 4", "[mean, sd, low, high]", None),
    ({"beta": 2}, "beta = 2", "beta = [a, b]", None),
    ({"beta": [1, 2], "bounds": [1]}, "1 of 2", "bounds = [low, high]", None),
    ({"uniform": [0, float("inf")]}, "inf", "finite numbers", None),
    ({"uniform": [0, 10**400]}, "uniform = ", "finite numbers", None),
    ({"uniform": ["a", 1]}, '"a"', "finite numbers", None),
    ({"uniform": [False, 1]}, "false", "finite numbers", None),
    ([2, 1], "[2, 1]", "the lower value first", None),
    ({"triangular": [3, 2, 1]}, "[3, 2, 1]", "the lower value first", None),
    ({"truncated_normal": [0, 1, 1, -1]}, "[0, 1, 1, -1]", "the lower value first", None),
    ({"beta": [1, 1], "bounds": [1, 1]}, "[1, 1]", "the lower value first", None),
    ({"triangular": [0, 5, 4]}, "[0, 5, 4]", "a mode from 0 to 4", None),
    ({"truncated_normal": [0, 0, -1, 1]}, "[0, 0, -1, 1]", "sd above 0", None),
    ({"beta": [0, 1]}, "[0, 1]", "a above 0", None),
    ({"beta": [1, -1]}, "[1, -1]", "b above 0", None),
    ({"truncated_normal": [9, 0.1, 0, 1]}, "[9, 0.1, 0, 1]", "within 6 standard deviations", None),
    ({"uniform": [0, 1], "bounds": [0, 1]}, "bounds beside uniform", "beta only", None),
]


@pytest.mark.parametrize(("written", "found", "allowed", "guess"), WRONG)
def test_what_is_no_distribution_says_so(written, found, allowed, guess):
    with pytest.raises(DistributionError) as error:
        read_distribution(written)
    assert found in error.value.found
    assert allowed in error.value.allowed
    assert error.value.nearest == guess


SLIP = "actors.us.slip"
#: text added to the small world, key path, line, words of what was found and allowed, nearest
IN_FILES = [
    (
        f"[ranges]\n'{SLIP}' = {{ beta = [2, 2], bounds = [0, 2] }}",
        f"ranges.{SLIP}",
        3,
        "on [0, 2]",
    ),
    ("[actors.us]\nslip = { triangular = [0, 1, 2] }", SLIP, 3, "on [0, 2]"),
    ("[actors.us.policy]\ngenerosity = [0, 3]", f"{SLIP[:9]}.policy.generosity", 3, "[0, 3]"),
    ("[actors.us]\nslip = { uniform = [-1, 1] }", SLIP, 3, "[-1, 1]"),
    (
        "[ranges.actors.us]\npolicy.generosity = { uniform = [0, 2] }",
        "ranges.actors.us.policy.generosity",
        None,
        "[0, 2]",
    ),
]


@pytest.mark.parametrize(("text", "path", "line", "found"), IN_FILES)
def test_mass_outside_the_bounds_of_a_field_is_an_error_with_its_line(
    problems, text, path, line, found
):
    allowed = "from 0 to 1" if "policy" not in path else ""
    Wrong(text, path, line).says(found, allowed).check(problems)


def test_a_wrong_distribution_does_not_hide_other_errors(problems):
    text = (
        "[actors.us]\nslip = { unifrom = [0, 1] }\nstride = 0\n[actors.cn]\nslip = { beta = [1] }"
    )
    found = {problem.path: problem for problem in problems(text)}
    assert found[SLIP].nearest == "uniform"
    assert found[SLIP].line == 3
    assert found["actors.us.stride"].line == 4
    assert "1 of 2" in found["actors.cn.slip"].found


def test_a_distribution_may_stand_in_place_of_a_value(child):
    text = (
        "[actors.us]\nslip = { triangular = [0, 0.05, 0.2] }\n"
        "[levers.cn.rare_earths]\ndue_weeks = { truncated_normal = [3, 1, 0, 6] }\n"
        "[actors.us.policy]\ngenerosity = { beta = [3, 7] }\n"
    )
    scenario = Scenario.load(child(text))
    believed = scenario.distributions()
    assert scenario.spec.actors["us"].slip == pytest.approx(
        stats.triang(0.25, 0, 0.2).median(), rel=1e-5
    )
    assert scenario.spec.levers["cn"]["rare_earths"].due_weeks == 3
    assert scenario.spec.actors["us"].policy["generosity"] == pytest.approx(0.2862, abs=1e-4)
    assert believed["levers.cn.rare_earths.due_weeks"].kind == "truncated_normal"
    assert believed["actors.us.policy.generosity"].numbers == (3, 7)
    assert (scenario.origin(SLIP), scenario.line(SLIP)) == ("child.toml", 3)
    row = next(row for row in scenario.entries() if row.path == SLIP)
    assert (row.range, row.distribution) == ((0, 0.2), {"triangular": [0, 0.05, 0.2]})
    again = Scenario.from_table(scenario.to_table())
    assert again.hash == scenario.hash
    assert again.distributions() == believed


def test_without_an_outer_loop_a_distribution_in_place_of_a_value_is_warned_about(child):
    text = 'ranges = "none"\n[actors.us]\nslip = { uniform = [0, 0.1] }\n'
    scenario = Scenario.load(child(text))
    assert scenario.distributions() == {}
    assert scenario.spec.actors["us"].slip == 0.05
    (told,) = (told for told in scenario.warnings if SLIP in told)
    assert "only the median is used" in told


def test_a_plain_value_takes_a_distribution_away_and_another_replaces_it(world):
    one = world.override({SLIP: {"triangular": [0, 0.05, 0.2]}})
    assert one.override({SLIP: 0.1}).distributions()[SLIP] == uniform(0, 0.15)  # the registry's
    other = one.override({SLIP: {"beta": [1, 9]}})
    assert other.distributions()[SLIP].kind == "beta"
    assert one.override({"ranges": "none"}).distributions() == {}


def test_ranges_of_nested_tables_hold_distributions_too(child):
    text = "[ranges.actors.us]\nslip = { beta = [1, 9] }\nmiss = [0, 0.1]\n"
    believed = Scenario.load(child(text)).distributions()
    assert (believed[SLIP].kind, believed["actors.us.miss"]) == ("beta", uniform(0, 0.1))
    over = Scenario.load(child(text)).override({f"ranges.{SLIP}": {"uniform": [0, 0.3]}})
    assert over.distributions()[SLIP] == uniform(0, 0.3)


def test_items_of_lists_and_dependences_may_carry_one(world):
    changes = {
        "shocks.guidance.change": {"uniform": [1, 2]},
        "allies.eu.dependence.cn.rare_earths": {"beta": [9, 1]},
    }
    scenario = world.override(changes)
    assert scenario.distributions()["shocks.guidance.change"] == uniform(1, 2)
    assert scenario.spec.allies["eu"].dependence["cn.rare_earths"] == pytest.approx(0.926, abs=1e-3)
    assert "allies.eu.dependence.cn.rare_earths" in scenario.distributions()


def test_both_ways_at_once_are_warned_about(world):
    scenario = world.override({SLIP: {"uniform": [0, 0.2]}, f"ranges.{SLIP}": [0, 0.1]})
    assert scenario.distributions()[SLIP] == uniform(0, 0.2)
    assert any("a range that is not used" in text for text in scenario.warnings)
