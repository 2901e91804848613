"""Step 2, anticipation: who counts on talks retaliates unprovoked, as often as talks may pardon."""

import pytest

from sim.scenario import Scenario
from tests.world.play import CN, ECHO, US, WORLD, Game, ban, edge, licence, meeting, script, table

HOPEFUL = {"anticipation": 1.0}
RATE = {"talks_rate": 0.25, "cooldown_weeks": 3}


def world(us=None, cn=None, talks=None, **more):
    """Both sides would hold for ever; those that hope for talks may do otherwise."""
    return table(us=us or {}, cn=cn or {}, talks=RATE | (talks or {}), **more)


def tempted(tree, week, chance, side="us"):
    """Whether a side is tempted in a week by a luck just below a chance, and just at it."""
    below, at = edge(chance)
    pair = (Game(tree, {(week, "temptation", side): u}).to(week) for u in (below, at))
    return [bool(game.s.sides[US if side == "us" else CN].tempted) for game in pair]


@pytest.mark.parametrize("move", ["H", "C"])
def test_it_happens_with_the_chance_of_talks(move):
    tree = world(us=HOPEFUL | {"policy": script(move)})
    assert tempted(tree, 1, 0.25) == [True, False]


def test_it_scales_with_anticipation_and_is_off_by_default():
    assert tempted(world(us={"anticipation": 0.5}), 1, 0.125) == [True, False]
    assert Scenario.load("geneva-2025").spec.actors["us"].anticipation == 0.0
    assert not Game(world(), {(1, "temptation", "us"): 0.0}).week().us.tempted


@pytest.mark.parametrize("delay", [0, 1, 3])
def test_the_slower_the_other_the_more_weeks_in_which_talks_may_pardon(delay):
    tree = world(us=HOPEFUL, cn={"reaction_delay": delay})
    assert tempted(tree, 1, 1.0 - 0.75 ** (delay + 1)) == [True, False]


def test_ones_own_delay_has_no_part_in_it():
    tree = world(us=HOPEFUL | {"reaction_delay": 3})
    assert tempted(tree, 1, 0.25) == [True, False]


def test_nobody_looks_further_ahead_than_a_quarter():
    tree = world(us=HOPEFUL, cn={"reaction_delay": 500}, talks={"talks_rate": 0.0625})
    assert tempted(tree, 1, 1.0 - 0.9375**14) == [True, False]


def test_there_is_no_hope_in_the_cooldown():
    """Talks in week 2, cooldown through week 5: 6 is the first week with a chance."""
    tree = world(us=HOPEFUL, shocks=[meeting(2)])
    luck = {(t, "temptation", "us"): 0.0 for t in range(3, 7)}
    game = Game(tree, luck).to(2)
    assert [bool(game.week().us.tempted) for _ in range(4)] == [False, False, False, True]


def test_only_the_weeks_after_the_cooldown_count():
    """In week 5 of the same, against a delay of 2: talks are possible in 6 and 7 only."""
    tree = world(us=HOPEFUL, cn={"reaction_delay": 2}, shocks=[meeting(2)])
    assert tempted(tree, 5, 1.0 - 0.75**2) == [True, False]


def test_hope_within_the_cooldown_is_the_chance_of_talks_there():
    """Talks in week 2, cooldown through 5; in 5, against a delay of 1: .5 in 5 and .25 in 6."""
    talks = {"cooldown_rate": 0.5}
    tree = world(us=HOPEFUL, cn={"reaction_delay": 1}, shocks=[meeting(2)], talks=talks)
    luck = {(t, "talks"): 0.99 for t in range(1, 6)}
    for u, expected in zip(edge(1.0 - 0.5 * 0.75), (True, False), strict=True):
        assert (
            bool(Game(tree, luck | {(5, "temptation", "us"): u}).to(5).s.sides[US].tempted)
            == expected
        )


def test_pressure_feeds_hope():
    """h0 + h1·max(G): a shortage of the other side counts as well as one's own."""
    office = licence(level=1, capacity=0.0, dependence=0.5)
    talks = {"talks_rate": 0.0, "talks_pressure": 0.5, "cooldown_weeks": 0}
    tree = world(cn=HOPEFUL | {"pressure_smoothing": 1.0}, us={"pressure_smoothing": 1.0})
    tree = tree | {"talks": tree["talks"] | talks, "levers": {"us": {}, "cn": {"office": office}}}
    tree["levers"]["cn"]["spare"] = ban(dependence=0.0)
    assert Game(tree, {}).week().us.pressure == 0.5
    assert tempted(tree, 2, 0.25, side="cn") == [True, False]


def test_the_reluctance_of_the_other_dims_it():
    """cn stands on rung 2 and us is reluctant by .25 a rung: half a chance is left."""
    levers = {"us": {"move": ban()}, "cn": {"move": ban(severity=2.0, level=1, obligation=0)}}
    tree = world(us=HOPEFUL | {"reluctance": 0.25}, levers=levers)
    assert tempted(tree, 2, 0.125) == [True, False]


def test_a_machine_that_retaliates_needs_no_temptation():
    game = Game(world(us=HOPEFUL | {"policy": script("R")}), {(1, "temptation", "us"): 0.0}).week()
    assert game.us.move == WORLD.state.RETALIATE
    assert not game.us.tempted


def test_it_answers_nothing_so_its_offence_is_one_and_its_cause_policy():
    """cn stands high and us has seen it; what us does by temptation is no answer to that."""
    levers = {
        "us": {"move": ban(notches=4)},
        "cn": {"move": ban(notches=3, severity=3.0, level=1, obligation=0)},
    }
    tree = world(us=HOPEFUL | {"stride": 4}, cn={}, levers=levers)
    luck = {(1, "signal", "us"): 0.0, (2, "temptation", "us"): 0.0}
    luck |= {(2, "pull", 0, notch): 0.0 for notch in range(1, 5)}
    game = Game(tree | {"actors": tree["actors"]}, luck).to(2)
    assert game.memory(1, US).offence == 3.0
    assert game.level("us.move") == 1
    assert game.origin(US) == ("policy", US, 0, 2)


def test_the_machine_itself_stays_as_it_is():
    """Its state is what it would have been; only the move of the week is another."""
    hopeful = {"policy": ECHO} | HOPEFUL
    game = Game(world(us=hopeful), {(1, "temptation", "us"): 0.0}).week()
    other = Game(world(us={"policy": ECHO}), {}).week()
    assert game.us.state == other.us.state
    assert game.us.move != other.us.move


def test_it_deters_less_the_more_is_pardoned():
    """Against grim: violations of cn by its hope of talks, 100 runs of 20 weeks each."""
    grim = {"policy": {"name": "grim"}}

    def violated(anticipation, rate):
        tree = world(us=grim, cn={"anticipation": anticipation, "policy": ECHO}, weeks=20)
        params = Scenario.from_table(tree | {"talks": tree["talks"] | {"talks_rate": rate}})
        from sim.engines.batch import run_batch

        tally = run_batch(params.compiled.params, seed=5, runs=100).tally
        return int(tally.conduct[1:, [1, 3]].sum())

    assert violated(0.0, 0.2) == 0
    assert 0 < violated(0.3, 0.05) < violated(1.0, 0.05) < violated(1.0, 0.4)
