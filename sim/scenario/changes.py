"""What a scenario changes of the one it extends, and the report of a scenario in a few lines."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import Any

from sim.errors import KeyPath, as_toml, printable
from sim.report.content import NAME, TEXT, Report, Section, columns
from sim.scenario.key_paths import item_name
from sim.scenario.overrides import FROM_SET
from sim.scenario.schema import ScenarioSpec
from sim.scenario.tree import Tree

#: Of whom a scenario is, not of how the world is.
_PROSE = ("title", "description", "sources")
#: What stands where one of the two has nothing.
NOT_SET = "not set"


@dataclass(frozen=True)
class Change:
    """One key path, its value before and now as TOML (or NOT_SET), and what set the new one."""

    path: str
    before: str
    now: str
    origin: str


@dataclass(frozen=True)
class Changes:
    """All that differs from `base`, the name of a scenario; settings of the command line first."""

    base: str
    rows: tuple[Change, ...]

    def to_table(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {"base": self.base, "rows": [asdict(row) for row in self.rows]}

    @classmethod
    def from_table(cls, table: Mapping[str, Any] | None) -> "Changes | None":
        """What `to_table` gave; None of nothing."""
        if table is None:
            return None
        return cls(table["base"], tuple(Change(**row) for row in table["rows"]))


def changes_of(tree: Tree, base: Tree, name: str, origin: Callable[[str], str]) -> Changes:
    """What a table has other than `base`, called `name`; `origin` says what set a path."""
    rows = []
    for parts, before, now in _differences(base.table, tree.table, ()):
        if parts[0] not in _PROSE:
            path = ".".join(parts)
            file = printable(PurePath(origin(path)).name)
            rows.append(Change(printable(path), _text(before), _text(now), file))
    return Changes(name, tuple(sorted(rows, key=lambda row: row.origin != FROM_SET)))


def _differences(before: Any, now: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any, Any]]:
    """Paths at which two values differ, with both; a table that only one has comes whole."""
    before_table, now_table = _table(before), _table(now)
    if before_table is None or now_table is None:
        if before != now:
            yield path, before, now
        return
    for key in dict.fromkeys((*now_table, *before_table)):
        yield from _differences(before_table.get(key), now_table.get(key), (*path, key))


def _table(value: Any) -> dict[str, Any] | None:
    """A table, or a list of named ones by their names; None of anything else."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value:
        named = [name for name in map(item_name, value) if name is not None]
        return dict(zip(named, value, strict=True)) if len(named) == len(value) else None
    return None


def _text(value: Any) -> str:
    return NOT_SET if value is None else printable(as_toml(value))


MOST_CHANGES = 12


def report_of(scenario: Any) -> Report:
    """The report of a `Scenario`: when it is, who plays what, what it changes."""
    spec = scenario.spec
    changes = (replace(section, detail=False) for section in changed(scenario.changes))
    return Report(scenario.title, tuple(_lead(spec)), sections=(*changes, _levers(spec)))


def _lead(spec: ScenarioSpec) -> Iterator[str]:
    truce = spec.truce
    term = truce.term_weeks if truce else None
    kind = "no truce" if truce is None else "a truce without a term"
    kind = f"a truce with a first term of {term} weeks" if term else kind
    yield f"{spec.weeks} weeks from {spec.start}, {kind}."
    named = (
        f"{side} plays {player.policy.get('name', 'a machine')}"
        for side, player in spec.actors.items()
    )
    yield f"{'; '.join(named)}."


def _levers(spec: ScenarioSpec) -> Section:
    rows = tuple(
        (name, lever.control, str(lever.level), str(lever.notches))
        for name, lever in spec.levers_by_name.items()
    )
    heading = columns(("lever", NAME), ("control", NAME), "level at the start", "of")
    return Section("Levers", columns=heading, rows=rows)


def changed(changes: Changes | None) -> Iterator[Section]:
    """What was changed of the scenario it extends: the first lines, and all of many in a list."""
    if changes is None or not changes.rows:
        return
    rows = tuple((row.path, row.before, row.now, row.origin) for row in changes.rows)
    heading = columns(("setting", NAME), ("before", TEXT), ("here", TEXT), ("set by", NAME))
    intro = f"Against the scenario it extends, {changes.base}; all else is as it is there."
    more = len(rows) - MOST_CHANGES
    notes = (f"{more} more are in the whole list.",) if more > 0 else ()
    title = "What was changed"
    yield Section(title, (intro,), heading, rows[:MOST_CHANGES], notes, detail=True)
    if more > 0:
        name = f"{title}: all {len(rows)} settings"
        yield Section(name, (), heading, rows, detail=True, folded=True)
