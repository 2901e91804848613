"""The equilibria of a tournament: as plain values, which `--json` prints, and as a page.

From what is ruled out to what distrust costs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import product
from typing import Any

import numpy as np

from sim.games.analysis import Analysis
from sim.games.bimatrix import Bimatrix, mix_of
from sim.games.empirical import SolvedEquilibrium
from sim.games.tournament import PlayedTournament
from sim.report.content import NAME, TEXT, Report, Section, table
from sim.report.numbers import row_text
from sim.scenario.sides import Sides

Page = Mapping[str, Any]

MOST_SETS = 20
MOST_ROWS = 12
MOST_WEIGHTS = 4
MOST_MIXES = 3
_YES_NO = {True: "yes", False: "no"}
CONNECTED = (
    "connected set: ties make it infinite, any mix of the mixes named of one side is an "
    "equilibrium with any of the other's; in a union of them only the pairs that --json lists"
)


def equilibria_content(analysis: Analysis) -> dict[str, Any]:
    """The empirical game and its equilibria.

    `sets` is None if not all could be found, with the `reason`; `pure` is always complete.
    """
    game, solution = analysis.game.game, analysis.solution
    elimination = analysis.elimination
    stable = None if solution is None else solution.stable
    return {
        "utility": _by_side(game, analysis.game.utilities),
        "resamples": analysis.resamples,
        "alike": {
            side: {name: list(others) for name, others in groups.items() if others}
            for side, groups in analysis.game.duplicates.items()
        },
        "dominance": [asdict(step) for step in elimination.steps],
        "undominated": _support(game, elimination.rows, elimination.columns),
        "sets": solution and [_set(game, equilibrium) for equilibrium in solution.equilibria],
        "reason": analysis.reason,
        "pure": [
            _by_side(game, (game.rows[i], game.columns[j]))
            | ({} if stable is None else {"stable": float(stable[i, j])})
            for i, j in analysis.pure
        ],
        "within_noise": list(_within_noise(analysis)),
        "replies": [asdict(reply) for reply in analysis.replies],
        "frontier": list(_frontier(analysis)),
        "price_of_distrust": [asdict(price) for price in analysis.prices],
    }


def _by_side(game: Bimatrix, values: tuple[Any, Any]) -> dict[str, Any]:
    """What is of the one and of the other side, by their ids."""
    return dict(zip(game.ids, values, strict=True))


def _support(game: Bimatrix, rows: Sequence[int], columns: Sequence[int]) -> dict[str, Any]:
    return _by_side(game, ([game.rows[i] for i in rows], [game.columns[j] for j in columns]))


def _set(game: Bimatrix, equilibrium: SolvedEquilibrium) -> dict[str, Any]:
    component, chance = equilibrium.component, equilibrium.survives
    return {
        "kind": "pure" if component.pure else "mixed" if component.isolated else "connected",
        "product": component.product,
        "support": _support(game, *component.support),
        "points": [
            _by_side(game, (mix_of(game.rows, x), mix_of(game.columns, y)))
            for x, y in component.points
        ],
        "survives": chance.row() | {"n": chance.n},
        "utility": {side: _amount(at) for side, at in equilibrium.utility.items()},
        "gain_from_deviating": {side: _amount(at) for side, at in equilibrium.gain.items()},
    }


def _amount(values: Iterable[float]) -> dict[str, float]:
    return dict(zip(("value", "low", "high"), values, strict=True))


def _within_noise(analysis: Analysis) -> Iterator[dict[str, Any]]:
    """Cells that the runs do not rule out as equilibria, least to be gained first."""
    if analysis.solution is None:
        return
    (us, *_), (cn, *_) = analysis.gain.values()
    cells = np.argwhere(analysis.solution.unrefuted).tolist()
    for cell in sorted(cells, key=lambda cell: max(us[*cell], cn[*cell])):
        row = _cell(analysis, "gain", cell)
        yield row | {"stable": float(analysis.solution.stable[*cell])}


def _frontier(analysis: Analysis) -> Iterator[dict[str, Any]]:
    """Cells on the Pareto frontier, with the share of resamples in which they are on it."""
    cells = np.argwhere(analysis.on_frontier).tolist()
    for cell in sorted(cells, key=lambda cell: -analysis.game.game.us[*cell]):
        row = _cell(analysis, "utility", cell)
        yield row | {"share_of_resamples": float(analysis.efficient[*cell])}


def _cell(analysis: Analysis, measure: str, cell: list[int]) -> dict[str, Any]:
    """The policies of a cell, and a measure of both sides (utility, gain) with their intervals."""
    (i, j), game, tables = cell, analysis.game.game, getattr(analysis, measure)
    amounts = {
        f"{measure}_{side}": _amount(float(table[i, j]) for table in measured)
        for side, measured in tables.items()
    }
    return _by_side(game, (game.rows[i], game.columns[j])) | amounts


def equilibria_report(game: PlayedTournament, analysis: Analysis) -> Report:
    """The report of an empirical game, solved."""
    page, sides = equilibria_content(analysis), game.played.sides
    us, cn = game.played.shape
    utility = " / ".join(dict.fromkeys(page["utility"].values()))
    runs = f"{game.played.n:,} runs each, common random numbers"
    lead = (f"{us} x {cn} policies, {runs}; utility: {utility}",)
    notes = (f"intervals: 95 %, bootstrap over runs, {page['resamples']:,} resamples",)
    alike = tuple(
        f"{sides.names[side]}: {name} = {' = '.join(others)} in every run; counted once"
        for side, groups in page["alike"].items()
        for name, others in groups.items()
    )
    sections = (
        Section("", alike),
        _dominance(page, sides),
        *_sets(page, sides),
        *([_replies(page, sides)] if page["replies"] else []),
        _within_noise_section(page["within_noise"], sides),
        _frontier_section(page["frontier"], sides),
        _prices(page),
    )
    return Report(game.world.title, lead, notes, sections, game.content() | {"equilibria": page})


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
    heads = ("round", NAME), ("side", NAME), ("ruled out", TEXT), ("by", TEXT)
    left = " / ".join(", ".join(page["undominated"][side]) for side in sides.ids)
    return table(title, heads, rows, f"left: {left}")


def _sets(page: Page, sides: Sides) -> Iterator[Section]:
    """Every set of equilibria: who plays what, and what it is worth."""
    if page["sets"] is None:
        pairs = [" / ".join(entry[side] for side in sides.ids) for entry in page["pure"]]
        pure = f"pure equilibria (all): {'; '.join(pairs) or 'none'}; mixed ones were not found"
        yield Section("Equilibria", (pure,))
        return
    # what other random numbers leave standing first; equal shares in the order found
    order = sorted(page["sets"], key=lambda entry: -entry["survives"]["p"])
    numbered = [(str(number), entry) for number, entry in enumerate(order[:MOST_SETS], start=1)]
    players = ((name, TEXT) for name in sides.names.values())
    heads = ("", NAME), ("kind", NAME), *players, ("survives", NAME)
    mixes = (
        (
            n,
            _kind(entry),
            *_support_text(entry, sides),
            row_text(entry["survives"], form=".1%"),
        )
        for n, entry in numbered
    )
    shares = (
        "survives: share of resamples of these very runs, chance alone, in which the same policies "
        "carry an equilibrium; other settings may have others"
    )
    notes = [shares + _more(len(order), MOST_SETS)]
    notes += [CONNECTED] if any(entry["kind"] == "connected" for entry in order) else []
    yield table(f"Equilibria: {len(order)}, all there are", heads, mixes, *notes)
    utilities = (f"utility {side.label}" for side in sides)
    names = (*utilities, *(f"{side.label} gains" for side in sides))
    columns_of = list(product(("utility", "gain_from_deviating"), sides.ids))
    worth = (
        (n, *(row_text(entry[what][side], "value") for what, side in columns_of))
        for n, entry in numbered
    )
    gains = (
        "gains: the most a side could gain by another policy; 0 in these runs (exact), with the "
        "interval that other random numbers give the same mixes"
    )
    yield table("What they are worth", _named("", *names), worth, gains)


def _named(*names: str) -> list[tuple[str, str]]:
    return [(name, NAME) for name in names]


def _more(number: int, most: int) -> str:
    return f"; {number - most} more with --json" if number > most else ""


def _kind(entry: Page) -> str:
    if entry["kind"] != "connected":
        return str(entry["kind"])
    return "connected set" if entry["product"] else "union of connected sets"


def _support_text(entry: Page, sides: Sides) -> Iterator[str]:
    """The mix of each side; of a connected set its extreme mixes, which may be mixed at will."""
    for side in sides.ids:
        mixes = list(dict.fromkeys(_mix(point[side]) for point in entry["points"]))
        yield _first_of(mixes, MOST_MIXES, "; or ")


def _mix(weights: Mapping[str, float]) -> str:
    """A mix in words, the heaviest policies first."""
    if len(weights) == 1:
        return next(iter(weights))
    order = sorted(weights, key=lambda name: -weights[name])
    return _first_of([f"{weights[name]:.3f} {name}" for name in order], MOST_WEIGHTS, " + ")


def _first_of(texts: Sequence[str], most: int, between: str) -> str:
    more = [f"{len(texts) - most} more"] if len(texts) > most else []
    return between.join([*texts[:most], *more])


def _replies(page: Page, sides: Sides) -> Section:
    rows = (
        (sides.names[r["side"]], r["policy"], r["best"], row_text(r, "gain"), _YES_NO[r["sure"]])
        for r in page["replies"]
    )
    heads = _named("side", "plays", "would best play", "and gain", "distinguished from noise")
    return table("Would either side of the scenario as shipped change?", heads, rows)


def _within_noise_section(cells: Sequence[Page], sides: Sides) -> Section:
    title = "Pairs not ruled out as equilibria by noise"
    note = "no deviation surely gains (paired, one-sided, Holm, 5 % a pair)"
    heads = [*(f"{side.label} would gain" for side in sides), "equilibrium in"]
    note += _more(len(cells), MOST_ROWS)
    return _cells(title, cells, sides, ("gain", "stable"), heads, note)


def _frontier_section(cells: Sequence[Page], sides: Sides) -> Section:
    heads = [*(f"utility {side.label}" for side in sides), "on it in"]
    note = _more(len(cells), MOST_ROWS).removeprefix("; ")
    keys = ("utility", "share_of_resamples")
    return _cells("Pareto frontier", cells, sides, keys, heads, note)


def _cells(
    title: str,
    cells: Sequence[Page],
    sides: Sides,
    keys: tuple[str, str],
    heads: Sequence[str],
    note: str,
) -> Section:
    """The first cells: their pair, a measure of both sides, and a share of resamples."""
    measure, share = keys
    rows = (
        (
            *(cell[side] for side in sides.ids),
            *(row_text(cell[f"{measure}_{side}"], "value") for side in sides.ids),
            f"{cell[share]:.1%} of resamples",
        )
        for cell in cells[:MOST_ROWS]
    )
    named = _named(*(side.label for side in sides), *heads)
    return table(f"{title}: {len(cells)}", named, rows, *([note] if note else []))


def _prices(page: Page) -> Section:
    """What distrust costs both together."""
    title = "Price of distrust: best joint utility less that of an equilibrium"
    if not page["price_of_distrust"]:
        return Section(title, ("not defined, the two utilities do not add up to one",))
    heads = _named("at the", "best", "equilibrium", "price", "as a ratio")
    note = "ratio of losses equilibrium / best, of gains best / equilibrium; 1: no price"
    rows = []
    for price in page["price_of_distrust"]:
        best, other = (row_text(price, what, f"{what}_") for what in ("best", "equilibrium"))
        none = price["ratio"] is None
        ratio = "none: not all of one sign" if none else row_text(price, "ratio", "ratio_")
        rows.append((price["which"], best, other, row_text(price, "difference"), ratio))
    return table(title, heads, rows, note)
