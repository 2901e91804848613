"""The pages on stories and on pairs show what the commands print now."""

import importlib.util
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_what_the_pages_show_is_what_the_commands_print():
    spec = importlib.util.spec_from_file_location("make_stories", DOCS / "make_stories.py")
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    for page in maker.PAGES:
        text = page.read_text(encoding="utf-8")
        assert maker.SHOWN.search(text)
        assert maker.renewed(text) == text, f"{page.name}: run `python docs/make_stories.py`"
