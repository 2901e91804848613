"""No two purposes of the project have one number, and the published table has them all."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from sim.world import purposes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "model.md"
NUMBERS = {name: number for name, number in vars(purposes).items() if name.isupper()}
OF_A_RUN = ("PRINCIPAL", "SCENARIO", "LEVER", "SHOCK")
#: Both are older than this test, and published numbers rest on both. May only shrink.
KNOWN_SHARED = {frozenset({"DESIGN", "RESAMPLING"})}


def test_no_two_purposes_share_a_number():
    assert len(NUMBERS) >= 15
    shared = {
        frozenset({one, two})
        for one, two in combinations(NUMBERS, 2)
        if NUMBERS[one] == NUMBERS[two]
    }
    assert shared == KNOWN_SHARED


def test_what_is_numbered_of_a_run_ends_before_the_next_begins():
    """Two sides, then the scenario; 8,176 levers; a million shocks, then all that is no run's."""
    starts = [purposes.PRINCIPAL, purposes.SCENARIO, purposes.LEVER, purposes.SHOCK]
    assert purposes.PRINCIPAL + 2 == purposes.SCENARIO
    others = [number for name, number in NUMBERS.items() if name not in OF_A_RUN]
    assert starts == sorted(starts)
    assert min(others) - purposes.SHOCK > 1_000_000
    assert max(others) < 2**32


@pytest.mark.parametrize("name", sorted(set(NUMBERS) - set(OF_A_RUN)))
def test_the_published_table_has_every_number(name):
    section = PAGE.read_text("utf-8").split("\n## Draws\n")[1].split("\n## ")[0]
    cells = [row.split("|")[4] for row in section.splitlines() if row.count("|") == 6]
    told = [
        2 ** int(power) + int(more or 0)
        for cell in cells
        for power, more in re.findall(r"2\^(\d+)(?: \+ (\d+))?", cell)
    ]
    assert told.count(NUMBERS[name]) == sum(n == NUMBERS[name] for n in NUMBERS.values())
