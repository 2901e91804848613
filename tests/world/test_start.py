"""How a run begins; that it leaves nothing behind, and goes on from another, is tested in
test_week.py and tests/engines/test_branch.py."""

from tests.world.play import CN, US, WORLD, Game, ban, licence, table


def test_a_run_begins_as_compiled():
    levers = {
        "us": {"a": ban(notches=4, level=3, obligation=1, due_weeks=2, believed_value=0.3)},
        "cn": {
            "b": licence(
                capacity=0.7, dependence=0.6, stock_weeks=2.0, stock_cap_weeks=5, backlog_weeks=1.5
            )
        },
    }
    game = Game(table(levers, truce={"term_weeks": 7, "core": ["us.a"]}), {})
    a, b = game.at("us.a"), game.at("cn.b")
    assert (a.level, a.counts, a.obligation, a.value, a.listed) == (3, 3, 1, 0.3, 0)
    assert (a.armed, a.gone, b.gone, b.boost_until) == (1, 0, 0, 0)
    assert (b.capacity, b.dependence, b.stock, b.backlog, b.listed) == (0.7, 0.6, 2.0, 1.5, 1)
    for now in (a, b):
        assert (now.flow, now.third_flow, now.service, now.short) == (1.0, 1.0, 1.0, 0.0)
    assert (game.us.rung, game.us.felt, game.us.pressure) == (0.0, 0.0, 0.0)
    assert game.origin(US) is game.origin(CN) is game.trigger() is None
    assert (game.run.in_force, game.run.first_truce, game.run.expiry) == (1, 1, 7)


def test_a_truce_without_a_term_never_expires_and_none_is_not_in_force():
    never = WORLD.params.NEVER
    assert Game(table(truce={}), {}).run.expiry == never
    assert Game(table(), {}).run.in_force == 0
