"""Every kind of event happens somewhere and has its sentence."""

import json
import re
from functools import cache

import pytest

from sim.explain import trace_run
from sim.explain.event import KINDS, Event
from sim.explain.events import events_of
from sim.explain.events_acts import acts
from sim.explain.phrases import Voice
from sim.explain.sentences import SENTENCES, sentence
from tests.explain import worlds

#: Runs of each world in which every kind of event happens at least once; and many more.
RUNS, MANY = 10, 60


@cache
def all_events():
    return tuple(played(RUNS))


def played(runs):
    for trace in worlds.traces(runs):
        voice = Voice(trace)
        yield from ((event, voice) for event in events_of(trace))


def test_every_kind_has_its_sentence_and_no_other_has():
    assert set(SENTENCES) == set(KINDS)
    assert len(KINDS) == len(set(KINDS))


def test_every_kind_happens_and_reads_as_a_sentence():
    assert {reads_as_a_sentence(*told) for told in all_events()} == set(KINDS)


@pytest.mark.slow
def test_so_does_every_event_of_many_runs():
    assert {reads_as_a_sentence(*told) for told in played(MANY)} == set(KINDS)


def reads_as_a_sentence(event, voice):
    text = sentence(event, voice)
    assert re.match(r"[A-Z0-9(].*[.)]$", text), text
    assert "None" not in text
    assert "{" not in text
    assert "  " not in text
    return event.kind


def test_facts_are_plain_values():
    for event, _ in all_events():
        assert set(json.loads(json.dumps(dict(event.facts)))) == set(event.facts)


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError):
        sentence(Event(1, "parade"), Voice(worlds.trace("busy", 0)))


def test_events_come_in_the_order_of_the_weeks():
    for trace in worlds.traces(5):
        keys = [(event.week, KINDS.index(event.kind)) for event in events_of(trace)]
        assert keys == sorted(keys)


def events(kind):
    return [
        (trace, event)
        for trace in worlds.traces(RUNS)
        for event in events_of(trace)
        if event.kind == kind
    ]


def test_a_breakdown_names_the_trigger_of_the_run_and_each_side_in_violation():
    found = [*events("breakdown"), *events("dispute")]
    told = [(trace, event) for trace, event in found if event.facts["trigger"]]
    assert {event.kind for _, event in told} == {"breakdown", "dispute"}
    for trace, event in told:
        assert event.week == trace.outcome.undisputed_week
        trigger = trace.outcome.trigger
        assert event.facts["trigger"]["cause"] == trigger.cause
        week = trace.week(event.week)
        assert {link["who"] for link in event.facts["chain"]} == {
            side.who for side in week.sides if side.rung > 0
        }
        for link in event.facts["chain"]:
            assert 1 <= link["since"] <= event.week


def test_a_breakdown_is_told_once_in_every_run_that_breaks():
    broke = [event.week for _, event in events("breakdown")]
    expected = [
        trace.outcome.standing_week
        for trace in worlds.traces(RUNS)
        if trace.outcome.standing_week and trace.compiled.params.rules[0].has_truce
    ]
    assert broke == expected


def test_a_dispute_is_told_once_in_every_run_that_has_one_before_it_breaks():
    told = [event.week for _, event in events("dispute")]
    expected = [
        trace.outcome.undisputed_week
        for trace in worlds.traces(RUNS)
        if trace.outcome.undisputed_week != trace.outcome.standing_week
        and trace.compiled.params.rules[0].has_truce
    ]
    assert told == expected


def test_a_breakdown_after_a_dispute_is_a_rupture_or_in_law():
    later = [
        (trace, event)
        for trace, event in events("breakdown")
        if event.week != trace.outcome.undisputed_week
    ]
    assert {event.facts["how"] for _, event in later} <= {"rupture", "core", "act", "lapse"}
    for trace, event in later:
        if event.facts["how"] == "rupture":
            week = trace.week(event.week)
            assert week.ruptured >= trace.compiled.params.rules[0].breakdown_after
            assert min(side.rung for side in week.sides) >= event.facts["rung"]


def test_an_act_with_a_false_alarm_behind_it_says_so():
    wrong = [
        (trace, event)
        for trace, event in events("retaliation")
        if event.facts.get("acted_on", {}).get("alarm") == "misread"
        and not event.facts.get("insists")
    ]
    assert wrong
    for trace, event in wrong:
        text = sentence(event, Voice(trace))
        assert "wrongly (a false alarm)" in text
        assert "Had it seen the truth" in text or "The truth would have changed nothing" in text


def test_an_act_in_the_hope_of_talks_says_so_and_blames_no_reading():
    hopeful = worlds.scenario("geneva-2025", ("actors.cn.anticipation", 1.0))
    told = []
    for run in range(20):
        trace = trace_run(hopeful, worlds.SEED, run)
        for event in acts(trace):
            if event.facts.get("tempted"):
                assert "had_it_seen_the_truth" not in event.facts
                told.append(sentence(event, Voice(trace)))
    assert any("it counts on talks to come before an answer" in text for text in told)
    assert any("China hits back" in text or "China answers" in text for text in told)


def told(scenario, fact, runs=20):
    """Sentences of acts that carry a fact; none of them blames a reading."""
    texts = []
    for run in range(runs):
        trace = trace_run(scenario, worlds.SEED, run)
        for event in acts(trace):
            if event.facts.get(fact):
                assert "had_it_seen_the_truth" not in event.facts
                texts.append(sentence(event, Voice(trace)))
    return texts


def test_a_side_in_its_grace_says_that_it_chooses_no_escalation():
    patient = worlds.scenario("geneva-2025", ("talks.grace_weeks", 6))
    texts = told(patient, "restrained")
    assert any("would hit back and holds off, so soon after talks" in text for text in texts)
    assert not any("hits back:" in text or "package" in text for text in texts)


def test_a_side_that_insists_says_what_it_has_learned():
    texts = told(worlds.scenario("geneva-2025", ("actors.cn.insistence", 1.0)), "insists")
    assert any("China hits back" in text or "China answers" in text for text in texts)
    assert all("it has learned what its levers are worth" in text for text in texts)


def test_an_answer_told_as_enough_aims_where_the_kernel_aims():
    """With hurt, an answer climbs higher than the offence alone would say."""
    hurt = worlds.scenario("geneva-2025", ("actors.us.hurt", 2.0), ("actors.us.package", 7))
    for run in range(20):
        trace = trace_run(hurt, worlds.SEED, run)
        for week in trace.weeks[1:]:
            side = week.us
            pulled = sum(c.after > c.before for c in week.changes if c.why == "retaliation")
            if pulled and side.move == "retaliate" and side.rung > side.rung_start:
                severities = trace.compiled.params.levers["severity"]
                assert side.rung <= max(side.rung_start, side.aim) + severities.max()
