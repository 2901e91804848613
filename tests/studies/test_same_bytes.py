"""The tables of a study are the same bytes whatever Python, threads and parts they are from."""

import pytest

from tests.elsewhere import told_by

CODE = """
import hashlib, json, pathlib, sys
from sim.studies import runner
from tests.studies.experiments import GRID, experiment, finished
threads, group = int(sys.argv[2]), int(sys.argv[3])
runner.GROUP_RUN_WEEKS = group
root = pathlib.Path(sys.argv[1])
text = GRID.replace("runs = 200", 'keep = ["bands", "runs"]\\nruns = 2')
folder = finished(experiment(root, text), root / "out", threads)
tables = sorted(folder.glob("*.parquet"))
print(json.dumps({one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in tables}))
"""


def tables(folder, *options, threads=1, group=10**6, seed="0"):
    """Digests of the tables."""
    folder.mkdir()
    return told_by(CODE, folder, threads, group, options=options, seed=seed)


@pytest.mark.slow
def test_hash_seeds_threads_parts_and_optimisation_change_no_byte(tmp_path):
    plain = tables(tmp_path / "plain")
    assert set(plain) == {f"{name}.parquet" for name in ("bands", "outcomes", "points", "runs")}
    assert tables(tmp_path / "other", "-O", threads=3, group=1, seed="4242") == plain
