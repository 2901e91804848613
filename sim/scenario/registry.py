"""The registry read off the models: what each key path may hold and what is known of it."""

import datetime
import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.lines import KeyPath
from sim.scenario.parameter import NONE
from sim.scenario.policy_parameters import below_policy, parameters_called
from sim.scenario.schema import ScenarioSpec

ANY_NAME = "*"  # a part of a pattern that stands for any name


@dataclass(frozen=True)
class Entry:
    """One field of the registry.

    `span` is the range of the outer loop (factors of the value when `relative`), `applies` the
    levers it is varied for, `low`/`high` the hard bounds with `above` for an open lower one.
    """

    annotation: Any
    symbol: str
    unit: str
    meaning: str
    source: str
    span: tuple[float, float] | None
    relative: bool
    applies: str
    low: float | None
    high: float | None
    above: bool
    default: Any
    optional: bool

    @cached_property
    def is_integer(self) -> bool:
        """Whether its values are whole numbers."""
        return plain(self.annotation) is int

    @cached_property
    def is_number(self) -> bool:
        """Whether its values are numbers, whole or not."""
        return plain(self.annotation) in (int, float)

    @property
    def allowed(self) -> str:
        """What a file may write here, in words."""
        text = _allowed(plain(self.annotation), _bounds(self))
        return f'{text}, or "{NONE}"' if self.optional else text


def plain(annotation: Any) -> Any:
    """The type itself: without Annotated, None, or the literal beside a table."""
    if get_origin(annotation) is Annotated:
        return plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return plain(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation


def _bounds(entry: Entry) -> str:
    if entry.low is None:
        return ""
    if entry.high is None:
        return f" above {entry.low:g}" if entry.above else f", {entry.low:g} or more"
    if entry.above:
        return f" above {entry.low:g}, at most {entry.high:g}"
    return f" from {entry.low:g} to {entry.high:g}"


def _allowed(kind: Any, bounds: str) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(get_args(kind))
    words = {
        float: f"a number{bounds}",
        int: f"a whole number{bounds}",
        bool: "true or false",
        str: "text in quotes",
        datetime.date: "a date, as 2025-05-12",
    }
    if kind in words:
        return words[kind]
    if get_origin(kind) is tuple:
        pair = len(get_args(kind)) == 2 and get_args(kind)[1] is not ...
        return "two numbers, [low, high]" if pair else "a list"
    return "a table"


def _limits(field: FieldInfo) -> dict[str, float]:
    return {
        name: getattr(rule, name)
        for rule in field.metadata
        for name in ("ge", "gt", "le")
        if getattr(rule, name, None) is not None
    }


@cache
def fields_of(model: type[BaseModel]) -> dict[str, Entry]:
    """The registry entries of one table, in order."""
    return {name: _entry(field) for name, field in model.model_fields.items()}


def _entry(field: FieldInfo) -> Entry:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    limits = _limits(field)
    span: Any = extra.get("range")
    absent = field.default is None and not field.is_required()
    return Entry(
        annotation=Annotated[field.annotation, *field.metadata]
        if field.metadata
        else field.annotation,
        symbol=str(extra.get("symbol", "")),
        unit=str(extra.get("unit", "")),
        meaning=field.description or "",
        source=str(extra.get("source", "")),
        span=None if span is None else (float(span[0]), float(span[1])),
        relative=bool(extra.get("relative", False)),
        applies=str(extra.get("applies", "always")),
        low=limits.get("ge", limits.get("gt")),
        high=limits.get("le"),
        above="gt" in limits,
        default=field.get_default(call_default_factory=True) if not field.is_required() else None,
        optional=absent or Literal[NONE] in get_args(field.annotation),
    )


@cache
def entry_at(path: KeyPath) -> Entry | None:
    """The entry of the nearest field at or above a key path; None where there is none."""
    kind: Any = ScenarioSpec
    entry: Entry | None = None
    for part in path:
        kind = plain(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            entry = fields_of(kind).get(part)
            if entry is None:
                return None
            kind = entry.annotation
        elif get_origin(kind) in (dict, tuple):
            kind = _items(kind)
            entry = _item_entry(kind, entry)
        else:
            return entry
    return entry


def _item_entry(kind: Any, holder: Entry | None) -> Entry | None:
    """The entry of one item of a table of names or a list: its holder's, with its own type."""
    if holder is None:
        return None
    rule = next((a for a in get_args(kind)[1:] if isinstance(a, FieldInfo)), None)
    bare = replace(holder, annotation=kind, optional=False, low=None, high=None, default=None)
    if rule is None:
        return bare
    limits = _limits(rule)
    return replace(bare, low=limits.get("ge", limits.get("gt")), high=limits.get("le"))


def holds_number(path: KeyPath) -> bool:
    """Whether a key path is that of a number of a scenario, or of a policy's parameter."""
    below = below_policy(path)
    if below:
        return len(below) == 1 and any(not p.choices for p in parameters_called(below[0]))
    return _is_number(path)


@cache
def _is_number(path: KeyPath) -> bool:
    entry = entry_at(path)
    return entry is not None and entry.is_number


def stands_for_value(path: KeyPath) -> bool:
    """Whether a key path is that of a value, a number or not, rather than of a table."""
    if holds_number(path):
        return True
    entry = None if below_policy(path) else entry_at(path)
    kind = None if entry is None else plain(entry.annotation)
    return kind in (bool, str, datetime.date) or get_origin(kind) is Literal


@cache
def table_at(path: KeyPath) -> type[BaseModel] | None:
    """The model of the table at a key path, None where no such table is."""
    kind: Any = ScenarioSpec
    for part in path:
        kind = plain(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if part not in kind.model_fields:
                return None
            kind = fields_of(kind)[part].annotation
        elif get_origin(kind) in (dict, tuple):
            kind = _items(kind)
        else:
            return None
    kind = plain(kind)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _items(kind: Any) -> Any:
    """The type of what a table of names or a list holds."""
    return get_args(kind)[1] if get_origin(kind) is dict else get_args(kind)[0]


@cache
def patterns() -> tuple[KeyPath, ...]:
    """Every key path a scenario can have, with * for names and items."""
    return tuple(_patterns(ScenarioSpec, ()))


def _patterns(kind: Any, path: KeyPath) -> Iterator[KeyPath]:
    kind = plain(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, entry in fields_of(kind).items():
            yield (*path, name)
            yield from _patterns(entry.annotation, (*path, name))
    elif get_origin(kind) in (dict, tuple):
        item = plain(_items(kind))
        nested = get_origin(item) in (dict, tuple)
        if nested or (isinstance(item, type) and issubclass(item, BaseModel)):
            yield from _patterns(item, (*path, ANY_NAME))


class Registered(NamedTuple):
    """A field of the registry under its key path, * standing for names."""

    path: str
    entry: Entry


def registry() -> list[Registered]:
    """Every field a scenario can have, in the order of the schema."""
    return [
        Registered(".".join(pattern), entry)
        for pattern in patterns()
        if (entry := entry_at(pattern)) is not None and pattern[-1] != ANY_NAME
    ]
