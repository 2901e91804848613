"""Writes into howto-explain.md what the command shown there prints now.

    python docs/make_stories.py

The block below each `detente explain ...` line of the page is replaced; a test compares them.
"""

import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from sim.cli.main import app

PAGE = Path(__file__).resolve().parent / "howto-explain.md"
#: A command in a block of its own, then what it prints in the next one.
SHOWN = re.compile(
    r"(```sh\ndetente (?P<command>explain [^\n]*)\n```\n+)```text\n.*?```", re.DOTALL
)


def printed(command: str) -> str:
    """What a command prints."""
    return CliRunner().invoke(app, shlex.split(command), catch_exceptions=False).stdout


def renewed(text: str) -> str:
    """The page with every output as it should be now."""
    return SHOWN.sub(
        lambda shown: f"{shown[1]}```text\n{printed(shown['command'])}```",
        text,
    )


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
