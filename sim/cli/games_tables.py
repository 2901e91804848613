"""The tables that `detente games ... tournament` and `equilibria` print."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.table import Table

from sim.cli.fitting import plain_table
from sim.games.played import widest
from sim.games.report import equilibria_content

if TYPE_CHECKING:
    from sim.cli.games_play import Game
    from sim.games.analysis import Analysis
    from sim.games.ranking import Rank

MOST_SETS = 12
MOST_CELLS = 10


def pairs(game: "Game") -> Iterator[Table | str]:
    """The measures of the scenario's own pair beside their range over all pairs."""
    played = game.played
    us, cn = played.shape
    yield f"{game.world.title}\n{us} x {cn} pairs, {played.n:,} runs each, common random numbers\n"
    table = plain_table("All pairs")
    table.add_column("measure")
    for name in ("lowest", "pair", "highest", "pair", "as shipped", "+- at most"):
        table.add_column(name, justify="left" if name == "pair" else "right")
    own = game.own
    for name in (*played.outcomes, *played.amounts):
        means = played.measures[name].mean(axis=2)
        digits = 2 if name in played.amounts else 3
        cells = []
        for place in (int(means.argmin()), int(means.argmax())):
            i, j = divmod(place, cn)
            pair = f"{played.us[i]} / {played.cn[j]}" if means.min() < means.max() else "all"
            cells += [f"{means[i, j]:.{digits}f}", pair]
        shipped = ""
        if own[0] in played.us and own[1] in played.cn:
            shipped = f"{means[played.us.index(own[0]), played.cn.index(own[1])]:.{digits}f}"
        table.add_row(name, *cells, shipped, f"{widest(played, name):.2g}")
    who = " / ".join(side.label for side in played.sides)
    table.caption = (
        f"pairs are {who}; outcomes at the end of week {played.week}, payoffs and harms "
        f"discounted totals of {game.world.spec.weeks} weeks; 95 % intervals; --json has every cell"
    )
    table.caption_justify = "left"
    yield table


def ranking_table(name: str, ranks: "list[Rank]") -> Table:
    """One side's ranking."""
    table = plain_table(f"Ranking: {name}")
    for heading, justify in (
        ("rank", "right"),
        ("policy", "left"),
        ("score (95 %)", "right"),
        ("best in", "right"),
        ("not distinguished from", "left"),
    ):
        table.add_column(heading, justify="right" if justify == "right" else "left")
    for one in ranks:
        span = f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
        ties = [f"{name} (the same)" if name in one.same else name for name in one.ties]
        score = f"{one.score:.3f} ({one.low:.3f} to {one.high:.3f})"
        settled = "settled" if one.settled and not one.ties else ", ".join(ties)
        table.add_row(span, one.policy, score, f"{one.best:.0%}", settled)
    table.caption = "best in: share of resamples; ranks by tests of all pairs, Holm, 5 % in all"
    table.caption_justify = "left"
    return table


def short_equilibria(analysis: "Analysis") -> str:
    """A few lines on equilibria, for the end of a tournament."""
    told, ids = equilibria_content(analysis), analysis.played.sides.ids
    if told["sets"] is None:
        pure = ", ".join(" / ".join(one[side] for side in ids) for one in told["pure"]) or "none"
        return f"\npure equilibria (all): {pure}\nothers not sought: {told['reason']}"
    lines = [f"\n{_count(len(told['sets']), 'equilibrium set')} (detente games ... equilibria):"]
    for one in told["sets"][:MOST_SETS]:
        chance = one["survives"]
        support = " / ".join(_names(one["support"][side]) for side in ids)
        lines.append(
            f"  {one['kind']}: {support}; survives in {chance['p']:.1%} of resamples "
            f"({chance['low']:.1%} to {chance['high']:.1%})"
        )
    if len(told["sets"]) > MOST_SETS:
        lines.append(f"  and {len(told['sets']) - MOST_SETS} more (--json)")
    return "\n".join(lines)


def _names(names: list[str]) -> str:
    return names[0] if len(names) == 1 else "{" + ", ".join(names) + "}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
