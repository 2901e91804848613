"""Boxes planted in made-up studies, found again."""

import numpy as np
import pytest

from sim.errors import ResultError
from sim.extras import MissingPackageError
from sim.studies.design import Design, Factor
from sim.studies.discovery import discover
from tests.everyday import one_in
from tests.studies.answers import grid, listed, made, ranged

LHS = Design("latin_hypercube", 1000)


def planted(a, b, c):
    """Fails where a < 0.4 and b > 0.6, and nowhere else; c says nothing."""
    return np.where((a < 0.4) & (b > 0.6), 0.2, 0.9)


def limits(box):
    return {limit.axis.name: (limit.low, limit.high) for limit in box.limits}


@pytest.mark.parametrize(
    "design", one_in(3, [LHS, Design("sobol", 1024), Design("saltelli", samples=512)])
)
def test_a_planted_box_is_found_and_holds_on_the_other_half(design):
    found = discover(made(planted, ranged("a", "b", "c"), design))
    box = found.boxes[0]
    assert set(limits(box)) == {"a", "b"}
    assert limits(box)["a"] == (None, pytest.approx(0.4, abs=0.04))
    assert limits(box)["b"] == (pytest.approx(0.6, abs=0.04), None)
    for score in (box.fitted, box.held_out):
        assert score.density.p > 0.85
        assert score.coverage.p > 0.85
        assert score.density.low < score.density.p <= score.density.high
    assert found.base.p == pytest.approx(0.16, abs=0.02)
    assert found.near == 0


@pytest.mark.slow
def test_two_planted_boxes_are_two_boxes():
    def model(a, b, c, d):
        return np.where(((a < 0.5) & (b > 0.6)) | ((c > 0.7) & (d < 0.5)), 0.2, 0.9)

    answers = made(model, ranged("a", "b", "c", "d"), Design("latin_hypercube", 4000))
    first, second, *_ = discover(answers).boxes
    assert [set(limits(box)) for box in (first, second)] == [{"a", "b"}, {"c", "d"}]
    assert first.fitted.coverage.p + second.fitted.coverage.p > 0.8
    assert second.held_out.density.p > 0.7


def test_a_box_that_is_not_dense_enough_is_told_alone_and_said_to_be():
    """Where there are failures six points of ten fail: no box can be denser."""

    def model(a, b, c):
        return np.where((a < 0.5) & (np.arange(len(a)) % 10 < 6), 0.2, 0.9)

    found = discover(made(model, ranged("a", "b", "c"), Design("latin_hypercube", 2000)))
    assert len(found.boxes) == 1
    (note,) = found.notes
    assert note.startswith("box 1 falls short of the density asked for (0.8): it is the densest")


def test_a_denser_box_after_one_that_falls_short_is_not_denied():
    """The second box is full of failures: the first alone is said to fall short."""

    def model(a, b, c):
        thin = (a < 0.5) & (np.arange(len(a)) % 10 < 6)
        return np.where(thin | ((b > 0.9) & (c > 0.5) & (a > 0.5)), 0.2, 0.9)

    found = discover(made(model, ranged("a", "b", "c"), Design("latin_hypercube", 4000)))
    short = [n for n, box in enumerate(found.boxes, 1) if box.reached < found.density]
    told = [note for note in found.notes if "falls short" in note]
    assert len(told) == len(short)
    assert all(note.startswith(f"box {n} ") for n, note in zip(short, told, strict=True))


def test_where_nothing_varies_no_threshold_is_offered():
    same = made(lambda a, b: 0.5 + 0 * a, ranged("a", "b"), LHS)
    for threshold in (0.4, 0.6):
        with pytest.raises(ResultError, match=r"0\.500 of the runs at every .* nothing varies"):
            discover(same, threshold)


def test_choices_and_whole_numbers_have_limits_too():
    factors = [
        listed("policy", "soft", "hard", "mad"),
        Factor("k", "k", low=1, high=6, whole=True),
        *ranged("c"),
    ]

    def model(policy, k, c):
        return np.where((policy != "soft") & (k <= 3), 0.1, 0.8)

    box = discover(made(model, factors, LHS)).boxes[0]
    found = {limit.axis.name: limit for limit in box.limits}
    assert found["policy"].labels == ("hard", "mad")
    assert 3 <= found["k"].high < 4
    assert box.held_out.density.p > 0.9


def test_a_box_of_a_grid():
    factors = [listed(name, *(k / 20 for k in range(21))) for name in ("a", "b")]
    box = discover(made(lambda a, b: planted(a, b, 0), factors, grid())).boxes[0]
    assert box.held_out.density.p > 0.9
    assert box.held_out.coverage.p > 0.8


def test_noise_alone_does_not_hold_on_the_other_half():
    """Failures by chance: boxes look better where they were fitted, and are caught where not."""

    def best(seed):
        luck = np.random.default_rng(seed)
        noise = made(
            lambda a, b: np.where(luck.random(len(a)) < 0.2, 0.2, 0.9), ranged("a", "b"), LHS
        )
        return discover(noise).boxes[0]

    boxes = [best(seed) for seed in range(10)]
    assert all(box.held_out.density.low < 0.25 for box in boxes)
    assert np.mean([box.held_out.density.p for box in boxes]) == pytest.approx(0.2, abs=0.015)
    assert np.mean([box.fitted.density.p - box.held_out.density.p for box in boxes]) > 0


def test_the_halves_are_halves_of_the_points_used_and_repeat():
    answers = made(planted, ranged("a", "b", "c"), Design("saltelli", samples=512))
    one, two = discover(answers), discover(answers)
    assert one.fit.sum() == len(one.rows) // 2 == 512
    assert set(np.flatnonzero(one.fit)) < set(one.rows)
    assert [limits(box) for box in one.boxes] == [limits(box) for box in two.boxes]


def test_points_near_the_threshold_are_counted():
    answers = made(lambda a: 0.4 + 0.2 * a, ranged("a"), LHS, runs=100, chance=1)
    assert discover(answers).near > 500


@pytest.mark.parametrize(
    ("design", "threshold", "expected"),
    [
        (LHS, 0.1, "so at no point of 1000; allowed: a --threshold between 0.200 and 0.900"),
        (LHS, 0.95, "at every point"),
        (Design("latin_hypercube", 50), 0.5, "too few"),
        (Design("morris", trajectories=50, levels=4), 0.5, "latin_hypercube"),
    ],
)
def test_what_shows_no_boxes_is_refused(design, threshold, expected):
    with pytest.raises(ResultError, match=expected):
        discover(made(planted, ranged("a", "b", "c"), design), threshold)


def test_the_library_missing_is_told_with_the_extra(monkeypatch):
    monkeypatch.setattr("sim.extras.find_spec", lambda _: None)
    with pytest.raises(MissingPackageError, match=r"detente\[analysis\]"):
        discover(made(planted, ranged("a", "b", "c"), LHS))
