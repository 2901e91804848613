"""What a side would have done this week had it seen the truth, by the same draw.

Only the reading acted on is changed, to whether the other side really stood above its
obligations; the machine's state before it, its own conduct and the draw stay. It is defined for
machines on the week's signal: another sensor does not report a week's conduct.
"""

from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.explain.weeks import SideWeek, Trace
from sim.policies.machine import Machine
from sim.scenario.compile_actors import machines_of
from sim.world.state import MOVES

if TYPE_CHECKING:
    from sim.scenario import Scenario


@lru_cache(maxsize=8)
def machines(scenario: "Scenario") -> tuple[Machine, Machine]:
    """The machines of us and cn."""
    return machines_of(scenario.spec)


def machine_of(trace: Trace, side: SideWeek) -> Machine:
    """The machine of a side."""
    return machines(trace.scenario)[trace.ids.index(side.who)]


def had_it_seen_the_truth(trace: Trace, side: SideWeek) -> dict[str, Any] | None:
    """The counterfactual of a side's week, as plain values.

    state: its machine's next; chances: of MOVES; move: the one that is drawn; lever: what it would
    have reached for first, "" if none or if it would have held; changes: whether state or move is
    another one.

    None if it acted on no reading, if what it saw was true, if its sensor is not the signal, or if
    it did not do what its machine drew: on a player's order, counting on talks, insisting, or in
    its grace after talks.
    """
    reading, machine = side.acted_on, machine_of(trace, side)
    if reading is None or reading.right or machine.sensor != "signal":
        return None
    if side.ordered or side.tempted or side.insists or side.restrained:
        return None
    before = machine.states.index(side.state_before)
    after = int(machine.following[before, 2 * reading.own_bad + reading.violated])
    state = machine.states[after]
    move = drawn_move(trace, side, state)
    return {
        "state": state,
        "chances": dict(zip(MOVES, machine.moves[after].tolist(), strict=True)),
        "move": move,
        "lever": side.first_lever(move),
        "changes": state != side.state or move != side.move,
    }


def drawn_move(trace: Trace, side: SideWeek, state: str) -> str:
    """The move that its uniform draws for a side in a state, by the engine's own table."""
    i, states = trace.ids.index(side.who), trace.compiled.states
    place = i * len(states[0]) + states[i].index(state)
    return MOVES[bisect_right(trace.compiled.params.moves[place].tolist(), side.luck)]
