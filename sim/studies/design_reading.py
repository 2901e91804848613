"""Reading the design of an experiment file: which keys each kind takes, and lists of points."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, nearest, quoted
from sim.extras import installed, line_for
from sim.scenario.shipped import label
from sim.store.plain import MOST_TABLE_BYTES, read_plain
from sim.studies import design as designs
from sim.studies.design import Design

if TYPE_CHECKING:
    from sim.studies.experiment_file import ExperimentFile

MOST_POINTS = 2**32
MOST_LEVELS = 100
DEFAULT_LEVELS = 4  # Morris (1991), and the default of SALib
#: The keys of a design besides its kind.
KEYS: dict[str, tuple[str, ...]] = {
    designs.GRID: (),
    designs.LIST: ("rows", "csv"),
    designs.LATIN_HYPERCUBE: ("points",),
    designs.SOBOL: ("points",),
    designs.SALTELLI: ("samples", "second_order"),
    designs.MORRIS: ("trajectories", "levels"),
}
#: A design of that kind as it is written, for a message.
EXAMPLES = {
    designs.LATIN_HYPERCUBE: "points = 128",
    designs.SOBOL: "points = 128",
    designs.SALTELLI: "samples = 128",
    designs.MORRIS: "trajectories = 20",
}
#: Where a factor's table keeps its column of the list of points.
COLUMN = "\0column"


class DesignReader:
    """The design of one file; problems go to the file's reader."""

    def __init__(self, reader: "ExperimentFile") -> None:
        self.reader = reader
        design_table = reader.table.get("design", designs.GRID)
        self.table: dict[str, Any] = (
            design_table if isinstance(design_table, dict) else {"kind": design_table}
        )

    def design(self) -> Design:
        """The design, which may be a name or a table."""
        kind = self.table.get("kind", designs.GRID)
        if kind not in designs.KINDS:
            close = nearest(kind, designs.KINDS) if isinstance(kind, str) else None
            self.reader.wrong(("design",), quoted(kind), ", ".join(designs.KINDS), close)
            return Design(designs.GRID)
        self._known(kind)
        if kind in (designs.SALTELLI, designs.MORRIS):
            self._library(kind)
        if kind == designs.SALTELLI:
            samples = self._count(kind, "samples", even_only=True)
            return Design(kind, samples=samples, second_order=self._second_order())
        if kind == designs.MORRIS:
            return Design(
                kind, trajectories=self._count(kind, "trajectories"), levels=self._steps()
            )
        if kind in designs.SAMPLED:
            return Design(kind, self._count(kind, "points", even_only=kind == designs.SOBOL))
        if kind == designs.LIST and {"rows", "csv"} & set(self.table):
            self._share_out(self._columns())
        return Design(kind)

    def _known(self, kind: str) -> None:
        """Notes every key that is none, or that belongs to another kind of design."""
        keys = ("kind", *KEYS[kind])
        for key in self.table:
            if key in keys:
                continue
            other_kinds = [other for other, theirs in KEYS.items() if key in theirs]
            if not other_kinds:
                self.reader.known({key: None}, keys, ("design",))
            elif key == "points":
                allowed = f"no points: a {kind} has as many as {_settled_by(kind)} make"
                self.reader.wrong(("design", key), quoted(self.table[key]), allowed)
            else:
                found = f"{key} in a {kind}"
                self.reader.wrong(
                    ("design", key), found, f"{key} only in: {', '.join(other_kinds)}"
                )

    def _library(self, kind: str) -> None:
        """Notes that the library which makes this design is not installed."""
        if not installed("SALib"):
            found = f"{kind}, which needs SALib, and SALib is not installed"
            self.reader.wrong(("design",), found, f"{line_for('SALib')}, or sobol")

    def _count(self, kind: str, key: str, even_only: bool = False) -> int:
        """The size of a design; a power of two where a Sobol sequence is even only then."""
        count = self.table.get(key)
        good = isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= MOST_POINTS
        if kind == designs.MORRIS and count == 1:
            good = False
        allowed = ""
        if not good:
            allowed = f'a whole number, as design = {{ kind = "{kind}", {EXAMPLES[kind]} }}'
            allowed += ", 2 or more" if kind == designs.MORRIS else ""
        elif even_only and int(count or 0) & (int(count or 0) - 1):
            allowed = "a power of two, as 128 or 1024: a Sobol sequence is even only then"
        if allowed:
            found = "nothing" if count is None else quoted(count)
            self.reader.wrong(("design", key), found, allowed)
            return 1
        return int(count or 0)

    def _second_order(self) -> bool:
        second_order = self.table.get("second_order", False)
        if not isinstance(second_order, bool):
            self.reader.wrong(("design", "second_order"), quoted(second_order), "true or false")
        return second_order is True

    def _steps(self) -> int:
        """The number of levels of Morris's grid."""
        levels = self.table.get("levels", DEFAULT_LEVELS)
        whole = isinstance(levels, int) and not isinstance(levels, bool)
        if not whole or not 2 <= levels <= MOST_LEVELS or levels % 2:
            allowed = f"an even number from 2 to {MOST_LEVELS}: only then is every level as likely"
            self.reader.wrong(("design", "levels"), quoted(levels), allowed)
            return DEFAULT_LEVELS
        return int(levels)

    def _columns(self) -> list[list[Any]]:
        """The values of each factor in a list of points, by rows in the file or by a CSV."""
        if {"rows", "csv"} <= set(self.table):
            self.reader.wrong(("design",), "rows and csv", "one of them")
            return []
        return self._of_csv() if "csv" in self.table else self._of_rows()

    def _names(self) -> list[str]:
        """The names of the factors, so far as they can be read."""
        listed = self.reader.table.get("factors")
        tables = (
            [name for name in listed if isinstance(name, dict)] if isinstance(listed, list) else []
        )
        return [str(name.get("name") or name.get("path", "")) for name in tables]

    def _of_rows(self) -> list[list[Any]]:
        rows, names = self.table["rows"], self._names()
        if not isinstance(rows, list) or not rows:
            allowed = "rows = [[...], ...], a value for each factor"
            self.reader.wrong(("design", "rows"), quoted(rows), allowed)
            return []
        for number, row in enumerate(rows):
            if not isinstance(row, list) or len(row) != len(names):
                allowed = f"{len(names)} values: {', '.join(names)}"
                self.reader.wrong(("design", "rows"), f"row {number}: {quoted(row)}", allowed)
                return []
        return [list(column) for column in zip(*rows, strict=True)]

    def _of_csv(self) -> list[list[Any]]:
        name, names = self.table["csv"], self._names()
        path = self.reader.path.parent / str(name)
        if not isinstance(name, str) or not path.is_file():
            csv_names = [file.name for file in self.reader.path.parent.glob("*.csv")]
            allowed = "a CSV file beside the experiment, a column for each factor"
            self.reader.wrong(
                ("design", "csv"), quoted(name), allowed, nearest(str(name), csv_names)
            )
            return []
        try:
            text = read_plain(path, MOST_TABLE_BYTES).decode("utf-8-sig")
            lines = csv.reader(io.StringIO(text, newline=""))
            filled = [(lines.line_num, row) for row in lines if any(map(str.strip, row))]
        except (OSError, UnicodeDecodeError, csv.Error) as problem:
            self.reader.wrong(("design", "csv"), f"{name}: {problem}", "a CSV file in UTF-8")
            return []
        (_, head), *rows = filled or [(1, [])]
        return self._of_cells(path, [cell.strip() for cell in head], rows, names)

    def _of_cells(
        self, path: Path, head: list[str], rows: list[tuple[int, list[str]]], names: list[str]
    ) -> list[list[Any]]:
        """The columns of a CSV in the order of the factors; `rows` with their lines."""
        file, before = label(path), len(self.reader.problems)
        for name in names:
            if name not in head:
                self._in(file, 1, name, "no such column", f"a column {name}", nearest(name, head))
        for name in head:
            if name not in names or head.count(name) > 1:
                found = f"column {quoted(name)}"
                allowed = f"one column for each factor: {', '.join(names)}"
                self._in(file, 1, "", found, allowed, nearest(name, names))
        if not rows:
            self._in(file, 2, "", "no rows", "a row for each point", None)
        for number, row in rows:
            if len(row) != len(head) or "" in [cell.strip() for cell in row]:
                self._in(file, number, "", quoted(row), f"{len(head)} values", None)
                break
        if len(self.reader.problems) > before:
            return []
        return [[typed(row[head.index(name)]) for _, row in rows] for name in names]

    def _in(
        self, file: str, line: int, path: str, found: str, allowed: str, near: str | None
    ) -> None:
        self.reader.problems.append(Problem(file, line, path, found, allowed, near))

    def _share_out(self, columns: list[list[Any]]) -> None:
        """Gives each factor its column of the list of points; an empty one if that is unread."""
        listed = self.reader.table.get("factors")
        tables = (
            [entry for entry in listed if isinstance(entry, dict)]
            if isinstance(listed, list)
            else []
        )
        columns = columns or [[]] * len(tables)
        for index, (factor, column) in enumerate(zip(tables, columns, strict=True)):
            for key in ("values", "low", "high", "steps"):
                if key in factor:
                    where = ("factors", str(index), key)
                    self.reader.wrong(where, key, "no values: they are in the list of points")
            factor[COLUMN] = column


def _settled_by(kind: str) -> str:
    """What settles the number of points of a design."""
    return "its factors" if kind in (designs.GRID, designs.LIST) else " and ".join(KEYS[kind])


def typed(cell: str) -> Any:
    """A cell of a CSV as a truth value, a whole number, a number, or else text."""
    text = cell.strip()
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
