"""What each picture says: its numbers are those of the result, and what is missing is named."""

from dataclasses import replace

import numpy as np
import pytest

from sim.errors import ResultError
from sim.history.path import record_path
from sim.outcomes.sample import CN_SHORT, US_SHORT, US_VIOLATES, Act, Ladder
from sim.outcomes.simulate import simulate
from sim.plots.curves import spread_between
from sim.plots.endings import limits
from sim.plots.runs import ladder, raster
from sim.plots.style import BLACK
from sim.report.pictures import RESULT, left_out
from sim.scenario import Scenario
from tests.outcomes.tallies import full, sample, small
from tests.plots.drawn import Drawn


def words(figure) -> list[str]:
    return [" ".join(text.get_text().split()) for text, _ in Drawn(figure).texts]


def test_endings_name_the_share_of_every_cause():
    said = words(full().plot("endings"))
    assert "0.20 the truce lapsed at the end of its term" in said
    assert "0.08 an agency of the US slipped" in said
    assert "0.05 China missed what was due" in said
    assert "0.65 no dispute" in said
    ended = "By 22 June 2025, 0.35 of the runs have come to a dispute, 0.35 no longer stand"
    assert ended in said


def test_endings_show_harm_left_of_nothing():
    figure = full().plot("endings")
    bars = next(axes for axes in figure.axes if "kept it" in axes.get_title("left"))
    assert [bar.get_width() for bar in bars.patches] == [0.1, -0.02]
    assert bars.get_xlim()[0] < -0.07
    assert {"slips +0.100", "shock: guidance -0.020"} <= set(words(figure))


def test_endings_name_channels_in_full_where_zero_is_not_at_the_left():
    """Intervals of no effect lie on both sides of 0; the longest names still fit."""
    wide = full().but_for.assign(difference=0.0, low=-0.013, high=0.013, channel="slow_licences")
    assert Drawn(full(but_for=wide).plot("endings")).cut_off() == []


def test_endings_without_truce_or_channels_say_so():
    said = words(full(small(truce=None), but_for=None).plot("endings"))
    assert "standing is not defined: the scenario has no [truce]" in said
    assert "but-for shares not asked for" in said
    assert "no channel is on" in words(full(but_for=full().but_for.iloc[:0]).plot("endings"))


def test_endings_put_small_causes_together():
    made = full()
    made.tally.trigger[:, :, 0, 5] += 1
    said = words(made.plot("endings"))
    assert any(text.endswith("others") for text in said)


def test_raster_sorts_the_runs_by_breakdown():
    made = full()
    back = replace(made.sample, **{k: v[::-1] for k, v in vars(made.sample).items()})
    for given in (made, replace(made, sample=back)):
        figure = given.plot("raster")
        cells = figure.axes[0].images[0].get_array()
        assert np.array_equal(cells[:6], made.sample.conduct[:6])
        assert not cells[6:].any()


def test_raster_counts_the_runs_that_never_break():
    said = words(full().plot("raster"))
    result = full()
    shown = f"The first 8 of {result.n:,} runs, sorted by the week of breakdown"
    assert f"{shown}: 3 of these have none by 22 June 2025" in said
    held = result.at("standing", result.horizon).p
    assert any(f"Of all runs {held:.1%} have none" in text for text in said)
    said = words(full(small(truce=None)).plot("raster"))
    assert any("first violation: 2 of these have none" in text for text in said)
    assert "breakdown" not in said


def test_raster_sorts_by_disputes_where_the_truce_hardly_ever_breaks():
    made = full()
    never = replace(made.sample, breakdown=np.zeros_like(made.sample.breakdown))
    given = replace(made, sample=never)
    assert any("sorted by the week of dispute" in text for text in words(given.plot("raster")))
    asked = raster(given, "standing")
    assert any(
        "sorted by the week of breakdown: 8 of these have none" in text for text in words(asked)
    )


def test_raster_tells_slow_service_from_a_violation():
    """Nobody in violation, one side short, the other, both; and a violation beside a short side."""
    made = full()
    weeks = [0, CN_SHORT, US_SHORT, CN_SHORT | US_SHORT, CN_SHORT | US_VIOLATES]
    conduct = np.zeros_like(made.sample.conduct)
    conduct[:, : len(weeks)] = weeks
    figure = replace(made, sample=replace(made.sample, conduct=conduct)).plot("raster")
    cells = figure.axes[0].images[0].get_array()
    assert cells[0, : len(weeks)].tolist() == [0, 4, 5, 6, 2]
    assert {"China slow", "both slow"} <= set(words(figure))
    assert "China slow" not in words(made.plot("raster"))


def test_raster_is_sorted_by_the_outcome_asked_for():
    said = words(raster(full(), "clean"))
    assert any("sorted by the week of first violation" in text for text in said)
    with pytest.raises(ResultError, match="standing, undisputed, clean, not by"):
        raster(full(), "core")
    with pytest.raises(ResultError, match="undisputed is not defined"):
        raster(full(small(truce=None)), "undisputed")


def test_raster_of_a_result_without_its_sample_is_refused():
    with pytest.raises(ResultError, match="run the scenario again"):
        full(sample=None).plot("raster")


def test_ladder_tells_every_act_with_lever_and_why():
    said = words(full().plot("ladder"))
    assert "an agency slips: tariffs 0→1" in said
    assert "answers a violation: licences 0→1, tariffs 0→2" in said
    assert {"1", "2", "talks", "truce extended", "12 May", "breakdown of the truce"} <= set(said)
    assert "Run 1 of seed 1: breaks down in the week of 19 May 2025" in said


def test_ladder_of_a_long_run_shows_the_weeks_around_the_breakdown():
    world = small(weeks=300)
    acts = tuple(Act(week, "us", (("us.tariffs", 0, 1),), "concedes") for week in range(1, 301))
    rungs = {"us": [1.0] * 300, "cn": [0.0] * 300}
    told = Ladder(5, rungs, acts, (), (), 200, 200, "an agency of the US slipped: us.tariffs")
    figure = ladder(replace(full(world), ladder=told))
    said = words(figure)
    assert "5 Mar" in said  # 2029, the week of the breakdown
    assert "12 May" not in said
    marked = [line for line in figure.axes[0].lines if line.get_linewidth() == 2.0]
    assert len(marked) == 1
    assert Drawn(figure).cut_off() == []
    assert any("Shown: weeks 169 to 208 of 300." in text for text in said)
    assert "... and more: detente explain tells a run whole" not in said
    twice = ladder(replace(full(world), ladder=replace(told, acts=acts + acts)))
    assert "... and more: detente explain tells a run whole" in words(twice)


def test_leverage_names_the_dates_of_its_crossings():
    made = full()
    bands = made.compiled.params.bands
    for index, heights in ((0, (10, 10, 30, 40, 40, 40)), (1, (20, 20, 30, 10, 10, 10))):
        band = next(v for v, b in enumerate(bands) if b["quantity"] == 1 and b["index"] == index)
        for week, height in enumerate(heights, start=1):
            made.tally.hist[band, week, round(height * 0.1 * bands[band]["scale"] / 10) + 1] = 100
    said = words(made.plot("leverage"))
    assert "Who holds more leverage: United States ahead from 2 Jun 2025" in said
    assert "2 Jun 2025" in said
    assert "● United States ahead from 2 Jun 2025" in words(made.plot("trajectories"))
    said = words(full().plot("leverage"))
    assert "Who holds more leverage: China, the medians do not cross" in said
    assert not any("Dots" in text for text in said)


def test_the_axis_of_the_definition_is_cut_where_most_of_it_would_be_empty():
    assert limits(0.1, 0.9) == (-0.14, 1.12)
    low, high = limits(0.82, 0.89)
    assert 0.75 < low < 0.82
    assert 0.89 < high < 1.0


def test_no_label_of_survival_lies_over_the_curves():
    figure = full().plot("survival")
    axes = figure.axes[0]
    extended = next(text for text in axes.texts if "extended" in text.get_text())
    assert extended.xy[0] == 1.0
    assert extended.xycoords == ("axes fraction", "data")


def test_definition_shows_the_k_table():
    said = words(full().plot("definition"))
    table = full().k_table
    for p in table["p"][table["week"] == 4]:
        assert f"{p:.2f}" in said
    assert "2 as defined" in said
    assert "any violation, as defined" in said
    assert any("To the end of week 4, 8 June 2025." in text for text in said)
    said = words(full(small(truce=None)).plot("definition"))
    assert "standing is not defined: the scenario has no [truce]" in said


def test_each_line_of_the_definition_is_led_to_its_name_with_its_mark():
    made = full()
    axes = made.plot("definition").axes[0]
    beside = axes.get_yaxis_transform()
    marks = [line.get_marker() for line in axes.lines if line.get_transform() == beside]
    assert len(marks) == len({*marks}) == len(made.thresholds)
    leads = {round(text.xy[1], 9) for text in axes.texts if text.arrow_patch is not None}
    table = made.k_table[made.k_table["week"] == made.headline_week]
    ends = table[table["breakdown_after"] == table["breakdown_after"].max()]["p"]
    assert leads == {round(p, 9) for p in ends}


def test_allies_have_no_side_s_colour_and_who_cannot_join_is_named():
    allies = {"jp": {"lever": "us.tariffs", "coverage": 0.1}, "eu": {}}
    made = full(small(allies=allies))
    figure = made.plot("allies")
    colours = {line.get_color() for axes in figure.axes for line in axes.lines}
    assert not colours & {*made.scenario.sides.colours.values()}
    assert any("EU: no lever of a side to align with" in text for text in words(figure))


def test_the_record_s_rungs_lie_over_those_of_the_runs():
    scenario = Scenario.load("geneva-2025")
    result = simulate(scenario, runs=20, but_for=False)
    recorded = record_path(scenario).rungs
    for axes, rungs in zip(result.plot("trajectories").axes[:2], recorded, strict=True):
        long = [one for one in axes.lines if len(one.get_xdata()) > 2]
        (line,) = (one for one in long if one.get_color() == BLACK)
        assert np.array_equal(line.get_ydata()[:-1], rungs)
    assert any("black line: the rung" in text for text in words(result.plot("trajectories")))


def test_allies_show_who_joined():
    allies = {"jp": {"lever": "us.tariffs", "coverage": 0.1}, "eu": {}}
    said = words(full(small(allies=allies)).plot("allies"))
    assert {"JP 0.20", "Shortage: JP", "Shortage: EU"} <= set(said)
    said = words(full(small(allies={"eu": {}})).plot("allies"))
    assert {"no ally here can join", "Shortage: EU"} <= set(said)
    assert "this scenario has no allies" in words(full().plot("allies"))
    without = words(full(small(allies=allies), sample=None).plot("allies"))
    assert "JP 0.20" in without
    assert "Shortage: JP" not in without


def test_what_is_left_out_of_all():
    made = full(small(truce=None), sample=None)
    assert left_out(RESULT, "definition", made) == "the scenario has no [truce]"
    assert left_out(RESULT, "allies", made) == "the scenario has no allies"
    assert left_out(RESULT, "raster", made) == "the result holds no sample of single runs"
    assert left_out(RESULT, "raster", full(sample=sample(small()))) == ""
    assert left_out(RESULT, "ladder", made) == ""


def test_labels_stay_below_the_top():
    assert spread_between([0.9, 0.95, 0.97], 0.1, 1.0) == pytest.approx([0.8, 0.9, 1.0])
    assert spread_between([0.2, 0.5], 0.1, 1.0) == [0.2, 0.5]
    assert spread_between([], 0.1, 1.0) == []


def test_settings_count_the_plausible_ones_by_their_share():
    """Twenty, of shares .05 to 1; the last bar has both .95 and 1."""
    made = full()
    figure = made.plot("settings")
    bars, *dots = figure.axes
    assert [bar.get_height() for bar in bars.patches] == [0, *[1] * 18, 2]
    said = " ".join(words(figure))
    assert "nine in ten plausible ones give 5 to 95 of 100, half more than 50" in said
    assert f"these settings: {made.at(made.headline).p:.2f}" in said
    assert "20 draws of 3 ranges together, 1 of them general ones of the program" in said
    named = {axes.get_title("right") for axes in dots}
    assert named == {"actors.us.slip", "levers.cn.licences.stock_weeks"}
    meant = {axes.get_xlabel() for axes in dots}
    assert meant == {"the target's inventory at the start", "an agency acts on its own"}


def test_settings_of_a_result_that_did_not_keep_them_are_left_out():
    old = full(spread=replace(full().spread, drawn={}, shares={}))
    assert "older version" in left_out(RESULT, "settings", old)
    assert "were off" in left_out(RESULT, "settings", full(spread=None))
    with pytest.raises(ResultError, match="does not hold its plausible settings"):
        old.plot("settings")
