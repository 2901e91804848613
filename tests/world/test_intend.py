"""Step 2: the machine moves on with what it did and saw, then a move is drawn."""

import pytest

from tests.world.play import CN, ECHO, US, WORLD, Game, ban, meeting, script, shock, table

#: Names every week it has lived through: its state tells the reading it moved on with.
LISTENER = {
    "machine": {
        "start": "began",
        "states": {
            "began": {
                "move": "hold",
                "next": {
                    "own_good_saw_good": "gg",
                    "own_good_saw_bad": "gb",
                    "own_bad_saw_good": "bg",
                    "own_bad_saw_bad": "bb",
                },
            },
            **{n: {"move": "hold", "next": {"any": n}} for n in ("gg", "gb", "bg", "bb")},
        },
    }
}
STATES = ("began", "gg", "gb", "bg", "bb")
UP = {"us": {"move": ban()}, "cn": {"move": ban()}}


@pytest.mark.parametrize(
    ("own", "other", "state"), [(0, 0, "gg"), (0, 1, "gb"), (1, 0, "bg"), (1, 1, "bb")]
)
def test_the_next_state_is_given_by_own_conduct_and_sensor(own, other, state):
    shocks = [shock(1, k, level=1) for k, on in (("us.move", own), ("cn.move", other)) if on]
    game = Game(table(us={"policy": LISTENER}, shocks=shocks), {})
    assert STATES[game.week().us.state] == "began"
    assert STATES[game.week().us.state] == state


def test_own_conduct_is_what_was_executed_not_what_was_meant():
    slipping = {"policy": LISTENER, "slip": 0.5}
    game = Game(table(us=slipping), {(1, "slip", "us"): 0.0}).to(2)
    assert STATES[game.us.state] == "bg"


def test_a_reading_is_of_the_week_before_and_the_delay_before_that():
    for delay in (0, 1, 3):
        tree = table(
            us={"policy": ECHO, "reaction_delay": delay}, shocks=[shock(1, "cn.move", level=1)]
        )
        game = Game(tree, {})
        heard = [game.week().us.reading for _ in range(6)]
        assert heard == [max(0, t - 1 - delay) for t in range(1, 7)]
        assert [game.memory(t, US).own_bad for t in range(1, 7)] == [
            t >= 2 + delay for t in range(1, 7)
        ]


def test_without_a_reading_the_machine_is_in_its_start_state():
    game = Game(table(us={"policy": LISTENER, "reaction_delay": 4}), {}).to(5)
    assert STATES[game.us.state] == "began"
    assert STATES[game.week().us.state] == "gg"


def test_a_week_up_to_the_latest_talks_is_no_reading():
    """Talks in week 3, one week of delay: weeks 4 and 5 would read weeks 2 and 3."""
    game = Game(
        table(us={"policy": script("HHHHHH"), "reaction_delay": 1}, shocks=[meeting(3)]), {}
    )
    seen = [(game.week().us.reading, int(game.us.state)) for _ in range(7)]
    assert seen == [(0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (4, 1), (5, 2)]


def test_moves_are_drawn_retaliate_hold_concede_in_this_order():
    move = {"retaliate": 0.25, "hold": 0.5, "concede": 0.25}
    policy = {"machine": {"start": "s", "states": {"s": {"move": move, "next": {"any": "s"}}}}}
    names = WORLD.state.MOVES
    edges = [(0.0, 0), (0.25 - 2.0**-32, 0), (0.25, 1), (0.75 - 2.0**-32, 1), (0.75, 2)]
    for u, drawn in edges:
        game = Game(table(cn={"policy": policy}), {(1, "move", "cn"): u}).week()
        assert names[game.cn.move] == names[drawn]


def test_a_stretch_starts_in_the_first_of_unbroken_weeks_of_drawn_retaliation():
    game = Game(table(us={"policy": script("HRRHRRCR")}), {})
    assert [game.week().us.stretch for _ in range(8)] == [0, 2, 2, 0, 5, 5, 0, 8]


def test_a_stretch_is_of_draws_whatever_becomes_of_them():
    """Stopped orders, and no lever with room, leave the stretch unbroken."""
    stopped = {"policy": script("R"), "slip_fail": 1.0}
    game = Game(table(us=stopped, cn={"policy": script("R")}), {}).to(4)
    assert (game.us.stretch, game.cn.stretch) == (1, 1)
    assert game.levels() == [0, 1]


def test_talks_do_not_break_a_stretch_that_goes_on():
    game = Game(table(us={"policy": script("RR")}, shocks=[meeting(2)]), {}).to(4)
    assert game.us.stretch == 1


def test_the_start_state_is_drawn_by_cumulative_probability():
    states = {n: {"move": "hold", "next": {"any": n}} for n in ("a", "b", "c")}
    machine = {"start": {"a": 0.25, "b": 0.25, "c": 0.5}, "states": states}
    tree = table(us={"policy": {"machine": machine}})
    for u, drawn in ((0.0, 0), (0.25 - 2.0**-32, 0), (0.25, 1), (0.5, 2), (1 - 2.0**-32, 2)):
        assert Game(tree, {(0, "start", "us"): u}).us.start == drawn


def test_above_all_cumulative_probabilities_it_is_the_last_start_of_that_side():
    """Sums of probabilities may end a rounding below 1."""
    machine = {"start": {"a": 0.5, "b": 0.5}}
    machine["states"] = {n: {"move": "hold", "next": {"any": n}} for n in ("a", "b")}
    game = Game(table(us={"policy": {"machine": machine}}), {})
    game.p.starts.cumulative[1] = 0.75
    assert game.begin(0).us.start == 1


def test_a_reset_returns_to_this_run_s_own_type():
    """A mixture draws its type once; talks send it back to that type's first state."""
    two = {"weight": 0.5, "policy": script("HH")}
    policy = {"name": "mixture", "parts": [{"weight": 0.5, "policy": script("HHH")}, two]}
    game = Game(table(cn={"policy": policy}, shocks=[meeting(2)]), {(0, "start", "cn"): 0.9})
    first = int(game.cn.start)
    assert [game.week().cn.state - first for _ in range(5)] == [0, 0, 0, 1, 1]


def test_sides_do_not_read_what_the_other_does_in_the_same_step():
    """Both echo a shock of week 1 on us: cn answers in week 2, us answers that in week 3."""
    tree = table(
        UP, us={"policy": ECHO}, cn={"policy": ECHO}, shocks=[shock(1, "us.move", level=1)]
    )
    game = Game(tree, {})
    assert [game.week().levels() for _ in range(4)] == [[1, 0], [0, 1], [1, 0], [0, 1]]
    assert game.s.sides[CN].reading == 3
