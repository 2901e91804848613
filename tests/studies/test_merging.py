"""A study divided over machines and put together again: the bytes of the undivided one."""

import json
import shutil
from pathlib import Path

import pytest

from sim.errors import ResultError, ResultWriteError
from sim.store.checksums import FILES, noted, sealed
from sim.studies import merging, runner, store
from sim.studies.merging import FACTORS, MergeError, Portion, PortionFolder, gathered, merge
from sim.studies.plan import check_points, plan_table
from sim.studies.runner import StudyInterrupted, run_study
from sim.studies.store import StudyFolder
from sim.studies.study import load, load_study
from sim.studies.workers import Processes, Workers
from tests.everyday import one_in
from tests.studies.experiments import GRID, experiment, finished

KEPT = 'keep = ["payoffs", "runs"]\n' + GRID.replace("steps = 3", "steps = 5")  # ten points
TABLES = ("outcomes", "payoffs", "points", "runs")


@pytest.fixture(autouse=True)
def small_groups(monkeypatch):
    monkeypatch.setattr(runner, "GROUP_RUN_WEEKS", 2 * 200 * 26)


def portion_of(study, root, number, of):
    return PortionFolder(root, study.name, plan_table(study), Portion(number, of))


def divided(study, root, of):
    """The folders of all parts, played."""
    folders = [portion_of(study, root, number, of) for number in range(1, of + 1)]
    for folder in folders:
        run_study(study, check_points(study), folder)
    return [folder.path for folder in folders]


def merged(folders, root):
    portions = gathered(folders)
    first = portions[0]
    folder = StudyFolder(root, first.manifest["name"], first.plan)
    merge(portions, folder, "detente merge")
    return folder.path


def tables(folder):
    return {path.stem: path.read_bytes() for path in folder.glob("*.parquet")}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return experiment(tmp_path_factory.mktemp("file"), KEPT)


@pytest.fixture(scope="module")
def whole(study, tmp_path_factory):
    return finished(study, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def three(study, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "GROUP_RUN_WEEKS", 2 * 200 * 26)
        return divided(study, tmp_path_factory.mktemp("three"), 3)


@pytest.mark.parametrize("of", one_in(2, [1, 2, 7, 10]))
def test_any_number_of_parts_in_any_order_has_the_bytes_of_none(study, whole, tmp_path, of):
    folders = divided(study, tmp_path, of)
    made = merged(folders[::-1], tmp_path)
    assert set(tables(whole)) == set(TABLES)
    assert tables(made) == tables(whole)
    assert made.name == whole.name
    assert {path.name for path in made.iterdir()} == {
        "manifest.json",
        *(f"{t}.parquet" for t in TABLES),
    }
    told, other = (load_study(folder).manifest for folder in (made, whole))
    for key in ("kind", "name", "question", "points", "definition", "plan", "files"):
        assert told[key] == other[key]


def test_the_points_of_all_parts_are_each_point_once():
    for size in (1, 5, 10, 97):
        for of in range(1, size + 1):
            spans = [Portion(number, of).points(size) for number in range(1, of + 1)]
            assert [point for span in spans for point in span] == list(range(size))
            assert max(map(len, spans)) - min(map(len, spans)) <= 1


def test_an_interrupted_part_is_resumed_and_the_merged_bytes_are_the_same(study, whole, tmp_path):
    begun = portion_of(study, tmp_path, 2, 3)

    def stop(done):
        if done.points >= 3:
            raise KeyboardInterrupt

    with pytest.raises(StudyInterrupted) as stopped:
        run_study(study, check_points(study), begun, progress=stop)
    assert (stopped.value.done, stopped.value.points) == (2, 3)
    with pytest.raises(ResultError, match="is unfinished: .*--part and --resume"):
        merging.read_portion(begun.path)
    assert tables(merged(divided(study, tmp_path, 3), tmp_path)) == tables(whole)


@pytest.mark.slow
def test_processes_play_a_part_too(study, whole, tmp_path):
    points = check_points(study)
    with Processes(2) as hands:
        for number in (1, 2, 3):
            folder = portion_of(study, tmp_path, number, 3)
            run_study(study, points, folder, player=Workers(study, points, hands))
    assert tables(merged(sorted(tmp_path.iterdir()), tmp_path / "out")) == tables(whole)


def copies(three, root):
    return [Path(shutil.copytree(folder, root / folder.name)) for folder in three]


def damaged_table(folders):
    (file, *_) = sorted((folders[1] / "parts").glob("*.outcomes.parquet"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    return folders


def without_a_table(folders):
    next(iter((folders[1] / "parts").glob("*.runs.parquet"))).unlink()
    return folders


def edited(folders):
    manifest = json.loads((folders[0] / "manifest.json").read_text())
    (folders[0] / "manifest.json").write_text(json.dumps(manifest | {"part": [2, 3]}))
    return folders


def another_table_as_factors(folders):
    """Its checksums fit: somebody wrote them anew."""
    folder = folders[1]
    (table, *_) = sorted(folder.glob("parts/*.outcomes.parquet"))
    factors = Path(shutil.copyfile(table, folder / FACTORS))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest[FILES] |= noted(folder, [factors])
    (folder / "manifest.json").write_text(json.dumps(sealed(manifest)))
    return folders


BROKEN = {
    "one missing": (lambda folders: folders[:2], "no folder of part 3/3"),
    "two missing": (lambda folders: folders[1:2], "no folder of part 1/3, 3/3"),
    "one twice": (lambda folders: [*folders, folders[0]], "part 1/3, as .*\n.*each part once"),
    "a folder of something else": (lambda folders: [*folders, folders[0].parent], "not a part"),
    "a folder that is not there": (lambda folders: [*folders, Path("nope")], "is not there"),
    "a damaged table": (damaged_table, r"outcomes\.parquet.*damaged"),
    "a table that is gone": (without_a_table, r"runs\.parquet cannot be read"),
    "another table as factors": (another_table_as_factors, r"factors\.parquet is not the factors"),
    "an edited manifest": (edited, r"manifest\.json is not as it was written"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_not_all_parts_whole_is_refused_and_nothing_written(case, three, tmp_path):
    change, expected = BROKEN[case]
    folders = change(copies(three, tmp_path / "parts"))
    with pytest.raises((MergeError, ResultError), match=expected):
        merged(folders, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_parts_of_other_studies_and_of_other_divisions_are_named_together(three, tmp_path):
    other = experiment(tmp_path, KEPT.replace("seed = 7", "seed = 8"))
    strange = portion_of(other, tmp_path, 2, 3)
    run_study(other, check_points(other), strange)
    same = experiment(tmp_path, KEPT)
    halves = divided(same, tmp_path, 2)
    with pytest.raises(MergeError) as refused:
        gathered([*three, strange.path, halves[0]])
    told = str(refused.value)
    assert "experiment.seed: 7 there, 8 here" in told
    assert "part 1/3 there, 1/2 here" in told
    assert f"parts of the same study as {three[0]}" in told


def test_parts_of_another_version_are_not_put_together(three, monkeypatch):
    monkeypatch.setattr(merging, "code_hash", lambda: "0123")
    with pytest.raises(MergeError, match="allowed: the version at hand .code 0123"):
        gathered(three)


def test_a_part_alone_is_no_result(three):
    for read in (load, load_study):
        with pytest.raises(ResultError, match="one part of a study: `detente merge`"):
            read(three[0])


def test_a_merge_that_was_stopped_is_done_by_the_next(three, whole, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_sealed", full)
        with pytest.raises(ResultWriteError, match="No space left"):
            merged(three, tmp_path)
    assert tables(merged(three, tmp_path)) == tables(whole)
    assert not list(tmp_path.rglob(".*"))


def test_a_study_that_another_process_finished_meanwhile_is_left_as_it_is(study, whole, tmp_path):
    folder = StudyFolder(tmp_path, study.name, plan_table(study))
    points = check_points(study)
    run_study(study, points, folder)
    before = (folder.path / "manifest.json").stat().st_mtime_ns
    told = []
    run_study(study, points, folder, progress=told.append)
    assert not told
    assert (folder.path / "manifest.json").stat().st_mtime_ns == before
    assert tables(folder.path) == tables(whole)
