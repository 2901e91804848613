"""Runs by the Mesa engine: many, counted as the batch engine counts them, or one kept whole."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from sim.engines import steps, trace
from sim.engines.batch import Batch, BatchOutput, by_parts
from sim.engines.counts import ROW, new_bins, new_tally
from sim.engines.mesa_agents import Government
from sim.engines.mesa_model import TruceModel
from sim.engines.own_outcomes import Player, player, table_of, with_own
from sim.engines.setting import Record, decided, new_record, scratch, seed_words
from sim.scenario import Scenario
from sim.scenario.compile import Part
from sim.scenario.schema_world import ALL


def run_models(
    scenario: Scenario,
    seed: int,
    first: int = 0,
    runs: int = 100,
    keep: bool = False,
    progress: Callable[[int], None] | None = None,
    governments: Mapping[str, type[Government]] | None = None,
) -> BatchOutput:
    """`run_batch` of the same runs, hundreds of times slower: the same counts and rows.

    With `governments` by side these decide in place of the machines.
    """
    people = dict(governments or {})
    if not scenario.readings:
        return _play(scenario, seed, ALL.blocks(first, runs, 1), keep, progress, people)

    def play(part: Part) -> BatchOutput:
        blocks = part.slots.blocks(first, runs, 1)
        return _play(scenario.reading(part.reading), seed, blocks, keep, progress, people)

    return by_parts(scenario.compiled.parts, first, runs, keep, play)


def _play(
    scenario: Scenario,
    seed: int,
    blocks: Iterable[tuple[int, int]],
    keep: bool,
    progress: Callable[[int], None] | None,
    governments: Mapping[str, type[Government]],
) -> BatchOutput:
    world = scenario.compiled
    hand = _ModelHand(scenario, seed, governments)

    def again() -> Player:
        if not governments:
            return player(world.params, seed)
        return lambda run: table_of(record_governed(scenario, seed, run, governments))

    own = with_own([hand], world.params, (world.levers, world.allies), again)
    return Batch(own, keep).play(list(blocks), progress)


class _ModelHand:
    """Plays runs as Mesa models, on one thread."""

    def __init__(
        self, scenario: Scenario, seed: int, governments: Mapping[str, type[Government]]
    ) -> None:
        seed_words(seed)  # a seed out of range is refused here
        self.scenario = scenario
        self.seed = seed
        self.governments = governments
        self.params = decided(scenario.compiled.params)
        self.tally, self.bins = new_tally(self.params), new_bins(self.params, 1)

    def play(self, start: int, runs: int, keep: bool) -> np.ndarray:
        """Plays and counts runs `start` .. `start + runs - 1`; their rows if they are kept."""
        rows = np.zeros(runs, ROW).view(np.recarray)
        for r in range(runs):
            place = self.seed, start + r
            model = TruceModel(self.scenario, *place, self.governments, collect=False)
            while model.running:
                model.step()
                steps.count(self.params, model.state, self.tally, self.bins, model.week)
            steps.write_row(model.state, rows[r : r + 1])
        return rows if keep else rows[:0]


def record_governed(
    scenario: Scenario, seed: int, run: int, governments: Mapping[str, Any]
) -> Record:
    """Play run `run` under a seed with governments written in Python, by side, and keep all of it.

    It is played once as a Mesa model; then the compiled world plays it again with the moves that
    the governments chose in place of their machines' as orders. Raises ValueError for a seed or a
    run out of range, AgentError for a government that is none or answers with what is no move.
    """
    model = TruceModel(scenario, seed, run, governments, collect=False)
    model.run()
    chosen = np.array([side.chosen for side in (model.us, model.cn)])
    state = scratch(model.params)
    record = new_record(model.params, len(state.struck))
    trace.start(model.params, state, record, *seed_words(seed), run)
    for week in range(1, model.weeks + 1):
        state.sides["ordered"] = chosen[:, week - 1]
        trace.play_week(model.params, state, record, week)
    trace.finish(state, record)
    return record
