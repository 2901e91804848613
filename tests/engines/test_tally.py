"""What a batch counts: bins, fixed point, columns, merging; and that blocks change no run.

Plain Python throughout (tests/plain.py); that the compiled engine does the same is the matter of
tests/equivalence.
"""

import numpy as np
import pytest

from sim.engines.batch import Batch
from sim.engines.counts import ENDED
from sim.world import params
from tests.world.play import CN, US, WORLD, Game, ban, licence, script, table

TALLY = WORLD.tally
#: Both sides move and see at random, so that runs differ.
LIVELY = {"policy": {"name": "random"}, "slip": 0.2, "false_alarm": 0.2}


def lively(**top):
    return Game(table(us=LIVELY, cn=LIVELY, weeks=6, truce={"term_weeks": 4}, **top)).p


def played(p, first, runs):
    return WORLD.run_batch(p, 7, first, runs, True)


def one_run(tree):
    """The tally of a single run."""
    return WORLD.run_batch(Game(tree).p, 0, runs=1).tally


# Merging


def numbered(p, start):
    """A tally in which every count is another number."""
    tally = WORLD.counts.new_tally(p)
    for field in tally:
        field[...] = start + np.arange(field.size).reshape(field.shape)
    return tally


def test_a_merge_adds_every_count_in_any_order_and_leaves_the_parts_alone():
    p = lively()
    parts = [numbered(p, start) for start in (1, 1000, 30)]
    for order in ((0, 1, 2), (2, 0, 1)):
        merged = WORLD.counts.merge([parts[n] for n in order])
        for index, field in enumerate(merged):
            assert np.array_equal(field, parts[0][index] * 3 + 1028)
    assert parts[0].counts[0] == 1
    assert parts[1].counts[0] == 1000


def test_a_run_is_the_same_in_whatever_block():
    p = lively()
    whole, part = played(p, 0, 9), played(p, 4, 3)
    assert np.array_equal(whole.rows[4:7], part.rows)
    assert len({row.tobytes() for row in whole.rows}) > 4


def test_blocks_and_threads_change_nothing():
    p = lively()
    whole = played(p, 0, 9)
    hands = [WORLD.block.CompiledHand(p, WORLD.setting.seed_words(7)) for _ in range(2)]
    blocks = [(first, min(2, 9 - first)) for first in range(0, 9, 2)]
    parted = Batch(hands, keep=True).play(blocks, None)
    assert np.array_equal(whole.rows, parted.rows)
    for one, two in zip(whole.tally, parted.tally, strict=True):
        assert np.array_equal(one, two)


# Numbers


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        (-1.0, 253.0, 0),
        (0.0, 253.0, 0),
        (1e-9, 253.0, 1),
        (0.5, 4.0, 3),
        (0.74, 4.0, 3),
        (0.75, 4.0, 4),
        (1.0, 253.0, 254),
        (253.9, 1.0, 254),
        (254.0, 1.0, 255),
        (9e9, 1.0, 255),
    ],
)
def test_the_bin_of_a_value(value, scale, expected):
    assert TALLY.band_bin(value, scale) == expected


@pytest.mark.parametrize("sign", [1, -1])
def test_fixed_point_rounds_halves_away_from_zero(sign):
    for value, expected in ((0.0, 0), (0.4, 0), (0.5, 1), (1.4, 1), (1.5, 2), (2.0**30, 2**30)):
        assert TALLY.fixed(sign * value / 2**24) == sign * expected


@pytest.mark.parametrize("value", [0.0, 1.5, -2.25, 700.0, -3000.125])
def test_moments_are_the_sum_and_the_sum_of_squares_in_two_halves(value):
    moments = np.zeros(3, np.int64)
    for _ in range(3):
        TALLY.add_moments(moments, value)
    assert moments[0] == 3 * round(value * 2**24)
    assert (int(moments[1]) << 32) + int(moments[2]) == 3 * round(value**2 * 2**24)
    assert 0 <= moments[2] < 3 * 2**32


# What is counted where


def test_what_each_band_follows():
    levers = {"us": {"a": ban(dependence=0.5)}, "cn": {"b": licence(), "c": licence()}}
    game = Game(table(levers), {}).week()
    for k, lever in enumerate(game.s.levers):
        lever.flow, lever.stock = 0.1 + 0.2 * k, 2.0 + k
    for i, side in enumerate(game.s.sides):
        side.rung, side.felt, side.pressure = 3.0 + i, 0.2 + i, 0.4 + i
        side.good_count, side.bad_count = 1.0, 1.0 + 2.0 * i
    p, s = game.p, game.s

    def followed(quantity):
        count = len(s.levers) if quantity in (params.FLOW, params.STOCK) else 2
        return [float(TALLY.band_value(p, s, 1, quantity, n)) for n in range(count)]

    assert followed(params.RUNG) == [3.0, 4.0]
    assert followed(params.SHORTAGE) == [0.2, 1.2]
    assert followed(params.PRESSURE) == [0.4, 1.4]
    assert followed(params.BELIEF) == [0.5, 0.75]
    assert followed(params.FLOW) == [0.1, pytest.approx(0.3), 0.5]
    assert followed(params.STOCK) == [2.0, 3.0, 4.0]
    of_game = [WORLD.leverage.leverage(p, s, 1, i) for i in (US, CN)]
    assert followed(params.LEVERAGE) == of_game


@pytest.mark.parametrize(
    ("us", "cn", "column"), [("C", "C", 0), ("C", "R", 1), ("R", "C", 2), ("R", "R", 3)]
)
def test_conduct_is_counted_by_week_and_pair(us, cn, column):
    tally = one_run(table(us={"policy": script(us)}, cn={"policy": script(cn)}, weeks=3))
    expected = np.zeros((4, 4), int)
    expected[1:, column] = 1
    assert np.array_equal(tally.conduct, expected)


def test_weeks_of_ends_and_a_last_column_for_never():
    tree = table(us={"policy": script("HR")}, weeks=5, truce={"unilateral_after": 3})
    tally = one_run(tree)
    assert tally.ended.shape == (len(ENDED), 7)
    by_name = dict(zip(ENDED, tally.ended.argmax(axis=1).tolist(), strict=True))
    assert by_name == {"clean": 2, "undisputed": 4, "standing": 4, "core": 6}
    assert tally.by_definition[0].argmax(axis=1).tolist() == [4] * 6
    assert (tally.ended.sum(axis=1) == 1).all()
    assert (tally.by_definition.sum(axis=2) == 1).all()


def test_standing_for_every_k():
    both = {"policy": script("HR")}
    tally = one_run(table(us=both, cn=both, weeks=6, truce={"unilateral_after": 0}))
    assert tally.by_definition[0].argmax(axis=1).tolist() == [2, 3, 4, 5, 6, 7]
    assert np.array_equal(tally.ended[ENDED.index("standing")], tally.by_definition[0, 1])


def test_standing_for_every_rung():
    """Both at rung 2 from week 1 on, at rung 4 from week 3 on; ruptures at 3."""
    levers = {side: {"a": ban(notches=2, severity=2.0)} for side in ("us", "cn")}
    climb = {"policy": script("RHR"), "proportionality": 4.0}
    truce = {"rupture_rung": 3, "unilateral_after": 2}
    tally = one_run(table(levers, us=climb, cn=climb, weeks=6, truce=truce))
    tree = table(levers, us=climb, cn=climb, weeks=6, truce=truce)
    assert Game(tree).p.thresholds.tolist() == [0, 2, 3, 4, 5, 6, 8, 3]
    assert tally.by_definition.argmax(axis=2).tolist() == [
        [1, 2, 2, 2, 2, 2],  # one side for two weeks is a dispute, whatever K
        [1, 2, 3, 4, 5, 6],
        *[[3, 4, 5, 6, 7, 7]] * 2,
        *[[7] * 6] * 3,
        [3, 4, 5, 6, 7, 7],
    ]
    by_name = dict(zip(ENDED, tally.ended.argmax(axis=1).tolist(), strict=True))
    assert (by_name["undisputed"], by_name["standing"]) == (2, 4)


def test_where_any_dispute_is_a_rupture_one_side_alone_brings_it_in_both_rows():
    """At rung 0 the first row and the scenario's own, the last, are of one definition."""
    tree = table(us={"policy": script("R")}, weeks=6, truce={"unilateral_after": 3})
    assert Game(tree).p.thresholds[[0, -1]].tolist() == [0.0, 0.0]
    counted = one_run(tree).by_definition.argmax(axis=2)
    assert counted[0].tolist() == counted[-1].tolist() == [3] * 6


def test_a_lapse_ends_standing_for_every_k_in_the_week_after():
    grudging = {"belief_prior_good": 0.0, "belief_prior_weeks": 20.0}
    tally = one_run(table(us=grudging, weeks=8, truce={"term_weeks": 4}))
    assert tally.counts[2] == 1
    assert tally.ended[1:].argmax(axis=1).tolist() == [5, 5, 9]
    assert (tally.by_definition.argmax(axis=2) == 5).all()
    lapse = WORLD.state.CAUSES.index("lapse")
    assert tally.trigger[lapse, US, -1, 5] == 1
    assert tally.trigger.sum() == 1
