"""The leverage stock: the harm a side could do over 13 weeks by pulling everything now."""

import math

import pytest

from tests.world.play import US, WORLD, Game, ban, licence, meeting, shock, table


def leverage(lever, weeks=1, **rest):
    """Leverage and sensed leverage of us with one lever, at the end of a week."""
    game = Game(table({"us": {"a": lever}}, **rest), {}).to(weeks)
    stock = WORLD.leverage.leverage(game.p, game.s, game.t, US)
    return stock, WORLD.leverage.sensed_leverage(game.p, game.s, game.t, US)


def phi(x):
    return -math.log(1 - x)


def test_of_a_ban_it_is_the_curve_of_what_its_full_bite_would_leave_short():
    stock, sensed = leverage(ban(bite=0.8, dependence=0.5, harm_weight=3.0))
    assert stock == pytest.approx(3.0 * phi(0.4))
    assert sensed == pytest.approx(3.0 * 0.4)


def test_it_does_not_matter_whether_the_lever_is_pulled_now():
    assert leverage(ban(level=1, dependence=0.5)) == leverage(ban(dependence=0.5))


@pytest.mark.parametrize("listed", [True, False])
def test_of_a_licence_it_is_what_capacity_and_squeeze_would_leave(listed):
    office = licence(listed=listed, capacity=0.5, squeeze=0.4, dependence=0.5, bite=0.1)
    assert leverage(office)[1] == pytest.approx(0.5 * (1 - 0.5 * 0.4))


def test_the_capacity_is_that_of_now():
    office = licence(capacity=0.5, capacity_after_talks=1.0, squeeze=0.4, dependence=0.5)
    boosted = leverage(office, 2, shocks=[meeting(1)])
    assert boosted[1] == pytest.approx(0.5 * (1 - 0.4))
    cut = leverage(office, 1, shocks=[shock(1, "us.a", capacity=0.0)])
    assert cut[1] == 0.5


def test_what_is_left_is_at_most_1():
    office = licence(capacity=3.0, squeeze=0.5, dependence=0.5)
    assert leverage(office) == (0.0, 0.0)


def test_it_is_capped_at_95_percent():
    assert leverage(ban()) == (pytest.approx(phi(0.95)), 0.95)


@pytest.mark.parametrize("stock", [1.0, 6.0, 6.5, 20.0])
def test_the_target_s_stock_delays_it(stock):
    """max(0, 1 - I/(13 D)) with D = .5."""
    share = max(0.0, 1 - stock / 6.5)
    found = leverage(ban(dependence=0.5, stock_weeks=stock))
    assert found == (pytest.approx(phi(0.5) * share), pytest.approx(0.5 * share))


def test_levers_add_up_and_one_that_is_gone_or_useless_adds_nothing():
    levers = {
        "a": ban(dependence=0.5, convexity=1.0),
        "b": ban(dependence=0.25, harm_weight=2.0),
        "gone": ban(),
        "useless": ban(bite=0.0, stock_weeks=3.0),
    }
    tree = table({"us": levers, "cn": {"x": ban()}}, shocks=[shock(1, "us.gone", remove=True)])
    game = Game(tree, {}).week()
    assert WORLD.leverage.leverage(game.p, game.s, 1, US) == pytest.approx(1.0 + 2 * phi(0.25))
    assert WORLD.leverage.sensed_leverage(game.p, game.s, 1, US) == 1.0


def test_it_erodes_as_the_target_substitutes():
    fast = ban(dependence=0.5, halving_years=0.2)
    assert leverage(fast, 8)[0] < leverage(fast, 2)[0] < phi(0.5)
