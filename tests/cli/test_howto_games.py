"""The output on the pages on games is what their commands print now, and so are the numbers."""

import re
import shlex
import tomllib

import pytest

from sim.scenario import Scenario
from tests.docs.test_pages import ROOT

GAMES, RESPONSE, CLASS = (
    (ROOT / "docs" / f"howto-{name}.md").read_text(encoding="utf-8")
    for name in ("games", "best-response", "classify")
)
TOURNAMENT = "detente games geneva-tournament tournament"
SIDES = [
    f"detente games geneva-2025 response --side {side} --states 2 --runs 4000"
    for side in ("us", "cn")
]
BLOCK = r"```\n\n```text\n(.*?)```"
#: What is typed, and what a page shows of its output.
SHOWN = [
    *re.findall(r"```sh\n(detente [^`\n]*)\n" + BLOCK, GAMES + CLASS, re.S),
    (TOURNAMENT, re.findall(r"```text\n(8 x 8 pairs.*?)```", GAMES, re.S)[0]),
    (SIDES[0], re.findall(BLOCK, RESPONSE, re.S)[0]),
]
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


@pytest.mark.parametrize(("typed", "text"), SHOWN)
def test_every_line_of_the_page_is_printed(detente, monkeypatch, typed, text):
    monkeypatch.setenv("COLUMNS", "120")
    there = words(printed(detente, typed))
    assert [line for line in words(text) if line not in there] == []


def test_every_number_of_the_best_responses_is_printed(detente):
    estimates = set(ESTIMATE.findall(RESPONSE))
    assert len(estimates) >= 10
    there = " ".join(printed(detente, typed) for typed in SIDES)
    assert {each for each in estimates if each not in there} == set()


def test_every_estimate_of_geneva_is_printed(detente, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    text = GAMES.split("### What Geneva's game says")[1].split("How much temptation")[0]
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
