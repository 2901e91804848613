"""The pictures of scores: nothing cut off, nothing over anything, and they say what they are of."""

import pytest

from sim.forecast.scored import Scored, table
from sim.forecast.scoring import scores
from sim.report.pictures import SCORED, draw, pictures
from tests.forecast.made import frozen, truth
from tests.plots.drawn import Drawn

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scored():
    days = frozen(), frozen("london-2025")
    rows = [*scores(days[0], truth()), *scores(days[1], truth(ends=0, rung=1.0))]
    return Scored(days, table(rows), (), ((),) * len(days))


@pytest.mark.parametrize("kind", ["scores", "calibration"])
def test_every_text_can_be_read(scored, kind):
    assert kind in pictures(SCORED)
    figure = draw(SCORED, kind, scored)
    drawn = Drawn(figure)
    assert drawn.cut_off() == []
    assert drawn.over_each_other() == []
    text = " ".join(text.get_text() for text, _ in drawn.texts).replace("\n", " ")
    assert "2 frozen days, 2 of them fits" in text
    assert "as shipped (judgement)" in text
    assert "100 runs" in text
    assert "seed 1" in text


def test_the_pictures_hold_counts_and_losses(scored):
    figure = draw(SCORED, "calibration", scored)
    texts = {text.get_text() for text, _ in Drawn(figure).texts}
    assert texts & {"6", "5", "10"}  # chances or places, counted
    figure = draw(SCORED, "scores", scored)
    points = [line for axes in figure.axes for line in axes.lines if line.get_marker() == "o"]
    assert {line.get_color() for line in points} == {"#0072B2", "#D55E00"}
