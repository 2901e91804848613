"""The odds at each turn of a story are those of branches of that very run."""

import pytest

from sim.engines.branch import branch, other_luck, states_at
from sim.explain import tell, trace_run
from sim.explain.odds import odds_of, odds_sentence
from sim.explain.render import as_table, render
from sim.outcomes.odds import odds_after, read_at
from sim.scenario import Scenario
from tests.explain.worlds import SEED, trace

RUNS = 300


@pytest.fixture(scope="module")
def told():
    """A run that breaks within the term, and one that goes on past it."""
    rows = [(run, trace("geneva-2025", run).outcome.standing_week) for run in range(40)]
    breaks = next(run for run, week in rows if week is not None and 4 < week < 13)
    stands = next(run for run, week in rows if week is None)
    return [trace("geneva-2025", run) for run in (breaks, stands)]


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
