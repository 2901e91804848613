"""What frames a story: the verdict, what made no difference, and what is owed by whose reading."""

from dataclasses import replace

import pytest

from sim.explain import tell
from sim.explain.find import find_run
from sim.explain.framing import owed_lines, verdict
from sim.explain.phrases import Voice
from tests.explain import worlds


def broken():
    """Traces of the scenario whose truce broke, by whether it was in force in law then."""
    traces = (worlds.trace("geneva-2025", run) for run in range(40))
    return [trace for trace in traces if trace.outcome.standing_week is not None]


def test_a_rupture_is_told_from_an_end_in_law():
    by_rupture = 0
    for trace in broken():
        week, needed = trace.outcome.standing_week, trace.compiled.params.rules[0].breakdown_after
        ended = trace.outcome.core_week == week or trace.outcome.lapse_week == week - 1
        ruptured = not ended and trace.week(week).ruptured >= needed
        assert ("by a rupture; in law it" in verdict(trace)) == ruptured
        by_rupture += ruptured
    assert 0 < by_rupture < len(broken())


def test_a_truce_that_broke_in_conduct_lapses_in_law_later():
    scenario = worlds.scenario("geneva-2025")
    run = find_run(scenario, "lapse", worlds.SEED).run
    trace = worlds.trace("geneva-2025", run)
    broke, lapsed = trace.outcome.standing_week, trace.outcome.lapse_week
    assert broke < lapsed
    assert verdict(trace).endswith(f", by a rupture; in law it lapsed in week {lapsed}.")
    story = tell(trace, (lapsed, lapsed), but_for=False)
    told = " ".join(line.text for part in story.sections[0].paragraphs for line in part)
    lapses = f"THE TRUCE LAPSES in law at the end of its term, broken in conduct since week {broke}"
    assert lapses in told


def test_where_nothing_happened_nothing_made_a_difference():
    run = find_run(worlds.scenario("geneva-2025"), "quiet", worlds.SEED, 200).run
    ending = " ".join(tell(worlds.trace("geneva-2025", run)).frame.ending)
    assert "it would have stood as well, undisputed." in ending
    assert "no difference to" not in ending


def test_the_unit_of_harm_is_the_shortage_that_the_loss_makes_one_of():
    ending = " ".join(tell(worlds.trace("geneva-2025", 0), but_for=False).frame.ending)
    unit = "1 is a week with 63% of a good of weight 1 missing, 13 a quarter year of that"
    assert f"(discounted; {unit})" in ending


LEVER = "levers.cn.rare_earths"


def lines(name, **changed):
    scenario = worlds.scenario(name).override(
        {f"{LEVER}.{key}": value for key, value in changed.items()}
    )
    trace = replace(worlds.trace(name, 0), scenario=scenario)
    return list(owed_lines(trace, Voice(trace)))


def test_service_is_owed_in_the_numbers_of_the_scenario_and_a_level_is_no_violation():
    what, how_much, _ = lines("geneva-2025", expected_by_target=0.8, promised_by_owner=0.4)
    assert what == (
        "China owes service on rare earths licences, not a level: to grant them as at level 0. "
        "Neither the lever at level 2 of 2 nor a slow office is a violation; raising the lever "
        "above its lowest level so far is."
    )
    assert how_much == (
        "China promised to serve at least 40% of normal demand; the US expects 80%, and may see a "
        "violation, wrongly, in anything less."
    )


def test_a_level_is_owed_by_a_date():
    eased, _ = lines("geneva-2025", owes="level", due_weeks=3)
    assert eased == (
        "China is to ease rare earths licences from level 2 of 2 to 0 by the end of week 3."
    )


@pytest.mark.parametrize(
    ("owes", "by_target", "own", "seen"),
    [
        ("service", "level", "it owes service on", "it is to ease rare earths licences from"),
        ("level", "service", "it is to ease rare earths licences from", "it owes service on"),
    ],
)
def test_each_side_has_its_own_reading(owes, by_target, own, seen):
    what, how_much, _ = lines("geneva-2025", owes=owes, owes_by_target=by_target, due_weeks=3)
    assert f"By China's reading {own}" in what
    assert f"By the US's reading {seen}" in what
    assert "of what each holds to be owed" in how_much
