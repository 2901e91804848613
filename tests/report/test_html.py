"""Reports as HTML, in a notebook too: what users wrote is text, nothing runs or is asked."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.explain import tell, trace_run
from sim.outcomes.simulate import simulate
from sim.report.content import (
    NAME,
    NUMBER,
    TEXT,
    Column,
    Download,
    Figure,
    Report,
    Section,
    columns,
)
from sim.report.html import fragment, page
from sim.report.text import WRITERS, report_of
from sim.scenario import Scenario
from sim.studies.pairs import compare
from sim.studies.study import load_study
from tests.outcomes.tallies import small
from tests.studies.experiments import GRID, experiment, finished

ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "h3"),
    *("section", "details", "summary", "p", "ul", "li", "div", "table", "thead", "tbody", "tr"),
    *("th", "td", "figure", "figcaption", "img", "pre", "code", "a", "wbr"),
}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "`<b>`",
    "javascript:alert(1)",
]


class Reader(HTMLParser):
    """What a browser would see: the tags, their attributes, and all text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)


def everywhere(text: str) -> Report:
    """A report with the same text in every place where there can be one."""
    kinds = tuple(Column(text, kind) for kind in (NAME, NUMBER, TEXT))
    figure = Figure(text, text, "data:image/png;base64,AAAA")
    file = Download(text, "application/json", text)
    parts = {"words": (text,), "columns": kinds, "rows": ((text,) * 3,), "notes": (text,)}
    full = Section(text, **parts, figures=(figure,), code=text, downloads=(file,))
    return Report(text, (text,), (text,), (full, Section(text, (text,), listed=True, folded=True)))


def check_harmless(text: str) -> Reader:
    seen = Reader(text)
    assert seen.tags <= ALLOWED
    for name, value in seen.attributes:
        assert not name.startswith("on")
        assert name != "style"
        if name in ("src", "href"):
            assert value.startswith("data:")
    return seen


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", [page, fragment])
def test_what_users_wrote_is_shown_and_does_nothing(form, text):
    seen = check_harmless(form(everywhere(text)))
    assert sum(text.replace("`", "") in told.replace("`", "") for told in seen.texts) >= 8


@given(st.text(st.characters(exclude_categories=("C",)), max_size=30))
def test_no_text_at_all_escapes(text):
    check_harmless(page(everywhere(text)))


def test_the_page_lets_in_nothing_but_its_own_style_and_pictures():
    text = page(Report("t", ("a",)))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in policy
    assert "default-src &#39;none&#39;" in policy
    assert "script-src" not in policy
    assert "://" not in text
    assert "url(" not in text
    assert "@import" not in text


def test_downloads_are_inside():
    file = Download("a.json", "application/json", '{"ü": 1}')
    text = page(Report("t", (), sections=(Section("s", downloads=(file,)),)))
    held = re.search(r'download="a.json" href="data:application/json;base64,([^"]*)"', text)[1]
    assert base64.b64decode(held).decode() == '{"ü": 1}'


def test_a_fragment_leaves_details_out_and_a_page_does_not():
    told = Report("t", ("lead",), sections=(Section("detail", detail=True), Section("other")))
    assert "detail<" in page(told)
    assert "detail<" not in fragment(told)
    assert "other<" in fragment(told)


def test_a_long_name_in_a_column_of_text_may_break_between_its_parts_only():
    cells = (("`actors.us.policy`", "of model.md, .5 or 0.62 <b.c_d>"),)
    section = Section("s", rows=cells, columns=columns(("setting", TEXT), ("value", TEXT)))
    written = page(Report("t", (), sections=(section,)))
    assert "<code>actors.<wbr>us.<wbr>policy</code>" in written
    assert "of model.md, .5 or 0.62 &lt;b.c_d&gt;" in written


def test_names_are_code():
    section = Section("s", rows=(("`standing`",),), columns=columns(("outcome", NAME)))
    assert "<code>standing</code>" in page(Report("t", (), sections=(section,)))


@pytest.fixture(scope="module")
def things(tmp_path_factory) -> dict[str, object]:
    scenario = small(title="<script>" + "x" * 400)
    place = tmp_path_factory.mktemp("study")
    folder = finished(experiment(place, GRID), place)
    world = scenario.compiled
    made = (
        scenario,
        simulate(scenario, runs=30, but_for=True),
        load_study(folder),
        compare(world, world, 30, 1),
        tell(trace_run(scenario, 1, 0)),
    )
    return {type(thing).__name__: thing for thing in made}


def test_all_that_can_be_shown_is_here(things):
    assert set(things) == set(WRITERS)


@pytest.mark.parametrize("name", WRITERS)
def test_a_prompt_gets_one_short_line(things, name):
    text = repr(things[name])
    assert text.startswith(f"<{name} ")
    assert len(text) < 300
    assert text.isprintable()


@pytest.mark.parametrize("name", WRITERS)
def test_a_notebook_gets_the_section_of_the_report(things, name):
    seen = check_harmless(things[name]._repr_html_())
    assert "h3" in seen.tags
    told = report_of(things[name])
    assert told.title.replace("`", "") in seen.texts
    assert told.lead


@pytest.mark.parametrize("name", ["geneva-2025", "textbook/tft-noise", "race-2025-2030"])
def test_shipped_scenarios_too(name):
    scenario = Scenario.load(name)
    assert len(repr(scenario)) < 300
    check_harmless(scenario._repr_html_())


def test_a_picture_shows_itself(things):
    shown = things["Result"].plot("survival")._repr_png_()
    assert shown.startswith(b"\x89PNG")


def test_a_scenario_says_what_it_changes_and_a_story_its_weeks(things):
    curt = Scenario.load("geneva-2025").override({"actors.us.policy.generosity": 0.5})
    seen = check_harmless(curt._repr_html_())
    assert {"What was changed", "actors.us.policy.generosity", "0.5"} <= set(seen.texts)
    assert "Run 0, week by week" in check_harmless(things["Story"]._repr_html_()).texts
