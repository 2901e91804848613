"""Titles and cells of a user's own stay text, wherever they are put."""

import csv
import io

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sim.errors import printable
from sim.explain import tell, trace_run
from sim.explain.render import render
from sim.outcomes.page import result_report
from sim.outcomes.simulate import simulate
from sim.outcomes.summary import summary
from sim.report.text import markdown, markdown_text
from sim.scenario import Scenario
from sim.store.tables import UTF8_MARK, csv_text

LINES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)
NASTY = "x\n\n<script>alert(1)</script> [click](javascript:alert(1))\n# Second \x1b[2J\x1b[31mred"


@given(LINES)
def test_markdown_shows_the_text_and_nothing_else(text):
    heading, inline, closing = MarkdownIt().parse(f"# title {markdown_text(text)} end")
    assert (heading.tag, closing.tag) == ("h1", "h1")
    assert all(part.type in ("text", "text_special") for part in inline.children)
    assert "".join(part.content for part in inline.children) == f"title {text} end"


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=20), min_size=1))
def test_no_cell_of_text_begins_a_formula_and_numbers_stay(cells):
    frame = pd.DataFrame({"text": cells, "number": [-1.5] * len(cells)})
    rows = list(csv.DictReader(io.StringIO(csv_text(frame).removeprefix(UTF8_MARK), newline="")))
    for row, cell in zip(rows, cells, strict=True):
        assert row["text"][:1] not in ("=", "+", "-", "@", "\t", "\r")
        assert row["text"] in (printable(cell), f"'{printable(cell)}")
        assert row["number"] == "-1.5"


def test_a_title_cannot_write_into_the_page_the_story_or_the_terminal():
    scenario = Scenario.load("textbook/tft-noise").override({"title": NASTY})
    assert scenario.title.isprintable()
    page = markdown(result_report(summary(simulate(scenario, runs=50))))
    story = render(tell(trace_run(scenario, 1, 0), (1, 3)), "markdown", None)
    for text in (page, story):
        html = MarkdownIt("commonmark", {"html": True}).render(text)
        assert html.count("<h1>") == 1
        assert "<script" not in html
        assert "href" not in html
        assert "\x1b" not in text


def test_spreadsheets_know_the_encoding_and_see_whole_weeks():
    frame = pd.DataFrame({"first_talks_week": [4.0, np.nan], "share": [1.0, 0.5], "t": ["±", "-"]})
    assert csv_text(frame) == "\ufefffirst_talks_week,share,t\n4,1.0,±\n,0.5,'-\n"
    assert csv_text(frame, header=False).startswith("4,")
    assert pd.read_csv(io.StringIO(csv_text(frame))).columns[0] == "first_talks_week"
