"""`detente report` of a folder of another kind, and with the sliders above it."""

import pytest

from sim.web.mailing import mailed


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
def test_odds(detente, tmp_path):
    done = detente(
        *("odds", "geneva-2025", "--particles", "400", "--runs", "400", "--anyway"),
        *("--no-pictures", "--out", "."),
    )
    assert done.exit_code == 0, done.stderr
    told = mailed(next(tmp_path.glob("geneva-2025-odds-*")))
    assert told.sections[0].title == "Odds, day by day"
    assert told.sections[1].code.startswith("detente odds")
    assert "standing" in [row[1] for row in told.sections[0].rows]
