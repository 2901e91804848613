"""The pages of the analysed experiments have the numbers that their commands give now."""

import json
import re

import pytest

from tests.docs.test_pages import ROOT

ESTIMATE = re.compile(r"(-?\d\.\d\d)(?:, | \()(?:95 % )?(-?\d\.\d\d) to (-?\d\.\d\d)")
NAMES = {"which-five-matter": ("mu_star",), "which-five-matter-sobol": ("first", "total")}

pytestmark = pytest.mark.pages


def text_of(name: str) -> str:
    """What the page says of now: before it tells what earlier versions found."""
    page = (ROOT / "docs" / "experiments" / f"{name}.md").read_text("utf-8")
    return page.split("\nBefore, ")[0]


def analysed(detente, name, option):
    for words in (("sweep", name), ("analyze", name, option, "--json")):
        done = detente(*words)
        assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", NAMES)
def test_every_index_of_the_page_is_given(detente, name):
    rows = analysed(detente, name, "--sensitivity")["sensitivity"]["indices"]
    given = {
        tuple(f"{row[f'{index}{end}']:.2f}" for end in ("", "_low", "_high"))
        for row in rows
        for index in NAMES[name]
    }
    shown = set(ESTIMATE.findall(" ".join(text_of(name).split())))
    assert len(shown) >= 5
    assert shown - given == set()


def test_the_box_of_the_page_is_found(detente):
    found = analysed(detente, "where-geneva-fails", "--discover")["discovery"]
    (box,) = found["boxes"]
    assert f"\n> {box['sentence']}\n" in text_of("where-geneva-fails")
    assert box["sentence"] in (ROOT / "docs" / "howto-analyze.md").read_text("utf-8")
    share = [f"{100 * found['fails'][end]:.0f}" for end in ("p", "low", "high")]
    assert "in {} % of 2,000 settings (95 % {} to {})".format(*share) in text_of(
        "where-geneva-fails"
    )
