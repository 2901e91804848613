"""A classification as text and tables for the terminal."""

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.cli.fitting import plain_table
from sim.report.numbers import written
from sim.scenario.sides import Sides

RIGHT: dict[str, Any] = {"justify": "right", "no_wrap": True}
WHOLE: dict[str, Any] = {"no_wrap": True}
#: Borders shown; `--json` has all.
MOST_BORDERS = 12


def page(found: dict[str, Any], sides: Sides) -> Group:
    """Name, conduct, matrix, equilibria, other readings, course and borders."""
    return Group(*_parts(found, sides))


def headline(found: dict[str, Any]) -> str:
    """What game it is, in a line."""
    return f"What game is this? {_capital(found['name'])} (exact)"


def _parts(found: dict[str, Any], sides: Sides) -> Iterator[RenderableType]:
    from sim.games.classify import ADDITIVE, ONE_WEEK

    yield Text(found["title"], style="bold")
    yield Text(headline(found))
    for name, meaning in found["meaning"].items():
        yield Text(f"{_capital(name)}: {meaning}.")
    yield Text(_conduct(found))
    yield Text("\nPayoff a week, exact", style="bold")
    yield matrix(found, sides)
    yield Text(_equilibria(found["equilibria"], sides.ids))
    yield Text(f"{ONE_WEEK} (docs/howto-best-response.md).")
    if found["readings"]:
        yield Text("\nBy how bad bad conduct is", style="bold")
        yield _listed(("bad conduct", "game"), ((r["bad"], r["name"]) for r in found["readings"]))
    if len(found["by_year"]) > 1:
        yield Text("\nAfter years of good conduct by both", style="bold")
        yield _course(found["by_year"], sides.ids)
    yield from _borders(found, sides.ids)
    if found["additive"] and found["from"] == "levers":
        yield Text(f"\n{ADDITIVE} (docs/howto-classify.md).")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _conduct(found: dict[str, Any]) -> str:
    """What good and bad conduct are here."""
    if found["from"] == "stage_payoffs":
        return "The scenario gives the matrix itself (stage_payoffs)."
    how = "everything" if found["bad"] == "everything" else f"rung {found['bad']:g}"
    moves = ", ".join(f"{name} {good}→{bad}" for name, (good, bad) in found["levers"].items())
    return (
        "Good: every lever at its obligation, every licence office serving what its owner "
        f"promised. Bad ({how}): {moves}. Each pair of conducts is held for 52 weeks."
    )


def matrix(found: dict[str, Any], sides: Sides) -> Table:
    """T, R, P, S of both sides and the three differences that name the game."""
    columns = ("", "T", "R", "P", "S", "T - R", "P - S", "R - P", "game")
    table = plain_table("")
    table.title = None
    for place, name in enumerate(columns):
        table.add_column(name, **(WHOLE if place in (0, len(columns) - 1) else RIGHT))
    for side, view in found["sides"].items():
        values = ("temptation", "reward", "punishment", "sucker", "T-R", "P-S", "R-P")
        table.add_row(sides.names[side], *(f"{view[key]:.3f}" for key in values), view["name"])
    return table


#: How a conduct is told of the first and of the second side, by whether it is pure.
_HOW = {True: ("", ""), False: (" good with p", " with p")}


def _equilibria(found: list[dict[str, Any]], ids: tuple[str, str]) -> str:
    """The equilibria of the game played once, in words."""
    words = []
    for one in found:
        points = [
            ", ".join(
                f"{side}{how} {_played(p, one['pure'])}"
                for side, how, p in zip(ids, _HOW[one["pure"]], point, strict=True)
            )
            for point in one["good"]
        ]
        words.append(" to ".join(points))
    return f"Equilibria of the game played once (good or bad): {'; '.join(words)}."


def _played(good: float, pure: bool) -> str:
    return ("good" if good > 0.5 else "bad") if pure else f"{good:.3f}"


def _listed(columns: tuple[str, ...], rows: Any) -> Table:
    table = plain_table("")
    table.title = None
    for name in columns:
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    return table


def _course(by_year: list[dict[str, Any]], ids: tuple[str, str]) -> Table:
    """The game by year: its name, and the two differences of each side."""
    table = plain_table("")
    table.title = None
    differences = (f"{what}, {side}" for side in ids for what in ("T - R", "R - P"))
    for name in ("years", *differences):
        table.add_column(name, **RIGHT)
    table.add_column("game")
    for row in by_year:
        values = (row[side][key] for side in ids for key in ("T-R", "R-P"))
        table.add_row(str(row["year"]), *(f"{value:.3f}" for value in values), row["name"])
    return table


def _borders(found: dict[str, Any], ids: tuple[str, str]) -> Iterator[RenderableType]:
    """The nearest borders, and how many parameters can cross one within their stated range."""
    borders, turned = found["borders"], found["parameters_turned"]
    yield Text("\nBorders, one parameter at a time, the nearest first", style="bold")
    if not borders:
        yield Text(f"None of {turned} parameters alone changes the game.")
        return
    table = plain_table("")
    table.title = None
    for name, style in (
        ("parameter", WHOLE),
        ("now", RIGHT),
        ("changes at", RIGHT),
        ("stated range", WHOLE),
        *((f"then {side}", {}) for side in ids),
    ):
        table.add_column(name, **style)
    for one in borders[:MOST_BORDERS]:
        times = "x " if one["factor"] else ""
        stated = one["stated"]
        span = "" if stated is None else f"{stated[0]:g} to {stated[1]:g}"
        span += " (in it)" if one["within"] else ""
        numbers = (times + written(round(one[key], 6), ".3g") for key in ("value", "at"))
        table.add_row(one["parameter"], *numbers, span, *one["names"])
    yield table
    yield Text(" ".join(_notes(found)))


def _notes(found: dict[str, Any]) -> Iterator[str]:
    """What the table of borders leaves to be said."""
    if found["from"] == "levers":
        inside, turned = found["parameters_within_range"], found["parameters_turned"]
        yield f"{inside} of {turned} parameters alone change the game within their stated range."
        yield "x: a factor of all levers of a side that are used."
    hidden = len(found["borders"]) - MOST_BORDERS
    if hidden > 0:
        yield f"{hidden} farther borders are in --json."
