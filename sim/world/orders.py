"""Orders: what a player, instead of the machine, has a side do this week. None by default.

A side with an order makes the move that it names, whatever its machine drew; the machine has moved
on all the same, and all luck stays as it was. Levers may be named: then these are pulled, each by
the notches asked for, `stride` notches in all at most (of a package, one of each), or one is taken
down. A call for talks makes step 10 read its side as under full pressure. Orders hold for a week.
"""

from sim.world.compiled import step
from sim.world.state import CONCEDE, NO_ORDER, RETALIATE


@step
def ordered_move(side, move):
    """The move ordered, if there is an order, else the one given."""
    if side.ordered == NO_ORDER:
        return move
    side.tempted = 0
    side.insists = 0
    return side.ordered


@step
def names_pulls(side):
    """Whether the levers to pull this week are named."""
    return side.named == 1 and side.move == RETALIATE


@step
def names_removals(side):
    """Whether the lever to take down this week is named."""
    return side.named == 1 and side.move == CONCEDE


@step
def called(s):
    """Whether a side calls for talks this week."""
    return s.sides[0].calls == 1 or s.sides[1].calls == 1


@step
def forget_orders(s):
    """The week is over: what was ordered for it holds no longer."""
    if s.sides[0].named or s.sides[1].named:
        for k in range(s.levers.shape[0]):
            s.levers[k].ordered = 0
    for i in range(2):
        clear_order(s.sides[i])


@step
def clear_order(side):
    """No order, no lever named, no call."""
    side.ordered = NO_ORDER
    side.named = 0
    side.calls = 0
