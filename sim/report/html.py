"""A report as HTML: a page to mail, in one file, or a fragment for a notebook.

No script is in it and none would run; nothing is asked of any address: pictures and files to
download are inside. What users wrote is escaped by the templates wherever it stands.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from sim.report.content import Report, pieces, plain_text

#: Letters that need no quoting in an address inside an attribute.
_PLAIN = " !$()*+,-./:;=?@[]^_{|}~"
#: A name too long for a narrow column, and where it may be broken: before the next of its parts.
_LONG = re.compile(r"[\w.]{16,}")
_JOINT = re.compile(r"[._](?=[a-z])")
TEMPLATES = Path(__file__).parent / "templates"


def page(report: Report) -> str:
    """The whole report as one HTML document."""
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    template = _templates().get_template("page.html")
    return template.render(report=report, style=Markup(style), policy=policy(style)) + "\n"


def body(report: Report) -> str:
    """The whole report without a document around it, for a page of another kind."""
    return _templates().get_template("body.html").render(report=report)


def fragment(report: Report) -> str:
    """What a notebook shows: the report without its details."""
    return _templates().get_template("fragment.html").render(report=report)


def policy(style: str) -> str:
    """A content security policy that lets in one style sheet and pictures inside the page."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def svg_url(picture: str) -> str:
    """A picture as an address that holds it: quoted, which is smaller than in base64."""
    return "data:image/svg+xml," + quote(" ".join(picture.split("\n")), safe=_PLAIN)


def data_url(media: str, content: bytes) -> str:
    """Bytes as an address that holds them."""
    return f"data:{media};base64,{base64.b64encode(content).decode()}"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "inline": inline,
        "breakable": _breakable,
        "plain_text": plain_text,
        "data_url": lambda file: data_url(file.media, file.text.encode()),
    }
    return environment


def inline(text: str) -> Markup:
    """Text with its plain names between backticks as code, all of it escaped."""
    parts = (
        f"<code>{escape(part)}</code>" if code else escape(part) for code, part in pieces(text)
    )
    return Markup("".join(parts))


def _breakable(text: str) -> Markup:
    """As inline; a long name such as actors.us.policy may break after dots and underscores."""
    return Markup(_LONG.sub(lambda name: _JOINT.sub(r"\g<0><wbr>", name[0]), str(inline(text))))
