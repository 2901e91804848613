"""The picture of a comparison: both curves, the difference, dates, what is counted."""

import numpy as np
import pytest

from sim import Scenario
from sim.report.pictures import COMPARISON, draw, save
from sim.studies.pair import Captions, without
from sim.studies.pairs import compare
from tests.plots.drawn import Drawn

HAPPENED = Scenario.load("geneva-as-happened").compiled
LONG = (
    "A with actors.us.policy.name=generous_tit_for_tat, actors.cn.policy.name=tit_for_tat, weeks=33"
)


def pair(independent=False, world=HAPPENED, thing="shock:leaders-call"):
    return compare(world, without(world, [thing]), 300, 7, independent=independent)


def figure(comparison, second="A without shock:leaders-call"):
    told = Captions(("geneva-as-happened", second), ("a" * 8, "b" * 8))
    return draw(COMPARISON, COMPARISON, comparison, "Geneva and after", told)


@pytest.mark.parametrize("independent", [False, True])
@pytest.mark.parametrize("second", ["A without shock:leaders-call", LONG])
def test_every_text_can_be_read(independent, second):
    drawn = Drawn(figure(pair(independent), second))
    assert not drawn.cut_off()
    assert not drawn.over_each_other()
    assert not drawn.over_lines()


def test_without_a_truce_it_shows_clean():
    base = Scenario.load("base/us-china").compiled
    found = pair(world=base, thing="lever:us.eda")
    shown = figure(found)
    assert not Drawn(shown).over_each_other()
    assert shown.axes[0].get_ylabel() == "clean: share of runs"


def test_it_shows_the_numbers_of_the_comparison():
    found = pair()
    upper, lower = figure(found).axes
    curve = found.curves[0]
    for line, band in zip(upper.lines[:2], (curve.first, curve.second), strict=True):
        assert np.allclose(line.get_ydata(), [1.0, *band[0]])
    assert np.allclose(lower.lines[0].get_ydata(), [0.0, *curve.difference[0]])
    texts = [text.get_text() for text in (*upper.texts, *lower.texts)]
    assert f"they part from week {found.divergence.earliest} on" in texts
    assert "end of the term" in texts


def test_a_curve_is_called_what_it_is():
    upper = figure(pair()).axes[0]
    labels = [" ".join(text.get_text().split()) for text in upper.texts]
    for words in ("geneva-as- happened", "without shock:leaders- call"):
        assert any(words.replace("- ", "-") in label.replace("- ", "-") for label in labels)


def test_it_says_what_it_shows():
    shown = " ".join(" ".join(text.get_text() for text in figure(pair()).texts).split())
    for words in ("no 2 weeks in a row", "300 runs of each, seed 7", "Tango", "aaaaaaaa"):
        assert words in shown
    alone = " ".join(text.get_text() for text in figure(pair(independent=True)).texts)
    assert "random numbers of their own (Newcombe)" in alone


@pytest.mark.slow
def test_the_same_comparison_gives_the_same_bytes(tmp_path):
    for name in ("one.png", "two.png"):
        save(figure(pair()), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
