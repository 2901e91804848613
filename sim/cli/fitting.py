"""Tables of the commands: nothing in them is cut.

Where a table does not fit its terminal it is stacked, a line a cell; where the output is no
terminal it is as wide as it needs to be.
"""

from collections.abc import Iterator
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

#: As wide as any table of a file may be.
BOUNDLESS = 100_000
_INDENT = 2


class FittingTable(Table):
    """A table whose names and numbers are whole, whatever the width of the terminal."""

    def add_column(self, *head: Any, **options: Any) -> None:
        """A column; a word in it that is too long for it is broken, not cut."""
        super().add_column(*head, **{"overflow": "fold"} | options)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table as it fits: whole, or stacked."""
        wide = options.update(width=BOUNDLESS)
        if is_boundless(console):
            whole = Measurement.get(console, wide, self).maximum
            yield from super().__rich_console__(console, options.update(width=whole))
        elif self._least(console, wide) <= options.max_width:
            yield from super().__rich_console__(console, options)
        else:
            yield from self._stacked()

    def _least(self, console: Console, wide: ConsoleOptions) -> int:
        """Columns of a terminal below which a word or a number would be broken."""
        return sum(self._least_of(place, console, wide) for place in range(len(self.columns)))

    def _least_of(self, place: int, console: Console, wide: ConsoleOptions) -> int:
        column, padding = self.columns[place], sum(self.padding[1::2])
        cells = (column.header, *column.cells)
        measured = [Measurement.get(console, wide, _words(cell)) for cell in cells]
        whole = column.no_wrap or column.justify == "right"
        needed = max(
            measurement.maximum if whole else measurement.minimum for measurement in measured
        )
        return needed + padding + (1 if self.box else 0)

    def _stacked(self) -> Iterator[Any]:
        """Every row by itself: its first cell that says something, then the others, headed."""
        if self.title:
            yield Text(str(self.title), style="bold")
        heads = [str(column.header) for column in self.columns]
        for row in zip(*(tuple(column.cells) for column in self.columns), strict=True):
            first, *others = zip(heads, map(_words, row), strict=True)
            name = Text.assemble(f"{first[0]} " if first[0] else "", first[1])
            yield Text.assemble("\n", (name.plain.strip(), "bold"))
            for head, cell in others:
                if cell.plain:
                    line = Text.assemble(f"{head}: " if head else "", cell)
                    line.overflow = "fold"
                    yield Padding(line, (0, 0, 0, _INDENT), expand=False)
        if self.caption:
            yield Text(f"\n{self.caption}", style="dim")


def plain_table(title: str) -> FittingTable:
    """An empty table in the one style of all commands: a title, a rule below the headings."""
    return FittingTable(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)


def is_boundless(console: Console) -> bool:
    """Whether what is printed goes where no line is too long: a file or a pipe."""
    return bool(getattr(console, "boundless", False))


def _words(cell: Any) -> Text:
    return cell if isinstance(cell, Text) else Text(str(cell))
