"""Every pointer to a source leads somewhere: a claim, a result, a reference, a row of data."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
MODEL = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
VALIDATION = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
ANCHORS = set(re.findall(r'<a id="([a-z0-9-]+)">', PAGE))
READ = ("sim", "docs", "scenarios", "experiments", "validation", "benchmarks")
DATA = ROOT / "sim" / "history" / "data"


def texts() -> Iterator[tuple[str, str]]:
    """Every file that may cite: its path and what it says."""
    for folder in READ:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".toml", ".md") and "data" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def ids(table: str, column: str) -> set[str]:
    """The values of a column of a table of the record."""
    with (DATA / table).open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)}


#: What a pointer looks like, and the anchors or rows it may name.
CLAIM = re.compile(r"\bclaims? (\d+(?:(?:, | and | to )\d+\b(?!\.))*)")
RESULT = re.compile(r"(?<![\w-])V(\d\d)b?\b")
REFERENCE = re.compile(r"(?<![\w/-])R(\d\d?b?)\b(?!²)")
EVENT = re.compile(r"\b(20\d\d-\d\d-\d\d-[a-z0-9-]*[a-z][a-z0-9-]*)")
SERIES = re.compile(r'"[^"\n]*?\bseries ([a-z]+_[a-z_]+[a-z0-9_]*)')
TRUCE = re.compile(r"truces\.csv ([a-z0-9-]+)")
STEP = re.compile(r"model\.md, steps? (\d+)(?:(?: and | to )(\d+))?")
SECTION = re.compile(r"(model|sources)\.md, ([a-z ]+)")
SECTIONS = {
    "model": ("entities", "draws", "outcomes", "the week", "what it reduces to", "step"),
    "sources": ("defaults", "answering", "textbook results", "standard equations"),
}


#: Shows how to code an event of one's own, which the shipped record does not have.
OWN_RECORD = "docs/howto-own-record.md"


def test_claims_results_and_references_are_on_the_page() -> None:
    lost = []
    for path, text in texts():
        for found in CLAIM.finditer(text):
            wanted = [f"claim-{n}" for n in re.findall(r"\d+", found[1])]
            lost += [(path, w) for w in wanted if w not in ANCHORS]
        for found in RESULT.finditer(text):
            lost += [(path, found[0])] if f"v{found[1]}" not in ANCHORS else []
        for found in REFERENCE.finditer(text):
            lost += [(path, found[0])] if f"r{found[1]}" not in ANCHORS else []
    assert not lost


def test_events_series_and_truces_are_rows_of_the_record() -> None:
    known = {
        EVENT: ids("events.csv", "event_id"),
        SERIES: ids("series.csv", "series"),
        TRUCE: ids("truces.csv", "truce_id"),
    }
    lost = [
        (path, found[1])
        for path, text in texts()
        if path != OWN_RECORD
        for pattern, rows in known.items()
        for found in pattern.finditer(text)
        if found[1] not in rows
    ]
    assert not lost


def test_steps_and_sections_are_on_their_pages() -> None:
    lost = []
    for path, text in texts():
        for found in STEP.finditer(text):
            steps = [step for step in found.groups() if step]
            lost += [(path, found[0]) for step in steps if f"\n### {step}. " not in MODEL]
        for found in SECTION.finditer(text):
            if not found[2].startswith(SECTIONS[found[1]]):
                lost.append((path, found[0]))
    assert not lost


@pytest.mark.parametrize("gone", ["theory" + ".md", "model.md " + "section", "both " + "seeds"])
def test_nothing_points_to_a_page_that_is_not_shipped(gone: str) -> None:
    assert not [path for path, text in texts() if gone in text]


def test_the_links_of_the_page_meet_an_anchor() -> None:
    links = set(re.findall(r"\]\(#([a-z0-9-]+)\)", PAGE))
    assert links > {"claim-17", "v12", "r31"}
    assert links <= ANCHORS
    others = re.findall(r"\]\(validation\.md#([a-z0-9-]+)\)", PAGE)
    headings = re.findall(r"^### (.*)$", VALIDATION, re.MULTILINE)
    slugs = {re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in headings}
    assert others
    assert set(others) <= slugs
