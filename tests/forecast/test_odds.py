"""The odds on a date: the batch engine's where nothing is known, and never anything of later."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from sim.engines.exact import solve
from sim.errors import ResultError
from sim.forecast import odds as asked
from sim.forecast.filter import UNINFORMATIVE
from sim.forecast.observations import EXTENDED, ForecastError, observations
from sim.forecast.odds import Question, weeks_on_record
from sim.history.record import shipped
from sim.outcomes.simulate import simulate
from sim.scenario import Scenario
from sim.world.outcomes import NAMES
from tests.forecast.made import levels_seen

GENEVA = Scenario.load("geneva-2025")
START = GENEVA.spec.start
JUNE = date(2025, 6, 29)
SMALL = {"particles": 1_000, "runs": 1_000}


def odds(scenario, seed, *, as_of=None, seen=None, **sizes):
    return asked.odds(Question(scenario, seed, **sizes), as_of, seen)


def table(found):
    return {(one.outcome, one.at): (one.estimate.p, one.error) for one in found.chances}


@pytest.mark.parametrize(("day", "tolerance"), [(START, 1.0), (JUNE, UNINFORMATIVE)])
def test_facts_that_say_nothing_leave_the_odds_of_the_batch_engine(day, tolerance):
    """On the first day nothing is known; and later, where every fact may be off by anything."""
    found = odds(GENEVA, 5, as_of=day, tolerance=tolerance, particles=2_000, runs=4_000)
    plain = simulate(GENEVA, runs=10_000, seed=6)
    for outcome in NAMES:
        share, mine = plain.at(outcome, 13), found.at(outcome, "term")
        error = np.sqrt(share.p * (1 - share.p) * (1 / share.n + 1 / mine.n))
        assert abs(share.p - mine.p) < 4 * error + 1e-9, outcome


def test_a_textbook_game_goes_on_as_its_chain():
    """After levels (0, 0), (1, 0), (0, 1) tit for tat alternates, with misread signals.

    Exact: the chain of conduct pairs; both in violation ends it.
    """
    scenario = Scenario.load("textbook/tft-perception")
    seen = levels_seen(scenario, [(0, 0), (1, 0), (0, 1)])
    found = odds(scenario, 3, seen=seen, as_of=seen.until, weeks=13, particles=4_000, runs=8_000)
    alive = {(0, 1): 1.0}
    for _ in range(13):
        then = {}
        for (us, cn), share in alive.items():
            for new in ((0, 0), (0, 1), (1, 0)):
                step = np.prod([0.95 if new[i] == (cn, us)[i] else 0.05 for i in range(2)])
                then[new] = then.get(new, 0.0) + share * step
        alive = then
    exact = sum(alive.values())
    share, error = table(found)["standing", "13 weeks on"]
    assert abs(share - exact) < 4 * error
    assert error < 0.01


def test_from_the_start_a_textbook_game_is_solved():
    scenario = Scenario.load("textbook/tft-perception")
    seen = levels_seen(scenario, [])
    day = scenario.spec.start
    found = odds(scenario, 4, seen=replace(seen, until=day), as_of=day, particles=2_000, runs=8_000)
    exact = solve(scenario).holds("standing", 26)
    for weeks in (13, 26):
        share, error = table(found)["standing", f"{weeks} weeks on"]
        assert abs(share - exact[weeks - 1]) < 4 * error


def test_two_seeds_agree_within_their_noise():
    first, second = (odds(GENEVA, seed, as_of=JUNE, **SMALL) for seed in (1, 2))
    for key, (share, error) in table(first).items():
        other, noise = table(second)[key]
        assert abs(share - other) < 4 * np.hypot(error, noise) + 0.01, key


def test_threads_do_not_change_a_bit():
    one, three = (odds(GENEVA, 1, as_of=JUNE, threads=n, **SMALL) for n in (1, 3))
    assert one.rows() == three.rows()
    assert one.evidence == three.evidence
    assert np.array_equal(one.fan.values, three.fan.values)


def test_every_day_is_that_day_alone():
    days = [START, date(2025, 6, 1), JUNE]
    together = asked.every(Question(GENEVA, 1, **SMALL), days)
    for day, found in zip(days, together, strict=True):
        assert found.rows() == odds(GENEVA, 1, as_of=day, **SMALL).rows()


def test_what_comes_later_changes_nothing():
    """The record cut at a day, and whole: the same odds on that day."""
    whole = odds(GENEVA, 1, as_of=JUNE, **SMALL)
    cut = odds(GENEVA, 1, as_of=JUNE, record=shipped().until(JUNE), **SMALL)
    assert whole.rows() == cut.rows()


def test_a_poisoned_record_raises():
    seen = observations(GENEVA, until=JUNE)
    poisoned = replace(seen, facts=(*seen.facts, replace(seen.facts[-1], date=date(2025, 7, 4))))
    with pytest.raises(ForecastError, match="2025-07-04"):
        odds(GENEVA, 1, seen=poisoned, as_of=JUNE, **SMALL)
    with pytest.raises(ForecastError, match="dated 2025-06-22 or earlier"):
        odds(GENEVA, 1, seen=seen, as_of=JUNE - timedelta(days=7), **SMALL)


def test_facts_that_nothing_can_follow_are_an_error():
    seen = observations(GENEVA, until=date(2025, 8, 17))
    other = [replace(f, value=0.0) if f.kind == EXTENDED else f for f in seen.facts]
    with pytest.raises(ForecastError, match="the end of the first term"):
        odds(GENEVA, 1, seen=replace(seen, facts=tuple(other)), as_of=seen.until, **SMALL)


def test_a_small_effective_sample_is_refused():
    with pytest.raises(ForecastError, match="anyway"):
        odds(GENEVA, 1, as_of=JUNE, particles=40, runs=100)
    assert odds(GENEVA, 1, as_of=JUNE, particles=40, runs=100, anyway=True).effective < 20


def test_news_moves_the_odds():
    """By 1 June an American package of rung 11 has brought the rupture near."""
    before, after = (odds(GENEVA, 1, as_of=day, **SMALL) for day in (START, date(2025, 6, 1)))
    assert after.at("standing").p + 0.2 < before.at("standing").p
    assert after.at("clean").p == 0


def test_weeks_on_record():
    days = weeks_on_record(GENEVA, until=JUNE)
    assert days == [START, *(START + timedelta(days=7 * w - 1) for w in range(1, 8))]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"as_of": date(2025, 5, 11)}, "the start of geneva-2025"),
        ({"as_of": JUNE, "particles": 10}, "particles is 10"),
        ({"as_of": JUNE, "weeks": 0}, "weeks is 0"),
        ({"as_of": JUNE, "tolerance": 0.0}, "a factor above 0"),
    ],
)
def test_bad_questions(named, words):
    with pytest.raises((ForecastError, ResultError), match=words):
        odds(GENEVA, 1, **named)


def test_readings_are_weighed_by_the_record():
    """Islands go by reading; the office that is slow by design cannot serve what June brought."""
    mixed = Scenario.load("geneva-2025-readings")
    found = odds(mixed, 1, as_of=JUNE, **SMALL, anyway=True)
    low, high = found.chances[0].spread
    assert low <= found.chances[0].estimate.p <= high
