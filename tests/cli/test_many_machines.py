"""The commands of the page on many machines, played as they stand, on a smaller experiment."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from sim.studies.reading import shipped_experiments

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-many-machines.md"
#: A shell in which `detente` notes its words; arguments that are patterns name what is there.
NOTED = """
detente() { printf '%s\\n' "$*" >> words; }
mkdir -p results
for i in 1 2 3; do mkdir -p results/slow-licensing-01234567-part-$i-of-3; done
for i in 1 2 3 4; do mkdir -p results/slow-licensing-01234567-part-$i-of-4; done
"""


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```sh {kind}\n(.*?)^```", PAGE.read_text(), re.M | re.S)


def typed(folder: Path, script: str, **environment: str) -> list[list[str]]:
    """The words of every `detente` of a script, as a shell gives them."""
    subprocess.run(
        ["sh", "-eu", "-c", NOTED + script], cwd=folder, env=environment, timeout=20, check=True
    )
    return [shlex.split(line) for line in (folder / "words").read_text().splitlines()]


def played(detente, tmp_path: Path, lines: list[list[str]]) -> list[str]:
    """Each line as a command, on a few runs of the shipped experiment; what merges print."""
    text = shipped_experiments()["slow-licensing"].read_text("utf-8")
    small = re.sub(r"^runs = \S+", "runs = 20", text, flags=re.M)
    small = re.sub(r'^scenario = "\S+"', 'scenario = "geneva-2025"', small, flags=re.M)
    assert re.search(r"^runs = 20$", small, re.M)
    (tmp_path / "slow-licensing.toml").write_text(small)
    for empty in (tmp_path / "results").iterdir():
        empty.rmdir()
    told = []
    for words in lines:
        folders = [word for word in words if word.startswith("results/")]
        words = ["slow-licensing.toml" if word == "slow-licensing" else word for word in words]
        for word in folders:
            (there,) = (tmp_path / "results").glob(Path(word).name.replace("01234567", "*"))
            words[words.index(word)] = str(there)
        result = detente(*words)
        assert result.exit_code == 0, (words, result.stderr)
        told += [result.stdout] if words[0] == "merge" else []
    return told


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, 1])
def test_the_commands_by_hand_and_in_a_loop_make_one_study(detente, tmp_path, place):
    lines = typed(tmp_path, blocks("parts")[place], PATH="/usr/bin:/bin")
    of = 3 + place
    parts = [words[words.index("--part") + 1] for words in lines if "--part" in words]
    assert parts == [f"{number}/{of}" for number in range(1, of + 1)]
    (told,) = played(detente, tmp_path, lines)
    assert "standing at the end of week 13" in told


def test_the_job_of_the_slurm_array_plays_every_part(tmp_path):
    (script,) = blocks("slurm")
    first, last = map(int, re.search(r"--array=(\d+)-(\d+)", script).groups())
    count = str(last - first + 1)
    for number in range(first, last + 1):
        environment = {
            "SLURM_ARRAY_TASK_ID": str(number),
            "SLURM_ARRAY_TASK_COUNT": count,
            "SLURM_CPUS_PER_TASK": "4",
            "PATH": "/usr/bin:/bin",
        }
        lines = typed(tmp_path, script, **environment)
    assert [words[words.index("--part") + 1] for words in lines] == ["1/3", "2/3", "3/3"]
    assert all("--resume" in words for words in lines)
