"""One run with everything kept: the same steps as the batch engine, copied out along the way.

A week is copied at six moments, so that a reader can tell what moved a lever: the world outside,
a promised relief, an order of its owner, a slip of an agency, or a deal.
"""

from typing import NamedTuple

import numpy as np

from sim.engines.batch import scratch, seed_words
from sim.engines.tally import ROW, keep_row
from sim.world.choice import choose_pull
from sim.world.compiled import is_cached, kernel
from sim.world.dated import outside_things, reliefs, strikes
from sim.world.intend import draw_luck, intend
from sim.world.levers import carry_out, concession, slip
from sim.world.params import Params
from sim.world.state import ALLY_STATE, LEVER_STATE, MEMORY, RUN, SIDE
from sim.world.week import begin_run, conclude, flow_and_see, open_week

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


def record_run(params: Params, seed: int, run: int) -> Record:
    """Play run `run` under a seed and keep all of it; the same bits as in a batch.

    Raises ValueError for a seed or a run out of range.
    """
    if not 0 <= run < 2**32:
        raise ValueError(f"a run is a whole number from 0 to 2^32 - 1, not {run}")
    state = scratch(params)
    record = new_record(params, len(state.struck))
    play_weeks(params, state, record, *seed_words(seed), run)
    return record


def needs_compiling() -> bool:
    """Whether the first run will have to compile the kernel (tens of seconds)."""
    return not play_weeks.signatures and not is_cached("trace.play_weeks")  # type: ignore[attr-defined]


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


@kernel
def play_weeks(p, s, record, key0, key1, index):
    """Play one run through all its weeks, copying as it goes."""
    start(p, s, record, key0, key1, index)
    for t in range(1, p.rules[0].weeks + 1):
        play_week(p, s, record, t)
    finish(s, record)


@kernel
def start(p, s, record, key0, key1, index):
    """Put a run at its start: the end of week 0."""
    begin_run(p, s, key0, key1, index)
    copy_seen(p, s, record, 0)
    copy_end(p, s, record, 0)


@kernel
def finish(s, record):
    """Keep the run as a batch does, as it stands now."""
    keep_row(s, record.row[0])


@kernel
def play_week(p, s, record, t):
    """The steps of `one_week`, in its order, with copies between them.

    The sides do not read each other within step 3, so orders and slips can be told apart.
    """
    open_week(p, s)
    draw_luck(s, t)
    for q in range(p.shocks.shape[0]):
        record.struck[t, q] = strikes(p, s, t, q)
    outside_things(p, s, t)
    copy_levels(p, s, record, t, OUTSIDE)
    reliefs(p, s, t)
    copy_levels(p, s, record, t, RELIEVED)
    for i in range(2):
        intend(p, s, t, i)
        record.first_up[t, i] = choose_pull(p, s, t, i, 0)
        record.first_down[t, i] = concession(p, s, i)
    for i in range(2):
        carry_out(p, s, t, i)
    copy_levels(p, s, record, t, ORDERED)
    for i in range(2):
        slip(p, s, t, i)
    copy_levels(p, s, record, t, SLIPPED)
    flow_and_see(p, s, t)
    copy_seen(p, s, record, t)
    conclude(p, s, t)
    copy_end(p, s, record, t)


@kernel
def copy_levels(p, s, record, t, moment):
    """Levels and rungs at a moment of the week."""
    for k in range(p.levers.shape[0]):
        record.levels[t, moment, k] = s.levers[k].level
    for i in range(2):
        record.rungs[t, moment, i] = s.sides[i].rung


@kernel
def copy_seen(p, s, record, t):
    """What stands when both sides have made their readings."""
    copy_levels(p, s, record, t, SEEN)
    for i in range(2):
        record.seen[t, i] = s.sides[i]
        record.memory[t, i] = s.memory[t, i]
    for k in range(p.levers.shape[0]):
        record.levers_seen[t, k] = s.levers[k]


@kernel
def copy_end(p, s, record, t):
    """What stands at the end of the week."""
    copy_levels(p, s, record, t, CLOSED)
    record.run[t] = s.run[0]
    for i in range(2):
        record.sides[t, i] = s.sides[i]
    for k in range(p.levers.shape[0]):
        record.levers[t, k] = s.levers[k]
    for m in range(p.allies.shape[0]):
        record.allies[t, m] = s.allies[m]
    for d in range(s.struck.shape[0]):
        record.deals[t, d] = s.struck[d]
