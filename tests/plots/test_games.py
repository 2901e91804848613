"""The pictures of the game above the runs: what they say, and nothing cut off or in the way."""

import pandas as pd
import pytest

from docs.anticipation_picture import anticipation
from sim.games.classify import classify
from sim.plots.games import game
from sim.scenario import Scenario
from tests.plots.drawn import Drawn

pytestmark = pytest.mark.usefixtures("coarse_borders")


@pytest.mark.parametrize("name", ["geneva-2025", "race-2025-2030", "textbook/chicken"])
def test_the_game_by_year_is_named_and_readable(name):
    found = classify(Scenario.load(name), years=4)
    drawn = Drawn(game(found))
    said = [text.get_text() for text, _ in drawn.texts]
    assert f"What game it is now: {found.game.name}" in said
    for side in ("us", "cn"):
        assert {getattr(game, side).name for game in found.by_year} <= set(said)
    assert drawn.cut_off() == []
    assert drawn.over_each_other() == []
    assert drawn.over_lines() == []


def test_its_lines_are_the_differences():
    found = classify(Scenario.load("textbook/stag-hunt"))
    axes = game(found).axes[0]
    heights = [line.get_ydata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert heights == [found.game.us.tempts, found.game.us.protects, found.game.us.binds]


def test_additive_games_have_one_line_for_two():
    axes = game(classify(Scenario.load("geneva-2025"), years=2)).axes[1]
    assert len([line for line in axes.lines if line.get_marker() == "o"]) == 2


def test_anticipation_has_a_panel_a_measure_and_a_line_for_each_who():
    rows = [
        {"panel": panel, "who": who, "anticipation": a, "p": 0.5 - a / 4, "low": 0.2, "high": 0.6}
        for panel in ("standing", "bad conduct of the US", "bad conduct of China")
        for who in ("us", "cn", "both")
        for a in (0.0, 0.5, 1.0)
    ]
    drawn = Drawn(anticipation(pd.DataFrame(rows), "A title", ["what it is", "n = 20,000"]))
    assert [axes.get_title("left") for axes in drawn.figure.axes] == [
        "standing",
        "bad conduct of the US",
        "bad conduct of China",
    ]
    assert all(len(axes.containers) == 3 for axes in drawn.figure.axes)
    assert drawn.cut_off() == []
    assert drawn.over_each_other() == []
