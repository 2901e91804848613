"""What the values of a scenario rest on: what it changes, where they come from, since when known.

A source says its date in its own text. "known 2025-06-04" anywhere in it is that date; else it is
the latest ISO date in it, of which the ids of events and the months of series are made
("event 2025-05-12-geneva-us"; "series magnet_exports_china_to_us 2025-05" is known at the end of
May). A source with none of these is undated, as a judgement is that says nothing of its day.
"""

import calendar
import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import Any, NamedTuple

from sim.errors import KeyPath, as_toml, printable, some_of
from sim.report.content import NAME, TEXT, Report, Section, table
from sim.scenario.key_paths import item_name, split_key
from sim.scenario.overrides import FROM_SET
from sim.scenario.registry import ANY_NAME
from sim.scenario.schema import ScenarioSpec
from sim.scenario.tree import Tree

#: Which parts of a pattern are wildcards.
Shape = tuple[bool, ...]


class Sources:
    """The `[sources]` of a scenario, made ready for look-ups."""

    def __init__(self, table: Mapping[str, str]) -> None:
        """Takes the table with later files' entries after earlier ones."""
        self._shapes: dict[int, dict[Shape, dict[KeyPath, tuple[int, str]]]] = {}
        self._table = table
        latest_first = [(split_key(key), key) for key in table][::-1]
        ordered = sorted(latest_first, key=lambda item: sum(_shape(item[0])))
        for rank, (pattern, key) in enumerate(ordered):
            same_shape = self._shapes.setdefault(len(pattern), {}).setdefault(_shape(pattern), {})
            same_shape.setdefault(pattern, (rank, key))

    def key_for(self, path: KeyPath) -> str | None:
        """The most specific pattern that fits a path; of equals, the last written; None: none.

        A pattern that fits only the beginning of the path counts for all below it, and less.
        """
        for length in range(len(path), 0, -1):
            ranks = (
                same_shape.get(_shaped(path, shape))
                for shape, same_shape in self._shapes.get(length, {}).items()
            )
            best = min((rank for rank in ranks if rank is not None), default=None)
            if best is not None:
                return best[1]
        return None

    def text(self, key: str) -> str:
        """What is written under a pattern."""
        return self._table[key]


def _shape(pattern: KeyPath) -> Shape:
    return tuple(part == ANY_NAME for part in pattern)


def _shaped(path: KeyPath, shape: Shape) -> KeyPath:
    """The pattern of a shape that fits the beginning of a path."""
    return tuple(
        ANY_NAME if any_name else part for part, any_name in zip(path, shape, strict=False)
    )


#: Tables whose values are taken from the world, so that their sources have a day.
CHECKED = ("truce", "talks", "actors", "levers", "allies")

_SAID = re.compile(r"\bknown (\d{4}-\d{2}-\d{2})\b")
_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d{2})(?:-(\d{2}))?(?!-?\d)")


class Row(NamedTuple):
    """One value of a scenario and what is known of it.

    `range` are the ends of what the outer loop would vary it over, `distribution` what lies
    between them ({ kind = numbers }; None where the outer loop leaves it alone). `known` is the day
    from which on what its source says was known, None where the source carries no date.
    """

    path: str
    value: Any
    unit: str
    symbol: str
    range: tuple[float, float] | None
    distribution: dict[str, list[float]] | None
    source: str
    known: datetime.date | None
    origin: str
    meaning: str


@dataclass(frozen=True)
class Knowledge:
    """What a scenario's values rest on, as of a day.

    late: (key path, day on which it became known) of values that rest on what came after `as_of`,
    the earliest first. undated: (key path, source) of values whose source carries no date.
    """

    as_of: datetime.date
    late: tuple[tuple[str, datetime.date], ...]
    undated: tuple[tuple[str, str], ...]

    def hindcast(self) -> str:
        """That values rest on what came later, in a sentence; "" where none does."""
        count = len(self.late)
        rest = f"{count} settings rest" if count > 1 else "1 setting rests"
        return f"A hindcast: {rest} on what was known only after {self.as_of}." if count else ""

    def sentences(self, most: int | None = None, where: str = "") -> Iterator[str]:
        """A line for those that come too late and one for those without a date, if any.

        most: so many of those that come too late are named, the latest first, and `where` says
        where to see all.
        """
        if self.late:
            named = [f"{path} ({day})" for path, day in self.late]
            values = ", ".join(named) if most is None else some_of(named[::-1], most, where)
            yield f"as_of {self.as_of}: {_values(len(self.late))} on what was known later: {values}"
        if self.undated:
            judged = sum("judgement" in source for _, source in self.undated)
            values = _counted(path.partition(".")[0] for path, _ in self.undated)
            undated = f"{_values(len(self.undated))} on undated sources, {judged} of them judgement"
            yield f"as_of {self.as_of}: {undated}: {values}"

    def undated_fields(self) -> str:
        """The fields of the values without a date, with how many there are of each."""
        fields = ((*path.partition(".")[::2], path.rpartition(".")[2]) for path, _ in self.undated)
        return _counted(f"{t}.*.{end}" if "." in rest else f"{t}.{rest}" for t, rest, end in fields)


def _counted(names: Iterable[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in Counter(names).items())


def _values(count: int) -> str:
    return "1 value rests" if count == 1 else f"{count} values rest"


def known_on(source: str) -> datetime.date | None:
    """The day from which on what a source says was known; None where it carries no date."""
    as_said = _SAID.search(source)
    if as_said:
        return _day(as_said[1])
    days = [_last_day(*match.groups()) for match in _DATE.finditer(source)]
    return max((day for day in days if day is not None), default=None)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:  # as 2025-13-01: digits, and no date
        return None


def _last_day(year: str, month: str, day: str | None) -> datetime.date | None:
    """The day itself, or the last one of a month."""
    if day is None and 1 <= int(month) <= 12 and int(year) >= 1:
        day = str(calendar.monthrange(int(year), int(month))[1])
    return _day(f"{year}-{month}-{day}")


def knowledge(as_of: datetime.date, rows: Iterable[Row]) -> Knowledge:
    """The values of a scenario (its `entries`) against the day as of which they are meant."""
    checked = [row for row in rows if row.path.partition(".")[0] in CHECKED]
    late = [(row.path, row.known) for row in checked if row.known and row.known > as_of]
    undated = [(row.path, row.source) for row in checked if row.known is None]
    return Knowledge(as_of, tuple(sorted(late, key=lambda pair: pair[1])), tuple(undated))


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
    """All that differs from `base`, the name of a scenario; settings of the command line first.

    user: what its user set (`--set`, `override`), against the scenario without that.
    """

    base: str
    rows: tuple[Change, ...]
    user: tuple[Change, ...] = ()

    def to_table(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "base": self.base,
            "rows": [asdict(row) for row in self.rows],
            "user": [asdict(row) for row in self.user],
        }

    @classmethod
    def from_table(cls, table: Mapping[str, Any] | None) -> "Changes | None":
        """What `to_table` gave; None of nothing."""
        if table is None:
            return None
        rows, user = ([Change(**row) for row in table.get(name, ())] for name in ("rows", "user"))
        return cls(table["base"], tuple(rows), tuple(user))


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
#: Of what the user set so many are named in a sentence.
MOST_IN_WORDS = 4
CHANGED_BY_YOU = "Changed by you"


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
    rows = (
        (name, lever.control, str(lever.level), str(lever.notches))
        for name, lever in spec.levers_by_name.items()
    )
    return table("Levers", (("lever", NAME), ("control", NAME), "level at the start", "of"), rows)


def changed_by_user(changes: Changes | None) -> Iterator[str]:
    """What its user set, in a sentence; nothing where nothing was set."""
    if changes is not None and changes.user:
        named = [f"{row.path} = {row.now} (before: {row.before})" for row in changes.user]
        yield f"{CHANGED_BY_YOU}: {some_of(named, MOST_IN_WORDS)}."


def changed(changes: Changes | None) -> Iterator[Section]:
    """What its user set, then what was changed of the scenario it extends.

    Of that the first lines, and all of many in a list.
    """
    if changes is None:
        return
    heads = ("setting", NAME), ("before", TEXT), ("here", TEXT)
    if changes.user:
        yield table(
            CHANGED_BY_YOU,
            heads,
            [(row.path, row.before, row.now) for row in changes.user],
            words=("Against the scenario as it is without that.",),
            detail=True,
        )
    by_user = {row.path for row in changes.user}
    found = [row for row in changes.rows if row.path not in by_user]
    if not found:
        return
    rows = [(row.path, row.before, row.now, row.origin) for row in found]
    heads_of_all = (*heads, ("set by", NAME))
    intro = f"Against the scenario it extends, {changes.base}; all else is as it is there."
    more = len(rows) - MOST_CHANGES
    notes = [f"{more} more are in the whole list."] if more > 0 else []
    title = "What was changed"
    first = rows[:MOST_CHANGES]
    yield table(title, heads_of_all, first, *notes, words=(intro,), detail=True, folded=True)
    if more > 0:
        name = f"{title}: all {len(rows)} settings"
        yield table(name, heads_of_all, rows, detail=True, folded=True)
