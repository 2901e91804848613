"""What holds in every week of every world."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.counts import ENDED
from sim.world.outcomes import CURVE_FIELDS
from sim.world.params import LICENCE
from sim.world.state import CAUSES
from tests.examples import examples
from tests.properties.worlds import worlds
from tests.world.play import WORLD, Game, frozen

UNDISPUTED, STANDING = (ENDED.index(name) for name in ("undisputed", "standing"))
seeds = st.integers(0, 2**64 - 1)


def levers_are_within_bounds(game, _before):
    rows, now = game.p.levers, game.s.levers[: len(game.p.levers)]
    assert ((now.level >= 0) & (now.level <= rows.top)).all()  # one above all notches: to refuse
    can_refuse = (rows.control == LICENCE) & (rows.top == rows.notches + 1)
    assert ((rows.top == rows.notches) | can_refuse).all()
    assert ((now.counts >= 0) & (now.counts <= rows.notches)).all()
    assert ((now.dependence >= 0) & (now.dependence <= 1)).all()
    assert ((now.value >= 0) & (now.value <= 1)).all()
    assert ((now.service >= 0) & (now.service <= 1)).all()
    assert ((now.third_flow >= 0) & (now.third_flow <= 1)).all()
    assert ((now.short >= 0) & (now.short <= 1)).all()
    assert (now.stock <= rows.stock_cap).all()
    for field in ("flow", "stock", "backlog"):
        assert (now[field] >= 0.0).all()
        assert np.isfinite(now[field]).all()


def listing_and_loss_are_for_good(game, before):
    assert (game.s.levers.listed >= before["levers"]["listed"]).all()
    assert (game.s.levers.gone >= before["levers"]["gone"]).all()
    assert (game.s.levers.level[game.s.levers.gone == 1] == 0).all()


def sides_are_within_bounds(game, _before):
    for i, side in enumerate(game.s.sides):
        chances = (side.felt, side.pressure, side.gap, WORLD.learning.belief(side))
        assert all(0.0 <= chance <= 1.0 for chance in chances)
        assert side.offence >= 1.0
        assert math.isfinite(side.payoff)
        assert 0.0 <= side.harm < math.inf
        assert WORLD.leverage.leverage(game.p, game.s, game.t, i) >= 0.0


def the_rung_is_what_levers_above_what_counts_add_up_to(game, _before):
    for i, side in enumerate(game.s.sides):
        own = game.p.levers.owner == i
        now = game.s.levers[: len(own)]
        above = np.maximum(0, now.level - now.counts)
        assert math.isclose(side.rung, float((game.p.levers.severity * above)[own].sum()))
        assert (side.rung > 0.0) == (side.origin >= 0)
        if side.origin >= 0:
            assert 1 <= side.origin_week <= game.t
            assert CAUSES[side.origin] not in ("lapse", "act")


def outcomes_are_consistent(game, before):
    run, last = game.run, before["run"][0]
    for name in (*CURVE_FIELDS, "lapse_week"):
        assert last[name] in (0, run[name])
        assert run[name] in (last[name], game.t)
    never = game.t + 1
    clean, standing = run.clean_week or never, run.standing_week or never
    undisputed = run.undisputed_week or never
    assert undisputed <= standing
    if game.p.rules[0].rupture_rung == 0:
        assert undisputed == standing
    assert standing <= (run.core_week or never)
    if run.lapse_week:
        assert standing <= run.lapse_week + 1
        assert not (run.extended and run.lapse_week == game.p.rules[0].term)
    if run.undisputed_week and CAUSES[run.cause] not in ("lapse", "act"):
        assert clean <= undisputed
    assert (run.cause >= 0) == (run.undisputed_week > 0)
    if run.core_week:
        assert game.p.rules[0].has_truce


def k_weeks_are_ordered(game, _before):
    weeks = np.where(game.s.k_week > 0, game.s.k_week, game.t + 1)
    assert (np.diff(weeks, axis=1) >= 0).all()
    upwards = weeks[np.argsort(game.p.thresholds, kind="stable")]
    assert (np.diff(upwards, axis=0) >= 0).all()  # a higher rung takes no less long
    k = int(game.p.rules[0].breakdown_after)
    if not game.p.rules[0].has_truce or k > weeks.shape[1]:  # without one, standing is not defined
        return
    rows = {"undisputed_week": 0, "standing_week": int(game.p.rules[0].rupture_row)}
    for name, row in rows.items():
        if game.s.k_week[row, k - 1]:
            assert 0 < game.run[name] <= game.s.k_week[row, k - 1]


def talks_respect_the_cooldown(game, before):
    run, last = game.run, before["run"][0]
    if run.talks_week == game.t:
        assert run.talks_count == last["talks_count"] + 1
        assert run.mutual == 0
        early = game.p.rules[0].cooldown_rate > 0
        forced = any(_strikes(game, q) for q in range(len(game.p.shocks)))
        assert early or forced or last["talks_week"] == 0 or game.t > last["no_talks_until"]
    else:
        assert run.talks_count == last["talks_count"]


def _strikes(game, q):
    return bool(game.p.shocks[q].talks) and WORLD.dated.strikes(game.p, game.s, game.t, q)


def core_is_out_of_reach_of_agencies(game, before):
    """A core lever rises only in weeks of a drawn retaliation, a shock, a deal, or a flip."""
    if game.p.rules[0].flip or game.run.talks_week == game.t:
        return
    for k in np.flatnonzero(game.p.levers.core):
        side = game.s.sides[int(game.p.levers.owner[k])]
        moved = any(shock.lever == k for shock in game.p.shocks)
        if side.move != 0 and not moved:
            assert game.s.levers.level[k] <= before["levers"]["level"][k]


INVARIANTS = (
    levers_are_within_bounds,
    listing_and_loss_are_for_good,
    sides_are_within_bounds,
    the_rung_is_what_levers_above_what_counts_add_up_to,
    outcomes_are_consistent,
    k_weeks_are_ordered,
    talks_respect_the_cooldown,
    core_is_out_of_reach_of_agencies,
)


@examples(100)
@given(worlds(), seeds)
def test_every_week_of_every_world(tree, seed):
    game = Game(tree, seed=seed)
    for _ in range(int(game.p.rules[0].weeks)):
        before = dict(zip(game.s._fields, frozen(game), strict=True))
        game.week()
        for invariant in INVARIANTS:
            invariant(game, before)


@examples(40)
@given(worlds(), seeds)
def test_tallies_add_up(tree, seed):
    """Counts of runs agree with each other, and triggers with the disputes."""
    params = Game(tree).p
    runs, weeks = 4, int(params.rules[0].weeks)
    output = WORLD.run_batch(params, seed, runs=runs, keep=True)
    tally, rows = output.tally, output.rows
    assert tally.counts[0] == len(rows) == runs
    assert (tally.ended.sum(axis=1) == runs).all()
    triggers = tally.trigger.sum(axis=(0, 1, 2))
    assert (triggers[: weeks + 1] == tally.ended[UNDISPUTED][: weeks + 1]).all()
    assert triggers[weeks + 1] == 0
    assert (tally.conduct[1:].sum(axis=1) == runs).all()
    assert tally.first_talks.sum() == tally.talks_number.sum() == runs
    assert tally.counts[3] == runs - tally.first_talks[weeks + 1] == (rows.talks_count > 0).sum()
    assert tally.counts[4] == rows.talks_count.sum()
    assert tally.counts[1] == rows.extended.sum()
    assert (tally.hist[:, 1:].sum(axis=2) == runs).all()
    k = int(params.rules[0].breakdown_after)
    if k <= 6 and params.rules[0].has_truce:
        own = params.thresholds.tolist().index(params.rules[0].rupture_rung)  # the row that is read
        assert (tally.by_definition[0, k - 1] == tally.ended[UNDISPUTED]).all()
        assert (tally.by_definition[own, k - 1] == tally.ended[STANDING]).all()


#: Whatever makes luck, errors, outside events or unprovoked acts.
OFF = {"slip": 0.0, "slip_fail": 0.0, "false_alarm": 0.0, "miss": 0.0, "anticipation": 0.0}


@examples(40)
@given(worlds(), seeds)
def test_with_everything_off_the_truce_holds_for_certain(tree, seed):
    """No noise, nothing owed, offices that keep up, policies that concede until provoked."""
    for actor in tree["actors"].values():
        actor |= OFF | {"policy": {"name": "tit_for_tat"}}
    for owned in tree["levers"].values():
        for lever in owned.values():
            lever |= {"level": 0, "obligation": 0, "listed": False}
            lever.pop("history", None)
    tree |= {"shocks": [], "truce": {"core": ["cn.c0"], "term_weeks": 3}}
    for actor in tree["actors"].values():
        actor["belief_prior_good"] = 1.0
    weeks = tree["weeks"] = 10
    game = Game(tree, seed=seed).week(weeks)
    run = game.run
    assert (run.clean_week, run.standing_week, run.core_week, run.lapse_week) == (0, 0, 0, 0)
    assert run.extended == 1
    assert not game.s.memory.own_bad.any()
