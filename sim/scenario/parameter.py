"""One field of a scenario table: its value's bounds, and what the registry says of it.

The pydantic models of this folder are the one registry of the project. Every field is made by
`parameter`, so that the schema, the documentation table, `detente show` and the outer loop's
ranges all read the same symbol, unit, default, range and source.
"""

import datetime
import types
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

import pydantic
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic.fields import FieldInfo

from sim.numbers import as_whole

#: In which cases the outer loop varies a field that has a range.
Applies = Literal["always", "licence", "other controls", "when given", "when due"]

_SHARE, _MOST, _LONG = (0, 1), (0, 1000), (0, 100_000)
#: The least and the greatest value at all by unit, unless a field says: far above any need, but
#: for shares and chances (judgement).
LIMITS = {
    **dict.fromkeys(("share", "share a week", "probability", "probability a week"), _SHARE),
    **dict.fromkeys(("factor a week", "0..1"), _SHARE),
    **dict.fromkeys(("weeks", "weeks of use", "weeks of normal demand"), _LONG),
    **dict.fromkeys(("factor", "score", "harm", "rung", "rung a rung", "share a rung"), _MOST),
    **dict.fromkeys(("payoff", "normal weekly demand", "weeks a week", "share of w"), _MOST),
}

NONE = "none"  # how a file writes that an optional value is absent: TOML has no null


class Parameter(NamedTuple):
    """A field of a table, but for the words on it: the options of pydantic and its entry."""

    options: dict[str, Any]
    entry: dict[str, Any]

    def means(self, meaning: str, source: str = "judgement") -> Any:
        """The pydantic field: what its value means and where its default comes from."""
        told = self.entry | {"source": source}
        return Field(**self.options, description=meaning, json_schema_extra=told)


def parameter(
    default: Any = ...,
    unit: str = "",
    symbol: str = "",
    *,
    span: tuple[float, float] | None = None,
    limits: tuple[float, float] | None = None,
    relative: bool = False,
    applies: Applies = "always",
    factory: Callable[[], Any] | None = None,
    **bounds: float,
) -> Parameter:
    """A field of a table, of which `means` says the rest.

    `span` is the range of the outer loop, as factors of the value when `relative`; `applies`
    says for which levers it is varied; `limits` are the least and the greatest value at all, of a
    single number by its unit (LIMITS) where neither they nor `bounds` (pydantic's ge, gt, le) say.
    """
    if limits is None and not bounds and factory is None:
        limits = LIMITS.get(unit)
    start = {"default": default} if factory is None else {"default_factory": factory}
    ends = {} if limits is None else dict(zip(("ge", "le"), limits, strict=True))
    entry: dict[str, Any] = {"symbol": symbol, "unit": unit, "source": ""}
    if span is not None:
        entry |= {"range": list(span), "relative": relative, "applies": applies}
    return Parameter({**start, **ends, **bounds}, entry)


def iso_date(value: Any) -> Any:
    """A date written as text, as in JSON; anything else is left to the type check."""
    if isinstance(value, str):
        return datetime.date.fromisoformat(value)
    return value


#: Names stand in key paths, beside the numbers of list items.
NAME_PATTERN = r"^[A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*$"
NAME_WORDS = "a name of letters, digits, _ and -, not of digits alone"
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
Date = Annotated[datetime.date, BeforeValidator(iso_date)]
Loose = pydantic.Strict(False)  # lets a TOML array fill a tuple; its items stay strict


class Strict(BaseModel):
    """A frozen table of a file: no unknown keys, no conversions, no nan or infinity."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Table(Strict):
    """A table of a scenario."""

    @model_validator(mode="before")
    @classmethod
    def as_written(cls, data: Any) -> Any:
        """What people write: "none" undoes an inherited optional value, 26.0 is the whole 26."""
        if not isinstance(data, dict):
            return data
        table = dict(data)
        for key, entry in fields_of(cls).items():
            if entry.default is None and entry.optional and table.get(key) == NONE:
                del table[key]
            elif entry.is_integer and key in table:
                number = as_whole(table[key])
                table[key] = table[key] if number is None else number
        return table


@dataclass(frozen=True)
class Entry:
    """One field of the registry.

    `span` is the range of the outer loop (factors of the value when `relative`), `applies` the
    levers it is varied for, `low`/`high` the hard bounds with `above` for an open lower one.
    """

    annotation: Any
    meaning: str
    source: str
    symbol: str = ""
    unit: str = ""
    span: tuple[float, float] | None = None
    relative: bool = False
    applies: str = "always"
    low: float | None = None
    high: float | None = None
    above: bool = False
    default: Any = None
    optional: bool = False

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


def limits_of(field: FieldInfo | None) -> dict[str, Any]:
    """`low`, `high` and `above` of an entry, of a field's ge, gt and le as pydantic has them."""
    ends = {
        name: getattr(rule, name)
        for rule in (field.metadata if field else ())
        for name in ("ge", "gt", "le")
        if getattr(rule, name, None) is not None
    }
    return {"low": ends.get("ge", ends.get("gt")), "high": ends.get("le"), "above": "gt" in ends}


@cache
def fields_of(model: type[BaseModel]) -> dict[str, Entry]:
    """The registry entries of one table, in order."""
    return {name: _entry(field) for name, field in model.model_fields.items()}


def _entry(field: FieldInfo) -> Entry:
    known: Any = field.json_schema_extra or {}
    given = {name: value for name, value in known.items() if name != "range"}
    span = known.get("range")
    needed = field.is_required()
    kind = field.annotation
    return Entry(
        annotation=Annotated[kind, *field.metadata] if field.metadata else kind,
        meaning=field.description or "",
        span=None if span is None else (float(span[0]), float(span[1])),
        default=None if needed else field.get_default(call_default_factory=True),
        optional=(field.default is None and not needed) or Literal[NONE] in get_args(kind),
        **given,
        **limits_of(field),
    )
