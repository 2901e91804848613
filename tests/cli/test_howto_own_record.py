"""The page on a record of one's own: its lines make a record that passes, without one it fails."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-own-record.md"
LINES = re.compile(r"^```csv\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_lines_of_the_page_make_a_record_that_is_read(detente, tmp_path):
    event, move = LINES.findall(PAGE.read_text(encoding="utf-8"))
    assert detente("record", "new", "my-record").exit_code == 0
    with (tmp_path / "my-record" / "events.csv").open("a", encoding="utf-8") as file:
        file.write(event)
    forgotten = detente("record", "check", "my-record")
    assert forgotten.exit_code == 2
    assert "2026-01-09-entity-24-us is not coded" in forgotten.output
    with (tmp_path / "my-record" / "moves.csv").open("a", encoding="utf-8") as file:
        file.write(move)
    checked = detente("record", "check", "my-record")
    assert checked.exit_code == 0, checked.output
    told = ("backtest", "busan-2025", "--runs", "20", "--record", "my-record")
    assert "busan-2025: 10 weeks from 2025-10-30" in detente(*told).output
