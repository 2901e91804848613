"""What is said first: the share, where these settings lie among plausible ones, and chance."""

import json
from pathlib import Path

import pytest

from sim import Scenario
from sim.outcomes.decomposition import Pull
from sim.outcomes.estimates import estimate
from sim.outcomes.lead import HIGH, LOW, MIDDLE, lead, plausible, range_words, side, spread_text
from sim.outcomes.page import result_report
from sim.outcomes.simulate import brief, simulate
from sim.outcomes.spread import Spread, summary_row
from sim.outcomes.summary import FAILURES, known_failures, summary

POINTS = [place / 200 for place in range(200)]


def row(here):
    return summary_row("standing", POINTS, here)


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.5, 0.86, 0.96), "50 to 96 of 100, half more than 86"),
        ((1.0, 1.0, 1.0), "100 of 100"),
        ((0.4, 1.0, 1.0), "40 to 100 of 100, half 100 or more"),
        ((0.0, 0.0, 0.3), "0 to 30 of 100, half 0 or less"),
    ],
)
def test_no_half_lies_beyond_an_end_of_the_range(ends, said):
    assert range_words(dict(zip(("q05", "q50", "q95"), ends, strict=True))) == said


def line_of(pulls, here):
    """What is said of a result whose value lies below or above its range, and what pulls."""
    over = summary_row("standing", POINTS, here)
    spread = Spread(200, 500, 3, [over], pulls={"standing": pulls})
    (line,) = [
        line
        for line in spread_text(spread, "standing", estimate(round(1000 * here), 1000))
        if line.startswith("the range lies")
    ]
    return line


def test_only_what_pulls_to_the_range_is_named():
    up, down = Pull("a", 1.0, 0.5, 3.0, 0.1), Pull("b", 1.0, 0.5, 3.0, -0.2)
    assert "above the value at these settings, pulled most by a (1, p" in line_of((down, up), 0.0)
    assert "below the value at these settings, pulled most by b (1, p" in line_of((down, up), 1.0)
    assert "pulled" not in line_of((down,), 0.0)


def test_no_share_moves_by_what_a_line_gives_far_outside_its_range():
    off = Pull("actors.us.slip", 1.0, 0.0, 0.15, 3.04)
    assert "by actors.us.slip (1, plausible 0 to 0.15). Quote" in line_of((off,), 0.0)


@pytest.mark.parametrize(
    ("runs", "most"), [(1, "79"), (10, "28"), (36, "10"), (50, "7"), (10_000, "0.04")]
)
def test_how_far_chance_may_move_a_share_of_none_is_a_plain_number(runs, most):
    found = estimate(0, runs)
    top = {"p": 0.0, "low": found.low, "high": found.high, "half_width": found.half_width}
    page = {
        "changes": None,
        "headline": {"outcome": "standing", "week": 1, "date": "2025-05-18", "ranges": None}
        | {"read_at": "the horizon", "horizon": None}
        | top,
        "runs": runs,
        "spread": None,
        "hindcast": "",
    }
    assert f"could move this number by {most} of 100 at most" in list(lead(page))[1]


@pytest.mark.parametrize(
    ("here", "place", "said"),
    [
        (0.1, LOW, "these settings lie near the low end: 90 of 100 give more"),
        (-1.0, LOW, "these settings lie near the low end: all give more"),
        (0.24, LOW, "these settings lie near the low end: 76 of 100 give more"),
        (0.26, MIDDLE, "half more than 50"),
        (0.7, MIDDLE, "half more than 50"),
        (0.8, HIGH, "these settings lie near the high end: 80 of 100 give less"),
    ],
)
def test_it_says_where_these_settings_lie_outside_the_middle_half(here, place, said):
    assert side(row(here), (here, here)) == place
    text = plausible(row(here), (), False, (here, here))
    assert text.endswith(said)
    assert text.startswith(
        "We do not know the right settings: nine in ten plausible ones give 4 to 94 of 100"
    )


@pytest.mark.parametrize(("hits", "runs", "place"), [(0, 1, MIDDLE), (0, 10, LOW), (2, 4, MIDDLE)])
def test_a_place_that_chance_may_have_made_is_not_said(hits, runs, place):
    """Of one run that fails no setting is known to lie at an end, nor outside the range."""
    here = estimate(hits, runs)
    over = row(here.p)
    assert side(over, (here.low, here.high)) == place
    spread = Spread(200, 500, 3, [over])
    said = [line for line in spread_text(spread, "standing", here) if "these" in line]
    assert bool(said) == (place != MIDDLE)
    assert not any("the range lies" in line for line in said)


def test_equal_ones_are_no_end():
    alike = summary_row("standing", [1.0] * 20, 1.0)
    assert side(alike, (1.0, 1.0)) == MIDDLE
    assert plausible(alike, (), False, (1.0, 1.0)).endswith(
        "nine in ten plausible ones give 100 of 100"
    )


def test_a_row_of_an_older_version_has_its_median_and_no_place():
    old = {"q05": 0.24, "q50": 0.5, "q95": 0.86, "low": 0.1, "high": 0.9}
    assert plausible(old, (), True, (0.1, 0.1)).endswith(
        "nine in ten plausible ones (mostly judgement) give 24 to 86 of 100, half more than 50"
    )


def test_the_ends_have_their_error():
    found = row(0.1)
    assert found["q05_low"] < found["q05"] < found["q05_high"]
    assert found["q95_low"] < found["q95"] < found["q95_high"]


def test_the_horizon_is_said_where_it_says_much_else():
    page = summary(simulate(Scenario.load("geneva-2025").override({"weeks": 26}), 400))
    top = page["headline"]
    assert (top["week"], top["horizon"]["week"]) == (13, 26)
    for p, many in ((top["p"] - 0.05, False), (top["p"] - 0.3, True)):
        top["horizon"]["p"] = p
        assert any("By the horizon (week 26" in line for line in lead(page)) == many


@pytest.mark.slow
def test_the_brief_says_the_same():
    long = Scenario.load("geneva-2025").override({"weeks": 80})
    assert brief(long, 300, 5).lead == tuple(lead(summary(simulate(long, 300, 5, spread=True))))


def test_a_hindcast_says_how_many_settings_came_later():
    told = tuple(lead(summary(simulate("geneva-2025", 30))))
    late = Scenario.load("geneva-2025").knowledge.late
    assert told[-1] == (
        f"A hindcast: {len(late)} settings rest on what was known only after 2025-05-12."
    )
    assert not any("hindcast" in line for line in lead(summary(simulate("textbook/quiet", 30))))


def test_what_is_known_to_fail_stands_before_quoting():
    """As docs/make_story.py kept it, of the scenario and of those that extend it."""
    kept = json.loads(FAILURES.read_text())["geneva-2025"]
    for name in ("geneva-2025", "geneva-2025-design"):
        (line,) = known_failures(Scenario.load(name))
        assert f"{kept['failed']} did not come out" in line
        assert f"(energy score {kept['score']} against {kept['rival_score']};" in line
    page = (Path(__file__).parents[2] / "docs" / "story.md").read_text()
    assert f"## Where it fails ({kept['failed']} of {kept['expected']})" in page
    assert f"energy score {kept['score']} against {kept['rival_score']} of the better rival" in page
    assert list(known_failures(Scenario.load("textbook/quiet"))) == []


def test_friction_of_one_is_called_an_intent():
    page = summary(simulate("geneva-2025-design", 60, but_for=True))
    assert page["withheld"] == ["cn.rare_earths"]
    (kept,) = [part for part in result_report(page).sections if "would have kept" in part.title]
    assert "takes an intent away" in kept.notes[-1]
    assert summary(simulate("geneva-2025", 60))["withheld"] == []
