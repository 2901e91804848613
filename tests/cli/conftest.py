"""Commands called in this process, with what they print on both streams."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sim.cli.main import app

Detente = Callable[..., Result]


@pytest.fixture
def detente(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Detente:
    """`detente("run", "geneva-2025")` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    return call
