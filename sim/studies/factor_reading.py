"""Reading the [[factors]] of an experiment file: what their schema leaves to be checked.

Their values stand with them, or point by point in a list: of rows in the file, or a CSV beside it.
"""

import csv
import datetime
import io
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sim.errors import Problem, nearest, quoted
from sim.outcomes.spread import whole_paths
from sim.scenario import Scenario
from sim.scenario.distribution import DistributionError, read_distribution
from sim.scenario.key_paths import path_parts
from sim.scenario.loading import label
from sim.scenario.ranges import within
from sim.scenario.registry import below_policy, entry_in
from sim.store.files import MOST_TABLE_BYTES, read_plain
from sim.studies import design as designs
from sim.studies.design import SCENARIO, Factor, Level, steps_between
from sim.studies.schema import CSV, ENDS, MOST_STEPS, WAYS, ExperimentFile, FactorSpec, ListSpec

#: Columns of the tables that a factor's name must leave free.
TAKEN = ("point", "seed", "outcome", "week", "n", "holds", "p", "low", "high")
#: The keys by which a factor says its values: one of WAYS_TO_SAY, the others with `low` alone.
SAYING = ("values", "choices", "low", "high", "steps", "distribution")
WAYS_TO_SAY = ("values", "choices", "low", "distribution")


class FactorReader(ExperimentFile):
    """The factors of one file being read, and its points where they are listed one by one."""

    def factors(self, world: Scenario, columns: list[list[Any]] | None) -> Iterator[Factor]:
        """Every factor that can be read; notes what is wrong with the others.

        `columns` are the values of each factor where the points are listed one by one.
        """
        self.world, self.columns, self.whole = world, columns, set(whole_paths(world))
        self.kind = self.spec.design.kind
        paths: set[str] = set()
        names: set[str] = set(TAKEN)
        for index, spec in enumerate(self.spec.factors):
            where = ("factors", str(index))
            factor = None if where in self.spoilt else self._factor(spec, index)
            if factor is None:
                continue
            if factor.path in paths:
                self.wrong((*where, "path"), f"{factor.path} twice", "each path once")
            if factor.name in names:
                found = f"{quoted(factor.name)}, which is taken"
                self.wrong((*where, "name"), found, "a name that no other column has")
            paths.add(factor.path)
            names.add(factor.name)
            yield factor

    def _factor(self, spec: FactorSpec, index: int) -> Factor | None:
        """One factor; None where it cannot be read."""
        before, where = len(self.problems), ("factors", str(index))
        if spec.path != SCENARIO and spec.path.startswith(("sources", "ranges", "extends")):
            self.wrong((*where, "path"), spec.path, "a key path that changes the runs")
        column = None if self.columns is None else self.columns[index]
        values = self._values(spec, where) if column is None else self._column(spec, column, where)
        if values is None or len(self.problems) > before:
            return None
        line = self.lines.get((*where, "path"))
        return Factor(spec.name or spec.path, spec.path, link=spec.link, line=line, **values)

    def _values(self, spec: FactorSpec, where: tuple[str, str]) -> dict[str, Any] | None:
        """The fields of a Factor that say which values it takes."""
        said = [key for key in SAYING if getattr(spec, key) is not None]
        ways = [key for key in said if key in WAYS_TO_SAY]
        if len(ways) != 1 or (said != ways and ways != ["low"]):
            self.wrong(where, ", ".join(said) or "no values", WAYS)
            return None
        if ways == ["low"]:
            return self._range(spec, where)
        if ways == ["distribution"]:
            return self._distribution(spec, where)
        values: Any = getattr(spec, ways[0])
        named = isinstance(values, dict)
        levels = _labelled(values, values) if named else _listed(values)
        aligned = self.kind == designs.LIST or bool(spec.link)  # beside those of another factor
        if len({str(level.label) for level in levels}) < len(levels) and not aligned:
            self.wrong((*where, ways[0]), quoted(values), "each value once")
        if self.kind == designs.MORRIS and not _ordered(levels):
            found = f"{len(levels)} values that are not numbers in rising order, in a morris"
            allowed = "two of them, or numbers in rising order, or saltelli"
            self.wrong((*where, ways[0]), found, f"{allowed}: a step has no size here")
        return {"levels": levels}

    def _column(
        self, spec: FactorSpec, column: list[Any], where: tuple[str, str]
    ) -> dict[str, Any] | None:
        """The values of a list of points; names among `choices` where there are such."""
        if spec.choices is None:
            return {"levels": _listed(column)}
        for name in column:
            if not isinstance(name, str) or name not in spec.choices:
                near = nearest(str(name), spec.choices)
                self.wrong(("design",), quoted(name), ", ".join(spec.choices), near)
                return None
        return {"levels": _labelled(column, spec.choices)}

    def _distribution(self, spec: FactorSpec, where: tuple[str, str]) -> dict[str, Any] | None:
        """What is believed of a number, for designs whose points are spread over it."""
        place = (*where, "distribution")
        if self.kind not in designs.SAMPLED:
            found = f"distribution in a {self.kind}"
            self.wrong(place, found, "a design of " + " or ".join(designs.SAMPLED))
            return None
        try:
            law = read_distribution(spec.distribution)
        except DistributionError as error:
            self.wrong(place, error.found, error.allowed, error.nearest)
            return None
        path = path_parts(spec.path)
        entry = entry_in(self.world.spec, path)
        if entry is not None and not below_policy(path) and not within(entry, law.low, law.high):
            found = f"{quoted(spec.distribution)}, on [{law.low:g}, {law.high:g}]"
            self.wrong(place, found, f"values that are {entry.allowed}")
            return None
        whole = spec.path in self.whole
        return {"low": law.low, "high": law.high, "whole": whole, "distribution": law}

    def _range(self, spec: FactorSpec, where: tuple[str, str]) -> dict[str, Any] | None:
        low, high, steps = spec.low, spec.high, spec.steps
        if low is None or high is None or not low < high:
            self.wrong(where, f"low = {quoted(low)}, high = {quoted(high)}", ENDS)
            return None
        whole = spec.path in self.whole
        if self.kind in designs.SAMPLED:
            if steps is not None:
                found = f"steps in a {self.kind}"
                self.wrong((*where, "steps"), found, "low and high alone")
            return {"low": low, "high": high, "whole": whole}
        if steps is None:
            allowed = f"a whole number from 2 to {MOST_STEPS}"
            self.wrong((*where, "steps"), "no steps", allowed)
            return None
        levels = steps_between(low, high, steps, whole)
        if len(set(levels)) < len(levels):
            self.wrong((*where, "steps"), quoted(steps), "no more than the whole numbers")
        return {"levels": levels}

    def listed(self, design: ListSpec) -> list[list[Any]]:
        """The values of each factor; none of any where they cannot be read."""
        names = [factor.name or factor.path for factor in self.spec.factors]
        unread: list[list[Any]] = [[]] * len(names)
        for index, factor in enumerate(self.spec.factors):
            for key in ("values", "low", "high", "steps"):
                if getattr(factor, key) is not None:
                    where = ("factors", str(index), key)
                    self.wrong(where, key, "no values: they are in the list of points")
        if design.rows is not None and design.csv is not None:
            self.wrong(("design",), "rows and csv", "one of them")
            return unread
        if "" in names:
            return unread
        if design.csv is not None:
            return self._of_csv(design.csv, names) or unread
        return self._of_rows(design.rows or [], names) or unread

    def _of_rows(self, rows: list[Any], names: list[str]) -> list[list[Any]]:
        for number, row in enumerate(rows):
            if not isinstance(row, list) or len(row) != len(names):
                allowed = f"{len(names)} values: {', '.join(names)}"
                self.wrong(("design", "rows"), f"row {number}: {quoted(row)}", allowed)
                return []
        return [list(column) for column in zip(*rows, strict=True)]

    def _of_csv(self, name: str, names: list[str]) -> list[list[Any]]:
        path = self.path.parent / name
        if not path.is_file():
            beside = [file.name for file in self.path.parent.glob("*.csv")]
            self.wrong(("design", "csv"), quoted(name), CSV, nearest(name, beside))
            return []
        try:
            text = read_plain(path, MOST_TABLE_BYTES).decode("utf-8-sig")
            lines = csv.reader(io.StringIO(text, newline=""))
            filled = [(lines.line_num, row) for row in lines if any(map(str.strip, row))]
        except (OSError, UnicodeDecodeError, csv.Error) as problem:
            self.wrong(("design", "csv"), f"{name}: {problem}", "a CSV file in UTF-8")
            return []
        (_, head), *rows = filled or [(1, [])]
        return self._of_cells(path, names, [cell.strip() for cell in head], rows)

    def _of_cells(
        self, path: Path, names: list[str], head: list[str], rows: list[tuple[int, list[str]]]
    ) -> list[list[Any]]:
        """The columns of a CSV in the order of the factors; `rows` with their lines."""
        before = len(self.problems)

        def wrong(line: int, place: str, found: str, allowed: str, near: str | None = None) -> None:
            self.problems.append(Problem(label(path), line, place, found, allowed, near))

        for name in names:
            if name not in head:
                wrong(1, name, "no such column", f"a column {name}", nearest(name, head))
        for name in head:
            if name not in names or head.count(name) > 1:
                found = f"column {quoted(name)}"
                allowed = f"one column for each factor: {', '.join(names)}"
                wrong(1, "", found, allowed, nearest(name, names))
        if not rows:
            wrong(2, "", "no rows", "a row for each point")
        for number, row in rows:
            if len(row) != len(head) or "" in [cell.strip() for cell in row]:
                wrong(number, "", quoted(row), f"{len(head)} values")
                break
        if len(self.problems) > before:
            return []
        return [[typed(row[head.index(name)]) for _, row in rows] for name in names]


def _labelled(labels: Iterable[str], choices: dict[str, Any]) -> tuple[Level, ...]:
    """Levels by their names among the choices."""
    return tuple(Level(label, _plain(choices[label])) for label in labels)


def _ordered(levels: tuple[Level, ...]) -> bool:
    """Whether a step from one level to another has a direction: two of them, or rising numbers."""
    values = [level.value for level in levels]
    numbers = all(type(value) in (int, float) and math.isfinite(value) for value in values)
    return len(values) <= 2 or (numbers and values == sorted(set(values)))


def _listed(given: list[Any]) -> tuple[Level, ...]:
    """Levels of plain values, each its own label; a table or list is shown as TOML writes it."""
    plain = (bool, int, float, str)
    return tuple(
        Level(value if isinstance(value, plain) else quoted(value), _plain(value))
        for value in given
    )


def _plain(value: Any) -> Any:
    """Dates as text, at any depth: scenarios read both, JSON holds one."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


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
