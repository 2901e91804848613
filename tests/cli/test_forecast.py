"""`detente odds` and `detente fit`, and the page on forecasts."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from sim.forecast.store import load_odds
from sim.plots import style
from sim.plots.curves import place
from sim.report.pictures import ODDS, draw

SMALL = ("--particles", "400", "--runs", "400", "--seed", "1", "--anyway")


def test_one_day(detente, tmp_path):
    printed = detente("odds", "geneva-2025", "--as-of", "2025-06-29", *SMALL, "--no-pictures")
    assert printed.exit_code == 0, printed.output
    assert "as shipped (judgement)" in printed.output
    assert "from what was known on 2025-06-29" in " ".join(printed.output.split())
    (folder,) = (tmp_path / "results").iterdir()
    rows = (folder / "odds.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("as_of,weeks_over,outcome,at,week,day,p,low,high")
    assert all(row.startswith("2025-06-29,7,") for row in rows[1:])
    facts = (folder / "facts.csv").read_text(encoding="utf-8")
    assert "2025-06-27" in facts
    assert "2025-07" not in facts
    drawn = detente("plot", str(folder))
    assert drawn.exit_code == 0, drawn.output
    assert (folder / "figures" / "odds.png").stat().st_size > 10_000
    chances = draw(ODDS, "odds", load_odds(folder)).axes[0]
    headline = [row for row in rows if ",standing," in row and row.endswith(",asked")]
    days = [date.fromisoformat(row.split(",")[5]) for row in headline]
    bars = chances.containers[0]
    assert bars.get_label() == "as shipped"
    assert bars.lines[0].get_xdata().tolist() == [place(day) for day in days]
    rivals = [line for line in chances.lines if line.get_color() == style.GREY]
    assert {"coin flips", "base rate"} <= {line.get_label() for line in rivals}
    assert len({line.get_marker() for line in rivals}) == len(rivals) == 5
    spoiled = folder / "odds.csv"
    spoiled.write_text(spoiled.read_text(encoding="utf-8") + "x\n", encoding="utf-8")
    assert "damaged" in detente("plot", str(folder)).output


@pytest.mark.slow
def test_every_week_and_the_same_numbers_again(detente):
    told = []
    for _ in range(2):
        printed = detente(
            "odds", "geneva-2025", "--every", "week", "--as-of", "2025-05-18", *SMALL, "--json"
        )
        assert printed.exit_code == 0, printed.output
        told.append(json.loads(printed.stdout))
    assert told[0] == told[1]
    days = dict.fromkeys(row["as_of"] for row in told[0]["odds"])
    assert list(days) == ["2025-05-12", "2025-05-18"]
    assert all(0 <= row["low"] <= row["p"] <= row["high"] <= 1 for row in told[0]["odds"])


def test_all_mistakes_at_once(detente):
    refused = detente(
        "odds", "geneva-2025", "--as-of", "june", "--every", "weak", "--tolerance", "0"
    )
    assert refused.exit_code == 2
    for words in ("--as-of", "a day, as 2025-10-09", "did you mean week?", "a factor above 0"):
        assert words in refused.output


def test_what_cannot_be_told(detente, tmp_path):
    for options, words in (
        (("geneva-2025", "--as-of", "2025-05-01"), "the start of geneva-2025"),
        (("geneva-2025", "--as-of", "2026-05-01"), "to 2025-12-31, the end of the record"),
        (
            ("geneva-2025", "--as-of", "2027-05-01", "--set", "start=2027-01-04"),
            "geneva-2025, 26 weeks from 2027-01-04",
        ),
        (("textbook/tft-noise",), "levers of the record"),
        (("geneva-2025", "--as-of", "2025-06-29", "--particles", "40"), "effective sample"),
    ):
        refused = detente("odds", *options, "--no-pictures")
        assert refused.exit_code == 2
        assert words in refused.output
        assert "forecast: " not in refused.output
    assert not (tmp_path / "results").exists()


SMALL_FIT = (
    "--as-of",
    "2025-06-15",
    "--points",
    "8",
    "--stages",
    "2",
    "--moves",
    "1",
    "--copies",
    "10",
)
TREE = Path(__file__).resolve().parents[2]


def test_a_small_fit(detente, tmp_path):
    printed = detente("fit", "geneva-2025", *SMALL_FIT)
    assert printed.exit_code == 0, printed.output
    told = " ".join(printed.output.split())
    assert "24 evaluations of" in told
    assert "stage 2 of 2" in told
    assert "The record says nothing about" in told
    (folder,) = (tmp_path / "results").iterdir()
    names = {path.name for path in folder.iterdir()}
    assert {"settings.csv", "points.csv", "truces.csv", "plan.json", "manifest.json"} <= names
    assert (folder / "figures" / "fit.png").stat().st_size > 5_000
    drawn = detente("plot", folder.name, "--format", "svg")
    assert drawn.exit_code == 0, drawn.output
    assert (folder / "figures" / "fit.svg").is_file()
    again = detente("fit", "geneva-2025", *SMALL_FIT, "--json", "--no-pictures")
    assert json.loads(again.stdout)["until"] == "2025-06-15"


def test_what_is_refused(detente, tmp_path):
    for words, said in (
        (("geneva-2025", "geneva-2025"), "each truce once"),
        (("geneva-2025", "--as-of", "2025-05-13"), "a day after the first week"),
        (("geneva-2025", "--as-of", "may", "--points", "0"), "--points"),
        (("geneva-2024",), "geneva-2025"),
        (("geneva-2025", "--workers", "2", "--threads", "2"), "one of them: threads, processes"),
        (("geneva-2025", "--cluster", "tcp://127.0.0.1:9"), "no scheduler answers"),
    ):
        refused = detente("fit", *words)
        assert refused.exit_code == 2
        assert said in refused.output
    assert not (tmp_path / "results").exists()


@pytest.mark.slow
def test_killed_and_gone_on_with(tmp_path):
    """kill -9 after the first stage that is kept, then --resume on processes: the same bytes."""
    words = [sys.executable, "-m", "sim", "fit", "geneva-2025", *SMALL_FIT[:2], "--no-pictures"]
    words += ["--points", "16", "--stages", "5", "--moves", "1", "--copies", "20"]
    env = {**os.environ, "PYTHONPATH": str(TREE)}

    def fit(out, *more):
        return subprocess.Popen(
            [*words, "--out", str(tmp_path / out), *more], env=env, cwd=tmp_path
        )

    assert fit("whole").wait(timeout=120) == 0
    killed = fit("killed")
    deadline = time.monotonic() + 100
    while not list((tmp_path / "killed").glob("*/cloud.npz")) and time.monotonic() < deadline:
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=20)
    assert fit("killed", "--resume", "--workers", "2").wait(timeout=120) == 0
    (one,), (two,) = (list((tmp_path / out).iterdir()) for out in ("whole", "killed"))
    for name in ("settings.csv", "points.csv", "truces.csv", "cloud.npz"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-forecast.md"
TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^detente (.*)$", TEXT, re.MULTILINE)


@pytest.mark.slow
def test_the_commands_of_the_page_run(detente, tmp_path):
    for line in COMMANDS:
        words = []
        for word in shlex.split(line):
            found = [str(path) for path in tmp_path.glob(word)] if "*" in word else [word]
            assert len(found) == 1, word
            words += found
        printed = detente(*words)
        assert printed.exit_code == 0, printed.output
    assert "fitted to the record up to 2025-10-08" in printed.output


def test_the_python_of_the_page(capsys):
    (code,) = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    exec(compile(code, str(PAGE), "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(
        re.match(r"0\.\d{3} \(0\.\d{3} to [01]\.\d{3}, n = [\d,]+\)", line) for line in lines
    )
