"""Nothing in a table is cut: stacked where a terminal is too narrow, whole where there is none."""

import re

import pytest
from rich.console import Console

from sim.cli.telling import out
from sim.report.content import NAME, Section, columns
from sim.report.terminal import section

NUMBERS = ("-0.123456", "1,234,567.89", "0.061 (0.049 to 0.078)")
POLICY = "contrite_generous_tit_for_tat"


def table():
    heads = columns(("policy", NAME), "harm", "runs", "share (95 %)")
    return section(Section("What came out", (), heads, ((POLICY, *NUMBERS),), ("all of them",)))


def printed(width, boundless=False):
    console = Console(width=width, color_system=None, highlight=False)
    console.boundless = boundless
    with console.capture() as captured:
        console.print(*table(), crop=not boundless)
    return captured.get()


@pytest.mark.parametrize("width", [20, 40, 60, 79, 120])
def test_no_number_and_no_name_is_cut_at_any_width(width):
    text = printed(width)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    joined = re.sub(r"\s+", "", text)
    for whole in (POLICY, *NUMBERS, "all of them", "What came out"):
        assert re.sub(r"\s+", "", whole) in joined


def test_what_fits_is_a_table_and_what_does_not_is_stacked():
    wide, narrow = printed(100), printed(60)
    assert f"{POLICY}   {NUMBERS[0]}   {NUMBERS[1]}   {NUMBERS[2]}" in wide
    assert f"{POLICY}\n" in narrow
    assert f"  share (95 %): {NUMBERS[2]}\n" in narrow


def test_where_there_is_no_terminal_it_is_as_wide_as_it_needs_to_be():
    assert f"{POLICY}   {NUMBERS[0]}   {NUMBERS[1]}   {NUMBERS[2]}" in printed(30, boundless=True)


def test_a_file_has_no_width_and_a_terminal_has(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert out().boundless
    monkeypatch.setenv("COLUMNS", "80")
    assert not out().boundless


SHOWN = [("show",), ("show", "geneva-2025"), ("show", "generous_tit_for_tat")]


@pytest.mark.usefixtures("coarse_borders")
@pytest.mark.parametrize(
    ("words", "columns"),
    [
        *((words, columns) for words in SHOWN for columns in ("60", None)),
        *(
            pytest.param(words, columns, marks=pytest.mark.slow)
            for words in SHOWN
            for columns in ("0", "80")
        ),
        (("games", "geneva-2025", "classify", "--years", "1"), "60"),
    ],
)
def test_commands_cut_nothing(detente, monkeypatch, words, columns):
    monkeypatch.setenv("COLUMNS", columns) if columns else monkeypatch.delenv("COLUMNS", False)
    told = detente(*words)
    assert told.exit_code == 0
    assert told.stdout.strip()
    assert "…" not in told.stdout
