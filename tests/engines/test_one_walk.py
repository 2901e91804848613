"""The order of the week stands once: whoever plays it walks the one list of its steps."""

import ast
from pathlib import Path

import pytest

import sim
from sim.world.week import WEEK
from tests.trees import edited, played

WEEKS, BONUS = 4, 1_000.0

#: A step of its own in a copied tree: it pays each side a bonus every week.
EDITS = {
    "sim/world/week.py": [
        (
            "FLOWS = (supply, judge_own_conduct, pay)",
            "FLOWS = (supply, judge_own_conduct, pay, gild)",
        ),
        (
            "#: Steps 4 and 5",
            f"@step\ndef gild(s, i):\n    s.sides[i].payoff += {BONUS}\n\n\n#: Steps 4 and 5",
        ),
    ]
}

#: What each side has been paid, wherever the week is walked: in all weeks, or as said.
SCRIPT = f"""
import json
import numpy as np
from sim import Scenario, TruceModel
from sim.engines.batch import run_batch
from sim.engines.frozen_conduct import frozen_payoffs
from sim.engines.trace import record_run
from sim.forecast.filter import Island, new_pool
from sim.forecast.filter import _no_facts

world = Scenario.load("geneva-2025").override({{"weeks": {WEEKS}, "truce.term_weeks": 3}})
params = world.compiled.params
facts = _no_facts(world.compiled, 0, 1)
island = Island(params, facts, new_pool(params, facts, 1), (1, 0), 0)
island.play_to({WEEKS})
model = TruceModel(world, 1, 0)
model.run()
paid = lambda row: [float(row.payoff_us), float(row.payoff_cn)]
still = np.array([params.levers.obligation] * 2), np.array([params.levers.capacity] * 2)
print(json.dumps({{
    "batch": paid(run_batch(params, 1, 0, 1, 1, True).rows[0]),
    "trace": paid(record_run(params, 1, 0).row[0]),
    "mesa": paid(model.run_row),
    "filter": island.pool.state.sides.payoff.tolist()[0],
    "frozen": frozen_payoffs(params, *still, 0)[0].tolist(),
}}))
"""


@pytest.mark.slow
def test_a_step_added_to_the_list_is_taken_by_all(tmp_path):
    for who, paid in played(edited(tmp_path, EDITS), SCRIPT).items():
        assert all(abs(each - WEEKS * BONUS) < BONUS / 2 for each in paid), f"{who}: {paid}"


def test_nobody_but_the_list_takes_two_steps_in_a_row():
    names = {step.__name__ for step in WEEK}
    for room in ("world", "engines"):
        for path in sorted((Path(sim.__file__).parent / room).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    called = {
                        call.func.id
                        for call in ast.walk(node)
                        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
                    }
                    assert len(called & names) <= 1, f"{path.name}: {node.name} orders the week"
