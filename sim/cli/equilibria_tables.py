"""The tables that `detente games ... equilibria` prints."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.table import Table

from sim.cli.fitting import plain_table
from sim.scenario.sides import Sides

if TYPE_CHECKING:
    from sim.cli.games_play import Game

MOST_SETS = 20
CONNECTED = (
    "; connected set: ties make it infinite, any mix of the mixes named of one side is an "
    "equilibrium with any of the other's; in a union of them only the pairs that --json lists"
)
MOST_ROWS = 12
MOST_WEIGHTS = 4
MOST_MIXES = 3


def page(game: "Game", told: dict[str, Any]) -> Iterator[Table | str]:
    """Everything, from what is ruled out to what distrust costs."""
    us, cn = game.played.shape
    sides = game.played.sides
    utility = " / ".join(dict.fromkeys(told["utility"].values()))
    yield f"{game.world.title}"
    runs = f"{game.played.n:,} runs each, common random numbers"
    yield f"{us} x {cn} policies, {runs}; utility: {utility}"
    yield f"intervals: 95 %, bootstrap over runs, {told['resamples']:,} resamples\n"
    yield from _alike(told, sides)
    yield from _dominance(told, sides)
    yield from _sets(told, sides)
    if told["replies"]:
        yield _replies(told, sides)
    yield _within_noise(told, sides)
    yield _frontier(told, sides)
    yield from _prices(told)
    yield f"runs in {game.folder}/"


def _alike(told: dict[str, Any], sides: Sides) -> Iterator[str]:
    for side, groups in told["alike"].items():
        for name, others in groups.items():
            yield f"{sides.names[side]}: {name} = {' = '.join(others)} in every run; counted once"


def _dominance(told: dict[str, Any], sides: Sides) -> Iterator[Table | str]:
    """What strict dominance rules out, round by round."""
    steps = told["dominance"]
    if not steps:
        yield "strict dominance rules nothing out"
        return
    table = plain_table("Iterated strict dominance")
    for name in ("round", "side", "ruled out", "by"):
        table.add_column(name)
    groups: dict[tuple[int, str, str], list[str]] = {}
    for step in steps:
        key = (step["round"], sides.names[step["side"]], _mix(step["by"]))
        groups.setdefault(key, []).append(step["policy"])
    for (number, side, by), names in groups.items():
        table.add_row(str(number), side, ", ".join(names), by)
    left = (", ".join(told["undominated"][side]) for side in sides.ids)
    table.caption = "left: " + " / ".join(left)
    table.caption_justify = "left"
    yield table


def _pair(one: dict[str, Any], sides: Sides) -> tuple[str, str]:
    """The policies of the two sides."""
    first, second = (one[side] for side in sides.ids)
    return first, second


def _pure(told: dict[str, Any], sides: Sides) -> str:
    """The pure equilibria, where that is all that could be found."""
    pairs = [" / ".join(_pair(one, sides)) for one in told["pure"]]
    return f"pure equilibria (all): {'; '.join(pairs) or 'none'}; mixed ones were not found"


def _sets(told: dict[str, Any], sides: Sides) -> Iterator[Table | str]:
    """Every set of equilibria: who plays what, and what it is worth."""
    if told["sets"] is None:
        yield _pure(told, sides)
        return
    # what other random numbers leave standing first; equal shares in the order found
    order = sorted(told["sets"], key=lambda one: -one["survives"]["p"])
    mixes = plain_table(f"Equilibria: {len(order)}, all there are")
    worth = plain_table("What they are worth")
    for name in ("", "kind", *sides.names.values(), "survives"):
        mixes.add_column(name, overflow="fold")
    labels = [side.label for side in sides]
    worths = [f"utility {one}" for one in labels] + [f"{one} gains" for one in labels]
    for name in ("", *worths):
        worth.add_column(name)
    for number, one in enumerate(order[:MOST_SETS], start=1):
        chance = one["survives"]
        survives = f"{chance['p']:.1%} ({chance['low']:.1%} to {chance['high']:.1%})"
        mixes.add_row(str(number), _kind(one), *_played(one, sides), survives)
        values = (
            interval(one[what][side])
            for what in ("utility", "gain_from_deviating")
            for side in sides.ids
        )
        worth.add_row(str(number), *values)
    hidden = len(order) - MOST_SETS
    more = f"; {hidden} more with --json" if hidden > 0 else ""
    mixes.caption = (
        f"survives: share of resamples in which the same policies carry an equilibrium{more}"
        + (CONNECTED if any(one["kind"] == "connected" for one in order) else "")
    )
    worth.caption = (
        "gains: the most a side could gain by another policy; 0 in these runs (exact), with the "
        "interval that other random numbers give the same mixes"
    )
    for table in (mixes, worth):
        table.caption_justify = "left"
        yield table


def _kind(one: dict[str, Any]) -> str:
    if one["kind"] != "connected":
        return str(one["kind"])
    return "connected set" if one["product"] else "union of connected sets"


def _played(one: dict[str, Any], sides: Sides) -> Iterator[str]:
    """The mix of each side; of a connected set its extreme mixes, which may be mixed at will."""
    for side in sides.ids:
        mixes = list(dict.fromkeys(_mix(point[side]) for point in one["points"]))
        shown = "; or ".join(mixes[:MOST_MIXES])
        rest = len(mixes) - MOST_MIXES
        yield f"{shown}; or {rest} more" if rest > 0 else shown


def _mix(weights: dict[str, float]) -> str:
    """A mix in words, the heaviest policies first."""
    if len(weights) == 1:
        return next(iter(weights))
    order = sorted(weights, key=lambda name: -weights[name])
    shown = [f"{weights[name]:.3f} {name}" for name in order[:MOST_WEIGHTS]]
    rest = len(order) - len(shown)
    return " + ".join([*shown, *([f"{rest} more"] if rest > 0 else [])])


def _replies(told: dict[str, Any], sides: Sides) -> Table:
    """Whether anyone would change."""
    table = plain_table("Would either side of the scenario as shipped change?")
    for name in ("side", "plays", "would best play", "and gain", "distinguished from noise"):
        table.add_column(name)
    for one in told["replies"]:
        table.add_row(
            sides.names[one["side"]],
            one["policy"],
            one["best"],
            f"{one['gain']:.3f} ({one['low']:.3f} to {one['high']:.3f})",
            "yes" if one["sure"] else "no",
        )
    return table


def _within_noise(told: dict[str, Any], sides: Sides) -> Table:
    """Pairs whose gains from deviating are within noise."""
    found = told["within_noise"]
    table = plain_table(f"Pairs not ruled out as equilibria by noise: {len(found)}")
    labels = [side.label for side in sides]
    for name in (*labels, *(f"{one} would gain" for one in labels), "equilibrium in"):
        table.add_column(name)
    for one in found[:MOST_ROWS]:
        gains = (interval(one[f"gain_{side}"]) for side in sides.ids)
        table.add_row(*_pair(one, sides), *gains, f"{one['stable']:.1%} of resamples")
    hidden = len(found) - MOST_ROWS
    more = f"; {hidden} more with --json" if hidden > 0 else ""
    table.caption = f"no deviation surely gains (paired, one-sided, Holm, 5 % a pair){more}"
    table.caption_justify = "left"
    return table


def _frontier(told: dict[str, Any], sides: Sides) -> Table:
    """Pairs that no other pair improves on for both."""
    found = told["frontier"]
    table = plain_table(f"Pareto frontier: {len(found)}")
    labels = [side.label for side in sides]
    for name in (*labels, *(f"utility {one}" for one in labels), "on it in"):
        table.add_column(name)
    for one in found[:MOST_ROWS]:
        values = (interval(one[f"utility_{side}"]) for side in sides.ids)
        share = f"{one['share_of_resamples']:.1%} of resamples"
        table.add_row(*_pair(one, sides), *values, share)
    if len(found) > MOST_ROWS:
        table.caption = f"{len(found) - MOST_ROWS} more with --json"
        table.caption_justify = "left"
    return table


def _prices(told: dict[str, Any]) -> Iterator[Table | str]:
    """What distrust costs both together."""
    if not told["price_of_distrust"]:
        yield "price of distrust: not defined, the two utilities do not add up to one"
        return
    table = plain_table("Price of distrust: best joint utility less that of an equilibrium")
    for name in ("at the", "best", "equilibrium", "price", "as a ratio"):
        table.add_column(name)
    for one in told["price_of_distrust"]:
        ratio = "none: not all of one sign"
        if one["ratio"] is not None:
            ratio = f"{one['ratio']:.3f} ({one['ratio_low']:.3f} to {one['ratio_high']:.3f})"
        price = f"{one['difference']:.3f} ({one['low']:.3f} to {one['high']:.3f})"
        joint = (
            f"{one[what]:.3f} ({one[f'{what}_low']:.3f} to {one[f'{what}_high']:.3f})"
            for what in ("best", "equilibrium")
        )
        table.add_row(one["which"], *joint, price, ratio)
    table.caption = "ratio of losses equilibrium / best, of gains best / equilibrium; 1: no price"
    table.caption_justify = "left"
    yield table


def interval(value: dict[str, float]) -> str:
    """A number with its interval."""
    return f"{value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f})"
