"""What a side would have done this week had it seen the truth, by the same draw.

Only the reading acted on is changed, to whether the other side really stood above its
obligations; the machine's state before it, its own conduct and the draw stay. It is defined for
machines on the week's signal: another sensor does not report a week's conduct.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sim.explain.weeks import SideWeek, Trace
from sim.policies.machine import Machine
from sim.scenario.compile_actors import machines_of
from sim.world.state import MOVES

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Counterfactual:
    """The machine's next state, the chances of its moves, and the move that is drawn.

    `lever` is what it would have reached for first: "" if none, or if it would have held.
    """

    state: str
    chances: tuple[float, float, float]  # of MOVES
    move: str
    lever: str
    changes_state: bool
    changes_move: bool


@lru_cache(maxsize=8)
def machines(scenario: "Scenario") -> tuple[Machine, Machine]:
    """The machines of us and cn."""
    return machines_of(scenario.spec)


def had_it_seen_the_truth(trace: Trace, side: SideWeek) -> Counterfactual | None:
    """The counterfactual of a side's week.

    None if it acted on no reading, if what it saw was true, if its sensor is not the signal, or if
    it did not do what its machine drew: on a player's order, counting on talks, insisting, or in
    its grace after talks.
    """
    reading = side.acted_on
    i = trace.ids.index(side.who)
    machine = machines(trace.scenario)[i]
    if reading is None or reading.right or machine.sensor != "signal":
        return None
    if side.ordered or side.tempted or side.insists or side.restrained:
        return None
    before = machine.states.index(side.state_before)
    after = int(machine.following[before, 2 * reading.own_bad + reading.violated])
    retaliate, hold, concede = machine.moves[after].tolist()
    move = drawn_move(trace, i, after, side.luck)
    lever = {"retaliate": side.first_up, "concede": side.first_down}.get(move, "")
    return Counterfactual(
        state=machine.states[after],
        chances=(retaliate, hold, concede),
        move=move,
        lever=lever,
        changes_state=machine.states[after] != side.state,
        changes_move=move != side.move,
    )


def drawn_move(trace: Trace, i: int, state: int, luck: float) -> str:
    """The move that a uniform draws in a state of side i, by the engine's own table."""
    offset = len(trace.compiled.states[0]) if i else 0
    retaliate, hold = trace.compiled.params.moves[offset + state].tolist()
    if luck < retaliate:
        return MOVES[0]
    return MOVES[1] if luck < hold else MOVES[2]
