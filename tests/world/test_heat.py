"""Heat: one multiplier per run on slips and false alarms of both sides, Gamma with mean 1."""

import numpy as np
import pytest
from scipy import stats

from sim.scenario import Scenario
from sim.scenario.draw_tables import heat_table
from tests.world.play import Game, script, table

NOISY = {"slip": 0.1, "false_alarm": 0.2, "miss": 0.3}


def hot(u, heat=1.0, **both):
    return Game(table(us=NOISY | both, cn=NOISY | both, heat=heat), {(0, "heat"): u})


@pytest.mark.parametrize("u", [0.0, 0.25, 0.5, 0.99])
def test_the_multiplier_is_the_quantile_of_the_draw(u):
    game = hot(u)
    quantile = stats.gamma(1.0).ppf((int(4096 * u) + 0.5) / 4096)
    assert game.run.heat == pytest.approx(quantile, rel=1e-3)
    for side in (game.us, game.cn):
        assert side.run_slip == pytest.approx(0.1 * game.run.heat)
        assert side.false_alarm == pytest.approx(min(0.7, 0.2 * game.run.heat))


def test_it_stays_a_probability():
    game = hot(0.9999, heat=4.0, slip=0.5)
    assert game.run.heat > 5
    assert (game.us.run_slip, game.us.false_alarm) == (1.0, 1.0 - 0.3)


def test_a_slip_and_a_false_alarm_happen_by_the_heated_chance():
    for u, happens in ((0.9, True), (0.1, False)):
        tree = table(us={"slip": 0.4}, cn={"false_alarm": 0.4}, heat=1.0)
        luck = {(0, "heat"): u, (1, "slip", "us"): 0.5, (1, "signal", "cn"): 0.5}
        game = Game(tree, luck).week()
        assert bool(game.level("us.move")) == happens
        wary = Game(table(cn={"false_alarm": 0.4}, heat=1.0), luck).week()
        assert bool(wary.cn.saw_bad) == happens


def test_a_failed_order_is_not_heated():
    tree = table(us={"policy": script("R"), "slip_fail": 0.4}, heat=1.0)
    assert Game(tree, {(0, "heat"): 0.99, (1, "slip_fail", "us"): 0.5}).week().us.rung == 1.0


@pytest.mark.parametrize("variance", [0.2, 1.0, 3.0])
def test_the_table_has_mean_one_and_the_variance_asked_for(variance):
    quantiles = heat_table(variance)
    assert quantiles.mean() == pytest.approx(1.0, abs=1e-8)
    assert quantiles.var() == pytest.approx(variance, rel=0.02)
    assert (np.diff(quantiles) >= 0).all()


def test_it_is_off_by_default_and_moves_no_other_draw():
    assert heat_table(0.0).size == 0
    assert Scenario.load("base/us-china").spec.heat == 0.0
    plain, warm = (Game(table(us=NOISY, cn=NOISY, heat=heat), seed=5) for heat in (0.0, 1e-9))
    assert plain.run.heat == 1.0
    for _ in range(12):
        assert plain.week().levels() == warm.week().levels()
        assert plain.us.luck_signal == warm.us.luck_signal
