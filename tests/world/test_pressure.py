"""Step 8: felt shortage, pressure, the sensor, and what is remembered of a week."""

import pytest

from sim.world.sensors import QUANTITIES, SENSORS, WEIGHTS, Sensor
from tests.world.play import (
    CN,
    ECHO,
    US,
    WORLD,
    Game,
    ban,
    edge,
    licence,
    meeting,
    script,
    shock,
    table,
)

CUT = {"us": {"a": ban(level=1, dependence=0.5, harm_weight=0.5)}, "cn": {"b": ban()}}


def test_felt_is_the_weighted_shortage_at_most_1():
    game = Game(table(CUT), {}).week()
    assert (game.us.felt, game.cn.felt) == (0.0, 0.25)
    heavy = {"us": {"a": ban(level=1, harm_weight=3.0)}, "cn": {}}
    assert Game(table(heavy), {}).week().cn.felt == 1.0


def test_pressure_smooths_what_is_felt():
    game = Game(table(CUT, cn={"pressure_smoothing": 0.2}), {})
    expected = [0.05, 0.8 * 0.05 + 0.05, 0.8 * (0.8 * 0.05 + 0.05) + 0.05]
    assert [game.week().cn.pressure for _ in range(3)] == pytest.approx(expected)
    assert game.us.pressure == 0.0


def test_pressure_starts_at_the_shortage_of_the_history():
    past = [{"date": "2025-04-21", "level": 1}]
    levers = {"us": {"a": ban(history=past, dependence=0.5, harm_weight=0.5)}, "cn": {"b": ban()}}
    game = Game(table(levers, cn={"pressure_smoothing": 0.5}))
    assert (game.cn.felt, game.cn.pressure, game.us.pressure) == (0.25, 0.25, 0.0)
    game.week()
    assert game.cn.pressure == 0.25


def test_allies_press_the_side_whose_office_they_wait_for():
    """Y_cn is the mean over both allies; F_cn = 0."""
    levers = {"cn": {"b": licence(capacity=0.5, scope="global", dependence=0.0)}}
    allies = {"jp": {"dependence": {"cn.b": 0.8}}, "eu": {}}
    cn = {"pressure_smoothing": 1.0, "spillover": 0.5}
    game = Game(table(levers, us=cn, cn=cn, allies=allies), {}).week()
    assert game.cn.pressure == pytest.approx(0.5 * (0.8 * 0.5 / 2))
    assert game.us.pressure == 0.0


def test_the_push_is_at_most_1():
    levers = {"us": {"a": ban(level=1, harm_weight=0.9)}}
    levers["cn"] = {"b": ban(level=1, scope="global")}
    allies = {"jp": {"dependence": {"cn.b": 1.0}}}
    cn = {"pressure_smoothing": 1.0, "spillover": 5.0}
    assert Game(table(levers, cn=cn, allies=allies), {}).week().cn.pressure == 1.0


# The sensor


def first_answer(tree, weeks=8):
    """The first week in which us, an echo, retaliates; 0 if it never does."""
    game = Game(tree, {})
    for _ in range(weeks):
        if game.week().us.move == 0:
            return game.t
    return 0


def test_the_sensor_is_the_signal_unless_the_machine_says_otherwise():
    assert first_answer(table(us={"policy": ECHO}, shocks=[shock(2, "cn.move", level=1)])) == 3


def test_a_belief_strictly_above_the_threshold():
    """A = B = 2; cn is bad from week 1: p = 3/5, 4/6, 5/7."""
    prior = {"belief_prior_weeks": 4.0, "belief_prior_good": 0.5, "belief_memory": 1.0}
    for threshold, week in ((0.59, 2), (0.6, 3), (4 / 6, 4)):
        policy = ECHO | {"sensor": "belief_above", "threshold": threshold}
        act = [shock(1, "cn.move", level=1)]
        assert first_answer(table(us=prior | {"policy": policy}, shocks=act)) == week


def test_a_pressure_strictly_above_the_threshold():
    """G_us = .25, .375, .4375 in weeks 1 to 3."""
    levers = {"us": {"a": ban()}, "cn": {"b": ban(level=1, dependence=0.5)}}
    for threshold, week in ((0.2, 2), (0.25, 3), (0.4, 4)):
        policy = ECHO | {"sensor": "pressure_above", "threshold": threshold}
        us = {"policy": policy, "pressure_smoothing": 0.5}
        assert first_answer(table(levers, us=us)) == week


def test_own_leverage_strictly_above_the_threshold():
    """Half of cn's use could be cut from week 1 on, none once the programme of week 3 is there."""
    plan = [{"name": "mine", "online": "2025-05-26", "share": 0.5}]
    levers = {"us": {"a": ban(dependence=0.5, programmes=plan)}, "cn": {"b": ban()}}
    for threshold, moves in ((0.49, [2, 0, 0, 2, 2]), (0.5, [2, 2, 2, 2, 2])):
        policy = ECHO | {"sensor": "leverage_above", "threshold": threshold}
        game = Game(table(levers, us={"policy": policy}), {})
        assert [game.week().us.move for _ in range(5)] == moves


@pytest.fixture
def own():
    """Registers a sensor for one test."""
    yield lambda name, weights: SENSORS.register(Sensor(name, weights))
    for name in SENSORS.added:
        SENSORS.withdraw(name)


#: Two offices of cn, of which one is half open; us pulls a lever in week 2.
BUSY = {
    "us": {"a": ban(dependence=0.5)},
    "cn": {
        "b": licence(capacity=0.5, level=1, notches=2, dependence=0.8, stock_weeks=0),
        "c": licence(capacity=1.0, level=1, dependence=0.4, stock_weeks=0),
    },
}
#: What each quantity of us is, read off the state.
READ = {
    "belief": lambda game: game.us.bad_count / (game.us.good_count + game.us.bad_count),
    "pressure": lambda game: game.us.pressure,
    "leverage": lambda game: WORLD.leverage.sensed_leverage(game.p, game.s, game.t, US),
    "signal": lambda game: game.us.saw_bad,
    "shortage": lambda game: game.us.felt,
    "gap": lambda game: game.us.gap,
    "own_rung": lambda game: game.us.rung_own,
    "other_rung": lambda game: game.cn.rung,
    "licences": lambda game: (min(1.0, game.s.levers[1].flow) + game.s.levers[2].flow) / 2,
}


def test_every_quantity_is_read_where_it_stands():
    assert READ.keys() == QUANTITIES.keys()
    acts = [shock(2, "cn.b", level=2), shock(3, "us.a", level=1)]
    read = {name: set() for name in QUANTITIES}
    game = Game(table(BUSY, shocks=acts), {})
    for _ in range(5):
        game.week()
        for name in QUANTITIES:
            weights = dict.fromkeys(WEIGHTS, 0.0) | {f"weigh_{name}": 1.0}
            for field, weight in weights.items():
                game.p.actors[US][field] = weight
            value = WORLD.pressure.weighed(game.p, game.s, game.t, US)
            assert value == READ[name](game)
            read[name].add(float(value))
    assert {name for name, values in read.items() if values == {0.0}} <= {"signal"}


def test_a_side_without_offices_before_it_reads_a_whole_flow():
    game = Game(table(CUT), {}).week()
    game.p.actors[US].weigh_licences = 1.0
    assert WORLD.pressure.weighed(game.p, game.s, game.t, US) == 1.0


def test_a_sensor_of_ones_own_is_a_weighted_sum(own):
    """G_us = .25, .375, .4375; half of it and a tenth of F_us = .5 are .175, .2375, .26875."""
    own("squeezed", {"pressure": 0.5, "shortage": 0.1})
    levers = {"us": {"a": ban()}, "cn": {"b": ban(level=1, dependence=0.5)}}
    for threshold, week in ((0.17, 2), (0.2, 3), (0.24, 4)):
        policy = ECHO | {"sensor": "squeezed", "threshold": threshold}
        us = {"policy": policy, "pressure_smoothing": 0.5}
        assert first_answer(table(levers, us=us)) == week


# Memory


def test_the_memory_of_a_week_holds_what_later_decisions_may_read():
    """cn slips in week 2; us misreads week 1, sees week 2 and hits back in week 3."""
    us = {"policy": ECHO, "false_alarm": 0.5, "reaction_delay": 0}
    levers = {"us": {"a": ban()}, "cn": {"b": ban(severity=3.0)}}
    luck = {(1, "signal", "us"): 0.0, (2, "slip", "cn"): 0.0}
    game = Game(table(levers, us=us, cn={"slip": 0.5}), luck).to(3)
    one, two, three = (game.memory(t, US) for t in (1, 2, 3))
    assert (one.own_bad, one.saw_bad, one.sensed_bad, one.offence) == (0, 1, 1, 1.0)
    assert (one.alarm, one.alarm_item, one.other_violates) == (2, -1, 0)
    assert (two.own_bad, two.saw_bad, two.sensed_bad, two.offence) == (1, 1, 1, 3.0)
    assert (two.other_violates, two.origin, two.origin_who) == (1, 5, CN)
    assert (two.origin_item, two.origin_week, two.alarm) == (1, 2, -1)
    assert three.own_bad == 1
    assert game.memory(2, CN).other_violates == 1


def test_memory_is_written_before_talks():
    """Talks of week 2 strike a deal that ends the violation; week 2 is remembered as it was."""
    deals = [{"name": "end", "levers": [{"lever": "us.move", "level": 0}]}]
    tree = table(us={"policy": script("HR")}, shocks=[meeting(2)], deals=deals)
    game = Game(tree, {}).to(2)
    assert game.us.rung == 0.0
    assert game.memory(2, US).own_bad == 1
    assert game.memory(2, CN).other_violates == 1


def test_a_belief_at_its_edge():
    """The sensor reads the belief of after step 7 of the week."""
    act = [shock(1, "cn.move", level=1)]
    policy = ECHO | {"sensor": "belief_above", "threshold": 0.5}
    prior = {"belief_prior_weeks": 2.0, "belief_prior_good": 0.5, "belief_memory": 1.0}
    game = Game(table(us=prior | {"policy": policy}, shocks=act), {}).week()
    assert game.memory(1, US).sensed_bad == 1
    assert edge(0.5)[1] == 0.5
