"""Plain words: those that only their author understood do not come back in what users read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.test_pages import PAGES, ROOT

#: Private words and phrases, and what is said instead.
BANNED = {
    r"\bdice\b": "chance",
    r"\bsame luck\b|\bother luck\b|\bfresh luck\b|\bcommon luck\b": "(common) random numbers",
    r"struck the match": "began the dispute",
    r"\bin vain\b": "not carried out yet",
    r"holds while there is": "is the share of runs with",
    r"\bparting\b": "the week in which two runs first differ",
    r"\btold apart\b": "distinguished",
    r"\b(?:is|are|was|were|be) told\b|\btold (?:in|at|as|by|once)\b": "said, printed, reported",
    r"\bovershoot\b": "go too far",
    r"\bboth seeds\b|\b(?:first|second) seed\b": "article A, article B",
}
PATTERN = re.compile("|".join(f"(?:{banned})" for banned in BANNED), re.IGNORECASE)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that may reach a user: strings of more than one word."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and _is_private(node)
    }
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if text and " " in node.value and id(node) not in docstrings:
            yield node.lineno, node.value


def _is_private(node: ast.AST) -> bool:
    return getattr(node, "name", "").startswith("_")


def hits(text: str) -> list[str]:
    """The banned words in a text, its code left out."""
    return [found[0] for found in PATTERN.finditer(re.sub(r"`[^`\n]*`", "", text))]


def test_no_banned_word_in_what_the_program_says():
    """Messages, output, help and public docstrings (the engine's own rooms speak to no user)."""
    found = [
        f"{path.relative_to(ROOT)}:{line}: {hit}"
        for path in sorted((ROOT / "sim").rglob("*.py"))
        if path.relative_to(ROOT).parts[1] not in ("world", "engines", "native")
        for line, text in strings(path)
        for hit in hits(text)
    ]
    assert found == []


def test_no_banned_word_on_the_page_of_the_browser():
    for path in sorted((ROOT / "sim" / "web" / "assets").glob("*.*s")):
        text = path.read_text(encoding="utf-8")
        assert hits(text) == [], path.name


def test_no_banned_word_in_docs():
    found = [
        f"{page.relative_to(ROOT)}: {hit}"
        for page in PAGES
        for hit in hits(re.sub(r"<!--.*?-->", "", page.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_no_banned_word_in_scenarios_and_experiments():
    files = [*(ROOT / "scenarios").rglob("*.toml"), *(ROOT / "experiments").glob("*.toml")]
    assert [(path.name, hit) for path in files for hit in hits(path.read_text("utf-8"))] == []
