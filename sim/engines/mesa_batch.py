"""Many runs by the Mesa engine, one by one, counted as the batch engine counts them."""

from collections.abc import Callable

import numpy as np

from sim.engines import steps
from sim.engines.batch import Batch, BatchOutput, seed_words
from sim.engines.mesa_model import TruceModel
from sim.engines.tally import ROW
from sim.scenario import Scenario


def run_models(
    scenario: Scenario,
    seed: int,
    first: int = 0,
    runs: int = 100,
    keep: bool = False,
    progress: Callable[[int], None] | None = None,
) -> BatchOutput:
    """`run_batch` of the same runs, hundreds of times slower: the same counts and rows."""
    batch = _ModelBatch(scenario, seed, keep)
    return batch.play([(run, 1) for run in range(first, first + runs)], progress)


class _ModelBatch(Batch):
    """A batch that plays its runs as Mesa models, on one thread."""

    def __init__(self, scenario: Scenario, seed: int, keep: bool) -> None:
        super().__init__(scenario.compiled.params, seed_words(seed), 1, keep)
        self.scenario = scenario
        self.seed = seed

    def block(self, start: int, runs: int) -> int:
        """Play runs `start` .. `start + runs - 1`."""
        rows = np.zeros(runs, ROW).view(np.recarray)
        for r in range(runs):
            model = TruceModel(self.scenario, self.seed, start + r, collect=False)
            while model.running:
                model.step()
                steps.count(self.params, model.state, self.tallies[0], model.week)
            steps.write_row(model.state, rows[r : r + 1])
        if self.keep:
            self.rows[start] = rows
        return runs
