"""docs/glossary.md: alphabetical, every entry explained and linked."""

import re

import pytest

from sim.world.outcomes import NAMES
from tests.docs.test_pages import ROOT

PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = {
    words[0]: text
    for *words, text in re.findall(
        r"^\*\*([^*]+)\*\*(?:, \*\*[^*]+\*\*)?: (.*)$", PAGE, re.MULTILINE
    )
}
#: Words that a reader meets in output and pages and that the house uses in its own sense.
WANTED = (
    "agency slip",
    "armed",
    "but-for share",
    "common random numbers",
    "dispute",
    "listed",
    "notch",
    "offence",
    "package",
    "reading",
    "rung",
    "rupture",
    "slow office",
    "stretch",
    "trigger",
    "violation",
)


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_entries_are_in_alphabetical_order_and_the_words_are_there():
    assert list(ENTRIES) == sorted(ENTRIES, key=str.lower)
    assert len(ENTRIES) > 70
    assert not set(WANTED) - set(ENTRIES)
    assert not set(NAMES) - set(
        re.findall(r"^\*\*(?:core lever\*\*, \*\*)?([^*]+)\*\*", PAGE, re.M)
    )


@pytest.mark.parametrize("name", list(ENTRIES))
def test_an_entry_is_short_and_leads_on(name):
    text = ENTRIES[name]
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links
    assert len(re.findall(r"[.?!](?: |$)", re.sub(r"\[[^\]]*\]\([^)]*\)", "", text))) <= 4
    for link in links:
        page, _, anchor = link.partition("#")
        headings = re.findall(r"^#+ (.*)$", (ROOT / "docs" / page).read_text("utf-8"), re.M)
        assert not anchor or anchor in map(slug, headings), link
