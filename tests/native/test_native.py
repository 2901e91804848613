"""The week in C plays the runs of the kernel; the browser's module is compiled of these sources."""

import shutil

import numpy as np
import pytest

from benchmarks.floor import differences
from sim import native
from sim.engines.batch import run_batch
from sim.engines.host import HostHand
from sim.engines.mesa_batch import run_models
from sim.engines.setting import seed_words
from sim.native import wasm
from sim.scenario import Scenario
from sim.scenario.loading import list_shipped
from sim.world.sensors import QUANTITIES, SENSORS, Sensor


@pytest.mark.parametrize("name", ["geneva-2025", "textbook/licence-queue"])
def test_the_week_in_c_plays_the_runs_of_the_kernel(program, name):
    assert differences(program, Scenario.load(name).compiled.params, 1, 500) == []


@pytest.fixture
def sensed():
    """Sensors of one's own that read every quantity."""
    weights = {name: 0.1 + place / 10 for place, name in enumerate(QUANTITIES)}
    SENSORS.register(Sensor("of_all", weights))
    SENSORS.register(Sensor("of_few", {"licences": -1.0, "gap": 0.5, "belief": 0.3}))
    yield {"us": ("of_all", 2.0), "cn": ("of_few", -0.4)}
    for name in SENSORS.added:
        SENSORS.withdraw(name)


def test_a_sensor_of_ones_own_is_played_alike_by_all(program, sensed):
    """The kernel, the week in C, as a module too, and Mesa; and it is not idle."""
    geneva = Scenario.load("geneva-2025")
    policies = {
        f"actors.{side}.policy": {"name": "tit_for_tat", "sensor": sensor, "threshold": threshold}
        for side, (sensor, threshold) in sensed.items()
    }
    world = geneva.override(policies)
    params = world.compiled.params
    assert differences(program, params, 1, 500) == []
    rows = run_batch(params, 1, 0, 100, threads=1, keep=True, payoffs=False).rows
    by_module = HostHand(params, seed_words(1)).play(0, 100, True)
    shipped = run_batch(geneva.compiled.params, 1, 0, 100, threads=1, keep=True).rows
    for name in ("clean_week", "standing_week", "talks_count", "cause_week"):
        assert np.array_equal(rows[name], by_module[name])
    assert not np.array_equal(rows["standing_week"], shipped["standing_week"])
    mesa = run_models(world, 1, 0, 3, keep=True).rows
    assert np.array_equal(mesa["standing_week"], rows["standing_week"][:3])


@pytest.mark.slow
@pytest.mark.parametrize("shipped", list_shipped(), ids=lambda shipped: shipped.name)
def test_every_shipped_scenario_in_c(program, shipped):
    """A mixture by its readings: the week in C plays one of them.

    What differs in one run of 400 escapes 2,000 runs with a chance of .7 %.
    """
    scenario = Scenario.load(shipped.path)
    for one in scenario.readings.values() or [scenario]:
        assert differences(program, one.compiled.params, 2, 2_000) == []


def test_other_tables_are_refused(program, tmp_path):
    with pytest.raises(native.program.subprocess.CalledProcessError) as error:
        program.run(tmp_path, 1, 0, 1, "--bench")
    assert error.value.returncode == 2
    assert b"cannot read the tables" in error.value.stderr


MODULES = pytest.mark.parametrize("made", wasm.MODULES, ids=lambda made: made.file.stem)


@MODULES
def test_a_module_was_compiled_of_these_sources(made):
    """After a change of the C sources, or of what the kernel is made of: make wasm."""
    assert made.stamp_file.read_text(encoding="utf-8") == made.stamp()


@MODULES
def test_a_module_imports_nothing_and_names_no_path(made):
    module = made.file.read_bytes()
    assert module[:8] == b"\0asm\1\0\0\0"
    sections, at = set(), 8
    while at < len(module):
        sections.add(module[at])
        size, at = _number(module, at + 1)
        at += size
    assert 2 not in sections, "the import section"
    assert str(wasm.FOLDER).encode() not in module


def _number(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


@pytest.mark.slow
@pytest.mark.skipif(not wasm.has_compiler(), reason="the wheel ziglang is not installed")
@MODULES
def test_compiled_anew_it_has_the_same_bytes(made, tmp_path):
    """In another folder, so that no path of this one is in it."""
    for name in made.sources:
        shutil.copy(wasm.FOLDER / name, tmp_path)
    wasm.compile_module(made, tmp_path / "anew.wasm", tmp_path)
    assert (tmp_path / "anew.wasm").read_bytes() == made.file.read_bytes()
