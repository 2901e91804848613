"""The story as a reader gets it: folds, golden text, Markdown, JSON; the odds at its turns."""

import json
import re

import pytest

from sim.engines.branch import branch, other_luck, states_at
from sim.explain import find_run, tell, trace_run
from sim.explain.render import JSON_VERSION, as_table, render
from sim.explain.story import odds_of, odds_sentence
from sim.outcomes.butfor import odds_after, read_at
from sim.scenario import Scenario
from tests.explain import worlds
from tests.explain.worlds import SEED

GOLDEN = """\
Textbook: tit for tat, false alarms outnumber misses: run 1 of seed 2025
The truce broke in week 4 (27 January to 2 February 2025).

What was agreed
  - The truce is open-ended. It breaks after one week of violation by both sides, or if it ends in
    law (a core lever above its obligation, an act that ends it, or a lapse).
  - A side's rung is how far its levers stand above the levels they are held to, each notch by its
    severity; above 0 it is in violation.

Week 1, 6 January 2025
  - Quiet; nobody is in violation.

Week 2, 13 January 2025
  - The US sees China complying, rightly. China sees the US in violation, wrongly (a false alarm).

Week 3, 20 January 2025
  - China hits back: it tightens move (0→1 of 1), to rung 1. It acts on what it saw in week 2 (13
    January): the US in violation, wrongly (a false alarm). Its rule: calm, as it sees the other
    side break the truce, becomes provoked; it then retaliates. Had it seen the truth it would have
    been calm and conceded. China is now in violation (rung 1); it answers a false alarm.
  - The US sees China in violation, rightly. China sees the US in violation, wrongly (a false
    alarm).

Week 4, 27 January 2025
  - The US hits back: it tightens move (0→1 of 1), to rung 1. It acts on what it saw in week 3 (20
    January): China in violation, rightly. Its rule: calm, as it sees the other side break the
    truce, becomes provoked; it then retaliates. The US is now in violation (rung 1); this goes back
    to a false alarm that China acted on in week 3 (20 January).
  - China would hit back but has no lever left to pull. It acts on what it saw in week 3 (20
    January): the US in violation, wrongly (a false alarm). Its rule: provoked, as it sees the other
    side break the truce, stays so; it then retaliates. Had it seen the truth it would have been
    calm and conceded, move first.
  - Each side sees the other in violation, rightly. China now accuses the US: bad faith is more
    likely than not (probability 0.58).
  - THE TRUCE BREAKS: both sides are in violation. What began it: a false alarm that China acted on
    in week 3 (20 January). China has been in violation since week 3 (20 January). The US has been
    in violation since week 4 (27 January), in answer to that, seen in week 3 (20 January).
"""


def test_golden_text_of_a_textbook_run():
    trace = worlds.trace("textbook/one-sided-alarm", 1)
    text = render(tell(trace), "text")
    assert text.startswith(GOLDEN)
    assert "Without false alarms (good conduct seen as bad), and chance the same" in text


def test_quiet_weeks_are_folded_into_one_line():
    trace = worlds.trace("textbook/quiet", 0)
    (section,) = tell(trace).sections
    assert (section.first, section.last, section.folded) == (1, 26, True)
    assert "Weeks 1-26, from 6 January 2025\n  - Quiet; nobody is in violation." in render(
        tell(trace), "text"
    )


def test_sections_cover_every_week_once():
    for trace in worlds.traces(5):
        weeks = [
            week
            for section in tell(trace, but_for=False).sections
            for week in range(section.first, section.last + 1)
        ]
        assert weeks == list(range(1, len(trace.weeks) + 1))


def test_a_folded_week_moves_no_lever_and_holds_no_talks():
    for trace in worlds.traces(10):
        for section in tell(trace, but_for=False).sections:
            for number in range(section.first, section.last + 1) if section.folded else ():
                week = trace.week(number)
                assert not week.changes
                assert not week.talks
                assert not week.extended
                assert not week.lapsed
                assert not week.renewed


def test_only_the_weeks_asked_for_are_told():
    story = tell(worlds.trace("geneva-2025", 3), (5, 9), but_for=False)
    assert (story.sections[0].first, story.sections[-1].last) == (5, 9)


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize("weeks", [None, (1, 26), (1, 9), (5, 5), (5, 26)])
def test_what_is_told_of_the_whole_run_stands_only_in_its_whole_story(weeks, form):
    story = tell(worlds.trace("geneva-2025", 3), weeks, but_for=False)
    text = " ".join(render(story, form).split())
    whole = weeks in (None, (1, 26))
    for line in (*story.frame.agreed, *story.frame.policies):
        assert (line in text) == whole
    assert ("also says what was agreed and how both sides play" in text) != whole
    assert story.frame.verdict in text


def test_a_rule_is_told_in_full_once():
    for trace in worlds.traces(10):
        text = render(tell(trace, but_for=False), "markdown")
        for who in ("The US", "China"):
            acts = [line for line in text.splitlines() if line.startswith(f"- {who}")]
            rules = [
                rule for line in acts for rule in re.findall(r"Its rule: (.*?)\.(?: |$)", line)
            ]
            assert len(rules) == len(set(rules))


def test_the_run_without_a_channel_is_the_run_of_the_batch():
    trace = worlds.trace("geneva-2025", 3)
    replays = {replay.channel: replay.breakdown_week for replay in tell(trace).frame.but_for}
    assert set(replays) == {"slips", "false_alarms", "slow_licences", "friction"}
    quiet = worlds.scenario("geneva-2025").override(
        {f"actors.{side}.{key}": 0 for side in ("us", "cn") for key in ("slip", "slip_fail")}
    )
    assert trace_run(quiet, worlds.SEED, 3).outcome.standing_week == replays["slips"]


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_every_story_can_be_read(form):
    for trace in worlds.traces(5):
        text = render(tell(trace, but_for=False), form)
        assert "None" not in text
        if form == "text":
            assert max(map(len, text.splitlines())) <= 100


def test_json_has_a_stable_shape():
    trace = worlds.trace("geneva-2025", 3)
    found = find_run(worlds.scenario("geneva-2025"), "slip", worlds.SEED, 500)
    table = json.loads(render(tell(trace), "json", found))
    assert table["version"] == JSON_VERSION
    assert list(table) == [
        "version",
        "scenario",
        "seed",
        "run",
        "found",
        "verdict",
        "agreed",
        "policies",
        "outcome",
        "ending",
        "but_for",
        "story",
        "weeks",
    ]
    section, week = table["story"][0], table["weeks"][0]
    assert list(section) == ["first_week", "last_week", "date", "folded", "text", "events"]
    assert list(section["events"][0]) == ["week", "kind", "who", "lever", "text", "facts"]
    assert {"number", "date", "us", "cn", "levers", "changes", "talks"} <= set(week)
    assert {"state", "move", "acted_on", "reading", "rung", "origin"} <= set(week["us"])
    assert len(table["weeks"]) == 26


def test_json_tells_the_events_of_folded_weeks_too():
    for trace in worlds.traces(3):
        table = as_table(tell(trace, but_for=False))
        told = [event for section in table["story"] for event in section["events"]]
        assert {event["week"] for event in told} == set(range(1, len(trace.weeks) + 1))


RUNS = 300


@pytest.fixture(scope="module")
def told():
    """A run that breaks within the term, and one that goes on past it."""
    rows = [(run, worlds.trace("geneva-2025", run).outcome.standing_week) for run in range(40)]
    breaks = next(run for run, week in rows if week is not None and 4 < week < 13)
    stands = next(run for run, week in rows if week is None)
    return [worlds.trace("geneva-2025", run) for run in (breaks, stands)]


def test_there_are_odds_at_every_turn_until_the_breakdown(told):
    for one in told:
        story = tell(one, but_for=False, continuations=RUNS)
        turns = [0, *(section.last for section in story.sections)]
        ended = one.outcome.standing_week or len(one.weeks) + 1
        assert list(story.odds) == [week for week in turns if week < ended]


def test_they_are_shares_of_branches_read_at_the_end_of_the_term(told):
    for one in told:
        params = one.compiled.params
        for week, odds in odds_of(one, [0, 3, 14], RUNS).items():
            state = next(states_at(params, SEED, one.run, [week]))
            first = other_luck(one.run, RUNS)
            rows = branch(params, state, week, SEED, first, RUNS, 1, True).rows
            read = 13 if week < 13 else 26
            held = (rows.standing_week == 0) | (rows.standing_week > read)
            assert (odds.read, odds.truce.n) == (read, RUNS)
            assert odds.truce.p == held.mean()
            assert odds.truce.low <= odds.truce.p <= odds.truce.high
            assert odds.shares["extended"].p == rows.extended.mean()


def test_they_end_where_the_run_is_decided(told):
    stands = told[1]
    assert odds_of(stands, [26], RUNS)[26].truce.p == 1.0


def test_without_a_truce_the_odds_are_those_of_the_headline():
    scenario = Scenario.load("april-2025")
    one = trace_run(scenario, SEED, 0)
    ended = one.outcome.clean_week
    odds = odds_of(one, range(len(one.weeks)), 20)
    assert set(odds) == set(range(min(ended or 99, len(one.weeks))))
    assert all(each.headline == "clean" for each in odds.values())


def test_the_sentence_says_what_was_counted(told):
    odds = odds_of(told[1], [0, 2], RUNS)
    at_first, later = map(odds_sentence, odds.values())
    assert at_first.startswith("Odds that the truce still stands at the end of week 13: 0.")
    assert "95 % interval 0." in at_first
    assert "300 continuations from the start, with other random numbers" in at_first
    assert "300 continuations from the end of week 2, with other random numbers" in later
    assert "at the end of week 13" in odds[2].truce.definition


def test_text_markdown_and_json_have_them_only_if_asked(told):
    plain = tell(told[0], but_for=False)
    story = tell(told[0], but_for=False, continuations=RUNS)
    for form in ("text", "markdown"):
        assert "Odds that" not in render(plain, form)
        assert render(story, form).count("Odds that") == len(story.odds)
    assert "odds" not in as_table(plain)
    assert [each["after"] for each in as_table(story)["odds"]] == list(story.odds)


def test_past_the_term_they_are_read_at_the_horizon():
    compiled = Scenario.load("geneva-2025").compiled
    assert [read_at(compiled, week) for week in (0, 12, 13, 26)] == [13, 13, 26, 26]


def test_more_continuations_narrow_the_interval(told):
    state = next(states_at(told[0].compiled.params, SEED, 1, [1]))
    few, many = (odds_after(told[0].compiled, state, 1, SEED, 1, n).truce for n in (100, 1600))
    assert many.half_width < few.half_width / 3
