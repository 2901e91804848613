"""A report on a terminal of any width: no number is cut, a table that does not fit is stacked."""

from collections.abc import Iterator
from dataclasses import replace

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, Group, JustifyMethod, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report.content import NOT_DEFINED, NUMBER, TEXT, Column, Report, Section, plain_text

#: A column of words is not made narrower than this.
LEAST_WORDS = 24
#: What a table of SIMPLE_HEAD needs for each column besides its cells, and once.
_EACH, _ONCE = 3, 1
_INDENT = 2
#: How the name of a column begins that goes on from the first cell of its row.
_SENTENCE = "is "


def page(report: Report) -> Group:
    """Title, plain words, notes, then every section that is not a detail."""
    return Group(head(report), *(part for each in report.sections for part in section(each)))


def opening(report: Report) -> Text:
    """The title and the lead: what a page begins with, and all that some want."""
    text = Text(f"{plain_text(report.title)}\n", style="bold")
    text.append("\n".join(map(plain_text, report.lead)), style="not bold")
    return text


def head(report: Report) -> Text:
    """The title, the lead and the notes."""
    text = opening(report)
    for note in report.notes:
        text.append(f"\n{plain_text(note)}", style="not bold dim")
    return text


def section(part: Section) -> Iterator[RenderableType]:
    """One section below an empty line; nothing of a detail."""
    if part.detail:
        return
    if part.title:
        yield Text(f"\n{plain_text(part.title)}", style="bold")
    mark = "- " if part.listed else ""
    yield from (Text(f"{mark}{plain_text(line)}") for line in part.words)
    if part.columns:
        yield Fitting(part)
    yield from (Text(plain_text(note)) for note in part.notes)
    if part.code:
        yield Text(part.code)


class Fitting:
    """The table of a section in the form that fits.

    Whole, also where no line is too long (a console that is `boundless`); else with its last
    column of words below it; else row by row, a line a cell.
    """

    def __init__(self, section: Section) -> None:
        self.section = section

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What fits the width of this console."""
        section, width = self.section, options.max_width
        if least_width(section) <= width:
            yield _table(section, width)
            return
        if getattr(console, "boundless", False):
            room = _frame(section) + sum(map(_longest, *_by_column(section)))
            yield from console.render(_table(section, room), options.update(width=room))
            return
        short = replace(
            section, columns=section.columns[:-1], rows=tuple(row[:-1] for row in section.rows)
        )
        if section.columns[-1].kind == TEXT and least_width(short) <= width:
            yield _table(short, width)
            yield from _below(section)
        else:
            yield from _stacked(section, width)


def least_width(section: Section) -> int:
    """Columns of a terminal below which a cell of the table would be cut or broken."""
    return sum(map(_least, *_by_column(section))) + _frame(section)


def _frame(section: Section) -> int:
    return _EACH * len(section.columns) + _ONCE


def _by_column(section: Section) -> tuple[tuple[Column, ...], list[tuple[str, ...]]]:
    """The columns and, of each, its cells."""
    places = range(len(section.columns))
    return section.columns, [tuple(row[place] for row in section.rows) for place in places]


def _least(column: Column, cells: tuple[str, ...]) -> int:
    """The least width of a column: its longest cell; of words, so much that they can be read."""
    longest = max((len(plain_text(cell)) for cell in cells), default=0)
    longest = min(longest, LEAST_WORDS) if column.kind == TEXT else longest
    return max(longest, *map(len, plain_text(column.name).split() or [""]))


def _longest(column: Column, cells: tuple[str, ...]) -> int:
    """The width of a column in which no line is broken."""
    lines = (line for cell in (column.name, *cells) for line in plain_text(cell).split("\n"))
    return max(map(len, lines))


def _widths(section: Section, room: int) -> list[int]:
    """The least width of each column, and what is left of the room to those that want more:
    columns of names and numbers first. Left to itself, rich cuts a column at the right."""
    places = range(len(section.columns))
    widths = list(map(_least, *_by_column(section)))
    spare = room - _frame(section) - sum(widths)
    for place in sorted(places, key=lambda each: section.columns[each].kind == TEXT):
        cells = tuple(row[place] for row in section.rows)
        more = min(spare, _longest(section.columns[place], cells) - widths[place])
        widths[place] += more
        spare -= more
    return widths


def _table(section: Section, room: int) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for column, width in zip(section.columns, _widths(section, room), strict=True):
        justify: JustifyMethod = "right" if column.kind == NUMBER else "left"
        table.add_column(Text(plain_text(column.name)), justify=justify, width=width)
    for row in section.rows:
        table.add_row(*(Text(plain_text(cell)) for cell in row))
    return table


def _below(section: Section) -> Iterator[RenderableType]:
    """The last column, a line a row: a sentence where its name begins one ("is the share")."""
    name = section.columns[-1].name
    verb = f" {name}" if name.startswith(_SENTENCE) else f": {name}"
    for first, *_, last in section.rows:
        text = f"{first} is {last}" if last.startswith(NOT_DEFINED) else f"{first}{verb} {last}"
        yield Padding(Text(plain_text(text)), (0, 0, 0, _INDENT))


def _stacked(section: Section, width: int) -> Iterator[RenderableType]:
    """Every row by itself: its first cell, then the others with their headings."""
    for first, *others in section.rows:
        yield Text(f"\n{plain_text(first)}", style="bold")
        for column, cell in zip(section.columns[1:], others, strict=True):
            whole = column.kind != TEXT and len(f"{column.name}: {cell}") > width - _INDENT
            gap = "\n" if whole else " "
            text = f"{column.name}:{gap}{cell}"
            yield Padding(Text(plain_text(text)), (0, 0, 0, _INDENT), expand=False)
