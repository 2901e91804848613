"""Commands that write: on a full disk, and two at the same moment."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import sim
from sim.outcomes.store import write_result
from tests.disk import FILLER, leave, small_disk
from tests.outcomes.tallies import result
from tests.studies.experiments import GRID, experiment, finished, written

FEW = "--us grim,tit_for_tat --cn grim,tit_for_tat --runs 20 --resamples 100"
#: What each writes on the disk, by its own words; the results that it reads lie elsewhere.
COMMANDS = {
    "sweep": "sweep small.toml --out disk/results --resume",
    "run": "run textbook/tft-noise --runs 40 --out disk/results",
    "part": "sweep small.toml --part 1/2 --out disk/results --resume",
    "merge": "merge {parts} --out disk/results",
    "tournament": f"games textbook/tft-noise tournament {FEW} --out disk/results",
    "plot": "plot {result} --out disk/figures",
    "plot a study": "plot {study} --out disk/figures",
    "report": "report {result} --out disk/page.html",
    "export": "export {result} --out disk/csv",
    "exact": "run textbook/tft-noise --engine exact --out disk/results",
}
ROOMS = (0, 4_096, 20_000, 60_000)  # bytes


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Results to read: of a run, of a study, of all parts of one."""
    from sim.outcomes.simulate import simulate
    from sim.outcomes.store import write_result
    from sim.studies.merging import Portion, PortionFolder
    from sim.studies.plan import check_points, plan_table
    from sim.studies.runner import run_study
    from tests.outcomes.tallies import small

    root = tmp_path_factory.mktemp("inputs")
    study = experiment(root, GRID)
    parts = [
        PortionFolder(root / "parts", study.name, plan_table(study), Portion(number, 2))
        for number in (1, 2)
    ]
    for part in parts:
        run_study(study, check_points(study), part)
    return {
        "result": str(write_result(simulate(small(), runs=50), root / "run", pictures=())),
        "study": str(finished(study, root / "study")),
        "parts": " ".join(str(part.path) for part in parts),
    }


def tables_and_pages(place: Path) -> dict[str, bytes]:
    """The tables and pages, but for what tells the moment."""
    return {
        str(path.relative_to(place)): path.read_bytes()
        for path in sorted(place.rglob("*"))
        if path.suffix in (".parquet", ".csv", ".png")
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", COMMANDS)
def test_a_small_disk_costs_only_what_does_not_fit(kind, detente, inputs, tmp_path):
    written(tmp_path, GRID)
    words = shlex.split(COMMANDS[kind].format_map(inputs))
    plain = [word.replace("disk/", "plain/") for word in words]
    (tmp_path / "plain").mkdir()
    whole = detente(*plain)
    assert whole.exit_code == 0, whole.stderr
    failed = 0
    with small_disk(tmp_path / "disk", 4_000) as disk:
        for room in ROOMS:
            leave(disk, room)
            told = detente(*words)
            assert told.exit_code in (0, 1), told.stderr
            if told.exit_code == 1:
                failed += 1
                assert "No space left on device" in told.stderr
                assert isinstance(told.exception, SystemExit)
            assert not list(disk.rglob(".*"))
        (disk / FILLER).unlink()
        again = detente(*words)
        assert again.exit_code == 0, again.stderr
        assert tables_and_pages(disk) == tables_and_pages(tmp_path / "plain")
    assert failed


def together(folder, *commands):
    """Exit code and error stream of commands begun at the same moment."""
    begun = [
        subprocess.Popen(
            [sys.executable, "-m", "sim", *words],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for words in commands
    ]
    told = [process.communicate(timeout=280)[1] for process in begun]
    return [(process.returncode, said) for process, said in zip(begun, told, strict=True)]


@pytest.mark.slow
def test_two_readers_write_beside_one_result(tmp_path):
    folder = write_result(result(), tmp_path, pictures=())
    before = (folder / "manifest.json").read_bytes()
    words = ("plot", str(folder), "--kind", "survival")
    for code, told in together(tmp_path, words, words, ("export", str(folder))):
        assert code == 0, told
    assert (folder / "figures" / "survival.png").read_bytes().startswith(b"\x89PNG")
    assert (folder / "manifest.json").read_bytes() == before
    assert sim.load(folder).n == result().n
    assert not list(tmp_path.rglob(".*"))
