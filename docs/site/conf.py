"""How Sphinx makes the site; `docs/make_site.py` lays the pages beside this file and calls it."""

import re

project = "detente"
author = "The detente authors"
html_title = "detente"
extensions = ["myst_nb", "sphinx.ext.autodoc"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb", ".rst": "restructuredtext"}
#: The notebook is shown with what its cells showed when `docs/make_notebook.py` executed them.
nb_execution_mode = "off"
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
#: Summaries of hits are fetched, which a browser refuses to a page opened from a file.
html_show_search_summary = False
html_show_sourcelink = False
html_copy_source = False
myst_heading_anchors = 4
myst_enable_extensions = []
#: Text blocks are shown as they are; scenarios in TOML have comments that no lexer minds.
highlight_language = "text"
suppress_warnings = ["misc.highlighting_failure"]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
autodoc_default_options = {"members": True, "show-inheritance": False}
exclude_patterns: list[str] = []


def as_paragraphs(_app, _what, _name, _obj, _options, lines):  # type: ignore[no-untyped-def]
    """Docstrings are plain text with `code`: what reST would take for markup is escaped."""
    found = []
    for line in lines:
        text = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", line.strip())
        if text.startswith(">>>"):
            found.append(text)
            continue
        pieces = re.split(r"(``[^`]+``)", text)
        plain = [p if p.startswith("``") else re.sub(r"([*|_\\])", r"\\\1", p) for p in pieces]
        indented = bool(line.strip()) and line.startswith("    ")
        found.append(("| " if indented else "") + "".join(plain))
    lines[:] = _apart(found)


def _apart(lines):  # type: ignore[no-untyped-def]
    """Line blocks stand apart from paragraphs."""
    last = ""
    for line in lines:
        if last and line and line.startswith("| ") != last.startswith("| "):
            yield ""
        yield line
        last = line


def setup(app):  # type: ignore[no-untyped-def]
    """Registers what is done to docstrings."""
    app.connect("autodoc-process-docstring", as_paragraphs)
