"""Whose levers are whose."""

from tests.world.play import WORLD, Game, ban, table


def test_each_side_has_its_levers_in_file_order():
    game = Game(table({"us": {"a": ban(), "b": ban()}, "cn": {"c": ban()}}))
    assert [list(WORLD.owned.own_levers(game.p, i)) for i in range(2)] == [[0, 1], [2]]
