"""What must not matter does not: labels, order, halves, idle levers; and what the step does.

Three strengths, each stated with its test: exact in the exact solver; exact week by week once the
luck is relabelled too; in distribution in the batch engine, within four standard errors of the
difference of two independent samples (different seeds).
"""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import Scenario, simulate
from sim.engines.batch import run_batch
from sim.engines.exact import solve
from tests.examples import examples
from tests.properties.worlds import worlds
from tests.statistical.comparability import (
    assert_alike,
    assert_same_payoffs,
    conduct,
    outcomes,
    triggers,
)
from tests.statistical.relabelled import (
    Relabelled,
    assert_same_week,
    lever_inserted,
    order_reversed,
    sides_swapped,
)
from tests.statistical.transformed import (
    backwards,
    clocked,
    halved,
    mirrored,
    other_lever,
    plain_copy,
    split,
    with_idle_lever,
)
from tests.world.play import WORLD, Game, ban, licence, meeting, script, shock, table

RUNS, SEED, OTHER_SEED = 20_000, 1984, 2001
PAGE = Path(__file__).resolve().parents[2] / "docs" / "invariance.md"
PLAYED = ("geneva-2025", "geneva-as-happened")


def shipped(name):
    return plain_copy(Scenario.load(name).to_table())


@pytest.fixture(scope="module")
def geneva():
    return shipped("geneva-2025")


@pytest.fixture(scope="module")
def base(geneva):
    return played(geneva)


def played(tree, seed=SEED, runs=RUNS):
    return simulate(Scenario.from_table(tree), runs=runs, seed=seed)


def played_alike(one, two, lever, swapped, runs=1):
    """`two` is `one` under other names, at the end of every week of the first runs."""
    for index in range(runs):
        one.begin(index)
        two.begin(index)
        assert_same_week(one, two, lever, swapped)
        for _ in range(int(one.p.rules[0].weeks)):
            one.week()
            two.week()
            assert_same_week(one, two, lever, swapped)


def same(name):
    return name


# ---------------------------------------------------------------- labels of the principals

SLIPPERY = {"actors.us.slip": 0.08, "actors.cn.slip": 0.02}
BLIND = {"actors.us.false_alarm": 0.2, "actors.us.miss": 0.02, "actors.cn.false_alarm": 0.05}
GRIM, FORGIVING = {"name": "grim"}, {"name": "generous_tit_for_tat", "generosity": 0.25}
LOPSIDED = [
    SLIPPERY,
    BLIND,
    {"actors.us.policy": FORGIVING, "actors.cn.policy": {"name": "tit_for_k_tats"}} | SLIPPERY,
    {"actors.us.policy": GRIM, "actors.cn.policy": {"name": "win_stay_lose_shift"}} | BLIND,
    {"actors.us.reaction_delay": 2, "actors.cn.policy": FORGIVING} | SLIPPERY | BLIND,
]


@pytest.mark.parametrize("changes", LOPSIDED)
def test_swapped_sides_swap_the_exact_solution(changes):
    """Two players with different policies, delays and errors: to 1e-12."""
    one = Scenario.load("textbook/base").override(changes)
    two = solve(Scenario.from_table(mirrored(one.to_table())))
    one = solve(one)
    assert np.allclose(one.conduct_table(), two.conduct_table()[:, [0, 2, 1, 3]], atol=1e-12)
    for outcome in ("clean", "standing"):
        assert np.allclose(one.holds(outcome), two.holds(outcome), atol=1e-12)
        assert one.mean(outcome) == pytest.approx(two.mean(outcome), rel=1e-9)
    for side, other in (("us", "cn"), ("cn", "us")):
        assert one.cooperation[side] == pytest.approx(two.cooperation[other], abs=1e-12)
        assert one.payoffs[side] == pytest.approx(two.payoffs[other], abs=1e-12)


@examples(30)
@given(worlds(), st.integers(0, 2**64 - 1))
def test_swapped_sides_with_swapped_luck_are_the_same_run(tree, seed):
    """Any world, every week: all state swaps, but for triggers of violations of the same week."""
    one = Game(tree, seed=seed)
    counts = (len(tree["levers"]["us"]), len(tree["levers"]["cn"]))
    two = Relabelled(mirrored(tree), sides_swapped(*counts), seed)
    played_alike(one, two, other_lever, swapped=True)


def accused_by_cn():
    """Nobody talks, and cn expects the worst: the truce lapses as cn accuses."""
    gloom = {"actors.us.belief_prior_good": 0.95, "actors.cn.belief_prior_good": 0.1}
    calm = {"truce.breakdown_after": 20, "truce.unilateral_after": 0, "truce.term_weeks": 4}
    silence = {"talks.talks_rate": 0, "talks.talks_pressure": 0, "weeks": 8}
    return plain_copy(Scenario.load("geneva-2025").override(gloom | calm | silence).to_table())


@pytest.mark.parametrize("name", [*PLAYED, "accused by cn"])
def test_swapped_sides_of_the_shipped_scenarios_are_the_same_runs(name):
    tree = accused_by_cn() if name == "accused by cn" else shipped(name)
    counts = (len(tree["levers"]["us"]), len(tree["levers"]["cn"]))
    two = Relabelled(mirrored(tree), sides_swapped(*counts), SEED)
    played_alike(Game(tree, seed=SEED), two, other_lever, swapped=True, runs=4)


SWAPPED_PAIRS = {"both good": "both good", "us bad": "cn bad", "cn bad": "us bad"}
SWAPPED_PAIRS |= {"both bad": "both bad"}


def test_swapped_sides_swap_the_distribution(geneva, base):
    """geneva-2025, n = 20,000 each, independent luck: every week's outcomes and conduct."""
    two = played(mirrored(geneva), OTHER_SEED)
    assert_alike(outcomes(base), outcomes(two), RUNS)
    swapped = {(week, SWAPPED_PAIRS[pair]): x for (week, pair), x in conduct(two).items()}
    assert_alike(conduct(base), swapped, RUNS)
    assert_same_payoffs(base, two, {"us": "cn", "cn": "us"})


# ---------------------------------------------------------------- order of levers and allies


@pytest.mark.parametrize("name", PLAYED)
def test_the_order_of_levers_and_allies_with_luck_reordered_is_the_same_run(name):
    """No two levers of these files tie in score when one is chosen; ties would go by order."""
    tree = shipped(name)
    counts = [len(tree["levers"]["us"]), len(tree["levers"]["cn"]), len(tree["allies"])]
    two = Relabelled(backwards(tree), order_reversed(*counts), SEED)
    assert two.compiled.levers != Game(tree).compiled.levers
    played_alike(Game(tree, seed=SEED), two, same, swapped=False, runs=4)


def test_the_order_of_levers_and_allies_keeps_the_distribution(geneva, base):
    """geneva-2025, n = 20,000 each: outcomes, conduct, payoffs, and triggers by lever."""
    two = played(backwards(geneva), OTHER_SEED)
    assert_alike(outcomes(base), outcomes(two), RUNS)
    assert_alike(conduct(base), conduct(two), RUNS)
    assert_same_payoffs(base, two, {"us": "us", "cn": "cn"})
    one, other = triggers(base), triggers(two)
    everything = dict.fromkeys([*one, *other], 0.0)
    assert_alike(everything | one, everything | other, RUNS)


# ---------------------------------------------------------------- an idle lever


def test_an_idle_last_lever_changes_no_bit_of_any_count(geneva):
    """It is the last lever, so no other lever's luck moves: every count equal, n = 3,000."""
    one = run_batch(Scenario.from_table(geneva).compiled.params, SEED, runs=3_000).tally
    idle = Scenario.from_table(with_idle_lever(geneva, "cn")).compiled.params
    two = run_batch(idle, SEED, runs=3_000).tally
    for name in one._fields:
        if name != "trigger":
            assert np.array_equal(getattr(one, name), getattr(two, name)), name
    last = one.trigger.shape[2] - 1  # of items: none
    assert np.array_equal(one.trigger[:, :, :last], two.trigger[:, :, :last])
    assert np.array_equal(one.trigger[:, :, -1], two.trigger[:, :, -1])
    assert two.trigger[:, :, last].sum() == 0


def test_an_idle_lever_amid_the_others_changes_nothing_but_whose_luck_is_whose(geneva):
    """Added to us, it moves the levers of cn up by one: with luck moved along, the same runs."""
    at = len(geneva["levers"]["us"])
    two = Relabelled(with_idle_lever(geneva, "us"), lever_inserted(at), SEED)
    played_alike(Game(geneva, seed=SEED), two, same, swapped=False, runs=4)
    assert two.level("us.idle") == 1


def test_an_idle_ally_matters_only_through_the_mean_over_allies(geneva):
    """It waits for nothing and joins nothing; Y is a mean over all allies, so it dilutes Y."""
    crowd = geneva | {"allies": geneva["allies"] | {"idle": {}}}
    calm = [shipped_without_spillover(tree) for tree in (geneva, crowd)]
    one, two = (run_batch(Scenario.from_table(t).compiled.params, 1, runs=500) for t in calm)
    assert np.array_equal(one.tally.ended, two.tally.ended)
    assert np.array_equal(one.tally.conduct, two.tally.conduct)
    full, diluted = (Game(tree, seed=SEED).week(1) for tree in (geneva, crowd))
    mean = WORLD.allies.third_party_pressure
    assert mean(diluted.s, 1) == pytest.approx(mean(full.s, 1) * 3 / 4)


def shipped_without_spillover(tree):
    actors = {side: actor | {"spillover": 0.0} for side, actor in tree["actors"].items()}
    return tree | {"actors": actors}


# ---------------------------------------------------------------- two halves of a lever

GOODS = {"dependence": 0.6, "stock_weeks": 1.5, "halving_years": 2.0, "harm_weight": 0.4}
GOODS |= {"notches": 2, "own_cost": 0.3, "own_gain": 0.2, "convexity": 0.5}
OFFICE = GOODS | {"scope": "global", "capacity": 0.4, "squeeze": 0.3, "severity": 3.0}
MOVED = [
    shock(2, "us.chips", change=1),
    shock(3, "cn.office", change=2),
    shock(6, "us.chips", change=1),
    meeting(8),
    shock(9, "cn.office", level=1),
]


def moved_by_hand(**top):
    """Levers that only shocks move; talks without relief; an ally that waits in the office."""
    levers = {
        "us": {"chips": ban(**GOODS, bite=0.7, severity=2.0), "visas": ban(dependence=0.2)},
        "cn": {"office": licence(**OFFICE)},
    }
    feeling = {"spillover": 0.3, "felt": 0.5}
    tree = table(levers, us=dict(feeling), cn=dict(feeling), shocks=MOVED, talks={"relief": 0.0})
    return tree | {"allies": {"eu": {"dependence": {"cn.office": 0.9}}}} | top


@pytest.mark.parametrize("path", ["us.chips", "cn.office"])
def test_halves_that_move_together_are_the_whole(path):
    """Rungs, shortages, pressure, payoffs, harm and leverage of every week, to 1e-12."""
    one, two = Game(moved_by_hand(), luck={}), Game(split(moved_by_hand(), path), luck={})
    assert two.p.levers.size == one.p.levers.size + 1
    for _ in range(12):
        one.week()
        two.week()
        for i in (0, 1):
            for field in ("rung", "felt", "pressure", "payoff", "harm", "gap"):
                assert two.s.sides[i][field] == pytest.approx(one.s.sides[i][field], abs=1e-12)
            reach = [WORLD.leverage.leverage(game.p, game.s, game.t, i) for game in (one, two)]
            assert reach[0] == pytest.approx(reach[1], abs=1e-12)
        assert np.allclose(one.s.allies.shortage_cn, two.s.allies.shortage_cn)
    assert one.us.harm > 0 < one.cn.harm


def test_halves_of_a_lever_nobody_can_move_change_no_run(geneva):
    """Metals held at the top bite and squeeze, but are never chosen: the same runs, n = 3,000."""
    metals = geneva["levers"]["cn"]["critical_minerals"] | {"notches": 2, "obligation": 2}
    held = geneva["levers"]["cn"] | {"critical_minerals": metals}
    tree = geneva | {"levers": geneva["levers"] | {"cn": held}}
    trees = (tree, split(tree, "cn.critical_minerals"))
    one, two = (run_batch(Scenario.from_table(t).compiled.params, SEED, runs=3_000) for t in trees)
    for name in ("counts", "ended", "conduct", "first_talks", "talks_number", "joined"):
        assert np.array_equal(getattr(one.tally, name), getattr(two.tally, name)), name


def test_what_halves_do_change_is_one_pull_and_one_slow_office():
    """The stated effect: a notch is half as severe, and a slow office half the offence."""
    levers = {"us": {"chips": ban(severity=2.0)}, "cn": {"office": licence(severity=8.0)}}
    levers["cn"]["office"] |= {"capacity": 0.25, "notches": 1}
    tree = table(levers, us={"proportionality": 2.0, "policy": script("R")})
    whole, halves = Game(tree, luck={}), Game(split(tree, "us.chips"), luck={})
    offices = Game(split(tree, "cn.office"), luck={(1, "signal", "us"): 0.0})
    office = Game(tree, luck={(1, "signal", "us"): 0.0})
    for game in (whole, halves, office, offices):
        game.week()
    assert (whole.us.rung, halves.us.rung) == (2.0, 1.0)
    assert office.us.offence == pytest.approx(8.0 * office.us.gap)
    assert offices.us.offence == pytest.approx(4.0 * office.us.gap)


# ---------------------------------------------------------------- half the step


def at_rest(tree):
    """Goods alone: nobody acts, no talks, no substitution."""
    quiet = {"policy": script("H"), "slip": 0.0}
    actors = {side: actor | quiet for side, actor in tree["actors"].items()}
    still = {"halving_years": None, "programmes": []}
    levers = {
        side: {name: _given(lever | still) for name, lever in owned.items()}
        for side, owned in tree["levers"].items()
    }
    talks = tree["talks"] | {"talks_rate": 0.0, "talks_pressure": 0.0}
    return tree | {"actors": actors, "levers": levers, "talks": talks}


def _given(lever):
    return {key: value for key, value in lever.items() if value is not None}


def test_goods_do_not_see_the_step(geneva):
    """Queue, stock, flow and mean shortage of a week are those of its two halves, exactly."""
    tree = at_rest(geneva)
    weeks, halves = Game(tree, luck={}), Game(halved(tree), luck={})
    for _ in range(26):
        weeks.week()
        short = sum(np.array(halves.week().s.levers.short) for _ in range(2))
        one, two = weeks.s.levers, halves.s.levers
        assert np.allclose(one.flow, two.flow, atol=1e-12)
        assert np.allclose(2 * one.backlog, two.backlog, atol=1e-9)
        assert np.allclose(2 * one.stock, two.stock, atol=1e-9)
        assert np.allclose(2 * one.short, short, atol=1e-9)
    assert weeks.at("cn.rare_earths").short > 0


def test_a_constant_hazard_does_not_see_the_step():
    """A lever that slips with .05 a week, and stays: clean at week 13 is .95^13 in both."""
    one = Scenario.load("textbook/base").override({"actors.us.slip": 0.05})
    two = Scenario.from_table(halved(one.to_table()))
    exact = [solve(s).holds("clean")[w - 1] for s, w in ((one, 13), (two, 26))]
    assert exact == pytest.approx([0.95**13] * 2, abs=1e-12)


#: Exact `standing` of week 13, breakdown after one week: in weeks, and in half weeks.
HALVED_TEXTBOOK = {
    "tft-noise": (0.796822, 0.995322),
    "gtft-noise": (0.903904, 0.999942),
    "tf2t-noise": (0.965826, 0.999990),
    "grim-noise": (0.294619, 0.310013),
}


@pytest.mark.parametrize("name", sorted(HALVED_TEXTBOOK))
def test_a_rule_by_readings_does_see_the_step(name):
    """Exact: two half weeks of mutual violation are two draws, one week is a single one."""
    one = Scenario.load(f"textbook/{name}")
    two = Scenario.from_table(halved(one.to_table()))
    exact = (solve(one).holds("standing")[12], solve(two).holds("standing")[25])
    assert exact == pytest.approx(HALVED_TEXTBOOK[name], abs=1e-6)
    assert f"| `{name}` | {exact[0]:.3f} | {exact[1]:.3f} |" in PAGE.read_text()


def half_week_rows(geneva):
    """Rows of the page: what was rescaled, and `standing` at the end of week 13."""
    runs = 40_000
    worlds_of = {
        "weeks, as shipped": (geneva, 13),
        "half weeks, everything rescaled": (halved(geneva), 26),
        "... but 2 steps of mutual violation break": (halved(geneva, ("breakdown_after",)), 26),
        "... but answers come after d more steps": (halved(geneva, ("reaction_delay",)), 26),
        "... but generosity and misses as shipped": (halved(geneva, ("generosity", "miss")), 26),
        "... but friction as shipped": (halved(geneva, ("friction",)), 26),
        "half weeks, orders once a week": (clocked(geneva), 26),
    }
    for label, (tree, step) in worlds_of.items():
        found = played(tree, SEED, runs).at("standing", step)
        yield f"| {label} | {found.p:.3f} |"


def split_rows(geneva):
    """Rows of the page: a lever in two halves, and `standing` at the end of week 13."""
    for path in ("us.chips", "us.eda", "cn.critical_minerals", "cn.rare_earths"):
        found = played(split(geneva, path), SEED, 40_000).at("standing", 13)
        yield f"| `{path}` | {found.p:.3f} |"


@pytest.mark.slow
def test_the_page_gives_the_size_of_a_halved_step_and_of_a_split(geneva):
    """n = 40,000 each; on failure the rows that the page should have are shown."""
    text = PAGE.read_text()
    rows = [*half_week_rows(geneva), *split_rows(geneva)]
    missing = [row for row in rows if row not in text]
    assert not missing, "\n".join(missing)
