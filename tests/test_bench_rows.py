"""A row of the table of benchmarks: what was measured, and whether the median meets the aim."""

import pytest

from benchmarks.rows import Row, machine, markdown, ratios


@pytest.mark.parametrize(
    ("most", "least", "aim", "met"),
    [
        (0.4, None, "at most 0.4 x", "no"),
        (0.5, None, "at most 0.5 x", "yes"),
        (None, 0.5, "at least 0.5 x", "yes"),
        (None, 0.6, "at least 0.6 x", "no"),
        (None, None, "", ""),
    ],
)
def test_the_median_decides_whether_an_aim_is_met(most, least, aim, met):
    row = Row("run", ratios([1.0, 9.0, 2.0], [2.0, 10.0, 4.0]), most=most, least=least)
    assert (row.aim, row.met) == (aim, met)
    assert row.cells[:3] == ("run", "0.5 x", "0.5 to 0.9 (3)")


def test_the_table_is_markdown_and_names_the_machine():
    lines = list(markdown([Row("one", [1.0], "s")]))
    assert lines == [
        "| what | median | least to most | aim | met |",
        "|---|---|---|---|---|",
        "| one | 1 s | 1 to 1 (1) |  |  |",
    ]
    assert " cores, " in machine()
