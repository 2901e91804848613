"""The numbers of docs/howto-games.md are those that its commands print now."""

import re
import shlex
import tomllib

import pytest

from sim.scenario import Scenario
from tests.docs.test_pages import ROOT

PAGE = (ROOT / "docs" / "howto-games.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```sh\n(detente [^`]*)\n```\n\n```text\n(.*?)```", PAGE, re.S)
TOURNAMENT = "detente games geneva-tournament tournament"
#: What the section on Geneva rests on.
ASKED = ("", " --utility standing")
ESTIMATE = re.compile(r"-?\d+\.\d+ \(-?\d+\.\d+ to -?\d+\.\d+\)")

pytestmark = pytest.mark.pages


def printed(detente, typed: str) -> str:
    done = detente(*shlex.split(typed)[1:])
    assert done.exit_code == 0, done.stderr
    return done.stdout


def words(text: str) -> list[str]:
    """Lines as words, however wide their columns are; without rules and what was left out."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line and line.strip("─ .")]


@pytest.mark.parametrize("typed", [*(typed for typed, _ in SHOWN), TOURNAMENT])
def test_every_line_of_the_page_is_printed(detente, monkeypatch, typed):
    monkeypatch.setenv("COLUMNS", "120")
    texts = dict(SHOWN)
    text = texts.get(typed) or re.search(r"```text\n(8 x 8 pairs.*?)```", PAGE, re.S).group(1)
    there = words(printed(detente, typed))
    assert [line for line in words(text) if line not in there] == []


def test_every_estimate_of_geneva_is_printed(detente, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    text = PAGE.split("### What Geneva's game says")[1].split("How much temptation")[0]
    estimates = set(ESTIMATE.findall(" ".join(text.split())))
    assert len(estimates) >= 10
    there = " ".join(printed(detente, f"detente games geneva-2025 equilibria{a}") for a in ASKED)
    assert {each for each in estimates if each not in " ".join(there.split())} == set()


def test_the_policies_as_shipped_are_those_of_the_scenario():
    actors = Scenario.load("geneva-2025").to_table()["actors"]
    experiment = tomllib.loads((ROOT / "experiments" / "geneva-tournament.toml").read_text())
    for factor in experiment["factors"]:
        choice = factor["choices"]["as_shipped"]
        assert choice == {key: actors[factor["name"]]["policy"][key] for key in choice}
