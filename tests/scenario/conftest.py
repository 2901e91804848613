"""Small scenario files in a folder of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.scenario import Problem, Scenario, ScenarioError

WORLD = """\
title = "A small world"
start = 2025-05-12
weeks = 26

[truce]
term_weeks = 13
core = ["us.tariffs"]
rupture_rung = 2

[actors.us]
policy = { name = "generous_tit_for_tat", generosity = 0.3 }

[levers.us.tariffs]
control = "tariff"
notches = 2
level = 1

[levers.us.chips]
notches = 4
level = 2
floor = 1

[levers.cn.rare_earths]
control = "licence"
notches = 2
level = 2
obligation = 0
due_weeks = 3
scope = "global"

[allies.eu]
lever = "us.chips"
coverage = 0.2
dependence = { "cn.rare_earths" = 0.9 }

[[shocks]]
name = "guidance"
date = 2025-05-12
lever = "us.chips"
change = 1

[sources]
"levers.*.*.level" = "the eve"
"levers.us.chips.level" = "H20 stopped"
"""

SHOCK = "[['+shocks']]\nname = 'new'\n"
DEAL = "[[deals]]\nname = 'swap'\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a file of the test's folder, which is also the current one."""
    monkeypatch.chdir(tmp_path)

    def writer(text: str, name: str = "world.toml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return writer


@pytest.fixture
def world(write: Write) -> Scenario:
    return Scenario.load(write(WORLD))


@pytest.fixture
def child(write: Write) -> Callable[[str], Path]:
    """Writes the small world and a file that extends it."""

    def writer(text: str) -> Path:
        write(WORLD)
        return write('extends = "world.toml"\n' + text, "child.toml")

    return writer


@pytest.fixture
def problems(child: Callable[[str], Path]) -> Callable[[str], list[Problem]]:
    """The problems of a file that extends the small world."""

    def of(text: str) -> list[Problem]:
        with pytest.raises(ScenarioError) as error:
            Scenario.load(child(text))
        return error.value.problems

    return of


class Wrong(NamedTuple):
    """A text in a child of the small world, and the one problem of it; `line` None: elsewhere."""

    text: str
    path: str
    line: int | None
    found: str = ""
    allowed: str = ""
    nearest: str | None = None

    def says(self, found: str, allowed: str, nearest: str | None = None) -> "Wrong":
        """With words of what was found and of what is allowed, and the nearest name."""
        return self._replace(found=found, allowed=allowed, nearest=nearest)

    def check(self, problems: Callable[[str], list[Problem]]) -> None:
        """That the text gives this problem."""
        (problem,) = problems(self.text)
        assert problem.path == self.path
        if self.line is not None:
            assert (problem.file, problem.line) == ("child.toml", self.line)
        assert self.found in problem.found
        assert self.allowed in problem.allowed
        assert problem.nearest == self.nearest
