"""The experiment on the how-to page is one."""

import re
from pathlib import Path

from sim.studies.plan import check_points
from tests.studies.experiments import experiment

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-sweep.md"


def test_every_experiment_on_the_page_makes_sense(tmp_path):
    blocks = re.findall(r"^```toml experiment\n(.*?)^```", PAGE.read_text(), re.M | re.S)
    assert blocks
    for block in blocks:
        assert len(check_points(experiment(tmp_path, block))) == 24
