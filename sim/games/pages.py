"""The pages of games, and the plain values they are made of, which `--json` prints: a tournament,
all pairs in short with both rankings; a classification, the game, its course, its borders.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sim.games.analysis import Analysis
from sim.games.classify import Classification
from sim.games.equilibria_page import equilibria_content
from sim.games.ranking import RANKS, Rank
from sim.games.sizes import FIELD
from sim.games.stage_game import EVERYTHING, MEANINGS, Side
from sim.games.tournament import PlayedTournament, cell_rows, widest
from sim.report.content import NAME, TEXT, Report, Section, table
from sim.report.numbers import formatted, row_text, span, with_interval
from sim.scenario.sides import Sides

MOST_SETS = 12


def tournament_report(
    game: PlayedTournament, analysis: Analysis, ranks: Mapping[str, list[Rank]], against: str
) -> Report:
    """The report of a tournament ranked `against` the field or an equilibrium mix."""
    us, cn = game.played.shape
    lead = (f"{us} x {cn} pairs, {game.played.n:,} runs each, common random numbers",)
    names, page = game.played.sides.names, equilibria_content(analysis)
    rankings = (ranking_section(names[side], side_ranks) for side, side_ranks in ranks.items())
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


def _pairs(game: PlayedTournament) -> Section:
    """The measures of the scenario's own pair beside their range over all pairs."""
    played = game.played
    who = " / ".join(side.label for side in played.sides)
    note = (
        f"pairs are {who}; outcomes at the end of week {played.week}, payoffs and harms "
        f"discounted totals of {game.world.spec.weeks} weeks; 95 % intervals; --json has every cell"
    )
    rows = (_measured(game, name) for name in (*played.outcomes, *played.amounts))
    lowest, highest = ("lowest", ("pair", NAME)), ("highest", ("pair", NAME))
    heads = ("measure", NAME), *lowest, *highest, "as shipped", "± at most"
    return table("All pairs", heads, rows, note)


def _measured(game: PlayedTournament, name: str) -> tuple[str, ...]:
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


def ranking_section(name: str, ranks: Sequence[Rank], words: tuple[str, ...] = ()) -> Section:
    """The ranking of the policies of one side, by its name; `words` stand above it."""
    others = ("not distinguished from", TEXT)
    heads = RANKS, ("policy", NAME), "score (95 %)", "best in", others
    note = (
        f"best in: share of resamples; {RANKS}: the ranks that the runs leave open, by tests of "
        "all pairs, Holm, 5 % in all"
    )
    return table(f"Ranking: {name}", heads, map(_ranked, ranks), note, words=words)


def _ranked(rank: Rank) -> tuple[str, ...]:
    ties = [f"{name} (the same)" if name in rank.same else name for name in rank.ties]
    settled = "settled" if rank.settled and not rank.ties else ", ".join(ties)
    return (
        rank.open_ranks,
        rank.policy,
        with_interval(rank.score, rank.low, rank.high),
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
        share = row_text(chance, form=".1%")
        yield f"  {entry['kind']}: {support}; survives in {share} of resamples of these runs"
    if count > MOST_SETS:
        yield f"  and {count - MOST_SETS} more (--json)"


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else "{" + ", ".join(names) + "}"


Page = Mapping[str, Any]
#: What is said of every additive game.
ADDITIVE = (
    "Payoffs are additive: T + S = R + P, so T - R and P - S are one number and chicken and stag "
    "hunt, which need them of opposite signs, cannot come out; they need stage_payoffs"
)
#: What reconciles a dilemma of the week with policies that had better not retaliate.
ONE_WEEK = (
    "This is the game of one week, the other's conduct held: over many weeks bad conduct is "
    "answered, so that even in a prisoner's dilemma to concede always may be the best response"
)
#: Borders shown; `--json` has all.
MOST_BORDERS = 12
_COURSE = ("T-R", "R-P")
_VALUES = ("temptation", "reward", "punishment", "sucker", "T-R", "P-S", "R-P")


def content(classified: Classification) -> dict[str, Any]:
    """The classification as plain values: what `--json` prints. Everything in it is exact."""
    game, conduct, ids = classified.game, classified.conduct, classified.scenario.sides.ids
    bad: float | str | None = "everything" if classified.rung == EVERYTHING else classified.rung
    levers = conduct.described(classified.scenario.compiled.levers)
    if classified.staged:
        bad, levers = None, {}
    return {
        "scenario": classified.scenario.name,
        "title": classified.scenario.title,
        "hash": classified.scenario.hash,
        "exact": True,
        "name": game.name,
        "meaning": {name: MEANINGS[name] for name in dict.fromkeys(game.names)},
        "from": "stage_payoffs" if classified.staged else "levers",
        "bad": bad,
        "levers": levers,
        "additive": classified.additive,
        "sides": {side: _side(view) for side, view in zip(ids, (game.us, game.cn), strict=True)},
        "equilibria": [  # P(good) of us and cn at each extreme point of a set
            {
                "pure": component.pure,
                "isolated": component.isolated,
                "good": [[float(us[0]), float(cn[0])] for us, cn in component.points],
            }
            for component in classified.equilibria
        ],
        **({"only_pure_equilibria": classified.missing} if classified.missing else {}),
        "by_year": [
            {"year": year, "name": game.name, ids[0]: _side(game.us), ids[1]: _side(game.cn)}
            for year, game in enumerate(classified.by_year)
        ],
        "readings": [{"bad": name, "name": game.name} for name, game in classified.readings],
        "borders": [
            asdict(border) | {"within": border.within, "distance": border.distance}
            for border in classified.borders
        ],
        "parameters_turned": classified.turned,
        "parameters_within_range": classified.within,
    }


def _side(view: Side) -> dict[str, Any]:
    differences = {"T-R": view.tempts, "P-S": view.protects, "R-P": view.binds}
    return {**asdict(view), "name": view.name, **differences}


def classification_report(classified: Classification) -> Report:
    """The report of the one-shot game that a scenario implies."""
    page, sides = content(classified), classified.scenario.sides
    lead = [f"What game is this? {_capital(page['name'])} (exact)"]
    lead += [f"{_capital(name)}: {meaning}." for name, meaning in page["meaning"].items()]
    sections = [_matrix(page, sides)]
    if page["readings"]:
        rows = ((reading["bad"], reading["name"]) for reading in page["readings"])
        heads = ("bad conduct", NAME), ("game", NAME)
        sections.append(table("By how bad bad conduct is", heads, rows))
    if len(page["by_year"]) > 1:
        sections.append(_course(page["by_year"], sides.ids))
    sections.append(_borders(page, sides.ids))
    return Report(page["title"], tuple(lead), (_conduct(page),), tuple(sections), page)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _conduct(page: Page) -> str:
    if page["from"] == "stage_payoffs":
        return "The scenario gives the matrix itself (stage_payoffs)."
    how = "everything" if page["bad"] == "everything" else f"rung {page['bad']:g}"
    moves = ", ".join(f"{name} {good}→{bad}" for name, (good, bad) in page["levers"].items())
    return (
        "Good: every lever at its obligation, every licence office serving what its owner "
        f"promised. Bad ({how}): {moves}. Each pair of conducts is held for 52 weeks."
    )


def _matrix(page: Page, sides: Sides) -> Section:
    """T, R, P, S of both sides and the three differences that name the game."""
    heads = ("", NAME), "T", "R", "P", "S", "T - R", "P - S", "R - P", ("game", NAME)
    rows = (
        (sides.names[side], *(f"{view[key]:.3f}" for key in _VALUES), view["name"])
        for side, view in page["sides"].items()
    )
    notes = _once(page, sides.ids), f"{ONE_WEEK} (docs/howto-best-response.md)."
    return table("Payoff a week, exact", heads, rows, *notes)


def _once(page: Page, ids: tuple[str, str]) -> str:
    (first, second), words = ids, []
    for equilibrium in page["equilibria"]:
        points = []
        for us, cn in equilibrium["good"]:
            text = f"{first} good with p {us:.3f}, {second} with p {cn:.3f}"
            if equilibrium["pure"]:
                one, other = ("good" if p > 0.5 else "bad" for p in (us, cn))
                text = f"{first} {one}, {second} {other}"
            points.append(text)
        words.append(" to ".join(points))
    if missing := page.get("only_pure_equilibria"):
        pure = "; ".join(words) or "none"
        return (
            f"Pure equilibria of the game played once (good or bad): {pure}. The extra adds the "
            f"mixed ones; {missing}."
        )
    return f"Equilibria of the game played once (good or bad): {'; '.join(words)}."


def _course(by_year: Iterable[Page], ids: tuple[str, str]) -> Section:
    """The game by year: its name, and the two differences of each side."""
    differences = (f"{what}, {side}" for side in ids for what in ("T - R", "R - P"))
    rows = [
        (f"{row['year']}", *(f"{row[s][key]:.3f}" for s in ids for key in _COURSE), row["name"])
        for row in by_year
    ]
    title = "After years of good conduct by both"
    return table(title, ("years", *differences, ("game", TEXT)), rows)


def _borders(page: Page, ids: tuple[str, str]) -> Section:
    """The nearest borders, and how many parameters can cross one within their plausible range."""
    additive = page["additive"] and page["from"] == "levers"
    notes = [f"{ADDITIVE} (docs/howto-classify.md)."] if additive else []
    title = "Borders, one parameter at a time, the nearest first"
    if not page["borders"]:
        none = f"None of {page['parameters_turned']} parameters alone changes the game."
        return Section(title, (none,), notes=tuple(notes))
    now = ("parameter", NAME), "now", "changes at", ("plausible range", NAME)
    heads = *now, ("then the game is", TEXT)
    rows = (_border(border, ids) for border in page["borders"][:MOST_BORDERS])
    return table(title, heads, rows, " ".join(_left(page)), *notes)


def _border(border: Page, ids: tuple[str, str]) -> tuple[str, ...]:
    times = "x " if border["factor"] else ""
    stated = span(border["stated"]) + (" (in it)" if border["within"] else "")
    numbers = (times + formatted(round(border[key], 6), ".3g") for key in ("value", "at"))
    first, second = border["names"]
    names = first if first == second else f"{first} ({ids[0]}), {second} ({ids[1]})"
    return border["parameter"], *numbers, stated, names


def _left(page: Page) -> Iterator[str]:
    """What the table of borders leaves to be said."""
    if page["from"] == "levers":
        inside, turned = page["parameters_within_range"], page["parameters_turned"]
        yield f"{inside} of {turned} parameters alone change the game within their plausible range."
        yield "x: a factor of all levers of a side that are used."
    hidden = len(page["borders"]) - MOST_BORDERS
    if hidden > 0:
        yield f"{hidden} farther borders are in --json."
