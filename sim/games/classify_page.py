"""The page of a classification: the game's name, its matrix, its course, its borders."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sim.games.classify import ADDITIVE, ONE_WEEK, Classification, content
from sim.report.content import NAME, TEXT, Report, Section, columns
from sim.report.numbers import written
from sim.scenario.sides import Sides

Told = Mapping[str, Any]
#: Borders shown; `--json` has all.
MOST_BORDERS = 12
_VALUES = ("temptation", "reward", "punishment", "sucker", "T-R", "P-S", "R-P")


def classification_report(found: Classification) -> Report:
    """The report of the one-shot game that a scenario implies."""
    told, sides = content(found), found.scenario.sides
    lead = [f"What game is this? {_capital(told['name'])} (exact)"]
    lead += [f"{_capital(name)}: {meaning}." for name, meaning in told["meaning"].items()]
    sections = [_matrix(told, sides)]
    if told["readings"]:
        rows = tuple((one["bad"], one["name"]) for one in told["readings"])
        heads = columns(("bad conduct", NAME), ("game", NAME))
        sections.append(Section("By how bad bad conduct is", (), heads, rows))
    if len(told["by_year"]) > 1:
        sections.append(_course(told["by_year"], sides.ids))
    sections.append(_borders(told, sides.ids))
    return Report(told["title"], tuple(lead), (_conduct(told),), tuple(sections), told)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _conduct(told: Told) -> str:
    """What good and bad conduct are here."""
    if told["from"] == "stage_payoffs":
        return "The scenario gives the matrix itself (stage_payoffs)."
    how = "everything" if told["bad"] == "everything" else f"rung {told['bad']:g}"
    moves = ", ".join(f"{name} {good}→{bad}" for name, (good, bad) in told["levers"].items())
    return (
        "Good: every lever at its obligation, every licence office serving what its owner "
        f"promised. Bad ({how}): {moves}. Each pair of conducts is held for 52 weeks."
    )


def _matrix(told: Told, sides: Sides) -> Section:
    """T, R, P, S of both sides and the three differences that name the game."""
    heads = columns(("", NAME), "T", "R", "P", "S", "T - R", "P - S", "R - P", ("game", NAME))
    rows = (
        (sides.names[side], *(f"{view[key]:.3f}" for key in _VALUES), view["name"])
        for side, view in told["sides"].items()
    )
    notes = _equilibria(told["equilibria"], sides.ids), f"{ONE_WEEK} (docs/howto-best-response.md)."
    return Section("Payoff a week, exact", (), heads, tuple(rows), notes)


#: How a conduct is told of the first and of the second side, by whether it is pure.
_HOW = {True: ("", ""), False: (" good with p", " with p")}


def _equilibria(found: Iterable[Told], ids: tuple[str, str]) -> str:
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


def _course(by_year: Iterable[Told], ids: tuple[str, str]) -> Section:
    """The game by year: its name, and the two differences of each side."""
    differences = (f"{what}, {side}" for side in ids for what in ("T - R", "R - P"))
    rows = (
        (
            str(row["year"]),
            *(f"{row[side][key]:.3f}" for side in ids for key in ("T-R", "R-P")),
            row["name"],
        )
        for row in by_year
    )
    heads = columns("years", *differences, ("game", TEXT))
    return Section("After years of good conduct by both", (), heads, tuple(rows))


def _borders(told: Told, ids: tuple[str, str]) -> Section:
    """The nearest borders, and how many parameters can cross one within their stated range."""
    additive = told["additive"] and told["from"] == "levers"
    notes = [f"{ADDITIVE} (docs/howto-classify.md)."] if additive else []
    title = "Borders, one parameter at a time, the nearest first"
    if not told["borders"]:
        none = f"None of {told['parameters_turned']} parameters alone changes the game."
        return Section(title, (none,), notes=tuple(notes))
    now = ("parameter", NAME), "now", "changes at", ("stated range", NAME)
    heads = columns(*now, *((f"then {side}", TEXT) for side in ids))
    rows = tuple(map(_border, told["borders"][:MOST_BORDERS]))
    return Section(title, (), heads, rows, (" ".join(_left(told)), *notes))


def _border(one: Told) -> tuple[str, ...]:
    times = "x " if one["factor"] else ""
    span = "" if one["stated"] is None else "{:g} to {:g}".format(*one["stated"])
    span += " (in it)" if one["within"] else ""
    numbers = (times + written(round(one[key], 6), ".3g") for key in ("value", "at"))
    return one["parameter"], *numbers, span, *one["names"]


def _left(told: Told) -> Iterator[str]:
    """What the table of borders leaves to be said."""
    if told["from"] == "levers":
        inside, turned = told["parameters_within_range"], told["parameters_turned"]
        yield f"{inside} of {turned} parameters alone change the game within their stated range."
        yield "x: a factor of all levers of a side that are used."
    hidden = len(told["borders"]) - MOST_BORDERS
    if hidden > 0:
        yield f"{hidden} farther borders are in --json."
