"""Single runs of a scenario, week by week: what the record is compared with.

Each run is played by the batch engine's own block of one run, so it is the same run as ever; its
histogram, with one count a week, says where it was (to a bin, sim/scenario/compile_bands.py).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.world.params import FLOW, RUNG

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled


@dataclass(frozen=True)
class SingleRuns:
    """`n` runs: rungs (2, n, weeks) of us and cn, flow (n, weeks) of one licence lever, rows (n,)
    of the engine's ROW."""

    rungs: NDArray[np.float64]
    flow: NDArray[np.float64]
    rows: np.ndarray

    @property
    def n(self) -> int:
        """Number of runs."""
        return len(self.rows)


def play(compiled: "Compiled", licence: str, runs: int, seed: int) -> SingleRuns:
    """Plays runs 0 .. runs - 1.

    Raises ValueError if `licence` is not a licence lever here, or for more runs than the engine
    follows week by week.
    """
    from sim.engines.block import run_block
    from sim.engines.counts import ROW, WATCHED_RUNS, new_bins, new_tally
    from sim.engines.setting import ANEW, scratch, seed_words

    if not 1 <= runs <= WATCHED_RUNS:
        raise ValueError(f"runs is {runs}; allowed: 1 to {WATCHED_RUNS:,}")
    params = compiled.params
    bands = _bands(compiled, licence)
    state, tally, bins = scratch(params), new_tally(params), new_bins(params, 1)
    rows = np.zeros(runs, ROW).view(np.recarray)
    paths = np.zeros((len(bands), runs, compiled.weeks))
    for index in range(runs):
        tally.hist[:] = 0
        row = rows[index : index + 1]
        run_block(params, state, tally, bins, *seed_words(seed), index, 1, row, state, ANEW)
        for place, band in enumerate(bands):
            fullest = tally.hist[band, 1:].argmax(axis=1)
            paths[place, index] = np.maximum(fullest - 1, 0) / params.bands["scale"][band]
    return SingleRuns(paths[:2], paths[2], rows)


def _bands(compiled: "Compiled", licence: str) -> list[int]:
    """Indices of the bands of the two rungs and of the licence lever's flow."""
    bands = compiled.params.bands
    pairs = list(zip(bands["quantity"].tolist(), bands["index"].tolist(), strict=True))
    lever = compiled.levers.index(licence)
    return [pairs.index((RUNG, 0)), pairs.index((RUNG, 1)), pairs.index((FLOW, lever))]
