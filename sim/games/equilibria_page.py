"""The page of the equilibria of a tournament: from what is ruled out to what distrust costs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sim.games.analysis import Analysis
from sim.games.game import Game
from sim.games.report import equilibria_content
from sim.report.content import NAME, TEXT, Report, Section, columns
from sim.report.numbers import ends
from sim.scenario.sides import Sides

Page = Mapping[str, Any]

MOST_SETS = 20
MOST_ROWS = 12
MOST_WEIGHTS = 4
MOST_MIXES = 3
CONNECTED = (
    "connected set: ties make it infinite, any mix of the mixes named of one side is an "
    "equilibrium with any of the other's; in a union of them only the pairs that --json lists"
)


def equilibria_report(game: Game, analysis: Analysis) -> Report:
    """The report of an empirical game, solved."""
    page, sides = equilibria_content(analysis), game.played.sides
    us, cn = game.played.shape
    utility = " / ".join(dict.fromkeys(page["utility"].values()))
    runs = f"{game.played.n:,} runs each, common random numbers"
    lead = (f"{us} x {cn} policies, {runs}; utility: {utility}",)
    notes = (f"intervals: 95 %, bootstrap over runs, {page['resamples']:,} resamples",)
    sections = (
        Section("", tuple(_duplicates(page, sides))),
        _dominance(page, sides),
        *_sets(page, sides),
        *([_replies(page, sides)] if page["replies"] else []),
        _within_noise(page, sides),
        _frontier(page, sides),
        _prices(page),
    )
    data = game.content() | {"equilibria": page}
    return Report(game.world.title, lead, notes, sections, data)


def _duplicates(page: Page, sides: Sides) -> Iterator[str]:
    for side, groups in page["alike"].items():
        for name, others in groups.items():
            yield f"{sides.names[side]}: {name} = {' = '.join(others)} in every run; counted once"


def _dominance(page: Page, sides: Sides) -> Section:
    """What strict dominance rules out, round by round."""
    title = "Iterated strict dominance"
    if not page["dominance"]:
        return Section(title, ("strict dominance rules nothing out",))
    groups: dict[tuple[int, str, str], list[str]] = {}
    for step in page["dominance"]:
        key = (step["round"], sides.names[step["side"]], _mix(step["by"]))
        groups.setdefault(key, []).append(step["policy"])
    rows = ((str(n), side, ", ".join(names), by) for (n, side, by), names in groups.items())
    heads = columns(("round", NAME), ("side", NAME), ("ruled out", TEXT), ("by", TEXT))
    left = " / ".join(", ".join(page["undominated"][side]) for side in sides.ids)
    return Section(title, (), heads, tuple(rows), (f"left: {left}",))


def _pair(step: Page, sides: Sides) -> tuple[str, ...]:
    """The policies of the two sides."""
    return tuple(step[side] for side in sides.ids)


def _sets(page: Page, sides: Sides) -> Iterator[Section]:
    """Every set of equilibria: who plays what, and what it is worth."""
    if page["sets"] is None:
        pairs = [" / ".join(_pair(entry, sides)) for entry in page["pure"]]
        pure = f"pure equilibria (all): {'; '.join(pairs) or 'none'}; mixed ones were not found"
        yield Section("Equilibria", (pure,))
        return
    # what other random numbers leave standing first; equal shares in the order found
    order = sorted(page["sets"], key=lambda entry: -entry["survives"]["p"])
    numbered = [(str(number), entry) for number, entry in enumerate(order[:MOST_SETS], start=1)]
    players = ((name, TEXT) for name in sides.names.values())
    heads = columns(("", NAME), ("kind", NAME), *players, ("survives", NAME))
    mixes = (
        (n, _kind(entry), *_support_text(entry, sides), _survives(entry)) for n, entry in numbered
    )
    shares = "survives: share of resamples in which the same policies carry an equilibrium"
    notes = [shares + _more(len(order), MOST_SETS)]
    notes += [CONNECTED] if any(entry["kind"] == "connected" for entry in order) else []
    yield Section(f"Equilibria: {len(order)}, all there are", (), heads, tuple(mixes), tuple(notes))
    utilities = (f"utility {side.label}" for side in sides)
    names = (*utilities, *(f"{side.label} gains" for side in sides))
    worth = ((n, *_worth(entry, sides)) for n, entry in numbered)
    gains = (
        "gains: the most a side could gain by another policy; 0 in these runs (exact), with the "
        "interval that other random numbers give the same mixes"
    )
    yield Section("What they are worth", (), _named("", *names), tuple(worth), (gains,))


def _worth(entry: Page, sides: Sides) -> Iterator[str]:
    for what in ("utility", "gain_from_deviating"):
        yield from (_interval(entry[what][side]) for side in sides.ids)


def _named(*names: str) -> Any:
    return columns(*((name, NAME) for name in names))


def _more(number: int, most: int) -> str:
    """What is said of those that are not shown."""
    return f"; {number - most} more with --json" if number > most else ""


def _kind(entry: Page) -> str:
    if entry["kind"] != "connected":
        return str(entry["kind"])
    return "connected set" if entry["product"] else "union of connected sets"


def _support_text(entry: Page, sides: Sides) -> Iterator[str]:
    """The mix of each side; of a connected set its extreme mixes, which may be mixed at will."""
    for side in sides.ids:
        mixes = list(dict.fromkeys(_mix(point[side]) for point in entry["points"]))
        rest_count = len(mixes) - MOST_MIXES
        yield "; or ".join(
            [*mixes[:MOST_MIXES], *([f"{rest_count} more"] if rest_count > 0 else [])]
        )


def _mix(weights: Mapping[str, float]) -> str:
    """A mix in words, the heaviest policies first."""
    if len(weights) == 1:
        return next(iter(weights))
    order = sorted(weights, key=lambda name: -weights[name])
    listed = [f"{weights[name]:.3f} {name}" for name in order[:MOST_WEIGHTS]]
    rest = len(order) - len(listed)
    return " + ".join([*listed, *([f"{rest} more"] if rest > 0 else [])])


def _replies(page: Page, sides: Sides) -> Section:
    """Whether anyone would change."""
    rows = (
        (
            sides.names[reply["side"]],
            reply["policy"],
            reply["best"],
            _ends(reply, "gain"),
            "yes" if reply["sure"] else "no",
        )
        for reply in page["replies"]
    )
    heads = _named("side", "plays", "would best play", "and gain", "distinguished from noise")
    title = "Would either side of the scenario as shipped change?"
    return Section(title, (), heads, tuple(rows))


def _within_noise(page: Page, sides: Sides) -> Section:
    """Pairs whose gains from deviating are within noise."""
    cells, gains = page["within_noise"], [f"{side.label} would gain" for side in sides]
    note = "no deviation surely gains (paired, one-sided, Holm, 5 % a pair)"
    title = f"Pairs not ruled out as equilibria by noise: {len(cells)}"
    rows = _cells(cells, sides, "gain", "stable")
    heads = _named(*(side.label for side in sides), *gains, "equilibrium in")
    return Section(title, (), heads, rows, (note + _more(len(cells), MOST_ROWS),))


def _frontier(page: Page, sides: Sides) -> Section:
    """Pairs that no other pair improves on for both."""
    cells, utilities = page["frontier"], [f"utility {side.label}" for side in sides]
    note = _more(len(cells), MOST_ROWS).removeprefix("; ")
    rows = _cells(cells, sides, "utility", "share_of_resamples")
    heads = _named(*(side.label for side in sides), *utilities, "on it in")
    return Section(f"Pareto frontier: {len(cells)}", (), heads, rows, (note,) if note else ())


def _cells(
    cells: Sequence[Page], sides: Sides, measure: str, share: str
) -> tuple[tuple[str, ...], ...]:
    """The first cells: their pair, a measure of both sides, and a share of resamples."""
    return tuple(
        (
            *_pair(cell, sides),
            *(_interval(cell[f"{measure}_{side}"]) for side in sides.ids),
            f"{cell[share]:.1%} of resamples",
        )
        for cell in cells[:MOST_ROWS]
    )


def _prices(page: Page) -> Section:
    """What distrust costs both together."""
    title = "Price of distrust: best joint utility less that of an equilibrium"
    if not page["price_of_distrust"]:
        return Section(title, ("not defined, the two utilities do not add up to one",))
    heads = _named("at the", "best", "equilibrium", "price", "as a ratio")
    note = "ratio of losses equilibrium / best, of gains best / equilibrium; 1: no price"
    return Section(title, (), heads, tuple(_priced(page["price_of_distrust"])), (note,))


def _priced(prices: Iterable[Page]) -> Iterator[tuple[str, ...]]:
    for price in prices:
        ratio = "none: not all of one sign"
        if price["ratio"] is not None:
            ratio = _ends(price, "ratio", "ratio_")
        joint = (_ends(price, what, f"{what}_") for what in ("best", "equilibrium"))
        yield price["which"], *joint, _ends(price, "difference"), ratio


def _ends(row: Page, value: str, prefix: str = "") -> str:
    return ends(row[value], row[f"{prefix}low"], row[f"{prefix}high"])


def _interval(row: Page) -> str:
    return _ends(row, "value")


def _survives(entry: Page) -> str:
    chance = entry["survives"]
    return ends(chance["p"], chance["low"], chance["high"], ".1%")
