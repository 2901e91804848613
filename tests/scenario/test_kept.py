"""What one command leaves for the next is what it would have computed, or is thrown away."""

import os
import subprocess
import sys

import numpy as np
import pytest

from sim.scenario import kept
from sim.scenario.draw_tables import heat_table, prepare

#: Says which heavy modules a brief look at a design needs, and what came out.
LOOK = """
import hashlib, sys
from sim import Scenario
from sim.outcomes.spread import HEAT, design, varied, whole_paths
from sim.scenario.draw_tables import prepare
world = Scenario.load("geneva-2025")
drawn = design(varied(world, world.decisions()), whole_paths(world), 3, 7)
prepare([point[HEAT] for point in drawn])
tables = [world.with_values(point).unfollowed.params for point in drawn]
found = b"".join(table.tobytes() for params in [world.compiled.params, *tables] for table in params)
print("scipy.special" in sys.modules, hashlib.sha256(found).hexdigest(), repr(drawn))
"""


def look(folder):
    own = {"DETENTE_CACHE": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    words = [sys.executable, "-c", LOOK]
    done = subprocess.run(words, env=os.environ | own, capture_output=True, check=True, timeout=60)
    return done.stdout.decode().split(maxsplit=1)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("DETENTE_CACHE", str(tmp_path))
    return tmp_path / "detente"


@pytest.mark.slow
def test_the_second_command_needs_no_scipy_and_finds_the_same(tmp_path):
    first, second = look(tmp_path), look(tmp_path)
    assert (first[0], second[0]) == ("True", "False")
    assert first[1] == second[1]


@pytest.mark.parametrize("spoil", [lambda raw: b"", lambda raw: raw[:-1], lambda raw: raw[:40]])
def test_what_is_not_as_it_was_written_is_thrown_away(cache, spoil):
    kept.keep("things", "one", b"a" * 50, 3)
    assert kept.taken("things", "one") == b"a" * 50
    file = cache / "things" / "one"
    file.write_bytes(spoil(file.read_bytes()))
    assert kept.taken("things", "one") is None
    assert not file.exists()


def test_another_byte_is_not_what_was_written(cache):
    kept.keep("things", "one", b"a" * 50, 3)
    file = cache / "things" / "one"
    file.write_bytes(file.read_bytes()[:-1] + b"b")
    assert kept.taken("things", "one") is None


def test_only_the_last_are_kept(cache):
    for number in range(5):
        kept.keep("things", str(number), b"content", 2)
        os.utime(cache / "things" / str(number), (number, number))
    kept.keep("things", "last", b"content", 2)
    assert sorted(file.name for file in (cache / "things").iterdir()) == ["4", "last"]


def test_a_folder_that_cannot_be_written_costs_nothing_else(monkeypatch):
    monkeypatch.setenv("DETENTE_CACHE", "/dev/null/there")
    kept.keep("things", "one", b"content", 2)
    assert kept.taken("things", "one") is None


def test_parts_are_told_apart_however_they_are_cut():
    assert kept.name_of(b"ab", b"c") != kept.name_of(b"a", b"bc")


def test_tables_of_a_design_are_those_that_are_computed(cache):
    variances = [0.31, 1.7, 0.0, 0.31]
    computed = [heat_table.__wrapped__(each) for each in variances]
    heat_table.cache_clear()
    prepare(variances)
    heat_table.cache_clear()
    prepare(variances)
    found = [heat_table(each) for each in variances]
    (file,) = (cache / "heat").iterdir()
    assert file.stat().st_size == 32 + 2 * 4096 * 8
    for one, two in zip(computed, found, strict=True):
        assert np.array_equal(one, two)
        assert not two.flags.writeable
