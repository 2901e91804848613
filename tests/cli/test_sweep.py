"""`detente sweep` and `detente merge`, also as the page on many machines has them."""

import io
import json
import re
import shlex
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from sim.cli.progress import SweepProgress
from sim.studies import runner
from sim.studies.reading import shipped_experiments
from sim.studies.runner import Done
from tests.studies.experiments import CAPACITY, GRID, HEAD, SLIP, written

RESULTS = Path("results")


@pytest.fixture
def small(detente, tmp_path):
    written(tmp_path, GRID)
    return lambda *options: detente("sweep", "small.toml", *options)


def folders():
    return sorted(RESULTS.iterdir()) if RESULTS.exists() else []


def test_a_sweep_prints_its_question_its_cost_and_a_table(small):
    told = small()
    assert told.exit_code == 0, told.stderr
    assert "Does it matter?" in told.stderr
    assert "6 points x 200 runs = 31,200 run-weeks" in told.stderr
    assert "standing at the end of week 13" in told.stdout
    assert "capacity down, slip across" in told.stdout
    (folder,) = folders()
    assert folder.name.startswith("small-")


def test_a_dry_run_checks_and_prints_and_writes_nothing(small):
    told = small("--dry-run")
    assert told.exit_code == 0
    assert "6 points" in told.stdout
    assert "nothing was run" in told.stdout
    assert folders() == []
    size = json.loads(small("--dry-run", "--json").stdout)
    assert (size["points"], size["run_weeks"]) == (6, 31_200)


def test_json_has_the_numbers_of_the_table(small):
    told = json.loads(small("--json").stdout)
    frame = pd.read_parquet(Path(told["folder"]) / "outcomes.parquet")
    rows = frame[(frame["outcome"] == "standing") & (frame["week"] == 13)]
    assert [point["p"] for point in told["points"]] == list(rows["p"])
    assert [point["slip"] for point in told["points"]] == list(rows["slip"])


def test_a_finished_sweep_is_not_run_again(small, monkeypatch):
    first = small()
    monkeypatch.setattr(runner, "play_point", lambda *_: pytest.fail("run again"))
    for options in ((), ("--resume",)):
        again = small(*options)
        assert again.exit_code == 0
        assert "already run" in again.stderr
        assert again.stdout == first.stdout


def test_a_finished_sweep_that_was_killed_while_it_drew_gets_its_picture(small):
    small()
    figures = folders()[0] / "figures"
    (picture,) = figures.iterdir()
    drawn = picture.read_bytes()
    left = picture.rename(picture.with_name(f".{picture.stem}.99.tmp.png"))
    assert "drawn" not in small("--dry-run").stderr
    assert left.exists()
    assert f"drawn: {picture}" in small().stderr
    assert picture.read_bytes() == drawn
    assert not left.exists()
    assert "drawn" not in small().stderr


def test_ctrl_c_says_what_was_kept_and_resume_goes_on(small, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(runner, "play_point", interrupted)
        told = small()
    assert told.exit_code == 130
    assert "0 of 6 points are kept" in told.stderr
    assert "--resume continues" in told.stderr
    refused = small()
    assert refused.exit_code == 2
    assert "--resume to continue it" in refused.stderr
    assert small("--resume").exit_code == 0


def test_resume_of_a_changed_experiment_is_refused(small, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(runner, "play_point", interrupted)
        small()
    written(tmp_path, GRID.replace("seed = 7", "seed = 8"))
    told = small("--resume")
    assert told.exit_code == 2
    assert "experiment.seed: 7 then, 8 now" in told.stderr
    anew = small()
    assert anew.exit_code == 0


REFUSED = {
    "unknown path": (GRID.replace("us.slip", "us.slipp"), [], "did you mean actors.us.slip?"),
    "unknown key": ("run = 3\n" + GRID, [], "did you mean runs?"),
    "too large": (GRID.replace("steps = 3", "steps = 9000"), [], "without --yes"),
    "no threads": (GRID, ["--threads", "0"], "--threads"),
    "no precision": (GRID, ["--until", "0.7"], "--until"),
    "no workers": (GRID, ["--workers", "0"], "--workers"),
    "two ways at once": (GRID, ["--workers", "2", "--threads", "2"], "--threads and --workers"),
    "no such cluster": (GRID, ["--cluster", "tcp://127.0.0.1:1"], "no scheduler answers"),
    "no address": (GRID, ["--cluster", "somewhere"], "--cluster: somewhere"),
    "nothing to keep": ('keep = ["payofs"]\n' + GRID, [], "did you mean payoffs?"),
    "out is a file": (GRID, ["--out", "small.toml"], "--out"),
}


WAITS = "no such cluster"  # for six seconds
CASES = [pytest.param(one, marks=pytest.mark.slow if one == WAITS else ()) for one in REFUSED]


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_in_words_and_nothing_is_written(case, detente, tmp_path):
    text, options, expected = REFUSED[case]
    written(tmp_path, text)
    told = detente("sweep", "small.toml", *options)
    assert told.exit_code == 2
    assert expected in told.stderr
    assert "Traceback" not in told.stderr
    assert told.stdout == ""
    assert folders() == []


def test_until_adds_runs_and_is_part_of_what_is_continued(small, monkeypatch):
    monkeypatch.setattr("sim.studies.runner.BATCH", 100)
    monkeypatch.setattr("sim.outcomes.simulate.BATCH", 100)
    told = small("--until", "0.04")
    assert told.exit_code == 0, told.stderr
    assert "6 points x 200 to 700 runs (until ±0.04) = at most 109,200 run-weeks" in told.stderr
    points = pd.read_parquet(folders()[0] / "points.parquet")
    assert f"n = {points['n'].min()} to {points['n'].max()}" in " ".join(told.stdout.split())
    assert points["n"].nunique() > 1
    assert ((points["high"] - points["low"]) / 2 <= 0.04).all()
    assert small().exit_code == 0
    assert len(folders()) == 2


@pytest.mark.slow
def test_workers_print_and_keep_what_threads_do(small):
    one = json.loads(small("--json").stdout)
    two = json.loads(small("--json", "--workers", "1", "--out", "elsewhere").stdout)
    assert one["points"] == two["points"]


def test_the_definition_stands_beside_the_numbers(small):
    assert "standing: share of runs with no 2 weeks in a row" in small().stdout
    assert json.loads(small("--json").stdout)["definition"].startswith("no 2 weeks in a row")


def test_more_than_two_factors_are_listed_point_by_point(detente, tmp_path):
    third = SLIP.replace("us.slip", "cn.slip").replace('"slip"', '"theirs"')
    text = HEAD + CAPACITY + "values = [0.5]\n" + SLIP + "values = [0.1]\n" + third
    written(tmp_path, text + "values = [0.0, 0.1]\n")
    told = detente("sweep", "small.toml")
    assert told.exit_code == 0
    assert "theirs" in told.stdout
    assert "low" in told.stdout


def test_progress_shows_points_and_the_rate_of_those_run_now():
    screen = Console(file=io.StringIO(), force_terminal=True, width=120)
    with SweepProgress(10, screen) as bar:
        bar(Done(8, 4, 4_000_000, 2.0))
        bar.refresh()
    assert "8 of 10 points" in screen.file.getvalue()
    assert "2.0M run-weeks/s" in screen.file.getvalue()


def test_progress_is_silent_where_nobody_watches():
    screen = Console(file=io.StringIO())
    with SweepProgress(10, screen) as bar:
        bar(Done(5, 0, 1, 1.0))
    assert screen.file.getvalue() == ""


def parts():
    return sorted(map(str, Path("results").glob("small-*-part-*")))


def test_three_parts_become_the_study_that_nobody_divided(small, detente):
    whole = Path(json.loads(small("--json", "--out", "whole").stdout)["folder"])
    for number in (1, 2, 3):
        told = small("--part", f"{number}/3")
        assert told.exit_code == 0, told.stderr
        assert f"part {number}/3 is played: 2 of 6 points" in told.stdout
        assert f"detente merge results/{whole.name}-part-*-of-3" in told.stdout
        assert "2 points x 200 runs" in told.stderr
    again = json.loads(small("--part", "2/3", "--json").stdout)
    assert (again["part"], again["of"], again["first_point"], again["points"]) == (2, 3, 2, 2)
    told = detente("merge", *parts())
    assert told.exit_code == 0, told.stderr
    assert "standing at the end of week 13" in told.stdout
    made = Path("results") / whole.name
    assert sorted(path.name for path in made.glob("*.parquet")) == [
        "outcomes.parquet",
        "points.parquet",
    ]
    for path in whole.glob("*.parquet"):
        assert (made / path.name).read_bytes() == path.read_bytes()
    (picture,) = (made / "figures").iterdir()
    picture.unlink()
    again = detente("merge", *parts()).stderr
    assert "already there" in again
    assert f"drawn: {picture}" in again


@pytest.mark.parametrize(
    "part", ["0/3", "4/3", "3", "1/0", "1/2/3", "-1/3", "x/y", "", "1/7", "٣/3"]
)
def test_what_is_no_part_is_refused_and_nothing_written(small, part):
    told = small("--part", part)
    assert told.exit_code == 2
    assert "--part" in told.stderr
    assert "allowed: I/N" in told.stderr
    assert not Path("results").exists()


def test_a_missing_part_is_named_and_nothing_written(small, detente):
    small("--part", "1/2", "--threads", "1")
    told = detente("merge", *parts())
    assert told.exit_code == 2
    assert "no folder of part 2/2" in told.stderr
    assert len(list(Path("results").iterdir())) == 1


def test_what_reads_results_says_what_a_part_is(small, detente):
    small("--part", "1/2")
    for words in (("plot",), ("analyze", "--sensitivity"), ("report",), ("export",)):
        told = detente(words[0], *parts(), *words[1:])
        assert told.exit_code == 2, words
        assert "part of a study" in told.stderr, words


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
