"""What a study's plan says of the code that plays it."""

from functools import cache
from pathlib import Path

import networkx
import pytest

from docs.make_architecture import imports, modules
from sim.studies.plan import SOURCES

PACKAGE = Path(__file__).resolve().parents[2] / "sim"


@cache
def graph():
    """Who imports whom: read once for all."""
    return networkx.DiGraph((a, b) for a, targets in imports().items() for b in targets)


@pytest.mark.parametrize(
    "start",
    ["sim.scenario.compile", "sim.engines.batch", "sim.studies.runner", "sim.studies.tables"],
)
def test_every_source_that_decides_a_table_is_in_the_hash(start):
    """What a point's tables are made by, as far as imports lead from there."""
    files = modules()
    needed = {files[name] for name in {start, *networkx.descendants(graph(), start)}}
    pictures = {PACKAGE / "report", PACKAGE / "plots", PACKAGE / "store", PACKAGE / "explain"}
    decisive = {file for file in needed if file.parent not in pictures}
    hashed = {file for pattern in SOURCES for file in PACKAGE.glob(pattern)}
    assert decisive <= hashed
