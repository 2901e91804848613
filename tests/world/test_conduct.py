"""Where a side stands: its rung, what counts, and its own conduct."""

from tests.world.play import CN, US, Game, ban, licence, script, shock, table


def test_the_rung_is_severity_times_notches_above_what_counts():
    levers = {
        "us": {
            "above": ban(notches=5, level=4, obligation=1, severity=1.5),
            "below": ban(notches=5, level=1, obligation=3, severity=9.0),
            "at": ban(notches=2, level=2, severity=4.0),
        },
        "cn": {"x": ban(level=1, obligation=0, severity=2.5)},
    }
    game = Game(table(levers), {})
    assert (game.us.rung, game.cn.rung) == (0.0, 0.0)
    game.week()
    assert (game.us.rung, game.cn.rung) == (4.5, 2.5)


def test_levels_stay_within_0_and_n():
    moves = [shock(1, "us.move", change=-3), shock(2, "us.move", change=9)]
    game = Game(table({"us": {"move": ban(notches=4, level=2)}}, shocks=moves), {})
    assert [game.week().level("us.move") for _ in range(2)] == [0, 4]


def test_conduct_is_bad_on_a_rung():
    tree = table(us={"policy": script("HRHC")})
    game = Game(tree, {}).to(5)
    assert [game.memory(t, US).own_bad for t in range(1, 6)] == [0, 1, 1, 0, 0]
    assert [game.memory(t, CN).own_bad for t in range(1, 6)] == [0, 0, 0, 0, 0]


def test_conduct_is_bad_below_the_service_that_the_owner_promised():
    for capacity, promised, bad in ((0.4, 0.5, 1), (0.5, 0.5, 0), (0.4, 0.0, 0), (0.4, 0.41, 1)):
        office = licence(capacity=capacity, promised_by_owner=promised)
        game = Game(table({"cn": {"office": office}}), {}).week()
        assert (game.cn.own_bad, game.cn.rung) == (bad, 0.0)


def test_a_licence_that_is_not_listed_promises_nothing():
    office = licence(listed=False, capacity=0.1, promised_by_owner=0.9)
    assert Game(table({"cn": {"office": office}}), {}).week().cn.own_bad == 0


def test_conduct_is_that_of_after_supply():
    """A pull of this week lists the office, and it is slow at once."""
    office = licence(listed=False, capacity=0.4, promised_by_owner=0.9, squeeze=1.0, severity=1e-9)
    game = Game(table({"cn": {"office": office}}, cn={"policy": script("HR")}), {})
    assert [game.week().cn.own_bad for _ in range(2)] == [0, 1]


def test_everything_off_nothing_happens():
    game = Game(table(weeks=30)).week(30)
    assert game.levels() == [0, 0]
    assert game.run.clean_week == game.run.standing_week == 0
