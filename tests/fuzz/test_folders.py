"""Any folder of results, whatever was done to its files: one clear error, or what was written.

A result, a study and the parts of one, each with bytes changed, files cut, gone, exchanged or
forged with a right checksum. `make attack` tries ten thousand.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim.cli.main import app
from sim.errors import DetenteError
from sim.forecast.store import load_odds
from sim.outcomes.result import Result
from sim.outcomes.simulate import simulate
from sim.outcomes.store import write_result
from sim.outcomes.summary import summary
from sim.report.pictures import ODDS, draw
from sim.store.checksums import FILES, file_digest, sealed
from sim.studies.merging import Portion, PortionFolder, gathered, merge
from sim.studies.plan import check_points, plan_table
from sim.studies.runner import run_study
from sim.studies.store import StudyFolder
from sim.studies.study import Study, load_study
from sim.web.mailed import mailed
from tests.everyday import one_in
from tests.fuzz.bounds import bounded
from tests.fuzz.mutations import VALUES, paths
from tests.fuzz.test_files import EVERYDAY, SLOW, one_clear_error
from tests.outcomes.tallies import small
from tests.studies.experiments import GRID, experiment, finished

MANIFEST = "manifest.json"
HOW = ["flip"] * 3 + ["cut", "empty", "gone", "folder", "exchanged", "longer", "link"]
FORGED = ["value"] * 4 + ["noted", "unnoted", "text"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, list[Path]]:
    root = tmp_path_factory.mktemp("folders")
    made = simulate(small(), runs=30, seed=3, keep_runs=True, but_for=True)
    study = experiment(
        root, 'keep = ["payoffs", "runs"]\n' + GRID.replace("runs = 200", "runs = 3")
    )
    parts = [
        PortionFolder(root / "parts", study.name, plan_table(study), Portion(number, 2))
        for number in (1, 2)
    ]
    for part in parts:
        run_study(study, check_points(study), part)
    return {
        "result": [write_result(made, root / "run", pictures=())],
        "study": [finished(study, root / "study")],
        "parts": [part.path for part in parts],
    }


@pytest.fixture(scope="module")
def forecasts(tmp_path_factory) -> dict[str, list[Path]]:
    """Small odds, a small fit and a small best response, from the command line."""
    root = tmp_path_factory.mktemp("forecasts")
    shared = ["geneva-2025", "--no-pictures", "--out", str(root), "--as-of", "2025-06-30"]
    lines = {
        "odds": ["--particles", "400", "--runs", "40", "--anyway"],
        "fit": ["--points", "4", "--stages", "1", "--moves", "1", "--copies", "40"],
    }
    for command, sizes in lines.items():
        done = CliRunner().invoke(app, [command, *shared, *sizes])
        assert done.exit_code == 0, done.stderr
    words = ["games", "textbook/tft-noise", "response", "--states", "1", "--no-pictures"]
    done = CliRunner().invoke(app, [*words, "--out", str(root)])
    assert done.exit_code == 0, done.stderr
    return {kind: [next(root.glob(f"*-{kind}-*"))] for kind in (*lines, "response")}


def damage(data: st.DataObject, folder: Path) -> None:
    """One file changed in one way."""
    file = data.draw(st.sampled_from(sorted(path for path in folder.rglob("*") if path.is_file())))
    if file.name == MANIFEST and data.draw(st.booleans()):
        forge(data, file)
        return
    how, whole = data.draw(st.sampled_from(HOW)), file.read_bytes()
    if how == "flip" and whole:
        place = data.draw(st.integers(0, len(whole) - 1))
        changed = bytearray(whole)
        changed[place] ^= data.draw(st.integers(1, 255))
        file.write_bytes(changed)
    elif how == "cut":
        file.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    elif how == "exchanged":
        others = sorted(path for path in folder.rglob("*") if path.is_file())
        file.write_bytes(data.draw(st.sampled_from(others)).read_bytes())
    elif how == "longer":
        file.write_bytes(whole + data.draw(st.binary(max_size=50)))
    else:
        file.unlink()
        if how == "empty":
            file.touch()
        elif how == "folder":
            file.mkdir()
        elif how == "link":
            file.symlink_to(data.draw(st.sampled_from([file.name, "/dev/null", "nowhere", ".."])))


def forge(data: st.DataObject, file: Path) -> None:
    """The manifest changed, and its checksum with it."""
    manifest = forgeable(file)
    if manifest is None:
        return  # an earlier change has left no manifest to forge
    names, how = sorted(manifest[FILES]), data.draw(st.sampled_from(FORGED))
    if how == "noted":  # whatever is there is said to be what was written
        name, other = (file.parent / data.draw(st.sampled_from(names)) for _ in range(2))
        if name.is_file() and other.is_file():
            name.write_bytes(other.read_bytes())
            noted = {"bytes": name.stat().st_size, "sha256": file_digest(name)}
            manifest[FILES][name.relative_to(file.parent).as_posix()] |= noted
    elif how == "unnoted":
        del manifest[FILES][data.draw(st.sampled_from(names))]
    elif how == "value":
        *above, last = data.draw(st.sampled_from(list(paths(manifest))))
        here: Any = manifest
        for part in above:
            here = here[part]
        here[last] = json.loads(json.dumps(data.draw(VALUES), default=str))
    text = json.dumps(sealed(manifest))
    file.write_text(data.draw(st.text(max_size=20)) if how == "text" else text, "utf-8", "replace")


def forgeable(file: Path) -> dict[str, Any] | None:
    """A manifest that names files, each by a note."""
    try:
        manifest = json.loads(file.read_bytes())
        notes = manifest[FILES].values()
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return manifest if notes and all(isinstance(note, dict) for note in notes) else None


def read(kind: str, copies: list[Path], out: Path) -> None:
    """All that a folder is read for."""
    if kind == "parts":
        portions = gathered(copies)
        first = portions[0]
        folder = StudyFolder(out, str(first.manifest["name"]), first.plan)
        merge(portions, folder, "detente merge")
        load_study(folder.path).headline()
        return
    if kind in ("odds", "fit", "response"):
        mailed(copies[0])
        if kind == "odds":
            draw(ODDS, "odds", load_odds(copies[0]))
        return
    found = sim.load(copies[0])
    if isinstance(found, Result):
        summary(found)
        found.survival("standing")
    else:
        assert isinstance(found, Study)
        found.headline()
        for table in ("outcomes", *found.kept):
            found.table(table)


def attack(folders: dict[str, list[Path]], place: Path, profile: settings) -> None:
    numbers = iter(range(10**9))
    for kind, copies in folders.items():
        read(kind, copies, place / kind)  # what is imported once is not timed

    @profile
    @given(data=st.data(), kind=st.sampled_from(sorted(folders)), changes=st.integers(1, 2))
    def one(data: st.DataObject, kind: str, changes: int) -> None:
        root = place / str(next(numbers))
        copies = [Path(shutil.copytree(path, root / path.name)) for path in folders[kind]]
        try:
            for _ in range(changes):
                damage(data, data.draw(st.sampled_from(copies)))
            with bounded(), one_clear_error():
                read(kind, copies, root / "out")
        finally:
            shutil.rmtree(root)

    one()


def test_a_damaged_folder_is_refused_clearly_or_read_as_it_was(folders, tmp_path):
    attack(folders, tmp_path, EVERYDAY)


@pytest.mark.slow
def test_damaged_odds_or_a_damaged_fit_are_refused_clearly_or_read_as_they_were(
    forecasts, tmp_path
):
    attack(forecasts, tmp_path, settings(EVERYDAY, max_examples=200))


@pytest.mark.attack
def test_ten_thousand_damaged_folders(folders, forecasts, tmp_path):
    attack(folders | forecasts, tmp_path, SLOW)


def test_whole_folders_are_read(folders, tmp_path):
    for kind, copies in folders.items():
        read(kind, copies, tmp_path / kind)


def test_what_is_damaged_is_not_taken_for_whole(folders, tmp_path):
    """The attack can fail: it sees an error where a table is gone."""
    copy = Path(shutil.copytree(folders["study"][0], tmp_path / "copy"))
    (copy / "points.parquet").unlink()
    with pytest.raises(DetenteError, match=r"points\.parquet"):
        read("study", [copy], tmp_path)


@pytest.mark.parametrize("value", one_in(2, [False, " ", [], {}, None, 3]))
def test_a_plan_or_a_note_forged_in_any_place_is_named_or_does_not_matter(folders, tmp_path, value):
    copy = Path(shutil.copytree(folders["study"][0], tmp_path / "copy"))
    whole = json.loads((copy / MANIFEST).read_bytes())
    table = ("plan", "scenarios", whole["plan"]["experiment"]["scenario"], "table")
    for place in paths(whole):
        if place[0] not in ("plan", FILES) or place[:4] == table != place:
            continue
        manifest: Any = json.loads(json.dumps(whole))
        here = manifest
        for part in place[:-1]:
            here = here[part]
        here[place[-1]] = value
        (copy / MANIFEST).write_text(json.dumps(sealed(manifest)), "utf-8")
        with one_clear_error():
            load_study(copy).headline()
