"""The program in the page on play runs, sits in one chair, and prints what the page says."""

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto-play.md"
SHOWN = re.compile(r"```python\n(.*?)```\n+```text\n(.*?)```", re.DOTALL)


def test_a_ten_line_program_sits_in_a_chair():
    found = SHOWN.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    program, said = found.groups()
    assert len([line for line in program.splitlines() if line.strip()]) <= 10
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, str(PAGE), "exec"), {})
    assert printed.getvalue() == said
