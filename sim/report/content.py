"""A report: a title, a few plain words, and sections of words, tables and figures.

Words and cells are plain text, whatever they say: renderers escape them. A plain name between
backticks, as `standing`, is shown as code where there is such a thing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

#: What a column holds, and so how it is set: names and numbers are never broken or cut.
NAME, NUMBER, TEXT = "name", "number", "text"
#: How a cell begins that says why there is no value.
NOT_DEFINED = "not defined"
_CODE = re.compile(r"`([\w.:-]+)`")

Rows = tuple[tuple[str, ...], ...]
#: A column as its heading, of numbers, or as a pair of heading and kind.
Head = str | tuple[str, str]


@dataclass(frozen=True)
class Column:
    """The heading of a column and what it holds: NAME, NUMBER or TEXT."""

    name: str
    kind: str = TEXT


@dataclass(frozen=True)
class Figure:
    """A picture: its name, what it shows in a line, and its address (a path or a data: URL)."""

    name: str
    shows: str
    address: str


@dataclass(frozen=True)
class Download:
    """A file inside a page: its name, its kind (as application/json), its text."""

    name: str
    media: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Section:
    """One part of a report.

    words: paragraphs before the table; rows: cells by column; notes: lines after it.
    listed: the words are points of a list, not paragraphs.
    code: lines to be typed, shown as they are.
    downloads: files that a page carries inside; left out elsewhere.
    detail: left out where there is little room, as on a terminal.
    folded: closed until it is asked for, where that is possible.
    """

    title: str
    words: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: Rows = ()
    notes: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    code: str = ""
    downloads: tuple[Download, ...] = ()
    listed: bool = False
    detail: bool = False
    folded: bool = False


@dataclass(frozen=True)
class Number:
    """One number of a report as a row of its CSV: what it is, its interval, and what to know."""

    section: str
    key: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    week: int | None = None
    date: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Report:
    """Everything reported of one result.

    title: its name in a line, as its author wrote it.
    lead: two sentences in plain words: what came out, and how sure that is.
    notes: the same in the field's terms, with numbers of runs and definitions.
    data: the content as plain values, which JSON holds; numbers: its rows as CSV.
    """

    title: str
    lead: tuple[str, ...]
    notes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    numbers: tuple[Number, ...] = field(default=(), repr=False)


def table(
    title: str,
    heads: Iterable[Head],
    rows: Iterable[Iterable[str]],
    *notes: str,
    words: tuple[str, ...] = (),
    detail: bool = False,
    folded: bool = False,
) -> Section:
    """A section that is a table: its columns as in `columns`, its rows, and lines after it."""
    cells = tuple(map(tuple, rows))
    return Section(title, words, columns(*heads), cells, notes, detail=detail, folded=folded)


def columns(*headings: Head) -> tuple[Column, ...]:
    """Columns from their headings, or pairs of heading and kind; numbers where nothing is said."""
    return tuple(
        Column(heading, NUMBER) if isinstance(heading, str) else Column(*heading)
        for heading in headings
    )


def figures_at(paths: Iterable[str]) -> tuple[Figure, ...]:
    """The pictures at these paths that a page can show, each called as its file."""
    images = (PurePosixPath(path) for path in paths if path.endswith((".png", ".svg")))
    return tuple(Figure(path.stem, path.stem, str(path)) for path in images)


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The parts of a text in order: whether a part is code, and the part without backticks.

    >>> list(pieces("with `K`"))
    [(False, 'with '), (True, 'K')]
    """
    for place, part in enumerate(_CODE.split(text)):
        if part:
            yield bool(place % 2), part


def plain_text(text: str) -> str:
    """A text without the backticks of its code, for where there is no such thing."""
    return _CODE.sub(r"\1", text)
