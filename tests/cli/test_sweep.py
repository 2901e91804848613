"""`detente sweep`: what it prints, keeps and refuses."""

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from sim.cli.progress import SweepProgress
from sim.studies import runner
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
    monkeypatch.setattr("sim.studies.experiment.BATCH", 100)
    told = small("--until", "0.04")
    assert told.exit_code == 0, told.stderr
    assert "6 points x 200 to 700 runs (until ±0.04) = at most 109,200 run-weeks" in told.stderr
    points = pd.read_parquet(folders()[0] / "points.parquet")
    assert f"n = {points['n'].min()} to {points['n'].max()}" in " ".join(told.stdout.split())
    assert points["n"].nunique() > 1
    assert ((points["high"] - points["low"]) / 2 <= 0.04).all()
    assert small().exit_code == 0
    assert len(folders()) == 2


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
        bar.bar.refresh()
    assert "8 of 10 points" in screen.file.getvalue()
    assert "2.0M run-weeks/s" in screen.file.getvalue()


def test_progress_is_silent_where_nobody_watches():
    screen = Console(file=io.StringIO())
    with SweepProgress(10, screen) as bar:
        bar(Done(5, 0, 1, 1.0))
    assert screen.file.getvalue() == ""
