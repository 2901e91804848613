"""The pages on stories and on pairs show what the commands print now."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def script(name: str) -> ModuleType:
    """A script of docs/ as a module; its dataclasses look for it by name."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    sys.modules[name] = maker
    spec.loader.exec_module(maker)
    return maker


@pytest.mark.pages
def test_what_the_pages_show_is_what_the_commands_print():
    maker = script("make_stories")
    for page in maker.PAGES:
        text = page.read_text(encoding="utf-8")
        assert maker.SHOWN.search(text)
        assert maker.renewed(text) == text, f"{page.name}: run `python docs/make_stories.py`"


@pytest.mark.pages
def test_the_six_stories_show_what_their_headings_say():
    maker = script("pick_stories")
    told = maker.told(maker.PAGE.read_text(encoding="utf-8"))
    assert list(told) == [story.heading for story in maker.STORIES]
    for story in maker.STORIES:
        assert story.week(told[story.heading]), f"{story.heading}: run `make docs`"
