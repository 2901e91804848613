"""One report, several renderers: nothing cut, nothing escaped wrongly, three plain lines first."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from sim.report.content import NAME, NUMBER, TEXT, Number, Report, Section, columns
from sim.report.numbers import (
    half_width_text,
    hundredths,
    of_hundred,
    percent,
    shift_text,
    with_interval,
)
from sim.report.terminal import least_width, page
from sim.report.text import csv, csv_frame, json_text, markdown

WORDS = "what was counted, in a sentence that is longer than any terminal is wide or ought to be"
TABLE = Section(
    "Shares",
    ("of `standing`",),
    columns(("outcome", NAME), "by the end of the term", ("is the share of runs with", TEXT)),
    (("`standing`", "0.350 (0.330 to 0.372)", WORDS), ("clean", "-", "not defined: no [truce]")),
)
REPORT = Report("A <b>title</b>", ("In 35 of 100.", "Give or take 2."), ("n = 10",), (TABLE,))


def shown(report: Report, width: int) -> str:
    file = io.StringIO()
    Console(file=file, width=width, highlight=False, markup=False).print(page(report))
    return file.getvalue()


@pytest.mark.parametrize("width", [20, 33, 40, 60, 61, 62, 80, 200])
def test_no_number_is_ever_cut_or_broken(width):
    text = shown(REPORT, width)
    assert "0.350 (0.330 to 0.372)" in text or width < 24  # narrower than it
    assert all(len(line.rstrip()) <= width for line in text.splitlines())
    assert "…" not in text
    assert " ".join(WORDS.split()[:3]) in " ".join(text.split())


LONG = st.text("abc ", min_size=1, max_size=24).map(lambda text: f"x{text}x")


@given(st.data(), st.integers(1, 9), st.integers(40, 160))
def test_no_cell_of_any_table_is_cut(data, count, width):
    """A narrow column beside a wide one, headings of several words, text at the end or not."""
    names = data.draw(st.lists(LONG, min_size=count, max_size=count))
    kinds = data.draw(
        st.lists(st.sampled_from([NAME, NUMBER, TEXT]), min_size=count, max_size=count)
    )
    heads = columns(*zip(names, kinds, strict=True))
    row = tuple(f"{place}.{'0' * data.draw(st.integers(1, 9))}" for place in range(count))
    told = shown(Report("T", ("L",), sections=(Section("S", columns=heads, rows=(row,)),)), width)
    assert all(cell in told for cell in row)
    assert all(len(line) <= width for line in told.splitlines())


def test_a_table_that_does_not_fit_gives_up_its_words_then_its_shape():
    wide = least_width(TABLE)
    assert "outcome" in shown(REPORT, wide)
    below = shown(REPORT, wide - 1)
    assert "outcome" in below
    assert "clean is not defined: no [truce]" in " ".join(below.split())
    assert "standing is the share of runs with what was counted" in " ".join(below.split())
    stacked = shown(REPORT, 30)
    assert "outcome" not in stacked
    assert "by the end of the term:" in stacked


def test_every_form_begins_with_the_title_and_two_plain_sentences():
    lines = ["A <b>title</b>", "In 35 of 100.", "Give or take 2."]
    assert shown(REPORT, 80).splitlines()[:3] == lines
    heading, *rest = MarkdownIt().parse(markdown(REPORT))[1::3]
    assert heading.content == r"A \<b\>title\</b\>"
    assert [part.content for part in rest[:2]] == ["**In 35 of 100.**", "Give or take 2."]


def test_names_are_code_in_markdown_and_plain_on_a_terminal():
    assert "| `standing` |" in markdown(REPORT)
    assert "`" not in shown(REPORT, 80)


def test_numbers_are_rows_of_a_csv_and_cells_where_there_are_none():
    assert list(csv_frame(REPORT)["text"]) == [row for cells in TABLE.rows for row in cells[1:]]
    told = Report("t", (), numbers=(Number("headline", "standing", 0.35, 0.3, 0.4, 100, 13),))
    assert csv(told).splitlines()[1] == "headline,standing,13,,100,0.35,0.3,0.4,"


def test_json_has_null_for_what_is_no_number():
    assert json.loads(json_text({"a": [float("nan"), float("inf"), 1.5]})) == {
        "a": [None, None, 1.5]
    }


def test_near_the_edges_an_interval_is_written_by_its_ends():
    assert half_width_text(0.85, 0.77, 0.91) == "±0.07"
    assert half_width_text(0.004, 0.002, 0.009) == "0.002 to 0.009"
    assert half_width_text(0.999, 0.994, 1.0) == "0.994 to 1.000"


def test_no_minus_before_what_rounds_to_nothing():
    assert with_interval(-0.0001, -0.01, 0.0, "+.3f") == "+0.000 (-0.010 to +0.000)"


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0, "0 of 100"),
        (0.001, "fewer than 1 of 100"),
        (0.005, "fewer than 1 of 100"),
        (0.5, "50 of 100"),
        (0.995, "more than 99 of 100"),
        (0.996, "more than 99 of 100"),
    ],
)
def test_shares_in_plain_words(p, words):
    assert of_hundred(p) == words


def test_a_share_is_rounded_the_same_way_in_all_its_forms():
    """Every thousandth: halves go to the even one, out of a hundred as in hundredths."""
    for thousandth in range(6, 995):
        p, (whole, rest) = thousandth / 1000, divmod(thousandth, 10)
        whole += rest > 5 or (rest == 5 and whole % 2 == 1)
        told = hundredths(p), percent(p), of_hundred(p)
        assert told == (f"{whole / 100:.2f}", str(whole), f"{whole} of 100")


def test_chance_below_one_of_a_hundred_is_not_said_to_be_one():
    assert [shift_text(half) for half in (0.0004, 0.0021, 0.006, 0.03)] == [
        "less than 1 of 100",
        "less than 1 of 100",
        "about 1 of 100",
        "about 3 of 100",
    ]
