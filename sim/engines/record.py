"""One run with everything kept, week by week: what a record holds, and room for one.

A week is copied at six moments, so that a reader can tell what moved a lever: the world outside,
a promised relief, an order of its owner, a slip of an agency, or a deal.
"""

from typing import NamedTuple

import numpy as np

from sim.engines.counts import ROW
from sim.world.params import Params
from sim.world.state import ALLY_STATE, LEVER_STATE, MEMORY, RUN, SIDE

#: The moments of a week at which levels and rungs are copied, in order.
OUTSIDE, RELIEVED, ORDERED, SLIPPED, SEEN, CLOSED = range(6)
MOMENTS = ("outside", "relieved", "ordered", "slipped", "seen", "closed")


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
        run=_table(RUN, weeks),
        seen=_table(SIDE, weeks, 2),
        sides=_table(SIDE, weeks, 2),
        levers_seen=_table(LEVER_STATE, weeks, levers),
        levers=_table(LEVER_STATE, weeks, levers),
        levels=np.zeros((weeks, len(MOMENTS), levers), np.int32),
        rungs=np.zeros((weeks, len(MOMENTS), 2)),
        allies=_table(ALLY_STATE, weeks, allies),
        memory=_table(MEMORY, weeks, 2),
        first_up=np.full((weeks, 2), -1, np.int32),
        first_down=np.full((weeks, 2), -1, np.int32),
        struck=np.zeros((weeks, len(params.shocks)), np.int8),
        deals=np.zeros((weeks, deals), np.int8),
        row=_table(ROW, 1),
    )


def _table(dtype: np.dtype, *shape: int) -> np.ndarray:
    return np.zeros(shape, dtype).view(np.recarray)
