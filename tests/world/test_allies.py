"""Allies: they wait in the same offices, and may align with one lever."""

import pytest

from tests.world.play import WORLD, Game, ban, edge, licence, shock, table


def joined(allies, luck=None, weeks=6, levers=None, **rest):
    game = Game(table(levers, allies=allies, **rest), luck or {}).to(weeks)
    return game.s.allies.joined_week.tolist()


def test_an_ally_joins_once_by_its_rate():
    low, high = edge(0.25)
    ally = {"jp": {"lever": "us.move", "coverage": 0.1, "h": 0.25}}
    assert joined(ally, {(3, "join", 0): low, (4, "join", 0): low}) == [3]
    assert joined(ally, {(3, "join", 0): high}) == [0]


def test_an_ally_without_a_lever_never_joins():
    assert joined({"eu": {"h": 1.0}}) == [0]


@pytest.mark.parametrize("side", ["us", "cn"])
def test_it_joins_for_the_shortage_caused_by_the_side_its_lever_bites(side):
    """h + psi * the shortage from the other side; what its own side's office costs it, not."""
    other = "cn" if side == "us" else "us"
    offices = {
        side: {"own": licence(scope="global", capacity=0.1), "lever": ban()},
        other: {"office": licence(scope="global", capacity=0.5)},
    }
    needs = {f"{other}.office": 0.8, f"{side}.own": 1.0}
    ally = {"jp": {"lever": f"{side}.lever", "h": 0.1, "psi": 0.5, "dependence": needs}}
    chance = 0.1 + 0.5 * (0.8 * 0.5)
    low, high = edge(chance)
    assert joined(ally, {(1, "join", 0): low}, 1, offices) == [1]
    assert joined(ally, {(1, "join", 0): high}, 1, offices) == [0]


def test_the_chance_is_at_most_1():
    office = {"us": {"a": ban()}, "cn": {"b": ban(level=1, scope="global")}}
    ally = {"jp": {"lever": "us.a", "h": 0.5, "psi": 9.0, "dependence": {"cn.b": 1.0}}}
    assert joined(ally, {}, 1, office) == [1]


def test_its_shortage_is_the_largest_over_a_side_s_global_levers():
    levers = {
        "us": {"a": ban()},
        "cn": {
            "b": ban(level=1, bite=0.5, scope="global"),
            "c": ban(level=1, bite=0.25, scope="global"),
            "local": ban(level=1),
            "free": ban(scope="global"),
        },
    }
    needs = {"cn.b": 0.2, "cn.c": 0.8, "cn.local": 1.0, "cn.free": 1.0}
    game = Game(table(levers, allies={"jp": {"dependence": needs}}), {}).week()
    assert (game.s.allies.shortage_us[0], game.s.allies.shortage_cn[0]) == (0.0, 0.8 * 0.25)


@pytest.mark.parametrize("side", ["us", "cn"])
def test_its_shortage_is_that_of_this_week(side):
    levers = {side: {"b": ban(scope="global", level=1)}}
    tree = table(levers, allies={"jp": {"dependence": {f"{side}.b": 0.5}}})
    tree["shocks"] = [shock(2, f"{side}.b", level=0)]
    game = Game(tree, {})
    field = f"shortage_{side}"
    assert [float(game.week().s.allies[field][0]) for _ in range(2)] == [0.5, 0.0]


@pytest.mark.parametrize("flow", [0.25, 1.0])
def test_an_ally_is_short_of_what_is_withheld_now(flow):
    """Whatever last week left behind."""
    levers = {"us": {"a": ban(scope="global")}, "cn": {"b": ban(scope="global")}}
    needs = {"us.a": 0.5, "cn.b": 0.8}
    game = Game(table(levers, allies={"jp": {"dependence": needs}}), {})
    ally = game.s.allies[0]
    game.s.levers.third_flow = flow
    ally.shortage_us, ally.shortage_cn = 0.9, 0.9
    WORLD.allies.ally_shortages(game.p, game.s)
    assert (ally.shortage_us, ally.shortage_cn) == (0.5 * (1 - flow), 0.8 * (1 - flow))


def test_third_parties_wait_for_the_office_not_for_the_squeeze():
    levers = {"us": {"a": ban()}, "cn": {"b": licence(scope="global", level=1, capacity=0.75)}}
    game = Game(table(levers, allies={"jp": {"dependence": {"cn.b": 1.0}}}), {}).week()
    assert game.s.allies.shortage_cn[0] == 0.25


@pytest.mark.parametrize(("lag", "after"), [(0, 1), (1, 1), (3, 3)])
def test_coverage_comes_lag_weeks_later_and_once(lag, after):
    ally = {"jp": {"lever": "us.move", "coverage": 0.25, "h": 0.5, "lag_weeks": lag}}
    levers = {"us": {"move": ban(dependence=0.5)}}
    game = Game(table(levers, allies=ally), {(2, "join", 0): 0.0})
    shares = [game.week().at("us.move").dependence for _ in range(8)]
    assert shares == [0.5 if t < 2 + after else 0.75 for t in range(1, 9)]


def test_dependence_is_at_most_1_and_allies_add_up():
    ally = {"lever": "us.move", "coverage": 0.3, "h": 1.0}
    levers = {"us": {"move": ban(dependence=0.5)}}
    one = Game(table(levers, allies={"jp": ally}), {}).to(2)
    assert one.at("us.move").dependence == 0.8
    two = Game(table(levers, allies={"jp": ally, "nl": ally}), {}).to(2)
    assert two.at("us.move").dependence == 1.0


def test_an_ally_that_has_joined_still_presses():
    levers = {"us": {"a": ban()}, "cn": {"b": ban(scope="global", level=1)}}
    ally = {"jp": {"lever": "us.a", "h": 1.0, "dependence": {"cn.b": 0.5}}}
    cn = {"spillover": 1.0, "pressure_smoothing": 1.0}
    game = Game(table(levers, cn=cn, allies=ally), {}).to(3)
    assert game.cn.pressure == 0.5
