"""Pictures of games: heat maps, ranks, replicator paths, and which game it is year by year."""

import numpy as np
import pandas as pd
import pytest

from docs.anticipation_picture import anticipation
from sim.games.classify import classify
from sim.games.ranking import ranking
from sim.games.replicator import double, rest_points, single
from sim.games.tournament import PairRuns
from sim.plots.games import game, heat, shares, simplex
from sim.plots.games import ranking as ranking_dots
from sim.scenario import Scenario
from tests.everyday import one_in
from tests.plots.drawn import Drawn

pytestmark = pytest.mark.usefixtures("coarse_borders")


@pytest.mark.parametrize(
    "name",
    [
        "geneva-2025",
        *(pytest.param(n, marks=pytest.mark.slow) for n in ("race-2025-2030", "textbook/chicken")),
    ],
)
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


NAMES = tuple(f"policy_with_a_long_name_{k}" for k in range(4))


def table(count=4, runs=30):
    rng = np.random.Generator(np.random.Philox(1))
    names = (*NAMES, *(f"p{k}" for k in range(count)))[:count]
    measures = {
        name: rng.standard_normal((count, count, runs))
        for name in ("payoff_us", "payoff_cn", "harm_us", "harm_cn")
    }
    measures["standing"] = (rng.random((count, count, runs)) < 0.5).astype(float)
    return PairRuns(names, names, 13, measures)


def inside(figure):
    """All texts of a figure lie within it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    FigureCanvasAgg(figure).draw()
    page = figure.bbox
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert box.x0 >= page.x0 - 1, text.get_text()
            assert box.x1 <= page.x1 + 1, text.get_text()
            assert box.y0 >= page.y0 - 1, text.get_text()
            assert box.y1 <= page.y1 + 1, text.get_text()
    return True


@pytest.mark.parametrize("count", [2, 19, pytest.param(30, marks=pytest.mark.slow)])
@pytest.mark.parametrize("measure", one_in(2, ["payoff_us", "standing"]))
def test_heat_map(count, measure):
    played = table(count)
    order = list(range(count))[::-1], list(range(count))
    figure = heat(played, measure, order, [(0, 1)], (1, 0), "A title", "Source: a test.")
    assert inside(figure)
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(played.us[::-1])
    shown = axes.images[0].get_array()
    assert np.allclose(shown, played.measures[measure].mean(axis=2)[::-1])
    assert len(axes.patches) == 4  # two frames, each with a white edge
    numbers = [text for text in axes.texts if text.get_text()]
    assert len(numbers) == (count**2 if count <= 24 else 0)


def test_ranking_dots():
    played = table()
    weights = np.full(4, 0.25)
    ranks = {
        side: ranking(played.us, played.measures[f"payoff_{side}"], weights, 100, 1)
        for side in ("us", "cn")
    }
    figure = ranking_dots(ranks, "A title", "Utility: payoff", ["A note.", "Source: a test."])
    assert inside(figure)
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == [one.policy for one in ranks["us"]]


def test_simplex():
    game = np.array([[3.0, 0, 3], [5, 1, 1.4], [3, 0.9, 3]])
    paths = [single(game, np.array([0.2, 0.3, 0.5]), 5.0)]
    names = ("always_concede", "always_retaliate", "tit_for_tat")
    figure = simplex(names, paths, rest_points(game), "A title", ["Source: a test."])
    assert inside(figure)
    assert set(names) <= {text.get_text() for text in figure.axes[0].texts}


def test_shares_of_two_populations():
    rng = np.random.Generator(np.random.Philox(2))
    us, cn = rng.standard_normal((2, 4, 4))
    even = np.full(4, 0.25)
    labels = tuple(name[:22] for name in NAMES)
    path = double(us, cn, (even, even), 10.0)
    figure = shares((labels, labels), path, "A title", ["Source: a test."])
    assert inside(figure)
    assert len(figure.axes) == 2
