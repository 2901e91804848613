"""Reading the [[factors]] of an experiment file."""

import datetime
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.errors import nearest, quoted
from sim.outcomes.spread import whole_paths
from sim.scenario import Scenario
from sim.scenario.checks_paths import is_policy, within
from sim.scenario.distribution import DistributionError, read_distribution
from sim.scenario.flatten import entry_in
from sim.scenario.overrides import known_paths
from sim.scenario.tree import path_parts
from sim.studies import design as designs
from sim.studies.design import Design
from sim.studies.design_reading import COLUMN
from sim.studies.factors import SCENARIO, Factor, Level, steps_between

if TYPE_CHECKING:
    from sim.studies.experiment_file import ExperimentFile

KEYS = ("path", "name", "values", "choices", "low", "high", "steps", "link", "distribution")
WAYS = 'values = [...], or choices = { name = ... }, or low and high (with steps in a "grid"), '
WAYS += "or distribution = { ... } where points are spread"
#: Columns of the tables that a factor's name must leave free.
TAKEN = ("point", "seed", "outcome", "week", "n", "holds", "p", "low", "high")
MOST_STEPS = 100_000


class FactorReader:
    """The factors of one file; problems go to the file's reader."""

    def __init__(self, reader: "ExperimentFile", world: Scenario, design: Design) -> None:
        self.reader = reader
        self.world = world
        self.design = design
        self.whole = set(whole_paths(world))

    def factors(self) -> Iterator[Factor]:
        """Every factor that can be read; notes what is wrong with the others."""
        listed = self.reader.table.get("factors")
        if not isinstance(listed, list) or not listed:
            found = "no factors" if not listed else quoted(listed)
            self.reader.wrong(("factors",), found, "at least one [[factors]]")
            return
        paths: set[str] = set()
        names: set[str] = set(TAKEN)
        for index, table in enumerate(listed):
            where = ("factors", str(index))
            factor = self._factor(table, where) if isinstance(table, dict) else None
            if factor is None:
                continue
            if factor.path in paths:
                self.reader.wrong((*where, "path"), f"{factor.path} twice", "each path once")
            if factor.name in names:
                found = f"{quoted(factor.name)}, which is taken"
                self.reader.wrong((*where, "name"), found, "a name that no other column has")
            paths.add(factor.path)
            names.add(factor.name)
            yield factor

    def _factor(self, table: dict[str, Any], where: tuple[str, str]) -> Factor | None:
        """One factor; None where it cannot be read."""
        before = len(self.reader.problems)
        self.reader.known(table, (*KEYS, COLUMN), where)
        path, name, link = (table.get(key, "") for key in ("path", "name", "link"))
        for key, text in (("path", path), ("name", name), ("link", link)):
            if not isinstance(text, str) or (key == "path" and not text):
                self.reader.wrong((*where, key), quoted(text) if text else "nothing", "a text")
        if len(self.reader.problems) > before:
            return None
        if path != SCENARIO and path.startswith(("sources", "ranges", "extends")):
            self.reader.wrong((*where, "path"), path, "a key path that changes the runs")
        line = self.reader.lines.get((*where, "path"))
        values = self._values(table, where)
        if values is None or len(self.reader.problems) > before:
            return None
        return Factor(name or path, path, link=link, line=line, **values)

    def _values(self, table: dict[str, Any], where: tuple[str, str]) -> dict[str, Any] | None:
        """The fields of a Factor that say which values it takes."""
        if COLUMN in table:
            return self._column(table, where)
        ways = [way for way in ("values", "choices", "low", "distribution") if way in table]
        if len(ways) != 1 or (("steps" in table or "high" in table) and ways != ["low"]):
            found = (
                ", ".join(key for key in (*KEYS[2:7], "distribution") if key in table)
                or "no values"
            )
            self.reader.wrong(where, found, WAYS)
            return None
        if ways == ["low"]:
            return self._range(table, where)
        if ways == ["distribution"]:
            return self._distribution(table, where)
        values = table[ways[0]]
        levels = _chosen(values) if ways == ["choices"] else _listed(values)
        if not levels:
            self.reader.wrong((*where, ways[0]), quoted(values), WAYS)
            return None
        if len({str(level.label) for level in levels}) < len(levels) and not self._aligned(table):
            self.reader.wrong((*where, ways[0]), quoted(values), "each value once")
        if self.design.kind == designs.MORRIS and not _ordered(levels):
            found = f"{len(levels)} values that are not numbers in rising order, in a morris"
            allowed = (
                "two of them, or numbers in rising order, or saltelli: a step has no size here"
            )
            self.reader.wrong((*where, ways[0]), found, allowed)
        return {"levels": levels}

    def _column(self, table: dict[str, Any], where: tuple[str, str]) -> dict[str, Any] | None:
        """The values of a list of points; names among `choices` where there are such."""
        choices = table.get("choices")
        if choices is None:
            return {"levels": _listed(table[COLUMN])}
        if not isinstance(choices, dict) or not choices:
            self.reader.wrong((*where, "choices"), quoted(choices), "choices = { name = ... }")
            return None
        for label in table[COLUMN]:
            if label not in choices:
                near = nearest(str(label), choices)
                self.reader.wrong(("design",), quoted(label), ", ".join(choices), near)
                return None
        return {"levels": tuple(Level(value, _plain(choices[value])) for value in table[COLUMN])}

    def _distribution(self, table: dict[str, Any], where: tuple[str, str]) -> dict[str, Any] | None:
        """What is believed of a number, for designs whose points are spread over it."""
        place = (*where, "distribution")
        if self.design.kind not in designs.SAMPLED:
            found = f"distribution in a {self.design.kind}"
            self.reader.wrong(place, found, "a design of " + " or ".join(designs.SAMPLED))
            return None
        try:
            law = read_distribution(table["distribution"])
        except DistributionError as error:
            self.reader.wrong(place, error.found, error.allowed, error.nearest)
            return None
        path = path_parts(table["path"])
        entry = entry_in(self.world.spec, path)
        if entry is not None and not is_policy(path) and not within(entry, law.low, law.high):
            found = f"{quoted(table['distribution'])}, on [{law.low:g}, {law.high:g}]"
            self.reader.wrong(place, found, f"values that are {entry.allowed}")
            return None
        whole = table["path"] in self.whole
        return {"low": law.low, "high": law.high, "whole": whole, "distribution": law}

    def _aligned(self, table: dict[str, Any]) -> bool:
        """Whether values may repeat, as they stand beside those of another factor."""
        return self.design.kind == designs.LIST or bool(table.get("link"))

    def _range(self, table: dict[str, Any], where: tuple[str, str]) -> dict[str, Any] | None:
        low: Any
        high: Any
        low, high, steps = (table.get(key) for key in ("low", "high", "steps"))
        if not (_is_number(low) and _is_number(high) and low < high):
            found = f"low = {quoted(low)}, high = {quoted(high)}"
            self.reader.wrong(where, found, "two numbers, the lower first")
            return None
        whole = table["path"] in self.whole
        if self.design.kind in designs.SAMPLED:
            if steps is not None:
                found = f"steps in a {self.design.kind}"
                self.reader.wrong((*where, "steps"), found, "low and high alone")
            return {"low": low, "high": high, "whole": whole}
        if isinstance(steps, bool) or not isinstance(steps, int) or not 2 <= steps <= MOST_STEPS:
            found = "no steps" if steps is None else quoted(steps)
            self.reader.wrong((*where, "steps"), found, f"a whole number from 2 to {MOST_STEPS}")
            return None
        levels = steps_between(low, high, steps, whole)
        if len(set(levels)) < len(levels):
            self.reader.wrong((*where, "steps"), quoted(steps), "no more than the whole numbers")
        return {"levels": levels}


def nearest_path(path: str, world: Scenario) -> str | None:
    """The key path of a scenario that comes closest."""
    return nearest(path, known_paths(world.tree.table))


def _ordered(levels: tuple[Level, ...]) -> bool:
    """Whether a step from one level to another has a direction: two of them, or rising numbers."""
    values = [level.value for level in levels]
    return len(values) <= 2 or (
        all(map(_is_number, values))
        and all(value < two for value, two in zip(values, values[1:], strict=False))
    )


def _is_number(value: Any) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and math.isfinite(value)


def _listed(given: Any) -> tuple[Level, ...]:
    """Levels of plain values, each its own label; a table or list is shown as TOML writes it."""
    if not isinstance(given, list):
        return ()
    return tuple(Level(_label(value), _plain(value)) for value in given)


def _chosen(given: Any) -> tuple[Level, ...]:
    """Levels of a table of label -> value."""
    if not isinstance(given, dict):
        return ()
    return tuple(Level(label, _plain(value)) for label, value in given.items())


def _label(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str) else quoted(value)


def _plain(value: Any) -> Any:
    """Dates as text, at any depth: scenarios read both, JSON holds one."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
