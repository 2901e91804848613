"""One run with everything kept: the same steps as the batch engine, copied out along the way.

What is kept is told in sim/engines/setting.py.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engines.setting import (
    CLOSED,
    ORDERED,
    OUTSIDE,
    RELIEVED,
    SEEN,
    SLIPPED,
    Record,
    new_record,
    scratch,
    seed_words,
)
from sim.engines.tally import keep_row
from sim.world.allies import widen_coverage
from sim.world.choice import choose_pull
from sim.world.compiled import is_ready, kernel, literal_unroll, step
from sim.world.dated import strikes
from sim.world.intend import draw_luck, intend
from sim.world.levers import carry_out, concession, slip
from sim.world.params import Params
from sim.world.pressure import remember
from sim.world.relief import give_relief
from sim.world.start import begin_run
from sim.world.state import LEVER_NAMES
from sim.world.walking import walked
from sim.world.week import WEEK

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled


def record_run(params: Params, seed: int, run: int) -> Record:
    """Play run `run` under a seed and keep all of it; the same bits as in a batch.

    Raises ValueError for a seed or a run out of range.
    """
    if not 0 <= run < 2**32:
        raise ValueError(f"a run is a whole number from 0 to 2^32 - 1, not {run}")
    return _recorder(params, seed)(run)


def recorder(compiled: "Compiled", seed: int) -> Callable[[int], Record]:
    """Plays runs as `record_run` does, into room that is made once.

    What it returns is good until its next call: another run is written over it.
    """
    parts = [(part.slots, _recorder(part.params, seed)) for part in compiled.parts]
    return lambda run: next(play(run) for slots, play in parts if run in slots)


def _recorder(params: Params, seed: int) -> Callable[[int], Record]:
    state, words = scratch(params), seed_words(seed)
    record = new_record(params, len(state.struck))
    copied = state.run, state.sides, state.memory, state.allies
    kept = [table.view(np.ndarray).view(np.uint8) for table in copied]

    def play(run: int) -> Record:
        for table in kept:  # a run begins anew with what it reads; week 0 of a record has all
            table.fill(0)
        play_weeks(params, state, record, *words, run)
        return record

    return play


def needs_compiling() -> bool:
    """Whether the first run will have to compile the kernel (tens of seconds)."""
    return not is_ready(play_weeks, "trace.play_weeks")


@step
def copy_levels(p, s, record, t, moment):
    """Levels and rungs at a moment of the week."""
    for k in range(p.levers.shape[0]):
        record.levels[t, moment, k] = s.levers[k].level
    for i in range(2):
        record.rungs[t, moment, i] = s.sides[i].rung


@step
def keep_lever(row, now):
    """The state of a lever as a record has it."""
    for name in literal_unroll(LEVER_NAMES):
        row[name] = now[name]


@step
def copy_seen(p, s, record, t):
    """What stands when both sides have made their readings."""
    copy_levels(p, s, record, t, SEEN)
    for i in range(2):
        record.seen[t, i] = s.sides[i]
        record.memory[t, i] = s.memory[t, i]
    for k in range(p.levers.shape[0]):
        keep_lever(record.levers_seen[t, k], s.levers[k])


@step
def copy_end(p, s, record, t):
    """What stands at the end of the week."""
    copy_levels(p, s, record, t, CLOSED)
    record.run[t] = s.run[0]
    for i in range(2):
        record.sides[t, i] = s.sides[i]
    for k in range(p.levers.shape[0]):
        keep_lever(record.levers[t, k], s.levers[k])
    for m in range(p.allies.shape[0]):
        record.allies[t, m] = s.allies[m]
    for d in range(s.struck.shape[0]):
        record.deals[t, d] = s.struck[d]


@step
def copy_strikes(p, s, record, t):
    """The shocks of this week."""
    for q in range(p.shocks.shape[0]):
        record.struck[t, q] = strikes(p, s, t, q)


@step
def copy_wishes(p, s, record, t, i):
    """What i would pull first, and what it would take down, whatever its move is."""
    record.first_up[t, i] = choose_pull(p, s, t, i, 0)
    record.first_down[t, i] = concession(p, s, i)


def _levels_at(moment: int) -> Any:
    """A step that copies levels and rungs at a moment of the week."""

    @step
    def copy(p, s, record, t):
        copy_levels(p, s, record, t, moment)

    return copy


_copied_week = walked(
    WEEK,
    "p, s, record, t",
    after={
        draw_luck: copy_strikes,
        widen_coverage: _levels_at(OUTSIDE),
        give_relief: _levels_at(RELIEVED),
        intend: copy_wishes,
        carry_out: _levels_at(ORDERED),
        slip: _levels_at(SLIPPED),
        remember: copy_seen,
        WEEK[-1]: copy_end,
    },
)


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
    """The steps of the week, with copies between them."""
    _copied_week(p, s, record, t)
