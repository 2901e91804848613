"""Boxes and factors in words: whose, which unit, and the numbers of both halves."""

import re

import pytest

from sim.studies.analysis_page import fails_means, limit_text, meanings, sentence
from sim.studies.design import Design, Factor, meaning
from sim.studies.discovery import Limit, discover
from tests.studies.answers import grid, listed, made

CAPACITY = "levers.cn.rare_earths.capacity"


@pytest.mark.parametrize(
    ("path", "number", "title", "value"),
    [
        (CAPACITY, 0.31, "China's rare earths capacity", "31 % of normal weekly demand"),
        ("actors.us.slip", 0.034, "the US's slip", "3.4 % a week"),
        ("levers.cn.rare_earths.expected_by_target", 0.85, None, "85 %"),
        ("levers.cn.rare_earths.due_weeks", 3.0, "China's rare earths due weeks", "3 weeks"),
        ("actors.us.policy.generosity", 0.3, "the US's policy generosity", "0.3"),
        ("talks.talks_rate", 0.1, "talks rate", "10 % a week"),
        ("scenario", 1.0, "scenario", "1"),
        ("no.such.path", 2.5, "no such path", "2.5"),
        ("talks.relief", 1.0, "relief", "100 %"),
    ],
)
def test_a_factor_in_words(path, number, title, value):
    found = meaning(path)
    assert title in (None, found.title)
    assert found.value(number) == value


def test_meanings_come_from_the_registry_and_the_policies():
    assert meaning(CAPACITY).text == "approvals a week over normal weekly demand"
    assert (
        meaning("actors.us.policy.generosity").text == "chance that a bad signal passes unanswered"
    )


def rising(**columns):
    return [0.1 * k for k in range(len(next(iter(columns.values()))))]


def axis(factor):
    asked = made(
        lambda **c: [0.1 * k for k in range(len(next(iter(c.values()))))], [factor], grid()
    )
    return asked.axes[0]


def test_limits_in_words():
    capacity = axis(Factor("capacity", CAPACITY, listed("c", 0.1, 0.5, 1.0).levels))
    name = "China's rare earths capacity"
    assert limit_text(Limit(capacity, high=0.31)) == f"{name} is below 31 % of normal weekly demand"
    between = "between 20 % of normal weekly demand and 31 % of normal weekly demand"
    assert limit_text(Limit(capacity, 0.2, 0.31)) == f"{name} is {between}"
    due = axis(Factor("d", "levers.cn.rare_earths.due_weeks", listed("d", 0, 1, 2, 3).levels))
    assert limit_text(Limit(due, high=2.5)).endswith("is at most 2 weeks")
    assert limit_text(Limit(due, low=1.5)).endswith("is at least 2 weeks")
    policy = axis(Factor("who", "actors.us.policy", listed("p", "grim", "soft", "mad").levels))
    assert limit_text(Limit(policy, labels=("grim", "mad"))).endswith("policy is grim or mad")


def test_a_sentence_a_minister_could_read():
    factors = [
        Factor("capacity", CAPACITY, low=0.1, high=1.0),
        Factor("expected", "levers.cn.rare_earths.expected_by_target", low=0.5, high=1.0),
    ]

    def model(capacity, expected):
        return 0.9 - 0.7 * ((capacity < 0.4) & (expected > 0.8))

    found = discover(made(model, factors, Design("latin_hypercube", 1000)))
    box = found.boxes[0]
    said = sentence(found, box)
    assert re.match(
        r"When China's rare earths capacity is below \d+ % of normal weekly demand and "
        r"China's rare earths expected by target is above \d+ %, the truce fails in "
        r"(all|nearly all|\d of 10) settings \(held-out: \d+ %, 95 % \d+ to \d+, n = \d+\); this "
        r"box holds \d+ % of all failures \(held-out: \d+ %, 95 % \d+ to \d+, n = \d+\)\.",
        said,
    ), said
    assert f"held-out: {100 * box.held_out.density.p:.0f} %" in said
    assert "in fewer than 50 % of the runs" in fails_means(found)
    assert next(meanings(found)).endswith("(factor capacity)")
