"""Where the points lie."""

import numpy as np
import pytest

from sim.scenario.distribution import read_distribution
from sim.studies.design import Design, Factor, Level, points, size, steps_between


def listed(name, *values, link=""):
    return Factor(name, name, tuple(Level(value, value) for value in values), link=link)


def labels(factors, design, seed=1):
    made = [tuple(level.label for level in point) for point in points(factors, design, seed)]
    assert len(made) == size(factors, design)
    return made


def test_a_grid_is_every_combination_and_the_last_factor_changes_fastest():
    made = labels([listed("a", 1, 2), listed("b", "x", "y")], Design("grid"))
    assert made == [(1, "x"), (1, "y"), (2, "x"), (2, "y")]


def test_linked_factors_move_together():
    factors = [listed("a", 1, 2, link="l"), listed("b", "x", "y"), listed("c", 3, 4, link="l")]
    made = labels(factors, Design("grid"))
    assert made == [(1, "x", 3), (1, "y", 3), (2, "x", 4), (2, "y", 4)]


def test_a_list_takes_values_side_by_side():
    assert labels([listed("a", 1, 2), listed("b", 5, 5)], Design("list")) == [(1, 5), (2, 5)]


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_spread_designs_put_one_point_in_each_part_of_each_range(kind):
    factors = [
        Factor("a", "a", low=0.0, high=16.0),
        Factor("b", "b", low=1, high=4, whole=True),
        listed("c", "x", "y"),
    ]
    made = labels(factors, Design(kind, 16))
    assert sorted(int(a) for a, _, _ in made) == list(range(16))
    assert sorted(b for _, b, _ in made) == sorted([1, 2, 3, 4] * 4)
    assert [c for _, _, c in made].count("x") == 8
    assert made == labels(factors, Design(kind, 16))
    assert made != labels(factors, Design(kind, 16), seed=2)


def test_shares_of_a_factor_are_of_the_mass_of_its_distribution():
    law = read_distribution({"triangular": [0, 2, 8]})
    factors = [
        Factor("a", "a", low=0.0, high=8.0, distribution=law),
        Factor("b", "b", low=0.0, high=8.0, distribution=law, whole=True),
    ]
    made = labels(factors, Design("latin_hypercube", 400))
    assert np.median([a for a, _ in made]) == pytest.approx(law.median(), abs=0.02)
    assert all(isinstance(b, int) for _, b in made)
    assert np.mean([b for _, b in made]) == pytest.approx(10 / 3, abs=0.1)


def test_steps_reach_both_ends_and_read_well():
    assert [level.value for level in steps_between(0.5, 1.0, 6, False)] == [
        0.5,
        0.6,
        0.7,
        0.8,
        0.9,
        1.0,
    ]
    assert [level.value for level in steps_between(0, 8, 3, True)] == [0, 4, 8]


RANGES = [
    Factor("a", "a", low=0.0, high=10.0),
    Factor("b", "b", low=1, high=4, whole=True),
    listed("c", "x", "y", "z"),
]


@pytest.mark.parametrize("second_order", [False, True])
def test_saltelli_changes_one_factor_at_a_time_between_two_matrices(second_order):
    made = labels(RANGES, Design("saltelli", samples=8, second_order=second_order))
    step = 2 * 3 + 2 if second_order else 3 + 2
    assert len(made) == 8 * step
    for row in range(8):
        first, *between, last = made[row * step : (row + 1) * step]
        for place in range(3):
            expected = [last[k] if k == place else first[k] for k in range(3)]
            assert list(between[place]) == expected
            if second_order:
                expected = [first[k] if k == place else last[k] for k in range(3)]
                assert list(between[3 + place]) == expected
    assert made == labels(RANGES, Design("saltelli", samples=8, second_order=second_order))


def test_choices_have_equal_parts_of_a_saltelli_design():
    made = labels([listed("c", "x", "y"), RANGES[0]], Design("saltelli", samples=16))
    first = [point[0] for point in made[::4]]
    assert first.count("x") == first.count("y") == 8


def test_morris_walks_change_one_factor_a_step_and_every_step_changes_it():
    factors = [RANGES[0], RANGES[1], listed("c", "x", "y"), listed("d", 0.1, 0.2, 0.9)]
    made = labels(factors, Design("morris", trajectories=6, levels=4))
    assert len(made) == 6 * 5
    for walk in range(6):
        points_of = made[5 * walk : 5 * walk + 5]
        changed = [
            [k for k in range(4) if one[k] != two[k]]
            for one, two in zip(points_of, points_of[1:], strict=False)
        ]
        assert sorted(changed) == [[0], [1], [2], [3]]


@pytest.mark.parametrize(
    "design",
    [Design("saltelli", samples=4), Design("morris", trajectories=4, levels=4), Design("sobol", 8)],
)
def test_linked_factors_count_as_one_in_designs_that_sample(design):
    factors = [
        Factor("a", "a", low=0.0, high=1.0, link="l"),
        Factor("b", "b", low=0.0, high=2.0, link="l"),
        listed("c", "x", "y"),
    ]
    made = labels(factors, design)
    assert all(b == pytest.approx(2 * a) for a, b, _ in made)
