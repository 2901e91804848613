"""The progress bar: on a terminal runs done, rate and time left; elsewhere nothing."""

import io

import pytest
from rich.console import Console

from sim.cli import progress


@pytest.fixture
def screen(monkeypatch):
    """A terminal of 120 columns that is read afterwards."""
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    monkeypatch.setattr(progress, "Console", lambda stderr: console)
    return console.file


def test_a_terminal_sees_runs_rate_and_time_left(screen):
    with progress.RunProgress(1_000, weeks=26) as tell:
        tell(200)
        tell(700)
        tell.bar.refresh()
    shown = screen.getvalue()
    assert "700 of 1,000 runs" in shown
    assert "run-weeks/s" in shown
    assert "0:00:0" in shown


def test_it_says_what_comes_after_the_runs(screen):
    with progress.RunProgress(1_000, weeks=26) as tell:
        tell(1_000)
        tell.bar.refresh()
    assert "but-for shares" in screen.getvalue()


def test_with_until_the_number_is_a_limit(screen):
    with progress.RunProgress(1_000, weeks=26, at_most=True) as tell:
        tell(500)
        tell.bar.refresh()
    assert "500 of at most 1,000 runs" in screen.getvalue()


def test_elsewhere_it_is_silent(capsys):
    with progress.RunProgress(1_000, weeks=26) as tell:
        tell(1_000)
    assert capsys.readouterr() == ("", "")
