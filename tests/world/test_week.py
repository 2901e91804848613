"""The order of the week, and what it reads."""

from pathlib import Path

import numpy as np
import pytest

import sim
from tests.world.play import (
    ECHO,
    WORLD,
    Game,
    ban,
    day,
    frozen,
    licence,
    meeting,
    script,
    table,
)

#: The steps of the week in the order of docs/model.md, and for whom each is taken.
ORDER = (
    ("open_week", ""),
    ("draw_luck", ""),
    ("fall_due", ""),
    ("shocks_strike", ""),
    ("come_online", ""),
    ("widen_coverage", ""),
    ("give_relief", "i"),
    ("intend", "i"),
    ("carry_out", "i"),
    ("slip", "i"),
    ("supply", ""),
    ("judge_own_conduct", "i"),
    ("pay", ""),
    ("see", "i"),
    ("learn", ""),
    ("ally_shortages", ""),
    ("build_pressure", "i"),
    ("consider_joining", "m"),
    ("remember", "i"),
    ("account", ""),
    ("maybe_talk", ""),
    ("expire", ""),
    ("forget_orders", ""),
)


def test_the_order_of_the_week():
    walk = WORLD.walking
    assert tuple((step.__name__, walk.who_takes(step)) for step in WORLD.week.WEEK) == ORDER


def test_a_walk_takes_every_step_for_everyone_in_turn():
    """What is noted of each call: the step, and the side or ally it is taken for."""
    met = []

    def alone(p, s):
        met.append("alone")

    def sided(t, i):
        met.append(f"week {t} side {i}")

    def allied(p, m):
        met.append(f"ally {m}")

    def behind(more):
        met.append(f"behind {more}")

    p = Game(table(allies={"jp": {}, "nl": {}})).p
    walk = WORLD.walking.walked((alone, sided, allied), "p, s, t, more", after={sided: behind})
    walk(p, None, 3, "it")
    assert met == ["alone", "week 3 side 0", "week 3 side 1", "behind it", "ally 0", "ally 1"]
    met.clear()
    take = WORLD.walking.called_by_number((alone, sided, allied))
    take(p, None, 3, 1, 1), take(p, None, 3, 2, 0), take(p, None, 3, 0, 0)
    assert met == ["week 3 side 1", "ally 0", "alone"]
    with pytest.raises(ValueError, match="behind: no step of this walk"):
        WORLD.walking.walked((alone,), "p, s", after={behind: alone})


def test_every_mechanism_has_its_tests():
    """A file of sim/world without a test module of its name fails here.

    `philox` is the first half of `draws` and tested there; `caching` and `merging` are how code is
    compiled and kept (test_cache, test_edited, test_compiled); `sensors` is a table that policies
    and the exact engine read as well (test_new_things); `walking` is how the week is made of its
    steps, and tested here.
    """
    here = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    rooms = {path.stem for path in (Path(sim.__file__).parent / "world").glob("*.py")}
    assert (
        rooms
        - {"__init__", "compiled", "params", "state", "philox", "caching", "merging", "sensors"}
        - {"walking"}
        <= here
    )


def busy():
    """A small world in which everything happens."""
    levers = {
        "us": {
            "a": ban(notches=3, friction=0.5, halving_years=1.0, stock_weeks=1.0),
            "b": ban(notches=2, severity=2.5, scope="global", own_cost=0.2),
        },
        "cn": {
            "office": licence(
                notches=2,
                level=2,
                obligation=0,
                due_weeks=2,
                capacity=0.4,
                capacity_after_talks=1.2,
                squeeze=0.3,
                demand_batch=5,
                scope="global",
                stock_weeks=2.0,
                programmes=[{"name": "mine", "online": day(5), "share": 0.2}],
            ),
            "tariff": ban(control="tariff", notches=2, friction=0.3),
        },
    }
    both = {
        "policy": {"name": "generous_tit_for_tat", "generosity": 0.3},
        "slip": 0.1,
        "slip_fail": 0.1,
        "false_alarm": 0.1,
        "miss": 0.1,
        "felt": 0.5,
        "value_learning": 0.2,
        "value_decay": 0.02,
        "retention": 0.5,
        "spillover": 0.2,
        "reluctance": 0.1,
        "stride": 3,
        "proportionality": 1.3,
        "temperature": 0.3,
        "discount": 0.99,
    }
    return table(
        levers,
        us=both,
        cn=both | {"lever_choice": "uniform", "reaction_delay": 1},
        weeks=16,
        truce={"term_weeks": 6, "core": ["cn.tariff"], "quiet_weeks": 3},
        talks={"talks_rate": 0.1, "talks_pressure": 0.5, "relief_lag_weeks": 2, "boost_weeks": 4},
        allies={
            "eu": {"lever": "us.b", "coverage": 0.1, "h": 0.05, "dependence": {"cn.office": 0.9}}
        },
        shocks=[{"name": "court", "chance": 0.02, "lever": "us.a", "change": -1}],
        deals=[{"name": "swap", "levers": [{"lever": "us.b", "level": 1}]}],
    )


def read_of(memory):
    """A memory without the origins of sides that did not violate, which nothing reads."""
    for name in ("origin", "origin_who", "origin_item", "origin_week"):
        memory[name][memory["other_violates"] == 0] = 0
    return memory


def test_a_run_leaves_nothing_behind_for_the_next():
    """Played after another run or on fresh tables, run 5 is the same in every field."""
    used, fresh = Game(busy(), seed=9, index=3), Game(busy(), seed=9, index=5)
    used.week(16)
    used.begin(5)
    for t in range(1, 17):
        used.week(), fresh.week()
        for name, one, two in zip(used.s._fields, frozen(used), frozen(fresh), strict=True):
            if name == "memory":
                one, two = read_of(one[1 : t + 1]), read_of(two[1 : t + 1])
            # rows are the columns again, in which a whole number may look like no number
            assert name in ("curve", "rows") or np.array_equal(one, two), name


def test_luck_does_not_depend_on_what_is_compared():
    """Another policy for cn leaves the luck of us, of talks and of levers what it was."""
    one = Game(busy(), seed=2, index=8)
    tree = busy()
    tree["actors"]["cn"]["policy"] = {"name": "always_retaliate"}
    two = Game(tree, seed=2, index=8)
    for _ in range(16):
        one.week(), two.week()
        for field in ("luck_move", "luck_slip", "luck_slip_fail", "luck_signal"):
            assert one.us[field] == two.us[field]
            assert one.cn[field] == two.cn[field]
        assert one.run.luck_talks == two.run.luck_talks


def test_runs_seeds_and_sides_have_luck_of_their_own():
    """400 uniforms of different runs, seeds, weeks, sides and purposes: all different."""
    numbers = []
    for seed in (0, 1, 2**32, 2**64 - 1):
        for index in (0, 1):
            game = Game(table(talks={"talks_rate": 0.5}), seed=seed, index=index)
            for _ in range(5):
                game.week()
                for side in (game.us, game.cn):
                    numbers += [side.luck_move, side.luck_slip, side.luck_slip_fail]
                    numbers += [side.luck_signal]
                numbers.append(game.run.luck_talks)
    assert len(set(numbers)) == len(numbers)
    assert all(0.0 <= number < 1.0 for number in numbers)


# What the week reads


def test_an_answer_comes_the_week_after_at_the_earliest():
    """Sides see after they act: a slip of week 1 is answered in week 2, that in week 3."""
    luck = {(1, "slip", "cn"): 0.0}
    both = {"policy": ECHO}
    game = Game(table(us=both, cn=both | {"slip": 0.5}), luck)
    assert [game.week().levels() for _ in range(4)] == [[0, 1], [1, 0], [0, 1], [1, 0]]


def test_decisions_read_the_rung_of_after_talks():
    """A deal of week 1 ended the violation; in week 2 there is a full rung to climb again."""
    deals = [{"name": "end", "levers": [{"lever": "us.move", "level": 0}]}]
    tree = table(us={"policy": script("R")}, shocks=[meeting(1)], deals=deals)
    game = Game(tree, {})
    assert [game.week().us.rung for _ in range(2)] == [0.0, 1.0]


@pytest.mark.parametrize("moves", ["H", "C", "R"])
def test_slips_of_1_and_always_concede_violate_every_week(moves):
    both = {"policy": {"name": "always_concede"}, "slip": 1.0}
    game = Game(table(us=both, cn=both, noise="flip"))
    for _ in range(12):
        game.week()
        assert (game.us.own_bad, game.cn.own_bad) == (1, 1)
    assert script(moves)["machine"]["start"] == "w1"
