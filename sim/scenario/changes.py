"""What a scenario changes: its own lines and settings against the scenario it extends."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from sim.errors import as_toml, printable
from sim.scenario.lines import KeyPath
from sim.scenario.overrides import FROM_SET
from sim.scenario.places import item_name
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
