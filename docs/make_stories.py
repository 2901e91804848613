"""Writes into the pages on stories, pairs and games what the commands shown there print now.

    python docs/make_stories.py

The block below each `detente explain ...`, `compare ...` or `games ...` line is replaced; a test
compares them.
"""

import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from sim.cli.main import app

PAGES = [
    Path(__file__).resolve().parent / f"{name}.md"
    for name in ("howto-explain", "howto-compare", "howto-classify", "stories")
]
WIDTH = "120"
#: A command in a block of its own, then what it prints in the next one.
SHOWN = re.compile(
    r"(```sh\ndetente (?P<command>(?:explain|compare|games) [^\n]*)\n```\n+)```text\n.*?```",
    re.DOTALL,
)


def printed(command: str) -> str:
    """What a command prints, without the spaces at the ends of lines."""
    call = CliRunner(env={"COLUMNS": WIDTH})
    text = call.invoke(app, shlex.split(command), catch_exceptions=False).stdout
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def renewed(text: str) -> str:
    """The page with every output as it should be now."""
    return SHOWN.sub(
        lambda shown: f"{shown[1]}```text\n{printed(shown['command'])}```",
        text,
    )


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
