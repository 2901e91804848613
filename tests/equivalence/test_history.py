"""What a history leaves at the start is what the supply step of the week would have left."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.compile_levers import supplied_at_start
from sim.scenario.schema_lever import LeverSpec
from tests.examples import examples
from tests.properties.worlds import levers
from tests.world.play import START, Game, shock, table

#: In a history demand is 1, dependence stands still, and nothing is owed yet.
NOT_IN_A_HISTORY = ("history", "programmes", "demand_batch", "halving_years", "obligation")


@examples(80)
@given(levers(), st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_full_weeks_of_history_are_weeks_of_supply(lever, levels):
    """The levels of a history, dated a week apart, against the same levels as weekly shocks."""
    lever = {key: value for key, value in lever.items() if key not in NOT_IN_A_HISTORY}
    levels = [min(level, lever["notches"]) for level in levels]
    past = [
        {"date": START - datetime.timedelta(days=7 * (len(levels) - week)), "level": level}
        for week, level in enumerate(levels)
    ]
    told = supplied_at_start(
        LeverSpec.model_validate(lever | {"level": levels[-1], "history": past}), START
    )
    acts = [shock(t, "cn.a", level=level) for t, level in enumerate(levels, start=1)]
    game = Game(table({"cn": {"a": lever | {"level": 0}}}, shocks=acts)).to(len(levels))
    now = game.at("cn.a")
    assert (told.backlog, told.stock, told.shortage) == (now.backlog, now.stock, now.short)
