"""Commands called in this process, with what they print on both streams."""

from collections.abc import Callable
from functools import cache, partial
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sim.cli.main import app
from sim.outcomes.spread import outer_loop

Detente = Callable[..., Result]


@cache
def installed(group: str) -> object:
    """What the installed packages register: read once, not by every command."""
    return entry_points(group=group)


@pytest.fixture(autouse=True)
def few_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough of the outer loop to be told of it: what it gives is tested in tests/outcomes."""
    monkeypatch.setattr("sim.outcomes.simulate.outer_loop", partial(outer_loop, points=5, runs=10))
    monkeypatch.setattr("sim.extensions.entry_points", installed)


@pytest.fixture(autouse=True)
def few_pixels(coarse_pictures: None) -> None:
    """How pictures look is tested in tests/plots."""


@pytest.fixture(autouse=True)
def few_generations(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A short search for a memory-one machine: what it finds is tested in tests/games.

    Not where a page says what the whole one finds.
    """
    if request.node.get_closest_marker("pages"):
        return
    monkeypatch.setattr("sim.games.searches.GENERATIONS", 2)
    monkeypatch.setattr("sim.games.searches.POLISHING", 10)


@pytest.fixture
def detente(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Detente:
    """`detente("run", "geneva-2025")` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    return call
