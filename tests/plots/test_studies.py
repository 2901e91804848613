"""Pictures of studies: every kind, of every sort of design, complete and with nothing cut off."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from matplotlib.text import Text

from sim.errors import ResultError
from sim.plots import draw_study
from sim.report.pictures import DISCOVERY, SENSITIVITY, STUDY, draw, pictures, save
from sim.studies.design import Design, Factor, Level
from sim.studies.discovery import discover
from sim.studies.sensitivity import sensitivity
from tests.everyday import one_in
from tests.plots.drawn import Drawn
from tests.studies.answers import grid, listed, made, ranged

LHS = Design("latin_hypercube", 400)
REAL = Factor("capacity", "levers.cn.rare_earths.capacity", low=0.1, high=1.0)
DUE = Factor("due", "levers.cn.rare_earths.due_weeks", low=0, high=8, whole=True)
SLIP = Factor("slip", "actors.us.slip", low=0.0, high=0.15)
POLICY = Factor(
    "policy",
    "actors.us.policy",
    tuple(Level(name, {"name": name}) for name in ("grim", "tit_for_tat", "win_stay_lose_shift")),
)
LONG = (
    "How much of what is lost to slow licensing is lost because of what Washington expects of it?"
)


def steps(factor: Factor, count: int) -> Factor:
    values = np.linspace(factor.low, factor.high, count)
    levels = tuple(Level(round(float(value), 6), round(float(value), 6)) for value in values)
    return Factor(factor.name, factor.path, levels)


def rising(**columns):
    """Between 0 and 1, rising with each column that is a number."""
    count = len(next(iter(columns.values())))
    numbers = [c for c in columns.values() if np.asarray(c).dtype.kind in "if"]
    parts = [(c - c.min()) / (np.ptp(c) or 1) for c in map(np.asarray, numbers)]
    return 0.1 + 0.8 * np.mean(parts, axis=0) if parts else np.linspace(0.2, 0.8, count)


def answers(factors, design=None, **more):
    return made(rising, factors, design or grid(), runs=500, chance=1, **more)


STUDIES = {
    "line": lambda: answers([steps(REAL, 5)]),
    "long line": lambda: answers([steps(SLIP, 60)]),
    "choices": lambda: answers([POLICY]),
    "one point": lambda: answers([steps(REAL, 2)]),
    "map": lambda: answers([steps(REAL, 6), steps(SLIP, 7)]),
    "large map": lambda: answers([steps(REAL, 40), steps(SLIP, 30)]),
    "map of close values": lambda: answers([listed("a", 0.001, 0.002, 0.9), steps(SLIP, 3)]),
    "map of choices": lambda: answers([POLICY, steps(SLIP, 5)]),
    "map of one column": lambda: answers([listed("a", 1), listed("b", 1, 2)]),
    "panels": lambda: answers([REAL, DUE, SLIP, POLICY], LHS),
    "many panels": lambda: answers([*ranged(*(f"factor_{k}_of_many" for k in range(30)))], LHS),
    "linked": lambda: answers(
        [replace(REAL, link="l"), replace(SLIP, link="l"), DUE], Design("sobol", 128)
    ),
    "saltelli": lambda: answers([REAL, DUE, SLIP], Design("saltelli", samples=64)),
    "morris": lambda: answers([REAL, DUE, SLIP], Design("morris", trajectories=10, levels=4)),
    "one sampled": lambda: answers([DUE], Design("sobol", 64)),
    "list": lambda: answers([listed("a", 0.1, 0.5, 0.2), listed("b", 3, 1, 2)], Design("list")),
    "long question": lambda: answers([REAL, SLIP], LHS, question=LONG),
    "fresh random numbers": lambda: answers([REAL, SLIP], LHS, fresh_luck=True),
}
#: A line, a map, panels, and a design with no picture of its own.
EVERYDAY = ("line", "map of choices", "panels", "morris")
SENSIBLE = ("map", "panels", "many panels", "linked", "saltelli", "morris", "long question")


@cache
def study(name):
    return STUDIES[name]()


@cache
def figures(name):
    """Every picture that a study has, made once for all that look at them."""
    return tuple(made_figures(name))


def made_figures(name):
    asked = study(name)
    for kind, why in asked.kinds.items():
        if not why:
            yield draw_study(asked, kind)
    if name in (*SENSIBLE, "fresh random numbers"):
        yield draw(SENSITIVITY, SENSITIVITY, sensitivity(asked))
    if name in ("linked", "saltelli", "fresh random numbers"):
        yield draw(DISCOVERY, DISCOVERY, discover(asked))


def texts(figure):
    found = [text.get_text() for text in figure.findobj(Text)]
    return " ".join(" ".join(found).split())


def assert_readable(name):
    assert figures(name) or name == "morris"
    for figure in figures(name):
        seen = Drawn(figure)
        assert seen.cut_off() == []
        assert seen.over_each_other() == []
        assert not figure.legends
        assert all(axes.get_legend() is None for axes in figure.axes)


def assert_told(name):
    for figure in figures(name):
        text = texts(figure)
        assert "no 2 weeks in a row of violation by both sides" in text
        assert "500 runs" in text
        assert "seed 1" in text
        assert "geneva-2025" in text
        assert "week 13" in text
        assert "95 %" in text or "points" in text or "point" in text
        assert study(name).study.question in text


@pytest.mark.parametrize("name", EVERYDAY)
def test_every_text_can_be_read_and_says_what_it_shows(name):
    assert_readable(name)
    assert_told(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in STUDIES if name not in EVERYDAY])
def test_every_text_can_be_read_and_says_what_it_shows_in_every_design(name):
    assert_readable(name)
    assert_told(name)


def test_the_picture_that_fits():
    fitting = {name: study(name).fitting for name in STUDIES}
    assert fitting["line"] == fitting["choices"] == "line"
    assert fitting["map"] == fitting["map of choices"] == "map"
    assert fitting["panels"] == fitting["saltelli"] == fitting["list"] == "panels"
    assert fitting["one sampled"] == "panels"
    assert answers([SLIP], LHS).fitting == "line"
    assert fitting["morris"] == "sensitivity"
    assert set(pictures(STUDY)) | {"sensitivity"} >= set(fitting.values())


def test_a_map_has_the_contour_of_one_half_where_the_half_is():
    figure = draw_study(study("map"), "map")
    (contour,) = [one for one in figure.axes[0].collections if hasattr(one, "levels")]
    assert list(contour.levels) == [0.5]
    # rising in both alike: one half where the places add up to one
    line = contour.get_paths()[0].vertices
    places = sorted((line[:, 0].max(), line[:, 1].max()))
    assert places[1] <= 6  # places of the 6 x 7 cells
    assert (
        min(np.ptp(line[:, 0] / 6 + line[:, 1] / 5), np.ptp(line[:, 0] / 5 + line[:, 1] / 6)) < 0.3
    )
    assert "White line: 0.5" in texts(figure)
    numbers = [text.get_text() for text in figure.axes[0].texts]
    assert "0.5" not in numbers  # nothing stands on the number of a cell
    assert "`" not in texts(figure)


#: Shares by two factors from 0 to 1.
FIELDS = {
    "to the right": lambda a, b: 0.1 + 0.8 * a + 0.03 * b,
    "up": lambda a, b: 0.1 + 0.03 * a + 0.8 * b,
    "both": lambda a, b: 0.1 + 0.35 * a + 0.45 * b,
    "against": lambda a, b: 0.5 + 0.4 * a - 0.4 * b,
    "through middles": lambda a, b: 0.5 + 0.6 * (b - 1 / 3),
    "bent": lambda a, b: 0.1 + 0.8 * a * b,
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("size", [(5, 4), pytest.param((10, 8), marks=pytest.mark.slow)])
def test_the_contour_of_a_map_crosses_no_number(field, size):
    """Nor does a number leave its cell to give way to it."""
    factors = [listed(k, *np.linspace(0, 1, n).tolist()) for k, n in zip("ab", size, strict=True)]
    figure = draw_study(made(FIELDS[field], factors, grid()), "map")
    axes = figure.axes[0]
    figure.draw_without_rendering()
    (contour,) = [one for one in axes.collections if hasattr(one, "levels")]
    line = contour.get_paths()[0].transformed(axes.transData)
    assert len(axes.texts) == size[0] * size[1]
    for text in axes.texts:
        box = text.get_window_extent()
        assert not line.intersects_bbox(box, filled=False), text.get_text()
        (left, low), (right, top) = axes.transData.inverted().transform(box.get_points())
        x, y = (round((left + right) / 2), round((low + top) / 2))
        # of many cells a number as wide as half of one may touch the next
        assert x - 0.55 <= left <= right <= x + 0.55
        assert y - 0.55 <= low <= top <= y + 0.55


def test_the_cells_of_a_map_are_of_one_size_however_its_values_lie():
    factors = [listed("a", 0.1, 0.2, 1.0), listed("b", 1, 10, 100)]
    figure = draw_study(made(lambda a, b: a * b / 200, factors, grid()), "map")
    (cells,) = [one for one in figure.axes[0].collections if hasattr(one, "_coordinates")]
    for axis in (0, 1):
        edges = np.unique(cells._coordinates[..., axis])
        assert np.allclose(np.diff(edges), 1.0)


def test_a_map_of_choices_has_no_contour():
    choices = draw_study(study("map of choices"), "map")
    assert not [one for one in choices.axes[0].collections if hasattr(one, "levels")]
    assert "there is no contour" in texts(choices)


def test_numbers_of_a_map_are_those_of_its_points():
    asked = study("map")
    words = [text.get_text() for text in draw_study(asked, "map").axes[0].texts]
    assert all(f"{p:.2f}" in words for p in asked.p)


def test_what_a_study_has_nothing_for_is_refused_with_what_fits():
    with pytest.raises(ResultError, match="a grid of two factors; panels does"):
        draw_study(study("panels"), "map")
    with pytest.raises(ResultError, match="no even sample"):
        draw_study(study("morris"), "panels")
    with pytest.raises(ResultError, match="allowed: line, map, panels"):
        draw_study(study("panels"), "pie")


@pytest.mark.parametrize("form", one_in(3, ["svg", "png", "pdf"]))
def test_the_same_study_gives_the_same_bytes(form, tmp_path):
    for name in ("one", "two"):
        save(draw_study(study("map")), tmp_path / f"{name}.{form}")
    assert (tmp_path / f"one.{form}").read_bytes() == (tmp_path / f"two.{form}").read_bytes()
