"""What frames a story: how the verdict tells a rupture from the end in law, and what made none."""

from sim.explain import tell
from sim.explain.find import find_run
from sim.explain.framing import verdict
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
    assert "(discounted; 1 is a week with 63% of a good of weight 1 missing)" in ending
