"""What runs are played in: room for a state, a seed in two words, where runs go on from.

And room for a record of one run with everything kept, week by week. A week is copied at six
moments, so that a reader can tell what moved a lever: the world outside, a promised relief, an
order of its owner, a slip of an agency, or a deal.
"""

from typing import NamedTuple

import numpy as np

from sim.engines.counts import ROW
from sim.errors import Problem, ScenarioError
from sim.scenario.compile import Undecided
from sim.world.params import Params
from sim.world.state import ALLY_STATE, LEVER_STATE, MEMORY, RUN, SIDE, State, new_state
from sim.world.tables import table

SEVERAL = "several readings, of which this plays only one at a time"
ONE_READING = "one of them: Scenario.reading(NAME), or --reading NAME where a command has it"
#: In place of a week: runs begin anew, before week 1.
ANEW = -1
#: The moments of a week at which levels and rungs are copied, in order.
OUTSIDE, RELIEVED, ORDERED, SLIPPED, SEEN, CLOSED = range(6)
MOMENTS = ("outside", "relieved", "ordered", "slipped", "seen", "closed")


class Origin(NamedTuple):
    """Where runs go on from: a state, only read, at the end of a week (0: of the start)."""

    state: State
    week: int


def seed_words(seed: int) -> tuple[int, int]:
    """Low and high 32 bits of a seed of 0 .. 2^64 - 1."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"a seed is a whole number from 0 to 2^64 - 1, not {seed}")
    return seed & 0xFFFFFFFF, seed >> 32


def decided(params: Params) -> Params:
    """The tables, unless they are of a scenario with readings: a run is of one of them.

    Raises ScenarioError for those.
    """
    if isinstance(params, Undecided):
        raise ScenarioError([Problem("scenario", None, "readings", SEVERAL, ONE_READING)])
    return params


def scratch(params: Params) -> State:
    """Room for the runs of one thread. Raises ScenarioError as `decided` does."""
    decided(params)
    deals = 1 + max((int(term.deal) for term in params.deals), default=-1)
    return new_state(
        int(params.rules[0].weeks),
        len(params.levers),
        len(params.allies),
        deals,
        len(params.thresholds),
    )


class Record(NamedTuple):
    """Everything of one run, week by week from 0 (the start). H weeks, K levers, M allies."""

    run: np.ndarray  # RUN (H + 1,), at the end of the week
    seen: np.ndarray  # SIDE (H + 1, 2), after step 8: readings made, talks still to come
    sides: np.ndarray  # SIDE (H + 1, 2), at the end of the week
    levers_seen: np.ndarray  # LEVER_STATE (H + 1, K), after step 8
    levers: np.ndarray  # LEVER_STATE (H + 1, K), at the end of the week
    levels: np.ndarray  # int32 (H + 1, MOMENTS, K)
    rungs: np.ndarray  # float64 (H + 1, MOMENTS, 2)
    allies: np.ndarray  # ALLY_STATE (H + 1, M), at the end of the week
    memory: np.ndarray  # MEMORY (H + 1, 2)
    first_up: np.ndarray  # int32 (H + 1, 2): the lever it would pull first, -1: none has room
    first_down: np.ndarray  # int32 (H + 1, 2): the lever it would take down, -1: none
    struck: np.ndarray  # int8 (H + 1, shocks): the shock came this week
    deals: np.ndarray  # int8 (H + 1, deals): struck by the end of the week
    row: np.ndarray  # ROW (1,), as a batch keeps it


def new_record(params: Params, deals: int) -> Record:
    """An empty record of the shapes that this scenario needs."""
    weeks = int(params.rules[0].weeks) + 1
    levers, allies = len(params.levers), len(params.allies)
    return Record(
        run=table(RUN, weeks),
        seen=table(SIDE, weeks, 2),
        sides=table(SIDE, weeks, 2),
        levers_seen=table(LEVER_STATE, weeks, levers),
        levers=table(LEVER_STATE, weeks, levers),
        levels=np.zeros((weeks, len(MOMENTS), levers), np.int32),
        rungs=np.zeros((weeks, len(MOMENTS), 2)),
        allies=table(ALLY_STATE, weeks, allies),
        memory=table(MEMORY, weeks, 2),
        first_up=np.full((weeks, 2), -1, np.int32),
        first_down=np.full((weeks, 2), -1, np.int32),
        struck=np.zeros((weeks, len(params.shocks)), np.int8),
        deals=np.zeros((weeks, deals), np.int8),
        row=table(ROW, 1),
    )
