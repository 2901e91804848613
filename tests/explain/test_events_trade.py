"""What a story says of licences: what comes through, beside the week before, and why it changed."""

from dataclasses import fields

import pytest

from sim.explain.events_trade import flows
from sim.explain.weeks import LeverWeek

NOTHING = {field.name: 0 for field in fields(LeverWeek)} | {"name": "cn.rare_earths"}


def told(*weeks, listed=True):
    """Events of weeks of (flow, level, boosted)."""
    series = [
        LeverWeek(**NOTHING | {"flow": flow, "level": level, "boosted": boosted})
        for flow, level, boosted in weeks
    ]
    return [
        (event.week, event.facts["before"], event.facts["faster"])
        for event in flows("cn", series, listed)
    ]


def test_a_flow_is_compared_with_the_week_before_not_with_what_was_said_last():
    assert told((0.08, 2, False), (0.2, 1, False), (0.4, 1, False)) == [
        (1, None, False),
        (3, 0.2, False),
    ]


@pytest.mark.parametrize(
    ("now", "faster"),
    [
        ((0.6, 1, True), True),
        ((0.6, 0, True), False),  # the lever moved too
        ((0.6, 1, False), False),  # no talks
        ((0.0, 1, True), False),  # less, not more
    ],
)
def test_faster_since_the_talks_is_more_with_the_lever_where_it_stood(now, faster):
    assert told((0.3, 1, False), now) == [(1, None, False), (2, 0.3, faster)]


def test_an_office_new_to_its_work_is_compared_with_normal_demand():
    assert told((0.3, 1, False), listed=False) == [(1, 1.0, False)]
