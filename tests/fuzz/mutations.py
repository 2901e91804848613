"""Files with something wrong: any key of any type of TOML, cut, deepened, made huge."""

import datetime
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from sim.errors import as_toml

Path = tuple[Any, ...]

_DATES = st.sampled_from(
    [
        datetime.date(1, 1, 1),
        datetime.date(2025, 5, 12),
        datetime.date(9999, 12, 31),
        datetime.datetime(1979, 5, 27, 7, 32, tzinfo=datetime.UTC),
        datetime.datetime(2025, 5, 12, 0, 0),
        datetime.time(7, 32),
    ]
)
_NUMBERS = st.sampled_from(
    [0, 1, -1, 2, 3, 64, 65, 5200, 5201, 2**31, 2**32, 2**63 - 1, 2**64, -(2**63), 10**400]
) | st.sampled_from(
    [0.0, -0.0, 0.5, 1.0, 1.5, 26.0, 1e-308, 5e-324, 1e308, -1e308, 1e-13]
    + [float("inf"), -float("inf"), float("nan")]
)
_TEXTS = st.sampled_from(
    [
        *("", " ", "x", "none", "us", "cn.rare_earths", "us.chips", "grim", "value", "licence"),
        *("geneva-2025", "../x", "/proc/kmsg", "/dev/zero", "a" * 5000, "$\\foo{$", "[red]x[/red]"),
        *("\x00", "\x1b[2J", "=1+1", "<script>", "日本", "\u202e", "a.b.c", "*", "+shocks", '"'),
    ]
)
_LEAVES = st.booleans() | _NUMBERS | _TEXTS | _DATES
VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_TEXTS | st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
_DEEP = st.sampled_from([5, 49, 51, 200, 3000])
_MANY = st.sampled_from([100, 2_000, 20_000])


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """The place of every value of a table, tables and lists too."""
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in inside:
        yield (*here, key)
        yield from paths(item, (*here, key))


def document(table: dict[str, Any]) -> str:
    """A table as a TOML file, a line a key."""
    return "".join(f"{_key(key)} = {as_toml(value)}\n" for key, value in table.items())


def _key(key: str) -> str:
    return as_toml(key)


def copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


@st.composite
def mutated(draw: st.DrawFn, tables: dict[str, dict[str, Any]]) -> str:
    """The text of one of the tables with one to three things changed."""
    table = copied(tables[draw(st.sampled_from(sorted(tables)))])
    for _ in range(draw(st.integers(1, 3))):
        _change(draw, table)
    text = document(table)
    how = draw(st.sampled_from(["whole"] * 6 + ["cut", "deep", "huge", "garbled"]))
    if how == "cut":
        return text[: draw(st.integers(0, len(text)))]
    if how == "deep":
        return text + _deep(draw)
    if how == "huge":
        return text + _huge(draw)
    if how == "garbled":
        place = draw(st.integers(0, len(text)))
        return text[:place] + draw(st.text(max_size=5)) + text[place + 2 :]
    return text


def _change(draw: st.DrawFn, table: dict[str, Any]) -> None:
    """A value replaced, taken away, renamed, or added beside it."""
    places = list(paths(table))
    if not places:
        return
    *above, last = draw(st.sampled_from(places))
    here: Any = table
    for part in above:
        here = here[part]
    how = draw(st.sampled_from(["replace"] * 5 + ["delete", "rename", "add"]))
    if how == "delete":
        del here[last]
    elif how == "rename" and isinstance(here, dict):
        here[draw(_TEXTS | st.text(max_size=8))] = here.pop(last)
    elif how == "add" and isinstance(here, dict):
        here[draw(_TEXTS | st.sampled_from(["level", "name", "date", "policy"]))] = draw(VALUES)
    else:
        here[last] = draw(VALUES)


def _deep(draw: st.DrawFn) -> str:
    depth = draw(_DEEP)
    kind = draw(st.sampled_from(["list", "table", "header", "mixture"]))
    if kind == "list":
        return f"x = {'[' * depth}{']' * depth}\n"
    if kind == "table":
        return f"x = {'{a=' * depth}1{'}' * depth}\n"
    if kind == "header":
        return f"[{'.'.join(['a'] * depth)}]\n"
    part = '{name="mixture", parts=[{weight=1.0, policy='
    return f'[x]\npolicy = {part * depth}{{name="grim"}}{"}]}" * depth}\n'


def _huge(draw: st.DrawFn) -> str:
    many = draw(_MANY)
    kind = draw(st.sampled_from(["keys", "shocks", "key", "text", "digits", "sources", "levers"]))
    return {
        "keys": lambda: "".join(f"k{i}=1\n" for i in range(many)),
        "shocks": lambda: (
            '"+shocks" = ['
            + ",".join(f'{{name="s{i}",chance=0.01,talks=true}}' for i in range(min(many, 2_000)))
            + "]\n"
        ),
        "key": lambda: f"{'k' * 100_000} = 1\n",
        "text": lambda: f'x = "{"y" * 50 * many}"\n',
        "digits": lambda: f"x = {'9' * min(many, 6_000)}\n",
        "sources": lambda: "[sources]\n" + "".join(f'"a.b{i}" = "x"\n' for i in range(many)),
        "levers": lambda: "".join(
            f"[levers.us.l{i}]\nlevel = 0\n" for i in range(min(many, 2_000))
        ),
    }[kind]()
