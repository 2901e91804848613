"""The kernel of the batch engine: blocks of runs, compiled."""

import numpy as np

from sim.engines.counts import ROW, new_bins, new_tally
from sim.engines.setting import ANEW, Origin, scratch
from sim.engines.tally import bin_weeks, is_watched, keep_row, tally_bins, tally_run, tally_week
from sim.world.compiled import is_ready, kernel
from sim.world.params import Params
from sim.world.start import begin_run, resume_run
from sim.world.week import one_week


@kernel
def run_block(p, s, tally, bins, key0, key1, first, runs, rows, origin, week):
    """Play runs `first` .. `first + runs - 1` and count them; keep as many as `rows` has room.

    They go on from the state `origin` at the end of a week, and the weeks after it are counted;
    or, where `week` is ANEW, they begin. `bins` is as `new_bins` makes it.
    """
    start, last = max(week, 0) + 1, p.rules[0].weeks
    waiting = 0  # runs whose bins are not counted yet
    for r in range(runs):
        if week == ANEW:
            begin_run(p, s, key0, key1, first + r)
        else:
            resume_run(s, origin, week, key0, key1, first + r)
        for t in range(1, last + 1):  # from 1: so it is known to be no place from a table's end
            if t < start:
                continue
            one_week(p, s, t)
            tally_week(p, s, tally, bins, t)
        tally_run(p, s, tally)
        if is_watched(s):
            bin_weeks(p, bins, waiting, start, last)
            waiting += 1
        if waiting == bins.places.shape[0] or r == runs - 1:
            for t in range(start, last + 1):
                tally_bins(p, tally, bins, waiting, t)
            waiting = 0
        if rows.shape[0] > r:
            keep_row(s, rows[r])


def ready() -> bool:
    """Whether the kernel needs no compiling."""
    return is_ready(run_block, "block.run_block")


class CompiledHand:
    """Plays blocks by the kernel, for one thread: a scratch state and a tally of its own."""

    def __init__(self, params: Params, key: tuple[int, int], origin: Origin | None = None) -> None:
        self.params = params
        self.key = key
        self.origin = origin
        self.state = scratch(params)
        self.tally = new_tally(params)
        self.bins = new_bins(params)

    def play(self, start: int, runs: int, keep: bool) -> np.ndarray:
        """Plays and counts a block; the rows of its runs if they are kept, else none."""
        rows = np.zeros(runs if keep else 0, ROW).view(np.recarray)
        origin, week = self.origin or (self.state, ANEW)
        counts = self.tally, self.bins
        run_block(self.params, self.state, *counts, *self.key, start, runs, rows, origin, week)
        return rows
