"""Shell completion: what is offered after Tab, at once and without a trace of what is heavy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from sim.cli import complete
from sim.cli.main import app
from sim.policies import POLICIES
from sim.scenario import Scenario
from sim.scenario.loading import list_shipped
from sim.scenario.registry import entry_at

SECONDS = 60


def offers(line: str) -> list[str]:
    """What the shell is told after the words of `line`, the last one unfinished."""
    words = line.split(" ")
    environment = {
        "_DETENTE_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    command = [sys.executable, "-m", "sim"]
    program = "import sys; sys.argv[0] = 'detente'; from sim.cli.main import main; main()"
    found = subprocess.run(
        [*command[:1], "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert found.stderr == ""
    return found.stdout.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("detente run geneva-si", ["geneva-simple"]),
        pytest.param("detente show generous_", ["generous_tit_for_tat"], marks=pytest.mark.slow),
        ("detente run geneva-2025 --set talks.seq", ["talks.sequencing="]),
        pytest.param("detente new mine --from lond", ["london-2025"], marks=pytest.mark.slow),
        ("detente compare geneva-as-happened --without shock:lead", ["shock:leaders-call"]),
    ],
)
def test_the_shell_is_offered(line, expected):
    assert offers(line) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_the_shell_is_shown(detente, shell, monkeypatch):
    # typer looks for the shell among its parent processes: none where tests run detached
    monkeypatch.setattr("typer.completion._get_shell_name", lambda: shell)
    told = detente("--show-completion")
    assert told.exit_code == 0, told.stderr
    assert f"complete_{shell}" in told.stdout


def test_the_words_are_those_of_the_library():
    assert list(complete.POLICIES) == list(POLICIES)
    for name, parameters in complete.POLICIES.items():
        assert list(parameters) == [one.name for one in POLICIES[name].parameters]


@pytest.mark.parametrize("name", ["geneva-as-happened", "april-2025", "textbook/tft-noise"])
def test_every_key_offered_can_be_set(name):
    paths = list(complete.key_paths(Scenario.load(name).tree.table))
    assert len(paths) == len(set(paths)) > 50
    assert all(entry_at(tuple(path.split("."))) or "policy" in path for path in paths)
    shown = {row.path for row in Scenario.load(name).entries()}
    free = (
        "sources",
        "ranges",
        "policy",
        "dependence.",
        "history",
        "programmes",
        "deals",
        "shocks",
    )
    assert {path for path in shown if not any(word in path for word in free)} <= {*paths}


def context(name: str) -> typer.Context:
    command = typer.main.get_command(app).commands["run"]
    return typer.Context(command, info_name="run")


def test_keys_follow_the_policy_and_the_names_of_the_scenario():
    run = context("run")
    run.args = ["geneva-as-happened"]
    offered = [key for key, _ in complete.settings(run, "")]
    assert "actors.cn.policy.k=" in offered
    assert "levers.cn.rare_earths.capacity=" in offered
    assert "shocks.madrid.date=" in offered


def test_after_the_equals_sign_come_the_words_allowed():
    run = context("run")
    run.args = ["geneva-2025"]
    offered = [word for word, _ in complete.settings(run, "actors.us.policy.name=gr")]
    assert offered == ["actors.us.policy.name=grim"]
    assert complete.settings(run, "levers.us.chips.control=l") == [
        ("levers.us.chips.control=licence", "")
    ]
    assert complete.settings(run, "actors.us.slip=") == []


def test_what_cannot_be_read_offers_what_is_always_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("broken.toml").write_text("= nonsense")
    run = context("run")
    for name in ("broken.toml", "nowhere", ""):
        run.args = [name] if name else []
        assert ("talks.relief=", "") in complete.settings(run, "talks.")


def test_files_and_result_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("geneva-mine.toml").write_text("")
    for folder in ("results/geneva-2025-01234567", "results/empty"):
        Path(folder).mkdir(parents=True)
    Path("results/geneva-2025-01234567/manifest.json").write_text("{}")
    assert ("geneva-mine.toml", "") in complete.scenario_names("geneva")
    assert {name for name, _ in complete.scenario_names("")} >= {one.name for one in list_shipped()}
    for typed in ("", "res", "results/", "results/gen"):
        assert complete.result_folders(typed) == [("results/geneva-2025-01234567", "")]
    assert complete.result_folders("elsewhere/") == []


def test_nothing_heavy_is_imported():
    program = (
        "import sys; from sim.cli import complete, main; complete.scenario_names('');"
        "complete.shown_names(''); complete.result_folders('');"
        "list(complete.key_paths(complete._table('geneva-2025')));"
        "print([m for m in ('numpy', 'pydantic', 'pandas', 'numba') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=SECONDS
    )
    assert found.stdout.strip() == "[]", found.stderr
