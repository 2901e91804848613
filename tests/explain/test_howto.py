"""The page on stories shows what the command prints now."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_story_of_the_page_is_what_the_command_tells():
    spec = importlib.util.spec_from_file_location("make_stories", DOCS / "make_stories.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    text = maker.PAGE.read_text(encoding="utf-8")
    assert maker.SHOWN.search(text)
    assert maker.renewed(text) == text, "run `python docs/make_stories.py`"
