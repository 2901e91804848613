"""One field of a table: what it may hold, in types and in words, and what is known of it."""

import datetime
import types
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.parameter import NONE


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


def limits_of(field: FieldInfo) -> dict[str, float]:
    """The hard bounds of a field, as pydantic has them: ge, gt, le."""
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
    limits = limits_of(field)
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
