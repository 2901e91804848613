"""The page on things of one's own: its file does what it says, and the page shows that file."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, FILE = DOCS / "howto-extend.md", DOCS / "extension.py"
SETTINGS = (
    *("--set", "actors.us.policy.name=forgiving_grim", "--set", "actors.us.policy.mercy=0.3"),
    *("--set", 'actors.cn.policy={ name = "tit_for_tat", sensor = "squeezed", threshold = 0.2 }'),
)


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
    assert len(blocks) == text.count("register(Po") + text.count("register(\n") + 3
    assert all(block in text for block in blocks)


def test_its_policy_is_played(ran):
    folder, _ = ran
    policy = json.loads((folder / "manifest.json").read_text("utf-8"))["scenario"]["actors"]["us"]
    assert policy["policy"] == {"name": "forgiving_grim", "mercy": 0.3}


def test_its_outcome_is_counted(ran):
    folder, page = ran
    calm = page["outcomes"][-1]
    assert (calm["outcome"], calm["horizon"]["n"]) == ("calm", 40)
    assert "no week of both at rung 2 or above" in (folder / "summary.md").read_text("utf-8")
    exported = detente(folder.parent, "export", folder.name, "--csv")
    assert exported.returncode == 0, exported.stderr
    assert "\n0,calm,26," in (folder / "csv" / "outcomes.csv").read_text("utf-8")


def test_its_sensor_is_read(ran):
    folder, _ = ran
    policy = json.loads((folder / "manifest.json").read_text("utf-8"))["scenario"]["actors"]["cn"]
    assert policy["policy"]["sensor"] == "squeezed"


@pytest.mark.slow
def test_its_names_are_suggested_and_what_lacks_them_says_so(ran):
    folder, _ = ran
    near = ("--set", 'actors.cn.policy={ name = "grim", sensor = "squeezd", threshold = 1 }')
    refused = detente(folder, "run", "geneva-2025", "--runs", "1", *near)
    assert refused.returncode == 2
    assert "did you mean squeezed?" in refused.stderr
    command = [sys.executable, "-m", "sim", "plot", str(folder)]
    without = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert without.returncode == 2
    assert "squeezed" in without.stderr


SWEEP = """
scenario = "geneva-2025"
runs = 30
seed = 7
design = "grid"
keep = ["runs"]

[[factors]]
name = "us"
path = "actors.us.policy"
choices = { mild = { name = "forgiving_grim" }, grim = { name = "grim" } }

[[factors]]
name = "cn"
path = "actors.cn.policy"
choices = { tit_for_tat = { name = "tit_for_tat" }, grim = { name = "grim" } }
"""


@pytest.mark.slow
def test_studies_comparisons_and_tournaments_read_its_outcome(tmp_path):
    (tmp_path / "calm.toml").write_text(SWEEP)
    swept = detente(tmp_path, "sweep", "calm.toml", "--workers", "2")
    assert swept.returncode == 0, swept.stderr
    (study,) = (tmp_path / "results").iterdir()
    drawn = detente(tmp_path, "plot", str(study), "--outcome", "calm", "--format", "svg")
    assert drawn.returncode == 0, drawn.stderr
    assert "calm" in drawn.stdout
    compared = detente(
        tmp_path, "compare", "geneva-2025", "--set", "actors.us.slip=0", "--runs", "50", "--json"
    )
    assert compared.returncode == 0, compared.stderr
    assert '"calm"' in compared.stdout
    played = detente(
        *(tmp_path, "games", "calm.toml", "tournament", "--utility", "calm", "--resamples", "100"),
        "--json",
    )
    assert played.returncode == 0, played.stderr
    assert '"calm"' in played.stdout


def test_its_picture_is_drawn(ran):
    folder, _ = ran
    assert [file.name for file in (folder / "figures").iterdir()] == ["loss.png"]
