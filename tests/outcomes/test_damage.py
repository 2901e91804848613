"""Whatever is changed in a result folder is seen when it is read, and named."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import DetenteError, ResultError
from sim.explain.find import with_ladder
from sim.outcomes.simulate import simulate
from sim.outcomes.spread import outer_loop
from sim.outcomes.store import load_result, write_result
from sim.scenario import Scenario
from tests.store.resealed import resealed

READ = ("runs.parquet", "butfor.parquet", "tally.npz", "sample.npz", "ladder.json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    scenario = Scenario.load("geneva-simple")
    made = simulate(scenario, runs=40, seed=3, keep_runs=True, but_for=True)
    made = with_ladder(replace(made, spread=outer_loop(scenario, 3, points=4, runs=20)))
    return write_result(made, tmp_path_factory.mktemp("results"), pictures=())


@pytest.fixture
def copy(folder, tmp_path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_every_file_is_noted_in_the_manifest(folder):
    noted = json.loads((folder / "manifest.json").read_text())["files"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(noted) == there - {"manifest.json"}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] * (name not in ("runs.parquet", "tally.npz")))
        for name in READ
    ],
)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_is_seen_and_the_file_named(folder, name, share, bit):
    path = folder / name
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[int(share * len(whole))] ^= 1 << bit
    try:
        path.write_bytes(flipped)
        with pytest.raises(ResultError, match=f"{name}.*damaged"):
            load_result(folder)
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("name", READ)
def test_a_file_that_is_cut_or_gone_is_named(copy, name):
    whole = (copy / name).read_bytes()
    (copy / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ResultError, match=name):
        load_result(copy)
    (copy / name).unlink()
    with pytest.raises(ResultError, match=name):
        load_result(copy)


@pytest.mark.parametrize("key", ["seed", "runs", "engine", "name", "scenario_hash", "written"])
def test_an_edited_manifest_is_refused(copy, key):
    manifest = json.loads((copy / "manifest.json").read_text())
    changed = manifest[key] + 1 if isinstance(manifest[key], int) else f"{manifest[key]}x"
    (copy / "manifest.json").write_text(json.dumps(manifest | {key: changed}))
    with pytest.raises(ResultError, match=r"manifest\.json is not as it was written"):
        load_result(copy)


def test_a_scenario_that_is_not_the_one_of_its_hash_is_refused(copy):
    scenario = json.loads((copy / "manifest.json").read_text())["scenario"]
    scenario["actors"]["us"]["slip"] = 0.5
    with pytest.raises(ResultError, match=r"manifest\.json does not fit itself"):
        load_result(resealed(copy, scenario=scenario))


def test_runs_that_are_not_those_of_the_tally_are_refused(copy):
    with pytest.raises(ResultError, match=r"tally\.npz is of 40 runs, not 41"):
        load_result(resealed(copy, runs=41))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(data=st.data())
def test_a_forged_manifest_is_read_or_refused_and_never_a_traceback(folder, data):
    path = folder / "manifest.json"
    whole = path.read_text()
    manifest = json.loads(whole)
    key = data.draw(st.sampled_from(sorted(manifest.keys() - {"checksum"})))
    try:
        resealed_value = data.draw(VALUES)
        _forge(path, manifest | {key: resealed_value})
        load_result(folder)
    except DetenteError:
        pass
    finally:
        path.write_text(whole)


@pytest.mark.parametrize("value", [[1], 1, "x", {"base": "x", "rows": [1]}])
@pytest.mark.parametrize("key", ["changes", "spread"])
def test_an_entry_of_another_kind_is_refused(folder, key, value):
    path = folder / "manifest.json"
    whole = path.read_text()
    try:
        _forge(path, json.loads(whole) | {key: value})
        with pytest.raises(DetenteError, match=rf"cannot be read: {key}"):
            load_result(folder)
    finally:
        path.write_text(whole)


def _forge(path: Path, manifest: dict) -> None:
    from sim.store.checksums import sealed

    path.write_text(json.dumps(sealed(manifest)))
