"""The points of a list written row by row: in the experiment file, or in a CSV beside it."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, nearest, quoted
from sim.scenario.shipped import label
from sim.store.files import MOST_TABLE_BYTES, read_plain
from sim.studies.schema import CSV, ListSpec

if TYPE_CHECKING:
    from sim.studies.experiment_file import ExperimentFile


class ListedPoints:
    """The rows of one file; problems go to the file's reader."""

    def __init__(self, reader: "ExperimentFile", design: ListSpec) -> None:
        self.reader = reader
        self.design = design
        self.names = [factor.name or factor.path for factor in reader.spec.factors]

    def columns(self) -> list[list[Any]]:
        """The values of each factor; none of any where they cannot be read."""
        unread: list[list[Any]] = [[]] * len(self.names)
        for index, factor in enumerate(self.reader.spec.factors):
            for key in ("values", "low", "high", "steps"):
                if getattr(factor, key) is not None:
                    where = ("factors", str(index), key)
                    self.reader.wrong(where, key, "no values: they are in the list of points")
        if self.design.rows is not None and self.design.csv is not None:
            self.reader.wrong(("design",), "rows and csv", "one of them")
            return unread
        if "" in self.names:
            return unread
        if self.design.csv is not None:
            return self._of_csv(self.design.csv) or unread
        return self._of_rows(self.design.rows or []) or unread

    def _of_rows(self, rows: list[Any]) -> list[list[Any]]:
        for number, row in enumerate(rows):
            if not isinstance(row, list) or len(row) != len(self.names):
                allowed = f"{len(self.names)} values: {', '.join(self.names)}"
                self.reader.wrong(("design", "rows"), f"row {number}: {quoted(row)}", allowed)
                return []
        return [list(column) for column in zip(*rows, strict=True)]

    def _of_csv(self, name: str) -> list[list[Any]]:
        path = self.reader.path.parent / name
        if not path.is_file():
            beside = [file.name for file in self.reader.path.parent.glob("*.csv")]
            self.reader.wrong(("design", "csv"), quoted(name), CSV, nearest(name, beside))
            return []
        try:
            text = read_plain(path, MOST_TABLE_BYTES).decode("utf-8-sig")
            lines = csv.reader(io.StringIO(text, newline=""))
            filled = [(lines.line_num, row) for row in lines if any(map(str.strip, row))]
        except (OSError, UnicodeDecodeError, csv.Error) as problem:
            self.reader.wrong(("design", "csv"), f"{name}: {problem}", "a CSV file in UTF-8")
            return []
        (_, head), *rows = filled or [(1, [])]
        return self._of_cells(path, [cell.strip() for cell in head], rows)

    def _of_cells(
        self, path: Path, head: list[str], rows: list[tuple[int, list[str]]]
    ) -> list[list[Any]]:
        """The columns of a CSV in the order of the factors; `rows` with their lines."""
        file, before, names = label(path), len(self.reader.problems), self.names
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
