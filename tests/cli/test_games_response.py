"""`detente games SCENARIO response`."""

import json
import tomllib

import pytest
from typer.testing import CliRunner

from sim.cli.main import app
from sim.games.response import ANSWERED
from sim.policies.library import build_policy

SMALL = ["--states", "1", "--runs", "100"]


def call(*words):
    return CliRunner(env={"COLUMNS": "120"}).invoke(app, ["games", *words])


def test_it_names_the_best_machine_and_writes_it(tmp_path):
    done = call("textbook/tft-noise", "response", "--states", "2", "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert ANSWERED in " ".join(done.output.split())
    assert "best response found" in done.stdout
    assert "exact" in done.stdout
    (folder,) = tmp_path.iterdir()
    machine = tomllib.loads((folder / "machine.toml").read_text())
    assert build_policy(machine["actors"]["us"]["policy"]).states
    assert (folder / "figures" / "gaps.png").stat().st_size > 10_000
    assert (
        (folder / "gaps.csv").read_text(encoding="utf-8-sig").startswith("label,value,low,high,gap")
    )


def test_its_folder_is_drawn_and_reported_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ("textbook/tft-noise", "response", "--states", "1", "--no-pictures")
    assert call(*words).exit_code == 0
    (folder,) = (tmp_path / "results").iterdir()
    for command in (("plot", folder.name, "--format", "svg"), ("report", folder.name)):
        done = CliRunner().invoke(app, [*command])
        assert done.exit_code == 0, done.output
    assert (folder / "figures" / "gaps.svg").stat().st_size > 10_000
    page = (folder / "report.html").read_text(encoding="utf-8")
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert f"SHA-256 {facts['scenario_hash']}" in page
    assert f"{facts['seed']}, {facts['runs']:,}" in page
    assert "Gap of each policy to the best response" in page
    assert "machine.toml" in page
    assert "img" in page
    refused = CliRunner().invoke(app, ["report", folder.name, "--live"])
    assert (refused.exit_code, "best response" in refused.stderr) == (2, True)


def test_json_says_what_was_searched_and_how_sure_it_is(tmp_path):
    words = ["geneva-2025", "response", "--side", "cn", *SMALL, "--json", "--no-pictures"]
    done = call(*words, "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["side"] == "cn"
    assert told["searched"] == {"states": 1, "tables": 3, "machines": 3}
    assert told["n"] == 100
    assert not told["exact"]
    assert all(row["low"] <= row["value"] <= row["high"] for row in told["policies"])
    assert told["best"]["words"]


@pytest.mark.slow
def test_another_policy_can_be_answered(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('[cn]\nslow = { name = "tit_for_k_tats", k = 3 }\n')
    words = ["textbook/quiet", "response", "--policies", str(own), "--against", "slow"]
    done = call(*words, "--states", "1", "--no-pictures", "--json", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["against"] == "slow"
    assert told["exact"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--side", "eu"], "us, cn"),
        (["--against", "grimm"], "grim"),
        (["--states", "4"], "1 to 3"),
        (["--utility", "pay"], "payoff"),
        (["--runs", "0"], "--runs"),
        (["--forever"], "without an exact solution"),
    ],
)
def test_bad_input_is_one_clear_error_and_nothing_is_written(words, message, tmp_path):
    out = tmp_path / "out"
    done = call("geneva-2025", "response", *words, "--out", str(out))
    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert not out.exists()


def test_an_interrupted_search_says_the_best_so_far(monkeypatch, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.games.best_response.climb", interrupted)
    done = call("textbook/tft-noise", "response", "--states", "1", "--out", str(tmp_path))
    assert done.exit_code == 130
    assert "best so far: It starts in state" in done.stderr
    assert not list(tmp_path.iterdir())
