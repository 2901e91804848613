"""Luck as a function: the generator, and the published table of who draws what where."""

from itertools import combinations

import numpy as np
import pytest

from tests.world.play import CN, US, WORLD, Game, ban, licence, place, script, table

PI = 0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344
ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("counter", "key", "words"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES,) * 4, (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (PI, (0xA4093822, 0x299F31D0), (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
    ],
    ids=["zeros", "ones", "digits of pi"],
)
def test_the_known_answers_of_random123(counter, key, words):
    assert WORLD.draws.philox(*key, *counter) == words


def test_a_uniform_is_its_word_over_two_to_the_32():
    run = Game(table(), seed=3 + (5 << 32), index=7).run
    words = WORLD.draws.philox(3, 5, 7, 11, 13, 17)
    assert WORLD.draws.uniforms(run, 11, 13, 17) == tuple(word * 2.0**-32 for word in words)


@pytest.mark.parametrize("position", range(9))
def test_a_longer_list_goes_on_in_the_next_block(position):
    run = Game(table(), seed=1).run
    blocks = [WORLD.draws.uniforms(run, 2, 3, 5 + block) for block in range(3)]
    assert WORLD.draws.uniform_at(run, 2, 3, 5, position) == np.concatenate(blocks)[position]


def test_key_is_the_seed_and_counter_is_run_week_who_block():
    """Any change of seed, run, week, who or block changes all four words."""
    base = (1, 2, 3, 4, 5, 6)
    others = [tuple(v + (n == i) for n, v in enumerate(base)) for i in range(6)]
    words = [WORLD.draws.philox(*arguments) for arguments in (base, *others)]
    for one, two in combinations(words, 2):
        assert not set(one) & set(two)


def test_no_two_purposes_share_a_number():
    """Within a week of the largest world: 16 picks, 512 levers of 64 notches, 64 allies."""
    keys = [(1, name, i) for name in ("move", "slip_fail", "slip", "signal") for i in ("us", "cn")]
    of_acts = ("slip_lever", "friction", "insistence", "temptation")
    keys += [(1, name, i) for name in of_acts for i in ("us", "cn")]
    keys += [(1, "pick", i, j) for i in ("us", "cn") for j in range(16)]
    keys += [(1, "talks")] + [(1, "join", m) for m in range(64)]
    keys += [(1, name, k) for name in ("demand", "taste") for k in range(512)]
    keys += [(1, "pull", k, n) for k in range(512) for n in range(1, 65)]
    keys += [(1, "strike", q) for q in range(512)]
    places = [place(key) for key in keys]
    assert len(set(places)) == len(places)


# One word at a time: the named draw is 0 and every other one as unlucky as can be, so whatever
# happens happens by that word. Each purpose of the published table in turn.


def test_the_word_of_the_move():
    coin = {"name": "random", "p": 0.5}
    for side in ("us", "cn"):
        game = Game(table(**{side: {"policy": coin}}), {(1, "move", side): 0.0}).week()
        assert game.levels() == [side == "us", side == "cn"]


def test_the_word_of_the_failed_order():
    for side in ("us", "cn"):
        both = {"slip_fail": 0.5, "policy": script("R")}
        game = Game(table(us=both, cn=both), {(1, "slip_fail", side): 0.0}).week()
        assert game.levels() == [side != "us", side != "cn"]


def test_the_word_of_the_slip():
    for side in ("us", "cn"):
        game = Game(table(us={"slip": 0.5}, cn={"slip": 0.5}), {(1, "slip", side): 0.0}).week()
        assert game.levels() == [side == "us", side == "cn"]


def test_the_word_of_the_signal():
    wary = {"false_alarm": 0.5}
    for side in ("us", "cn"):
        game = Game(table(us=wary, cn=wary), {(1, "signal", side): 0.0}).week()
        assert [game.us.saw_bad, game.cn.saw_bad] == [side == "us", side == "cn"]


def test_the_word_of_the_agency_s_lever():
    levers = {i: {"a": ban(), "b": ban(), "c": ban()} for i in ("us", "cn")}
    wild = {"slip": 1.0}
    for u, index in ((0.0, 0), (0.4, 1), (0.9, 2)):
        luck = {(1, "slip_lever", "us"): u, (1, "slip_lever", "cn"): 0.99}
        game = Game(table(levers, us=wild, cn=wild), luck).week()
        assert game.levels() == [index == 0, index == 1, index == 2, 0, 0, 1]


def test_the_word_of_friction():
    levers = {i: {"a": ban(level=1, obligation=0, friction=0.5)} for i in ("us", "cn")}
    meek = {"policy": script("C")}
    for side in ("us", "cn"):
        game = Game(table(levers, us=meek, cn=meek), {(1, "friction", side): 0.0}).week()
        assert game.levels() == [side != "us", side != "cn"]


def test_the_word_of_the_temptation():
    hopeful = {"anticipation": 1.0}
    for side in ("us", "cn"):
        tree = table(us=hopeful, cn=hopeful, talks={"talks_rate": 0.5})
        game = Game(tree, {(1, "temptation", side): 0.0}).week()
        assert game.levels() == [side == "us", side == "cn"]


def test_the_word_of_the_start_state():
    machine = {
        "start": {"one": 0.5, "two": 0.5},
        "states": {n: {"move": "hold", "next": {"any": n}} for n in ("one", "two")},
    }
    both = {"policy": {"machine": machine}}
    for side in ("us", "cn"):
        game = Game(table(us=both, cn=both), {(0, "start", side): 0.0})
        assert [game.us.start, game.cn.start] == [0 if side == "us" else 1, 2 + (side != "cn")]


def test_the_words_of_the_uniform_picks():
    """Five picks of one week pull five of eight levers: the fifth is in the next block."""
    levers = {"us": {f"l{n}": ban() for n in range(8)}}
    any_lever = {"policy": script("R"), "lever_choice": "uniform", "stride": 5}
    any_lever["proportionality"] = 5.0
    for changed in range(5):
        luck = {(1, "pick", "us", j): 0.0 for j in range(5) if j != changed}
        game = Game(table(levers, us=any_lever), luck).week()
        assert game.levels() == [1, 1, 1, 1, 0, 0, 0, 1]


def test_the_word_of_talks():
    tree = table(us={"policy": script("R")}, talks={"talks_rate": 0.5})
    assert Game(tree, {(1, "talks"): 0.0}).week().run.talks_week == 1
    assert Game(tree, {}).week().run.talks_week == 0


def test_the_word_of_an_ally_that_joins():
    allies = {f"m{m}": {"lever": "us.move", "coverage": 0.1, "h": 0.5} for m in range(6)}
    for m in range(6):
        game = Game(table(allies=allies), {(1, "join", m): 0.0}).week()
        assert game.s.allies.joined_week.tolist() == [int(n == m) for n in range(6)]


def test_the_word_of_demand():
    levers = {"cn": {"a": licence(demand_batch=4, capacity=0.0), "b": licence(demand_batch=4)}}
    game = Game(table(levers), {(1, "demand", 0): 0.0}).week()
    assert game.at("cn.a").backlog == 0.0
    assert game.at("cn.b").backlog > 1.0


def test_the_word_of_a_lever_s_taste():
    levers = {"us": {"a": ban(), "b": ban(), "c": ban()}}
    soft = {"policy": script("R"), "temperature": 1.0}
    for best in range(3):
        luck = {(1, "taste", k): 0.9 if k == best else 0.1 for k in range(3)}
        assert Game(table(levers, us=soft), luck).week().levels() == [best == k for k in range(3)]


@pytest.mark.parametrize("notch", [1, 2, 3, 4, 5])
def test_the_word_of_a_pull(notch):
    """The next notch of this lever, at the week the stretch began."""
    high = ban(notches=6, level=notch - 1, severity=2.0)
    levers = {"us": {"other": ban(own_cost=1.0), "lever": high}}
    tree = table(levers, us={"policy": script("HR")})
    assert Game(tree, {(2, "pull", 1, notch): 0.49}).to(2).level("us.lever") == notch
    assert Game(tree, {(2, "pull", 1, notch): 0.5}).to(2).level("us.lever") == notch - 1
    late = Game(tree, {(2, "pull", 1, notch): 0.5, (3, "pull", 1, notch): 0.0}).to(3)
    assert late.level("us.lever") == notch - 1


def test_the_word_of_a_shock():
    shocks = [{"name": f"s{q}", "chance": 0.5, "lever": "us.move", "level": 1} for q in range(3)]
    for q in range(3):
        assert Game(table(shocks=shocks), {(1, "strike", q): 0.0}).week().origin(US)[2] == q
    assert Game(table(shocks=shocks), {}).week().origin(US) is None


def test_an_event_happens_below_its_probability_not_at_it():
    wild = {"slip": 0.25}
    assert Game(table(cn=wild), {(1, "slip", "cn"): 0.25}).week().cn.rung == 0.0
    below = Game(table(cn=wild), {(1, "slip", "cn"): 0.25 - 2.0**-32}).week()
    assert below.s.sides[CN].rung == 1.0
