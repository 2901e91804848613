"""The page on things of one's own: its file does what it says, and the page shows that file."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, FILE = DOCS / "howto-extend.md", DOCS / "extension.py"
SETTINGS = ("--set", "actors.us.policy.name=forgiving_grim", "--set", "actors.us.policy.mercy=0.3")


def detente(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command with the page's extension."""
    command = [sys.executable, "-m", "sim", "--extension", str(FILE), *words]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, cwd=folder
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A small result with all that the file brings: its folder, and what was printed."""
    folder = tmp_path_factory.mktemp("extended")
    words = ("run", "geneva-2025", "--runs", "40", "--ranges", "off", "--json")
    done = detente(folder, *words, *SETTINGS, "--pictures", "loss")
    assert done.returncode == 0, done.stderr
    (made,) = (folder / "results").iterdir()
    return made, json.loads(done.stdout)


def test_the_page_shows_the_file_as_it_is():
    text = FILE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    assert len(blocks) == text.count("register(")
    assert all(block in text for block in blocks)


def test_its_policy_is_played(ran):
    folder, _ = ran
    policy = json.loads((folder / "manifest.json").read_text("utf-8"))["scenario"]["actors"]["us"]
    assert policy["policy"] == {"name": "forgiving_grim", "mercy": 0.3}


def test_its_picture_is_drawn(ran):
    folder, _ = ran
    assert [file.name for file in (folder / "figures").iterdir()] == ["loss.png"]
