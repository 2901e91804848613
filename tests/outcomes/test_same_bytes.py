"""What a run and a tournament write is the same bytes whatever Python and threads they are from."""

import pytest

from tests.elsewhere import told_by

CODE = """
import hashlib, json, pathlib, sys
from sim.engines import batch
from sim.games.analysis import analyse
from sim.games.lineup import choose
from sim.games.tournament import cell_rows
from sim.games.equilibria_page import equilibria_content
from sim.games.tournament import read_played, tournament
from sim.outcomes.simulate import simulate
from sim.outcomes.store import write_result
from sim.scenario import Scenario
from sim.studies.study import load_study
from tests.studies.experiments import finished
threads = int(sys.argv[2])
batch.BLOCK_RUN_WEEKS = int(sys.argv[3])
root = pathlib.Path(sys.argv[1])
world = Scenario.load("textbook/tft-noise")
made = simulate(world, runs=40, keep_runs=True, but_for=True, threads=threads)
folder = write_result(made, root, pictures=())
few = dict.fromkeys(("us", "cn"), ("grim", "tit_for_tat"))
game = tournament(world, choose(world, few), 12, 5)
study = finished(game, root, threads)
runs = read_played(game, load_study(study))
solved = analyse(runs, ("payoff", "payoff"), (None, None), 60, 5)
told = [cell_rows(runs), equilibria_content(solved)]
found = {"game": hashlib.sha256(json.dumps(told).encode()).hexdigest()}
for one in sorted([*folder.rglob("*"), *study.rglob("*")]):
    if one.suffix in (".parquet", ".npz", ".md", ".csv"):
        found[one.name] = hashlib.sha256(one.read_bytes()).hexdigest()
print(json.dumps(found))
"""


def digests(folder, *options, threads=1, block=10**6, seed="0"):
    folder.mkdir()
    return told_by(CODE, folder, threads, block, options=options, seed=seed)


@pytest.mark.slow
def test_hash_seeds_threads_blocks_and_optimisation_change_no_byte(tmp_path):
    plain = digests(tmp_path / "plain")
    assert {"game", "runs.parquet", "tally.npz", "summary.md"} <= plain.keys()
    assert digests(tmp_path / "other", "-O", threads=3, block=150, seed="4242") == plain
