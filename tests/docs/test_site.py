"""The site: every page in its place, every link to something that is there."""

import re
from html.parser import HTMLParser
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

import pytest

from sim.report.pictures import pictures
from tests.docs.test_pages import COMMANDS, ROOT, script

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def maker():
    return script("make_site")


def test_every_page_has_its_kind(maker):
    placed = [name for names in maker.pages_by_kind().values() for name in names]
    assert len(placed) == len(set(placed))
    pages = {page.stem for kind in ("*.md", "*.ipynb") for page in DOCS.glob(kind)}
    assert pages - {"README"} == set(placed)


def test_every_picture_is_in_the_gallery_once():
    images = re.findall(r"\(images/(.+)\.png\)", script("site_gallery").gallery())
    assert sorted(images) == sorted(path.stem for path in (DOCS / "images").glob("*.png"))


def test_every_kind_of_picture_is_in_the_gallery():
    gallery = script("site_gallery")
    assert gallery.EXAMPLES.keys() <= pictures().keys()
    for picture in pictures().values():
        assert f"## {picture.name.capitalize()} ({picture.of})" in gallery.gallery()


def test_every_command_of_the_gallery_is_one():
    """As it is typed: the command, its options and the words it allows."""
    for block in re.findall(r"^```sh\n(.+)\n```$", script("site_gallery").gallery(), re.M):
        for typed in block.split(" && "):
            program, *words = typed.split()
            if program == "detente":
                COMMANDS[words[0]].make_context(words[0], words[1:])
            else:
                assert typed.startswith(("make ", "python docs/")), typed
                assert (ROOT / words[0]).is_file() or program == "make"


def test_links_that_leave_the_site_become_words(maker):
    here = DOCS / "howto-plot.md"
    there = {"record", "overview"}
    text = "[a](record.md#x) [b](../scenarios) [c](../README.md) [d](https://x.y) "
    expected = "[a](record.md#x) b [c](overview.md) [d](https://x.y) "
    text, expected = (each + "[e](notebook.ipynb)" for each in (text, expected))
    assert maker.staged(text, here, there) == expected


class Page(HTMLParser):
    """What a page links to, and the places that it marks."""

    def __init__(self, text):
        super().__init__()
        self.links, self.marks = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.marks |= {given[name] for name in ("id", "name") if given.get(name)}
        self.links += [given[name] for name in ("href", "src") if given.get(name)]


@pytest.mark.slow
@pytest.mark.skipif(
    find_spec("furo") is None, reason="what the site needs is not installed: make site"
)
def test_the_site_is_made_and_every_link_in_it_leads_somewhere(maker, tmp_path):
    front = maker.build(tmp_path / "site")
    assert (front.parent / "searchindex.js").is_file()
    assert f'src="_static/{maker.LIVE}.html"' in front.read_text(encoding="utf-8")
    notebook = (front.parent / "notebook.html").read_text(encoding="utf-8")
    assert 'class="detente"' in notebook
    assert "_images/" in notebook
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in front.parent.glob("*.html")}
    broken = [
        (path.name, link)
        for path, page in pages.items()
        for link in page.links
        if not leads_somewhere(path, link, pages)
    ]
    assert broken == []


def leads_somewhere(path, link, pages):
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.exists():
        return False
    return not parts.fragment or target not in pages or parts.fragment in pages[target].marks
