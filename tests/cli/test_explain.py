"""`detente explain`: a run by number or by kind, and what is refused."""

import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import explain as command
from sim.explain import find, render

QUIET = "textbook/quiet"
NOISE = "textbook/tft-noise"


def test_it_tells_run_0_by_default(detente):
    told = detente("explain", QUIET)
    assert told.exit_code == 0
    assert "run 0 of seed 2025" in told.stdout
    assert "Weeks 1-26" in told.stdout


def test_it_finds_a_typical_run(detente):
    told = detente("explain", NOISE, "--find", "breakdown", "--runs", "500", "--seed", "3")
    assert told.exit_code == 0
    assert "A typical run of the kind breakdown" in told.stdout
    assert "of 500 runs" in told.stdout
    assert "THE TRUCE BREAKS" in told.stdout


def test_json_twice_is_the_same_bytes(detente):
    first = detente("explain", NOISE, "--run", "4", "--json")
    second = detente("explain", NOISE, "--run", "4", "--format", "json")
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["run"] == 4


def test_odds_are_told_at_each_turn_if_asked(detente):
    told = detente("explain", NOISE, "--run", "4", "--odds")
    assert told.exit_code == 0
    assert "Odds that the truce still stands" in told.stdout or "Odds that nobody" in told.stdout
    assert "95 % interval" in told.stdout
    assert "2,000 continuations from the start" in told.stdout
    assert "Odds that" not in detente("explain", NOISE, "--run", "4").stdout


def test_values_can_be_set(detente):
    told = detente("explain", QUIET, "--set", "weeks=5", "--weeks", "2-")
    assert told.exit_code == 0
    assert "Weeks 2-5" in told.stdout


def test_it_writes_a_file(detente, tmp_path):
    told = detente("explain", QUIET, "--format", "markdown", "--out", "story.md")
    assert told.exit_code == 0
    assert "wrote story.md" in told.stdout
    text = (tmp_path / "story.md").read_text(encoding="utf-8")
    assert text.startswith("# Textbook: quiet: run 0 of seed 2025\n")
    assert text.endswith("\n")
    assert [path.name for path in tmp_path.iterdir()] == ["story.md"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--run", "10000"), "0 to 9999, one of the 10,000 runs; --runs 10001 or more"),
        (("--run", "5000000"), "one of the 10,000 runs; --runs can be 5000000 at most"),
        (("--run", "-1"), "0 to 9999"),
        (("--run", "50", "--runs", "50"), "0 to 49, one of the 50 runs"),
        (("--run", "1", "--find", "talks"), "one of the two"),
        (("--find", "brekdown"), "did you mean breakdown?"),
        (("--format", "html"), "text, markdown, json"),
        (("--seed", "-1"), "--seed"),
        (("--runs", "0"), "--runs"),
        (("--weeks", "5-30"), "weeks within 1 to 26"),
        (("--weeks", "9-3"), "weeks within 1 to 26"),
        (("--weeks", "soon"), "weeks within 1 to 26"),
        (("--out", "no/such/folder/story.md"), "a file in a folder that exists"),
        (("--find", "lapse", "--runs", "200"), "lapse: in none of the 200 runs searched"),
    ],
)
def test_bad_input_is_refused_and_nothing_written(detente, tmp_path, options, said):
    told = detente("explain", NOISE, *options)
    assert told.exit_code == 2
    assert said in told.stderr
    assert not told.stdout
    assert not list(tmp_path.iterdir())


def test_the_page_has_a_line_for_each_kind():
    page = (Path(__file__).resolve().parents[2] / "docs" / "howto-explain.md").read_text("utf-8")
    table = page.split("| kind | the runs in which |")[1].split("\n\n")[0]
    told = [name for line in table.splitlines() for name in re.findall("`(.*?)`", line[:40])]
    assert set(command.KINDS) <= set(told) <= {*command.KINDS, "standing", "undisputed"}


def test_the_options_are_those_of_the_story():
    assert set(command.KINDS) == set(find.KINDS)
    assert command.FORMATS == render.FORMATS
    assert command.MOST_RUNS == find.MOST_RUNS


@pytest.mark.slow
def test_a_device_is_written_to_and_stays_a_device():
    command = [sys.executable, "-m", "sim", "explain", "textbook/tft-noise", "--out", "/dev/null"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
