"""Every kind of event happens somewhere and has its sentence; what it says of acts and licences."""

import json
import re
from dataclasses import fields
from functools import cache

import pytest

from sim.explain import trace_run
from sim.explain.acts import acts
from sim.explain.outside import flows
from sim.explain.phrases import Event, Voice
from sim.explain.story import KINDS, PARAGRAPHS, events_of, sentence
from sim.explain.weeks import LeverWeek, drawn_move, had_it_seen_the_truth
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


def test_every_kind_has_one_sentence():
    assert len(KINDS) == sum(map(len, PARAGRAPHS))


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


def test_an_act_in_the_hope_of_talks_says_so_and_blames_no_reading():
    texts = told(worlds.scenario("geneva-2025", ("actors.cn.anticipation", 1.0)), "tempted")
    assert any("it counts on talks to come before an answer" in text for text in texts)
    assert any("China hits back" in text or "China answers" in text for text in texts)


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


def acted():
    for trace in worlds.traces(20):
        for week in trace.weeks:
            for side in week.sides:
                yield trace, side, had_it_seen_the_truth(trace, side)


def by_its_machine(side):
    """Whether a side does what its machine drew: not in grace, not insisting, not tempted."""
    return not (side.tempted or side.insists or side.restrained)


def test_it_is_told_exactly_where_something_untrue_was_acted_on():
    for _, side, instead in acted():
        wrong = side.acted_on is not None and not side.acted_on.right
        assert (instead is not None) == (wrong and by_its_machine(side))


def test_the_luck_draws_what_was_drawn():
    for trace, side, _ in acted():
        if by_its_machine(side):
            assert drawn_move(trace, side, side.state) == side.move


def test_it_follows_the_machine_with_the_true_bit():
    for trace, side, instead in acted():
        if instead is None:
            continue
        machine = trace.machines[side.who]
        before = machine.states.index(side.state_before)
        case = 2 * side.acted_on.own_bad + (not side.acted_on.saw_bad)
        after = machine.following[before, case]
        assert instead["state"] == machine.states[after]
        assert list(instead["chances"].values()) == machine.moves[after].tolist()
        assert instead["changes"] == (
            (instead["state"], instead["move"]) != (side.state, side.move)
        )


def test_a_machine_on_another_sensor_has_none():
    policy = {"name": "tit_for_tat", "sensor": "belief_above", "threshold": 0.5}
    scenario = worlds.scenario("busy").override({"actors.us.policy": policy})
    trace = trace_run(scenario, worlds.SEED, 0)
    assert all(had_it_seen_the_truth(trace, week.us) is None for week in trace.weeks)


NOTHING = {field.name: 0 for field in fields(LeverWeek)} | {"name": "cn.rare_earths"}


def flows_told(*weeks, listed=True):
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
    assert flows_told((0.08, 2, False), (0.2, 1, False), (0.4, 1, False)) == [
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
    assert flows_told((0.3, 1, False), now) == [(1, None, False), (2, 0.3, faster)]


def test_an_office_new_to_its_work_is_compared_with_normal_demand():
    assert flows_told((0.3, 1, False), listed=False) == [(1, 1.0, False)]
