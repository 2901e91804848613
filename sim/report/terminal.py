"""A report on a terminal of any width: no number is cut, a table that does not fit is stacked."""

from collections.abc import Iterator
from dataclasses import replace

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, Group, JustifyMethod, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report.content import NOT_DEFINED, NUMBER, TEXT, Report, Section, plain_text

#: A column of words is not made narrower than this.
LEAST_WORDS = 24
#: What a table of SIMPLE_HEAD needs for each column besides its cells, and once.
_EACH, _ONCE = 3, 1
_INDENT = 2
#: How the name of a column begins that goes on from the first cell of its row.
_SENTENCE = "is "


def page(report: Report) -> Group:
    """Title, plain words, notes, then every section that is not a detail."""
    head = opening(report)
    for note in report.notes:
        head.append(f"\n{plain_text(note)}", style="not bold dim")
    return Group(head, *(part for each in report.sections for part in section(each)))


def opening(report: Report) -> Text:
    """The title and the lead: what a page begins with, and all that some want."""
    text = Text(f"{plain_text(report.title)}\n", style="bold")
    text.append("\n".join(map(plain_text, report.lead)), style="not bold")
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
            room = _frame(section) + sum(longest for _, longest in _measures(section))
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
    return _frame(section) + sum(least for least, _ in _measures(section))


def _frame(section: Section) -> int:
    return _EACH * len(section.columns) + _ONCE


def _measures(section: Section) -> Iterator[tuple[int, int]]:
    """The widths of each column: the least, and that in which no line is broken.

    The least is its longest cell; of words, so much that they can be read.
    """
    for place, column in enumerate(section.columns):
        name, cells = plain_text(column.name), [plain_text(row[place]) for row in section.rows]
        longest = max(map(len, cells), default=0)
        least = min(longest, LEAST_WORDS) if column.kind == TEXT else longest
        lines = (line for text in (name, *cells) for line in text.split("\n"))
        yield max(least, *map(len, name.split() or [""])), max(map(len, lines))


def _widths(section: Section, room: int) -> list[int]:
    """The least width of each column, and what is left of the room to those that want more:
    columns of names and numbers first. Left to itself, rich cuts a column at the right."""
    measures = list(_measures(section))
    widths = [least for least, _ in measures]
    spare = room - _frame(section) - sum(widths)
    for place in sorted(range(len(widths)), key=lambda each: section.columns[each].kind == TEXT):
        more = min(spare, measures[place][1] - widths[place])
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
