"""Whatever may run for more than a second shows on a terminal that it does."""

import io
import sys

import pytest
import typer

from sim.cli.main import app

#: How a bar or a spinner begins: the cursor is hidden while it turns.
TURNING = "\x1b[?25l"
TEXTBOOK = "textbook/tft-noise"
TWO = ("--us", "grim,tit_for_tat", "--cn", "grim,tit_for_tat")
FEW = ("--runs", "4", "--no-pictures")
STUDY = f"""# Does noise matter?
scenario = "{TEXTBOOK}"
runs = 2
seed = 3
[design]
kind = "grid"
[[factors]]
name = "slip"
path = "actors.us.slip"
values = [0.0, 0.2]
"""
LINES = {
    "run": ("run", TEXTBOOK, *FEW),
    "sweep": ("sweep", "study.toml", "--yes"),
    "compare": ("compare", TEXTBOOK, "--set", "actors.us.slip=.2", "--runs", "4"),
    "explain": ("explain", TEXTBOOK, "--find", "slip", "--runs", "20"),
    "tournament": ("games", "tournament", TEXTBOOK, *TWO, *FEW, "--resamples", "100"),
    "equilibria": ("games", "equilibria", TEXTBOOK, *TWO, *FEW[:2], "--resamples", "100"),
    "replicator": ("games", "replicator", TEXTBOOK, "--policies", "grim,tit_for_tat", *FEW),
    "response": ("games", "response", TEXTBOOK, "--states", "1", "--runs", "100", FEW[2]),
    "classify": ("games", "classify", TEXTBOOK),
}


class Screen(io.StringIO):
    """A terminal that is read afterwards."""

    def isatty(self):
        return True


#: Cheap enough for every day.
EVERYDAY = ("compare", "replicator")


@pytest.mark.parametrize(
    "kind", [one if one in EVERYDAY else pytest.param(one, marks=pytest.mark.slow) for one in LINES]
)
def test_a_command_that_takes_its_time_says_so(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.toml").write_text(STUDY)
    screen = Screen()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    code = typer.main.get_command(app).main([*LINES[kind]], standalone_mode=False)
    assert not code, screen.getvalue()
    assert TURNING in screen.getvalue(), screen.getvalue()
