"""`detente report` of a folder of another kind, and with the sliders above it."""

import pytest

from sim.scenario import Scenario
from sim.web.mailed import mailed


def test_live_is_the_explorer_with_the_report_below(detente, tmp_path):
    detente("run", "textbook/quiet", "--runs", "100", "--no-pictures", "--out", ".")
    folder = next(tmp_path.glob("quiet-*"))
    done = detente("report", str(folder), "--live", "--out", "live.html")
    assert done.exit_code == 0
    text = (tmp_path / "live.html").read_text(encoding="utf-8")
    assert "How this number was built" in text
    assert 'id="settings"' in text
    assert "img-src data:" in text
    assert len(text) < 1_000_000
    refused = detente("report", str(folder), "--live", "--out", "live.md")
    assert (refused.exit_code, (tmp_path / "live.md").exists()) == (2, False)
    assert "--live" in refused.stderr


@pytest.mark.slow
def test_odds(detente, tmp_path, monkeypatch):
    words = ("odds", "geneva-2025", "--particles", "400", "--runs", "400", "--anyway")
    monkeypatch.setattr("sys.argv", ["detente", *words])
    done = detente(*words, "--no-pictures", "--out", ".")
    assert done.exit_code == 0, done.stderr
    told = mailed(next(tmp_path.glob("geneva-2025-odds-*")))
    chances, picture, *others, made = told.sections
    assert chances.title.startswith("Odds as of 2025-11-09")
    assert "standing" in [row[0] for row in chances.rows]
    assert [figure.name for figure in picture.figures] == ["odds"]
    assert [each.title.split(" ")[0] for each in others] == ["Rivals", "Every"]
    assert made.code == f"detente {' '.join(words)}"
    facts = dict(made.rows)
    assert Scenario.load("geneva-2025").hash in facts["scenario"]
    assert facts["seed, copies, runs"] == "2025, 400, 400"
