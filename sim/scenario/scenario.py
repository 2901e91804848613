"""A scenario: one world and its policies, validated, with the origin of every value."""

import datetime
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, ScenarioError, nearest, one_of, printable
from sim.numbers import as_python
from sim.report.text import InNotebook, in_a_line
from sim.scenario import inert, ranges
from sim.scenario.calendar import first_day
from sim.scenario.distribution import Distribution
from sim.scenario.key_paths import path_parts, value_at
from sim.scenario.loading import Layer, find_scenario, is_shipped, merged, read_layers
from sim.scenario.overrides import FROM_SET, Named, parts_of, with_values, written_over
from sim.scenario.ranges import settled
from sim.scenario.registry import below_policy, entry_in, leaves
from sim.scenario.schema import ScenarioSpec
from sim.scenario.sides import Sides
from sim.scenario.sourcing import Changes, Knowledge, Row, Sources, changes_of, knowledge, known_on
from sim.scenario.tree import Origin, Tree, flattened, merge, renamed
from sim.scenario.validating import validated

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

DEFAULT = "default"
#: Values up to which a scenario shares enough with its neighbour to look what (measured).
FEW = 12
DRAWN = "drawn"  # origin of a value set by the outer loop or a design


@dataclass(frozen=True, eq=False, repr=False)
class Scenario(InNotebook):
    """A validated scenario. Made by `load`, `from_table`, `override` and `with_values`.

    `spec` holds the values, `tree` the table as written and the origin of each key, `drawn`
    the numbers that `with_values` put in place of written ones, `readings` the scenario under each
    of its readings, by name, `below` the files it extends (its own where it extends none), `unset`
    the table before its user wrote values over it (None: none did),
    `recorded_changes` what it changes, where that is known without them; `beside` is one it differs
    from in a few values, from which its tables take what they share.
    """

    spec: ScenarioSpec
    name: str
    path: Path | None
    warnings: tuple[str, ...] = ()
    tree: Tree = field(default_factory=Tree)
    drawn: Mapping[str, float] = field(default_factory=dict)
    below: tuple[Layer, ...] = ()
    recorded_changes: Changes | None = None
    readings: Mapping[str, "Scenario"] = field(default_factory=dict)
    beside: "Scenario | None" = None
    unset: Tree | None = None

    def __repr__(self) -> str:
        when = f"{self.spec.weeks} weeks from {self.spec.start}"
        return in_a_line(self, self.name, self.title, when, self.hash[:8])

    @classmethod
    def load(cls, path: str | Path) -> "Scenario":
        """The scenario of a file, or of the shipped one of that name ("geneva-2025").

        Raises ScenarioError with all problems of the file and of those it extends.
        """
        file = find_scenario(path).resolve()
        layers = read_layers(file)
        below = tuple(layers[1:] or layers)
        return cls._of(merged(layers), file.stem, file, below)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], name: str | None = None) -> "Scenario":
        """The scenario of a plain nested table, as `to_table` gives it. Raises ScenarioError."""
        table = as_python(dict(table))
        title = str(table.get("title", ""))
        label = name or re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "table"
        tree = Tree()
        merge(tree, flattened(table), lambda _: Origin(label))
        return cls._of(tree, label, None)

    @classmethod
    def _of(
        cls,
        tree: Tree,
        name: str,
        path: Path | None,
        below: tuple[Layer, ...] = (),
        unset: Tree | None = None,
    ) -> "Scenario":
        spec, warnings = validated(tree)
        plain = cls(spec, name, path, warnings, tree, below=below, unset=unset)
        return replace(plain, readings=plain._read()) if spec.readings else plain

    def _read(self) -> dict[str, "Scenario"]:
        """The scenario under each of its readings. Raises ScenarioError with all their problems."""
        readings: dict[str, Scenario] = {}
        problems: list[Problem] = []
        for name, reading in (self.spec.readings or {}).items():
            tree = self.tree.copy()
            del tree.table["readings"]
            _forget_levels(tree.table, reading.values)
            try:
                tree = written_over(tree, reading.values, f"reading {name}")
                reading_name = f"{self.name}-{name}"
                readings[name] = self._of(tree, reading_name, self.path, self.below, self.unset)
            except ScenarioError as error:
                problems += error.problems
        if problems:
            raise ScenarioError(problems)
        return readings

    def reading(self, name: str) -> "Scenario":
        """The scenario under one of its readings alone. Raises ScenarioError for another name."""
        if name in self.readings:
            return self.readings[name]
        allowed = one_of(self.readings) if self.readings else f"none: {self.name} has no readings"
        close = nearest(name, self.readings)
        raise ScenarioError([Problem("--reading", None, "", f'"{name}"', allowed, close)])

    def of_run(self, run: int) -> "Scenario":
        """The scenario that a run is played under: that of its reading, if there are readings."""
        own = (self.readings[name] for name, slots in self.spec.slots.items() if run in slots)
        return next(own, self)

    def override(self, changes: Mapping[str, Any], origin: str = FROM_SET) -> "Scenario":
        """The scenario with values (key path -> value) written over its own.

        A policy `name` replaces the policy whole; items of lists go by name or index; "+shocks"
        extends. Raises ScenarioError for unknown paths and for whatever no longer fits.
        """
        tree = written_over(self.tree, self.drawn, DRAWN) if self.drawn else self.tree
        written = as_python(dict(changes))
        unset = self.unset or (self.tree if origin == FROM_SET else None)
        tree = written_over(tree, written, origin)
        return self._of(tree, self.name, self.path, self.below, unset)

    def with_values(self, values: Mapping[str, float]) -> "Scenario":
        """The scenario with numbers replaced, unchecked and fast, for the points of a design.

        Whole-number fields are rounded. Raises KeyError for a path that is not there.
        """
        spec = with_values(self.spec, values)
        values_drawn = {**self.drawn, **values}
        read = {
            name: under.with_values({p: v for p, v in values.items() if not self._set_by(name, p)})
            for name, under in self.readings.items()
        }
        near = (self.beside or self) if len(values) <= FEW else None
        return replace(
            self, spec=spec, drawn=values_drawn, recorded_changes=None, readings=read, beside=near
        )

    def _set_by(self, name: str, path: str) -> bool:
        """Whether a reading sets the value at a path, or what holds it."""
        written = (self.spec.readings or {})[name].values
        return any(path == text or path.startswith(text + ".") for text in written)

    def is_set_by_readings(self, path: str) -> bool:
        """Whether there are readings and each sets the value at a path itself."""
        return bool(self.readings) and all(self._set_by(name, path) for name in self.readings)

    def distributions(self) -> dict[str, Distribution]:
        """What is believed of the numbers: key path -> distribution.

        The outer loop varies all of them but `decisions`. Around numbers of a lever, side or
        ally of the user's own file the registry's ranges are moved to her value.
        """
        return dict(self._distributions)

    @cached_property
    def _distributions(self) -> dict[str, Distribution]:
        own_values = frozenset(path for path, existed in self.tree.own.items() if not existed)
        return ranges.distributions(self.spec, own_values)

    def inert(self) -> dict[str, str]:
        """The numbers that cannot move the headline: key path -> why; under every reading."""
        first, *others = (
            inert.inert(world.spec, world.distributions())
            for world in self.readings.values() or (self,)
        )
        return {path: why for path, why in first.items() if all(path in other for other in others)}

    def decisions(self) -> tuple[str, ...]:
        """The numbers that the user decided, which the outer loop holds fixed.

        They are set by `override`, or in a file of hers that changes a scenario it extends; one
        that she gives a range or a distribution is none. A policy that she names is decided whole,
        with the parameters that stay at its defaults.
        """
        return tuple(path for path in self.distributions() if self._is_decided(path))

    def _is_decided(self, path: str) -> bool:
        parts = parts_of(path, self.tree.table)
        if parts is None or path in self.drawn or path in self.in_place:
            return False
        if below_policy(parts) and value_at(parts, self.tree.table) is None:
            parts = (*parts[:-1], "name")  # its default was decided with the policy's name
        set_by_user = self.tree.own.get(parts, False) or self._is_set(parts)
        ranged = ("ranges", path)
        return set_by_user and not (ranged in self.tree.own or self._is_set(ranged))

    def _is_set(self, parts: tuple[str, ...]) -> bool:
        where = self.tree.origins.get(parts)
        return where is not None and where.file == FROM_SET

    def range_paths(self) -> dict[str, ranges.Range]:
        """The lowest and highest value of what is believed: key path -> (low, high)."""
        believed = self.distributions().items()
        return {path: ranges.Range(law.low, law.high) for path, law in believed}

    @property
    def sides(self) -> Sides:
        """Who the two sides are: ids, names, adjectives, colours."""
        return self.spec.who

    @property
    def title(self) -> str:
        """The title of its file in one line that can be shown: control characters escaped."""
        return printable(self.spec.title)

    def date_of_week(self, week: int) -> datetime.date:
        """First day of a week; week 1 begins at the start."""
        return first_day(self.spec.start, week)

    @cached_property
    def changes(self) -> Changes | None:
        """What it changes of the scenario it extends, or of its own file, and what its user set.

        None where there is neither a file nor a value set.
        """
        if self.recorded_changes is not None or not (self.below or self.unset):
            return self.recorded_changes
        tree = written_over(self.tree, self.drawn, DRAWN) if self.drawn else self.tree
        found = Changes(self.name, ())
        if self.below:
            base = renamed(merged(self.below), self.spec.ids)
            found = changes_of(tree, base, self.below[0].path.stem, self.origin)
        if self.unset is None:
            return found
        set_since = changes_of(tree, self.unset, self.name, self.origin).rows
        return replace(found, user=tuple(row for row in set_since if row.origin == FROM_SET))

    @cached_property
    def in_place(self) -> frozenset[str]:
        """The paths at which a distribution stands in place of the value, its median."""
        if not isinstance(self.spec.ranges, dict):
            return frozenset()
        return frozenset(settled(self.tree.table)[1]) - frozenset(self.drawn)

    @cached_property
    def compiled(self) -> "Compiled":
        """The tables the engines read."""
        return self._compiled(True)

    @cached_property
    def unfollowed(self) -> "Compiled":
        """The same with no trajectories followed, which takes less time to make and to play."""
        return self._compiled(False)

    def _compiled(self, followed: bool) -> "Compiled":
        from sim.scenario.compile import compile_readings, compile_scenario

        def tables(world: "Scenario") -> "Compiled":
            return world.compiled if followed else world.unfollowed

        before = None if self.beside is None else tables(self.beside)
        compiled = compile_scenario(self.spec, before, followed)
        if not self.readings:
            return compiled
        read = {name: tables(world) for name, world in self.readings.items()}
        return compile_readings(self.spec, compiled, read)

    def to_table(self) -> dict[str, Any]:
        """Every resolved value as a plain nested table that JSON can hold; dates in ISO form."""
        table = self.spec.model_dump(mode="json", exclude_none=True)
        if not table["sides"]:
            del table["sides"]
        for actor in table["actors"].values():
            actor["policy"] = dict(sorted(actor["policy"].items()))
        for free in ("ranges", "sources"):
            if isinstance(table[free], dict):
                table[free] = dict(sorted(table[free].items()))
        return table

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the resolved table: equal for equal scenarios. Levers keep their order."""
        text = json.dumps(self.to_table(), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def origin(self, path: str) -> str:
        """The file that set a value, "--set", "drawn" or "default"."""
        where = self._origin(path)
        return where.file if where else DEFAULT

    def line(self, path: str) -> int | None:
        """The line of that file, where there is one."""
        where = self._origin(path)
        return where.line if where else None

    def _origin(self, path: str) -> Origin | None:
        if path in self.drawn:
            return Origin(DRAWN)
        parts = parts_of(path, self.tree.table, self._named)
        if parts is None:
            return None
        law = (*parts[:-1], parts[-1].rpartition(".")[0])  # of a number of a law in [ranges]
        origins = self.tree.origins
        return origins.get(parts) or (origins.get(law) if parts[0] == "ranges" else None)

    def source(self, path: str) -> str:
        """Where a value comes from: the scenario's own entry, else the registry's."""
        parts = path_parts(path)
        entry = entry_in(self.spec, parts)
        return self._sourced(parts, entry.source if entry else "")[0]

    def _sourced(self, parts: tuple[str, ...], otherwise: str) -> tuple[str, bool]:
        """The entry for a value, and whether it is of that value: not one changed since."""
        key = self._sources.key_for(parts)
        if key is None:
            return otherwise, True
        text = self._sources.text(key)
        written, last = self.tree.origins.get(("sources", key)), self.tree.origins.get(())
        where = self.origin(".".join(parts))
        # shipped files restate values of their base on purpose; a user's own file does not
        in_own_file = last is not None and where == last.file and not is_shipped(self.path)
        changed = in_own_file or where in (FROM_SET, DRAWN)
        if changed and (written is None or written.file != where):
            return f"no source given with the value set by {where} (before: {text})", False
        return text, True

    @cached_property
    def knowledge(self) -> Knowledge | None:
        """Which values rest on what was known only after `as_of`, or on undated sources.

        None where the scenario names no day.
        """
        day = self.spec.as_of
        return None if day is None else knowledge(day, self.entries())

    @cached_property
    def _named(self) -> Named:
        return {}

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self.spec.sources)

    def entries(self) -> Iterator[Row]:
        """Every value with its symbol, unit, range, source and origin, in file order."""
        believed = self.distributions()
        for leaf in leaves(self.spec):
            if leaf.value is None:
                continue
            path = ".".join(leaf.path)
            law = believed.get(path)
            span = ranges.span_of(leaf.entry, leaf.value) if law is None else (law.low, law.high)
            source, has_source = self._sourced(leaf.path, leaf.entry.source)
            yield Row(
                path=path,
                value=leaf.value,
                unit=leaf.entry.unit,
                symbol=leaf.entry.symbol,
                range=span,
                distribution=None if law is None else law.to_table(),
                source=source,
                known=known_on(source) if has_source else None,
                origin=self.origin(path),
                meaning=leaf.entry.meaning,
            )


def _forget_levels(table: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Drops the level of each lever that gets another history: a level follows its history."""
    for text in values:
        lever, _, field = text.rpartition(".")
        if field == "history" and f"{lever}.level" not in values:
            (value_at(path_parts(lever), table) or {}).pop("level", None)
