"""How long a 20 x 20 tournament of 2,000 runs and 26 weeks takes, from files to ranked tables.

The kernel must be compiled already. Aim: under a minute on two cores.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sim import Scenario
from sim.games.analysis import analyse, rankings
from sim.games.lineup import Lineup, standard
from sim.games.sizes import FIELD
from sim.games.tournament import read_played, tournament
from sim.studies.plan import check_points, plan_table
from sim.studies.runner import run_study
from sim.studies.store import StudyFolder
from sim.studies.study import load_study

SIDE, RUNS, SEED = 20, 2_000, 2025
UTILITIES = ("payoff", "payoff")


def measure() -> Iterator[str]:
    scenario = Scenario.load("geneva-2025")
    policies = standard(scenario)
    for number in range(SIDE - len(policies)):
        policies[f"more_{number}"] = {"name": "random", "p": 0.7 + 0.01 * number}
    experiment = tournament(scenario, Lineup(policies, policies), RUNS, SEED)
    assert experiment.size == SIDE**2
    with tempfile.TemporaryDirectory() as place:
        begun = time.perf_counter()
        folder = StudyFolder(Path(place), experiment.name, plan_table(experiment))
        run_study(experiment, check_points(experiment), folder)
        ran = time.perf_counter()
        table = read_played(experiment, load_study(folder.path))
        analysis = analyse(table, UTILITIES, (None, None), 1_000, SEED)
        rankings(table, UTILITIES, FIELD, analysis, 1_000, SEED)
        done = time.perf_counter()
    run_weeks, playing = experiment.run_weeks, ran - begun
    yield f"{SIDE} x {SIDE} policies, {RUNS:,} runs each, {run_weeks:,} run-weeks"
    rate = run_weeks / playing / 1e6
    yield f"played and kept in {playing:.1f} s ({rate:.1f}M run-weeks a second)"
    yield f"ranked and solved in {done - ran:.1f} s; {done - begun:.1f} s in all (aim: 60)"
