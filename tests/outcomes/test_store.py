"""Result folders: whole or not at all, the same bytes for the same runs, readable alone."""

import json
import shutil
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import ResultError, ResultWriteError
from sim.explain.find import with_ladder
from sim.outcomes import store
from sim.outcomes.manifest import FORMAT, read_manifest, result_hash
from sim.outcomes.sample import Sample
from sim.outcomes.simulate import simulate
from sim.outcomes.spread import Spread, outer_loop
from sim.outcomes.store import load_result, write_result
from sim.scenario import Scenario
from sim.studies.plan import FORMAT as OF_STUDIES
from sim.studies.study import load_study
from tests.disk import small_disk
from tests.outcomes.tallies import result, small
from tests.store.resealed import resealed

TABLES = ("outcomes", "conduct", "payoffs", "bands", "triggers", "butfor", "settings", "runs")


@pytest.fixture(scope="module")
def simple():
    """A real result with everything a folder can hold."""
    scenario = Scenario.load("geneva-simple")
    made = simulate(scenario, runs=60, seed=3, keep_runs=True, but_for=True)
    return with_ladder(replace(made, spread=outer_loop(scenario, 3, points=4, runs=20)))


@pytest.fixture(scope="module")
def folder(simple, tmp_path_factory) -> Path:
    return write_result(simple, tmp_path_factory.mktemp("results"), command="detente run x")


def test_the_folder_has_the_files_of_the_interface(folder, simple):
    assert folder.name == f"geneva-simple-{result_hash(simple)}"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {
        *(f"{name}.parquet" for name in TABLES),
        "summary.md",
        "summary.csv",
        "manifest.json",
        "tally.npz",
        "sample.npz",
        "ladder.json",
        "figures/endings.png",
        "figures/survival.png",
        "figures/trajectories.png",
    }
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_tables_have_the_columns_of_the_interface(folder):
    columns = {name: list(pd.read_parquet(folder / f"{name}.parquet")) for name in TABLES}
    assert columns["outcomes"] == ["point", "outcome", "week", "n", "holds", "p", "low", "high"]
    assert columns["conduct"] == ["point", "week", "pair", "n", "count"]
    assert columns["bands"][:6] == ["point", "week", "date", "variable", "who", "mean"]
    assert columns["bands"][6:] == ["q05", "q25", "q50", "q75", "q95"]


def test_outcomes_hold_whole_runs(folder, simple):
    frame = pd.read_parquet(folder / "outcomes.parquet")
    assert np.array_equal(frame["holds"] / frame["n"], frame["p"])
    row = frame[(frame["outcome"] == "standing") & (frame["week"] == simple.term)]
    assert row["p"].item() == simple.standing.p


@pytest.mark.slow
def test_the_same_runs_give_the_same_bytes(folder, simple, tmp_path):
    again = write_result(simple, tmp_path, command="another command")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in ("manifest.json", "summary.md"):
            assert (again / path.relative_to(folder)).read_bytes() == path.read_bytes(), path.name


def test_a_folder_is_read_back_whole(folder, simple):
    back = load_result(folder)
    assert (back.seed, back.n, back.engine) == (simple.seed, simple.n, simple.engine)
    assert back.scenario.hash == simple.scenario.hash
    assert result_hash(back) == result_hash(simple)
    assert back.standing == simple.standing
    assert back.bands.equals(simple.bands)
    assert back.triggers.equals(simple.triggers)
    assert back.but_for.equals(simple.but_for)
    assert back.ladder == simple.ladder
    for field in fields(Sample):
        assert np.array_equal(getattr(back.sample, field.name), getattr(simple.sample, field.name))
    assert back.spread.frame.equals(simple.spread.frame)
    pd.testing.assert_frame_equal(back.spread.settings, simple.spread.settings)
    assert back.spread.parts == simple.spread.parts
    assert (back.spread.shaped, back.spread.luck) == (simple.spread.shaped, simple.spread.luck)
    pd.testing.assert_frame_equal(back.runs, simple.runs)


def test_hash_is_of_what_determines_the_numbers():
    plain = result()
    assert result_hash(plain) == result_hash(replace(plain, seconds=9.0))
    assert result_hash(plain) != result_hash(replace(plain, seed=2))
    assert result_hash(plain) != result_hash(replace(plain, engine="other"))
    assert result_hash(plain) != result_hash(result(small(weeks=7)))
    common, fresh = (Spread(2, 2, 1, [], luck=luck) for luck in ("common", "fresh"))
    assert result_hash(plain) == result_hash(replace(plain, spread=common))
    assert result_hash(plain) != result_hash(replace(plain, spread=fresh))


def test_writing_again_replaces_files_and_keeps_those_of_others(tmp_path):
    first = write_result(result(), tmp_path, pictures=())
    (first / "notes.txt").write_text("mine")
    (first / "summary.md").write_text("damaged")
    second = write_result(result(), tmp_path, pictures=())
    assert second == first
    assert (first / "notes.txt").read_text() == "mine"
    assert (first / "summary.md").read_text().startswith("# Two tariffs")


def test_nothing_is_left_after_a_full_disk(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "write_table", full)
    with pytest.raises(ResultError, match="No space left"):
        write_result(result(), tmp_path, pictures=("survival",))
    assert list(tmp_path.iterdir()) == []


def test_a_root_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "results").write_text("")
    with pytest.raises(ResultError, match="could not be written"):
        write_result(result(), tmp_path / "results")


def test_no_temporary_folder_is_left_after_an_interruption(tmp_path, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "summary", stop)
    with pytest.raises(KeyboardInterrupt):
        write_result(result(), tmp_path, pictures=())
    assert list(tmp_path.iterdir()) == []


def _damaged(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_an_older_format_is_refused_by_name(folder, tmp_path):
    copy = _damaged(folder, tmp_path)
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"format": 0, "version": "0.0.1"}))
    with pytest.raises(ResultError, match=r"written by detente 0\.0\.1 .* run the scenario again"):
        load_result(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_broken_manifest_is_refused(folder, tmp_path, text):
    copy = _damaged(folder, tmp_path)
    (copy / "manifest.json").write_text(text)
    with pytest.raises(ResultError, match="copy"):
        load_result(copy)


def test_a_folder_without_a_manifest_is_no_result(tmp_path):
    with pytest.raises(ResultError, match="not a result folder"):
        load_result(tmp_path)


def test_a_tally_that_is_gone_or_of_another_scenario_is_refused(folder, tmp_path):
    copy = _damaged(folder, tmp_path)
    with np.load(copy / "tally.npz") as arrays:
        fields = dict(arrays)
    np.savez(copy / "tally.npz", **(fields | {"conduct": np.zeros((2, 4), np.int64)}))
    with pytest.raises(ResultError, match=r"tally\.npz cannot be read: it is damaged"):
        load_result(copy)
    resealed(copy)
    with pytest.raises(ResultError, match="does not fit its scenario: conduct"):
        load_result(copy)
    (copy / "tally.npz").unlink()
    with pytest.raises(ResultError, match="cannot be read"):
        load_result(copy)


def test_a_damaged_table_is_refused(folder, tmp_path):
    copy = _damaged(folder, tmp_path)
    (copy / "runs.parquet").write_bytes(b"not a table")
    with pytest.raises(ResultError, match=r"runs\.parquet cannot be read"):
        load_result(copy)


@pytest.mark.parametrize("name", ["../out", "a/b", "/tmp/out", "a\\b"])
def test_a_name_that_leads_elsewhere_is_refused_and_nothing_is_written(name, tmp_path):
    """As a manifest that was edited may have it."""
    made = full_of(name)
    with pytest.raises(ResultError, match="no name of a folder"):
        write_result(made, tmp_path / "results", pictures=())
    assert not list(tmp_path.rglob("*"))


def full_of(name):
    """A result of a scenario called so."""
    plain = result()
    return replace(plain, scenario=replace(plain.scenario, name=name))


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk", 64) as place:
        yield place


def test_a_full_disk_is_told_and_leaves_nothing(disk):
    filler = disk / "filler"
    filler.write_bytes(b"0" * 56 * 1024)
    with pytest.raises(ResultWriteError, match="No space left on device"):
        write_result(result(), disk, pictures=())
    assert list(disk.iterdir()) == [filler]
    filler.unlink()
    folder = write_result(result(), disk, pictures=())
    assert load_result(folder).n == result().n
    assert Path(folder).parent == disk


HERE = Path(__file__).parent


def test_a_result_of_format_3_is_refused_by_name():
    folder = HERE / "older" / "format-3"
    for load in (sim.load, read_manifest):
        with pytest.raises(ResultError) as refused:
            load(folder)
        told = str(refused.value)
        assert "format-3 was written by detente 0.1.0 in format 3" in told
        assert f"reads format {FORMAT}: run the scenario again" in told


def test_a_study_of_format_2_is_refused_by_name():
    folder = HERE.parent / "studies" / "older" / "format-2"
    for load in (sim.load, load_study):
        with pytest.raises(ResultError) as refused:
            load(folder)
        told = str(refused.value)
        assert "format-2 was written by detente 0.1.0 in format 2 of studies" in told
        assert f"reads format {OF_STUDIES}: run the experiment again" in told


def test_settings_that_are_not_those_of_the_manifest_are_refused(folder, tmp_path):
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    over = json.loads((other / "manifest.json").read_text(encoding="utf-8"))["spread"]
    over["outcomes"][0]["outcome"] = "calm"
    resealed(other, spread=over)
    with pytest.raises(ResultError, match=r"settings.parquet is not of .*no column 'calm'"):
        load_result(other)


@pytest.mark.parametrize("entry", ["spread", "changes"])
def test_an_entry_of_another_kind_is_refused(folder, tmp_path, entry):
    other = resealed(Path(shutil.copytree(folder, tmp_path / "other")), **{entry: [1]})
    with pytest.raises(ResultError, match=f"manifest.json cannot be read: {entry}"):
        load_result(other)
