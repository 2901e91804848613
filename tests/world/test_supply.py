"""Step 4: what a lever lets through, the target's stock, and its dependence."""

import math
from itertools import accumulate

import pytest

from tests.world.play import CN, WORLD, Game, ban, licence, meeting, script, shock, table


def one(lever, **rest):
    """A game of one lever of cn, called a."""
    return Game(table({"cn": {"a": lever}}, **rest), {})


def follow(game, field, weeks):
    return [float(getattr(game.week().at("cn.a"), field)) for _ in range(weeks)]


# The office


def test_a_listed_licence_is_a_queue():
    """Backlog grows by demand 1 and shrinks by approvals of .75 a week."""
    game = one(licence(capacity=0.75, backlog_weeks=0.5))
    assert follow(game, "backlog", 4) == [0.75, 1.0, 1.25, 1.5]
    assert game.at("cn.a").flow == 0.75


def test_no_more_is_approved_than_waits():
    game = one(licence(capacity=1.5, backlog_weeks=0.75))
    flows = [(game.week().at("cn.a").flow, game.at("cn.a").backlog) for _ in range(3)]
    assert flows == [(1.5, 0.25), (1.25, 0.0), (1.0, 0.0)]


@pytest.mark.parametrize(("level", "share"), [(0, 1.0), (1, 0.625), (2, 0.25)])
def test_the_squeeze_leaves_a_share_of_the_capacity_for_the_target(level, share):
    game = one(licence(notches=2, level=level, squeeze=0.25, capacity=0.5)).week()
    assert game.at("cn.a").flow == 0.5 * share


def test_third_parties_of_a_global_lever_keep_the_capacity_up_to_1():
    for capacity, expected in ((0.5, 0.5), (1.5, 1.0)):
        squeezed = licence(level=1, capacity=capacity, scope="global")
        assert one(squeezed).week().at("cn.a").third_flow == expected
    assert one(licence(capacity=0.5)).week().at("cn.a").third_flow == 1.0


@pytest.mark.parametrize(
    ("level", "counts", "capacity", "service"),
    [
        (0, 0, 0.5, 0.5),  # slow
        (2, 2, 1.0, 1.0),  # squeezed as allowed: no gap
        (2, 2, 0.5, 0.5),  # as allowed and slow
        (2, 1, 1.0, 0.25 / 0.625),  # squeezed beyond what is allowed
        (1, 2, 1.0, 1.0),  # less than allowed counts as 1
    ],
)
def test_service_is_the_flow_over_what_the_level_that_counts_allows(
    level, counts, capacity, service
):
    lever = licence(notches=2, level=level, obligation=counts, squeeze=0.25, capacity=capacity)
    assert one(lever).week().at("cn.a").service == service


def test_nothing_is_owed_at_full_notches_without_squeeze():
    assert one(licence(level=1, squeeze=0.0)).week().at("cn.a").service == 1.0


def test_a_licence_not_listed_is_no_queue():
    game = one(licence(listed=False, capacity=0.1, backlog_weeks=2.0, scope="global")).week()
    now = game.at("cn.a")
    assert (now.flow, now.third_flow, now.service, now.backlog) == (1.0, 1.0, 1.0, 2.0)


def test_a_listing_is_never_lifted():
    game = one(licence(listed=False, level=1, obligation=0), cn={"policy": script("C")}).to(3)
    assert (game.level("cn.a"), game.at("cn.a").listed) == (0, 1)


@pytest.mark.parametrize("control", ["ban", "tariff"])
@pytest.mark.parametrize("level", [0, 1, 4])
def test_a_ban_and_a_tariff_cut_at_once_by_their_bite(control, level):
    game = one(ban(control=control, notches=4, level=level, bite=0.5)).week()
    now = game.at("cn.a")
    assert (now.flow, now.third_flow, now.service) == (1.0 - 0.5 * level / 4, 1.0, 1.0)
    everywhere = one(ban(control=control, notches=4, level=level, bite=0.5, scope="global")).week()
    assert everywhere.at("cn.a").third_flow == 1.0 - 0.5 * level / 4


# Demand by chance


def cumulative(mean, count):
    return list(accumulate(math.exp(-mean) * mean**n / math.factorial(n) for n in range(count)))


@pytest.mark.parametrize("mean", [0.5, 4.0, 9.0])
def test_demand_is_the_poisson_count_of_its_uniform_over_its_mean(mean):
    lever = licence(demand_batch=mean, capacity=0.0)
    for count, (low, high) in enumerate(
        zip([0.0, *cumulative(mean, 7)], cumulative(mean, 8), strict=True)
    ):
        luck = {(1, "demand", 0): (low + high) / 2}
        game = Game(table({"cn": {"a": lever}}), luck).week()
        assert game.at("cn.a").backlog == count / mean


def test_each_lever_has_the_demand_of_its_own_mean():
    levers = {
        "a": licence(demand_batch=2, capacity=0.0),
        "b": licence(demand_batch=9, capacity=0.0),
    }
    luck = {(1, "demand", 0): 0.5, (1, "demand", 1): 0.5}
    game = Game(table({"cn": levers}), luck).week()
    assert (game.at("cn.a").backlog, game.at("cn.b").backlog) == (2 / 2, 9 / 9)


def test_constant_demand_uses_no_luck():
    game = Game(table({"cn": {"a": licence(capacity=0.0)}}), {(1, "demand", 0): 0.0}).week()
    assert game.at("cn.a").backlog == 1.0


# Stock and shortage


def test_the_target_lives_off_its_stock_first():
    """Half of the use is cut: a stock of 1.25 lasts 2.5 weeks."""
    game = one(ban(level=1, dependence=0.5, stock_weeks=1.25))
    rows = [(game.week().at("cn.a").stock, game.at("cn.a").short) for _ in range(4)]
    assert rows == [(0.75, 0.0), (0.25, 0.0), (0.0, 0.25), (0.0, 0.5)]


def test_only_what_comes_through_the_lever_is_missed():
    assert follow(one(ban(level=1, dependence=0.25)), "short", 1) == [0.25]
    assert follow(one(ban(level=1, bite=0.5, dependence=0.5)), "short", 1) == [0.25]


def test_rounding_is_no_shortage():
    """With a stock of 1.2 and a cut of .3, four weeks are covered but for rounding."""
    game = one(ban(level=1, dependence=0.3, stock_weeks=1.2))
    assert follow(game, "short", 4) == [0.0] * 4
    assert follow(game, "short", 1) != [0.0]


def test_what_is_not_used_is_stored_up_to_the_cap():
    """The queue drains at 1.5 a week: half a week a week goes to the stock."""
    game = one(licence(capacity=1.5, backlog_weeks=9.0, stock_weeks=0.25, stock_cap_weeks=1.0))
    assert follow(game, "stock", 3) == [0.75, 1.0, 1.0]


@pytest.mark.parametrize("capacity", [0.9, 1.0, 1.1])
def test_a_stock_above_its_cap_is_cut_down_to_it(capacity):
    """Also in a week in which exactly the demand of a week comes through and more waits."""
    lever = licence(capacity=capacity, backlog_weeks=9.0, stock_weeks=3.0, stock_cap_weeks=1.0)
    assert one(lever).week().at("cn.a").stock <= 1.0


def test_a_stock_is_rebuilt_while_the_flow_is_free_and_nothing_waits():
    free = ban(stock_weeks=1.0, stock_cap_weeks=1.5, restock=0.2)
    assert follow(one(free), "stock", 4) == [1.2, 1.4, 1.5, 1.5]
    cut = ban(level=1, bite=0.1, dependence=0.0, stock_weeks=1.0, stock_cap_weeks=9, restock=0.2)
    assert follow(one(cut), "stock", 2) == [1.0, 1.0]
    waiting = licence(
        capacity=1.0, backlog_weeks=1.0, stock_weeks=1.0, stock_cap_weeks=9, restock=0.2
    )
    assert follow(one(waiting), "stock", 2) == [1.0, 1.0]


def test_a_stock_is_rebuilt_in_the_week_in_which_the_queue_is_gone():
    drained = licence(capacity=1.5, backlog_weeks=0.5, stock_cap_weeks=9, restock=0.25)
    assert follow(one(drained), "stock", 2) == [0.75, 1.0]


def test_the_bite_is_the_weighted_sum_of_shortages_of_own_levers():
    levers = {
        "us": {"x": ban(level=1, dependence=0.5, harm_weight=3.0)},
        "cn": {
            "a": ban(level=1, dependence=0.5, harm_weight=0.5),
            "b": ban(level=1, dependence=0.25, harm_weight=2.0),
            "c": ban(harm_weight=9.0),
        },
    }
    game = Game(table(levers), {}).week()
    assert (game.us.bite, game.cn.bite) == (1.5, 0.75)
    assert (game.us.felt, game.cn.felt) == (0.75, 1.0)


# Dependence


@pytest.mark.parametrize(("level", "induced"), [(0, 0.5), (1, 0.0), (1, 0.5), (2, 0.5)])
def test_dependence_halves_in_its_time_faster_while_the_lever_is_used(level, induced):
    lever = ban(notches=2, level=level, dependence=0.8, halving_years=2.0, induced=induced)
    factor = 2.0 ** (-7.0 * (1.0 + induced * level / 2) / (365.25 * 2.0))
    shares = follow(one(lever), "dependence", 3)
    assert shares == [0.8 * factor, 0.8 * factor * factor, 0.8 * factor * factor * factor]


def test_dependence_stands_still_for_the_dead_weeks():
    lever = ban(dependence=0.8, halving_years=1.0, dead_weeks=2)
    shares = follow(one(lever), "dependence", 4)
    assert shares[:2] == [0.8, 0.8]
    assert shares[3] < shares[2] < 0.8


def test_without_a_halving_time_dependence_stays():
    assert follow(one(ban(dependence=0.8), weeks=60), "dependence", 60)[-1] == 0.8


def test_dependence_falls_after_the_supply_of_the_week():
    lever = ban(level=1, halving_years=0.1)
    assert follow(one(lever), "short", 2)[0] == 1.0


def test_the_decay_is_that_of_the_level_of_this_week():
    lever = ban(dependence=1.0, halving_years=1.0, induced=1.0)
    calm, used = one(lever).week(), one(lever, cn={"policy": script("R")}).week()
    assert used.at("cn.a").dependence == pytest.approx(calm.at("cn.a").dependence ** 2)


# V20: the office alone


def test_overload_builds_a_backlog_that_takes_its_time_to_drain():
    """V20: 1 against .25 for 9 weeks, then 1.5: 6.75 weeks of backlog, gone after 13.5 more."""
    office = licence(capacity=0.25, capacity_after_talks=1.5)
    tree = table({"cn": {"a": office}}, weeks=30, shocks=[meeting(9)], talks={"boost_weeks": 30})
    game = Game(tree, {})
    flows = follow(game, "flow", 30)
    assert flows == [0.25] * 9 + [1.5] * 13 + [1.25] + [1.0] * 7
    game = Game(tree, {})
    assert follow(game, "backlog", 9)[-1] == 6.75


@pytest.mark.parametrize(("stock", "flow"), [(3.0, 0.25), (4.0, 0.0625), (2.5, 0.5), (0.0, 0.9)])
def test_the_first_shortage_comes_when_the_stock_has_run_out(stock, flow):
    """V20: in week floor(I/(1-f)) + 1."""
    game = one(licence(capacity=flow, stock_weeks=stock), weeks=30)
    first = next(t for t, x in enumerate(follow(game, "short", 30), start=1) if x > 0.0)
    assert first == math.floor(stock / (1.0 - flow)) + 1


@pytest.mark.parametrize(
    ("demand", "capacity", "mean"),
    [pytest.param(9, 10, 3.101238, marks=pytest.mark.slow), (4, 5, 1.156240)],
)
def test_the_batch_queue_waits_as_theory_says(demand, capacity, mean):
    """V20: Q = max(Q + A - c, 0), A Poisson. n = 10,000 weeks; 4 standard errors by batch means."""
    lever = licence(demand_batch=demand, capacity=capacity / demand)
    game = Game(table({"cn": {"a": lever}}), seed=20)
    waits, batches, weeks = [], 50, 200
    for t in range(1, batches * weeks + 1):
        WORLD.supply.draw_demands(game.p, game.s, t)
        WORLD.supply.let_through(game.s.columns[0], 0, t)
        waits.append(game.at("cn.a").backlog * demand)
    means = [sum(waits[b * weeks : (b + 1) * weeks]) / weeks for b in range(batches)]
    average = sum(means) / batches
    error = math.sqrt(sum((m - average) ** 2 for m in means) / (batches - 1) / batches)
    assert abs(average - mean) < 4 * error
    assert error < 0.3


def test_supply_of_each_side_is_its_own():
    levers = {"us": {"a": ban(level=1)}, "cn": {"b": licence(capacity=0.5)}}
    game = Game(table(levers, shocks=[shock(2, "us.a", level=0)]), {}).week()
    assert (game.at("us.a").flow, game.at("cn.b").flow) == (0.0, 0.5)
    assert game.s.sides[CN].bite == 0.5
