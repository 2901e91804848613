"""The record on the picture of the trajectories: there in dated scenarios, and nowhere else."""

import datetime

import numpy as np
import pytest

from sim.history.path import dated_scenarios, stretch_of
from sim.outcomes.simulate import simulate
from sim.plots.record import (
    _EDGE,
    anchor_note,
    anchors,
    mark_events,
    strip_height,
    truce_name,
)
from sim.plots.style import new_figure
from sim.plots.trajectories import trajectories
from sim.scenario import Scenario
from tests.everyday import one_in
from tests.plots.drawn import Drawn


def drawn(name):
    return trajectories(simulate(Scenario.load(name), runs=50))


def panels(figure) -> dict[str, object]:
    return {axes.get_title(loc="left"): axes for axes in figure.axes}


def markers(axes, shape):
    """(x, height) of the points of lines drawn with one marker."""
    lines = [line for line in axes.get_lines() if line.get_marker() == shape]
    return [point for line in lines for point in zip(*line.get_data(), strict=True)]


def test_a_dated_picture_has_events_magnets_and_truces():
    scenario = Scenario.load("geneva-2025")
    seen = stretch_of(scenario.compiled)
    found = panels(drawn("geneva-2025"))
    for who, title in (("us", "Rung of the United States"), ("cn", "Rung of China")):
        for shape, direction in (("^", "escalate"), ("o", "concede")):
            acts = [e for e in seen.events[who] if e.direction == direction]
            marks = [line for line in found[title].get_lines() if line.get_marker() == shape]
            sizes = sorted(mark.get_markersize() for mark in marks)
            assert np.argsort(sizes, kind="stable").tolist() == list(range(len(acts)))
            assert len(set(sizes)) == len({act.magnitude for act in acts})
            # beside the scale of rungs, not on it
            assert {height for _, height in markers(found[title], shape)} == {_EDGE}
            assert all(mark.get_transform() != found[title].transData for mark in marks)
    flows = {round(line.get_ydata()[0], 3) for line in found["Licence flow"].get_lines()}
    assert {round(month.share, 3) for month in seen.months} <= flows
    names = [text.get_text() for text in found["Truces of the record"].texts]
    assert names == [f"{truce_name(truce)}, {truce.outcome}" for truce in seen.truces]


@pytest.mark.parametrize("scenario", one_in(5, dated_scenarios()), ids=lambda s: s.name)
def test_every_text_can_be_read_beside_the_record(scenario):
    picture = Drawn(trajectories(simulate(scenario, runs=50)))
    assert picture.cut_off() == []
    assert picture.over_each_other() == []
    assert picture.over_lines() == []


@pytest.mark.parametrize("name", ["textbook/tft-noise", "textbook/licence-queue"])
def test_a_textbook_picture_has_no_record(name):
    figure = drawn(name)
    assert "Truces of the record" not in panels(figure)
    assert not any("Record:" in text.get_text() for text in figure.texts)


def test_the_scale_of_rungs_is_left_to_the_rungs():
    seen = stretch_of(Scenario.load("geneva-2025").compiled)
    axes = new_figure(3).add_axes((0.1, 0.1, 0.8, 0.8))
    axes.set_ylim(0, 1)
    mark_events(axes, seen.events["us"])
    assert axes.get_ylim() == (0, pytest.approx(1.18))


def test_rungs_are_anchored_by_three_acts_of_the_record():
    found = anchors(Scenario.load("geneva-2025").compiled)
    assert [one.rung for one in found] == [2.0, 4.0, 5.0]
    (note,) = anchor_note(Scenario.load("geneva-2025").compiled)
    for words in ("23 names", "12 Sep 2025", "28 May 2025", "rare-earth rules", "9 Oct 2025"):
        assert words in note
    assert anchor_note(Scenario.load("textbook/tft-noise").compiled) == []


def test_no_truces_take_no_room():
    assert strip_height(()) == 0
    assert isinstance(stretch_of(Scenario.load("geneva-2025").compiled).start, datetime.date)
