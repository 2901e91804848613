"""Commands on one folder at the same moment: each ends as documented, what is written is whole."""

import subprocess
import sys

import pytest

import sim
from sim.outcomes.store import write_result
from tests.outcomes.tallies import result


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
