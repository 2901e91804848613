"""The page of a tournament: all pairs in short, both rankings, and what is an equilibrium."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sim.games.analysis import FIELD, Analysis
from sim.games.equilibria_page import equilibria_content
from sim.games.ranking import RANKS, Rank
from sim.games.tournament import Game, cell_rows, widest
from sim.report.content import NAME, TEXT, Report, Section, columns
from sim.report.numbers import ends

MOST_SETS = 12


def tournament_report(
    game: Game, analysis: Analysis, ranks: Mapping[str, list[Rank]], against: str
) -> Report:
    """The report of a tournament ranked `against` the field or an equilibrium mix."""
    us, cn = game.played.shape
    lead = (f"{us} x {cn} pairs, {game.played.n:,} runs each, common random numbers",)
    names, page = game.played.sides.names, equilibria_content(analysis)
    rankings = (_ranking(names[side], side_ranks) for side, side_ranks in ranks.items())
    over = against_whom(against)
    ranked = f"ranked by {' / '.join(dict.fromkeys(analysis.game.utilities))} against {over}"
    ending = Section("Equilibria", (ranked, *_equilibria(page, analysis.played.sides.ids)))
    data = game.content() | {
        "cells": cell_rows(game.played),
        "ranking": {"against": against, **ranking_content(ranks)},
        "equilibria": page,
    }
    return Report(game.world.title, lead, (), (_pairs(game), *rankings, ending), data)


def against_whom(against: str) -> str:
    """Whom a ranking is against, in words."""
    return "all policies of the other side alike" if against == FIELD else "its equilibrium mix"


def ranking_content(ranks: Mapping[str, list[Rank]]) -> dict[str, list[dict[str, Any]]]:
    """Both rankings as plain values, best first; `settled` says that only this rank is left."""
    return {
        side: [asdict(rank) | {"settled": rank.settled} for rank in side_ranks]
        for side, side_ranks in ranks.items()
    }


def _pairs(game: Game) -> Section:
    """The measures of the scenario's own pair beside their range over all pairs."""
    played = game.played
    headings = ("measure", NAME), "lowest", ("pair", NAME), "highest", ("pair", NAME)
    who = " / ".join(side.label for side in played.sides)
    note = (
        f"pairs are {who}; outcomes at the end of week {played.week}, payoffs and harms "
        f"discounted totals of {game.world.spec.weeks} weeks; 95 % intervals; --json has every cell"
    )
    rows = tuple(_measured(game, name) for name in (*played.outcomes, *played.amounts))
    heads = columns(*headings, "as shipped", "± at most")
    return Section("All pairs", (), heads, rows, (note,))


def _measured(game: Game, name: str) -> tuple[str, ...]:
    """One measure: its lowest and highest mean with their pairs, and that of the own pair."""
    played = game.played
    (us, cn), means = game.own, played.measures[name].mean(axis=2)
    form = ".2f" if name in played.amounts else ".3f"
    cells = []
    for place in (int(means.argmin()), int(means.argmax())):
        i, j = divmod(place, played.shape[1])
        pair = f"{played.us[i]} / {played.cn[j]}" if means.min() < means.max() else "all"
        cells += [f"{means[i, j]:{form}}", pair]
    shipped = ""
    if us in played.us and cn in played.cn:
        shipped = f"{means[played.us.index(us), played.cn.index(cn)]:{form}}"
    return (name, *cells, shipped, f"{widest(played, name):.2g}")


def _ranking(name: str, ranks: Sequence[Rank]) -> Section:
    others = ("not distinguished from", TEXT)
    heads = columns(RANKS, ("policy", NAME), "score (95 %)", "best in", others)
    note = (
        f"best in: share of resamples; {RANKS}: the ranks that the runs leave open, by tests of "
        "all pairs, Holm, 5 % in all"
    )
    return Section(f"Ranking: {name}", (), heads, tuple(map(_ranked, ranks)), (note,))


def _ranked(rank: Rank) -> tuple[str, ...]:
    ties = [f"{name} (the same)" if name in rank.same else name for name in rank.ties]
    settled = "settled" if rank.settled and not rank.ties else ", ".join(ties)
    return (
        rank.open_ranks,
        rank.policy,
        ends(rank.score, rank.low, rank.high),
        f"{rank.best:.0%}",
        settled,
    )


def _equilibria(page: Mapping[str, Any], ids: tuple[str, str]) -> Iterator[str]:
    if page["sets"] is None:
        pure = ", ".join(" / ".join(entry[side] for side in ids) for entry in page["pure"])
        yield f"pure equilibria (all): {pure or 'none'}"
        yield f"others not sought: {page['reason']}"
        return
    count = len(page["sets"])
    yield f"{count} equilibrium set{'' if count == 1 else 's'} (detente games ... equilibria):"
    for entry in page["sets"][:MOST_SETS]:
        chance = entry["survives"]
        support = " / ".join(_names(entry["support"][side]) for side in ids)
        share = ends(chance["p"], chance["low"], chance["high"], ".1%")
        yield f"  {entry['kind']}: {support}; survives in {share} of resamples"
    if count > MOST_SETS:
        yield f"  and {count - MOST_SETS} more (--json)"


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else "{" + ", ".join(names) + "}"
