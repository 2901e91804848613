"""The page on forecasts: its commands run as they stand, and its Python prints chances."""

import re
import shlex
from pathlib import Path

import pytest

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
