"""What a story says of each kind of event: phrases a reader of the news would use."""

import re

import pytest

from sim.explain.phrases import Event, Voice, label
from sim.explain.story import sentence
from tests.explain import worlds

REE, EDA, VISAS, TARIFFS = "cn.rare_earths", "us.eda", "us.visas", "us.tariffs"
RULE = {"state": ["calm", "calm"], "move": "concede", "sensor": "signal", "aim": 1.0, "luck": 0.5}


@pytest.fixture(scope="module")
def voice():
    return Voice(worlds.trace("geneva-2025", 0))


def move(lever, before, after):
    return {"lever": lever, "before": before, "after": after}


def act(kind, who, lever="", levers=(), rung=(0, 0), **facts):
    return Event(4, kind, who, lever, facts=RULE | {"levers": levers, "rung": list(rung)} | facts)


def seen(**changes):
    one = {"week": 3, "saw": "bad", "truth": "good", "alarm": "slow_licences", "lever": REE}
    return one | {"below_promise": False, "denied": False, "gap": 0.8} | changes


def test_an_order_to_ease_that_is_not_carried_out_is_one_whatever_the_lever(voice):
    for who, lever, words in (
        ("cn", REE, "China orders rare earths licences"),
        ("us", EDA, "The US orders EDA software"),
    ):
        said = f"{words} eased; it is not carried out yet."
        assert sentence(act("stuck", who, lever), voice) == said
    again = sentence(act("stuck", "cn", REE, again=True), voice)
    assert again == "China's rare earths licences are still not eased, though ordered."


def test_several_measures_of_one_week_are_a_package(voice):
    levers = [move(EDA, 0, 1), move("us.engines", 0, 1), move(VISAS, 0, 1)]
    acted_on = seen(denied=True)
    text = sentence(act("retaliation", "us", EDA, levers, (0, 9), acted_on=acted_on), voice)
    assert text.startswith("The US answers with a package of 3 measures in one week: it tightens ")
    assert "EDA software (0→1 of 1), engines (0→1 of 1) and visas (0→1 of " in text
    assert "to rung 9." in text
    assert "It acts on what it saw in week 3 (26 May): China in violation, wrongly" in text
    assert "rare earths licences are slow, and the shortage is severe and lasting" in text


def test_one_measure_is_told_as_hitting_back(voice):
    text = sentence(act("retaliation", "us", EDA, [move(EDA, 0, 1)], (0, 4)), voice)
    assert text.startswith("The US hits back: it tightens EDA software (0→1 of 1), to rung 4.")


def test_a_refusal_is_called_a_refusal(voice):
    refuses = sentence(act("retaliation", "cn", REE, [move(REE, 2, 3)], (0, 3)), voice)
    assert "it refuses rare earths licences (2→refused)" in refuses
    ends = sentence(act("concession", "cn", REE, [move(REE, 3, 2)]), voice)
    assert ends.startswith("China ends its refusal of rare earths licences (refused→2 of 2).")


def test_an_agency_acts_on_its_own(voice):
    text = sentence(act("slip", "us", EDA, [move(EDA, 0, 1)], (0, 4)), voice)
    assert text.startswith("An American agency acts on its own: on nobody's orders it tightens")


def test_restraint_after_talks_is_told_only_where_it_held_something_back(voice):
    text = sentence(act("forgiven", "us", restrained=True), voice)
    assert text.startswith("The US would hit back and holds off, so soon after talks")
    assert sentence(act("forgiven", "us"), voice) == "The US could hit back and lets it pass."


def test_relief_names_the_talks_with_their_date(voice):
    given = Event(9, "relief", "cn", REE, facts={"levers": [move(REE, 2, 1)], "talks": 6})
    text = sentence(given, voice)
    assert text.startswith("Relief, as agreed at the talks of week 6 (16 June): China eases rare")
    facts = {"share": 0.75, "rung": 2.5, "stands": 2.5, "week": 8, "waits_for": ""}
    owed = sentence(Event(6, "owed", "cn", facts=facts), voice)
    assert "owes relief: to take back 75% of the 2.5 rungs it stands above what is due" in owed
    slow = sentence(Event(6, "owed", "cn", facts=facts | {"rung": 5.0}), voice)
    assert "75% of 5 rungs (licences served below its promise count by their level)" in slow
    assert owed.endswith("in week 8 (30 June).")


def test_talks_say_what_they_change(voice):
    facts = {"forced": False, "pressure": {"us": 0.5, "cn": 0.1}, "queues": True}
    text = sentence(Event(6, "talks", facts=facts | {"boost_until": 32}), voice)
    assert text.startswith("TALKS (under pressure: 0.50 on the US and 0.10 on China): both sides")
    assert "what they saw before no longer counts" in text
    assert "licence offices work faster until week 32 (15 December)" in text
    forced = sentence(Event(6, "talks", facts=facts | {"forced": True, "boost_until": 32}), voice)
    assert forced.startswith("TALKS (brought about from outside)")


def test_licences_and_shortages_in_plain_words(voice):
    flow = {"flow": 0.08, "before": None, "backlog": 5.9, "faster": False, "able": 0.25}
    assert sentence(Event(1, "flow", "cn", REE, facts=flow), voice) == (
        "China grants rare earths licences slowly: 8% of normal demand; 5.9 weeks of applications "
        "wait."
    )
    held = {"flow": 0.48, "before": None, "backlog": 0.0, "faster": False, "able": 1.2}
    assert sentence(Event(1, "flow", "cn", REE, facts=held), voice) == (
        "China holds back rare earths licences: 48% of normal demand."
    )
    faster = flow | {"flow": 1.1, "before": 0.08, "faster": True}
    assert "faster since the talks: 110% of normal demand, after 8%" in sentence(
        Event(7, "flow", "cn", REE, facts=faster), voice
    )
    short = {"shortage": 0.83, "flow": 0.08, "severe": True}
    assert sentence(Event(2, "short", "us", REE, facts=short), voice) == (
        "The US runs severely short of rare earths: 83% of its use is missing."
    )
    feels = {"shortage": 0.7, "flow": 0.0, "severe": False}
    assert sentence(Event(2, "short", "cn", EDA, facts=feels), voice) == (
        "China feels the US's measure on EDA software: 70% of its use is missing."
    )
    assert sentence(Event(9, "supplied", "us", REE), voice).endswith(
        "no longer short of rare earths."
    )


def test_a_violation_names_what_it_answers(voice):
    origin = {"cause": "slow_licences", "who": "cn", "item": REE, "week": 4}
    text = sentence(Event(4, "violation", "us", facts={"origin": origin, "rung": 4.0}), voice)
    assert text == (
        "The US is now in violation (rung 4); it answers China's rare earths licences, which are "
        "slow and no violation."
    )


def test_a_dispute_says_what_began_it(voice):
    origin = {"cause": "slip", "who": "us", "item": EDA, "week": 3}
    chain = [
        {"who": "us", "since": 3, "origin": origin, "acted_on": None},
        {"who": "cn", "since": 4, "origin": origin, "acted_on": 3},
    ]
    facts = {"how": "mutual", "weeks": 2, "trigger": origin, "chain": chain}
    text = sentence(Event(5, "dispute", facts=facts), voice)
    assert text == (
        "THE TRUCE IS IN DISPUTE, and stands: both sides have been in violation for 2 weeks in a "
        "row. What began it: a slip of an American agency on EDA software, week 3 (26 May). The US "
        "has been in violation since week 3 (26 May). China has been in violation since week 4 "
        "(2 June), in answer to that, seen in week 3 (26 May)."
    )


def test_abbreviations_and_plain_names():
    assert [label(name) for name in (EDA, REE, "cn.ree")] == ["EDA software", "rare earths", "REE"]


BANNED = re.compile(
    r"in vain|struck the match|the same luck|\bdice\b|overshoot|finds nothing", re.I
)


def test_no_story_uses_private_phrases():
    from sim.explain import tell
    from sim.explain.render import render

    for name, run in (("busy", 1), ("geneva-2025", 3), ("textbook/tft-noise", 2)):
        text = " ".join(render(tell(worlds.trace(name, run)), "text").split())
        assert not BANNED.search(text), BANNED.search(text)
