"""One run with governments written in Python, with everything kept.

The run is played once as a Mesa model; then the compiled world plays it again with the moves that
the governments chose in place of their machines' as orders, and keeps all of it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.engines import trace
from sim.engines.mesa_model import TruceModel
from sim.engines.record import Record, new_record
from sim.engines.setting import scratch, seed_words
from sim.scenario import Scenario


def record_governed(
    scenario: Scenario, seed: int, run: int, governments: Mapping[str, Any]
) -> Record:
    """Play run `run` under a seed with these governments by side and keep all of it.

    Raises ValueError for a seed or a run out of range, AgentError for a government that is none
    or that answers with what is no move.
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
