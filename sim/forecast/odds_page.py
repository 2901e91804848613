"""The page of odds: one day outcome by outcome, or many days of the first outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.forecast.chances import Chance, Odds
from sim.report.content import NAME, Report, Section, columns

if TYPE_CHECKING:
    from sim.forecast.answer import Answer

SIGNIFICANCE = (
    "Each chance has its 95 % interval: Wilson's at the effective number of runs, in which the "
    "noise of the filter is counted."
)


Rows = Sequence[dict[str, Any]]


def odds_report(answer: "Answer", title: str) -> Report:
    """The report of one day's odds, or of several days', of those beside them and of rivals."""
    all_odds, last = answer.odds, answer.odds[-1]
    lead = (f"Odds {_when(all_odds)}, settings {last.settings}.", *_first(last))
    sections = [_section(each) for each in (all_odds, answer.before) if each]
    if answer.nulls:
        sections.append(_rivals(last, answer.nulls))
    sections.append(_tolerances(last, answer.other))
    data = content(all_odds) | {
        "beside": [row for odds_then in answer.before for row in odds_then.rows()]
    }
    data |= {"nulls": answer.nulls}
    data |= {"tolerances": [row for odds_then in answer.other for row in odds_then.rows()]}
    return Report(title, lead, tuple(_notes(all_odds)), tuple(sections), data)


def _tolerances(last: Odds, other: Sequence[Odds]) -> Section:
    """The headline with every tolerance halved and doubled."""
    outcome = last.chances[0].outcome
    reads = list(dict.fromkeys(chance.at for chance in last.chances if chance.outcome == outcome))
    rows = []
    for odds in sorted([last, *other], key=lambda chance: chance.tolerance):
        cells = {chance.at: _short(chance) for chance in odds.chances if chance.outcome == outcome}
        factor, effective = f"{odds.tolerance:g}", f"{odds.effective:,.0f}"
        rows.append((factor, *(cells[at] for at in reads), effective))
    title = f"Every tolerance halved and doubled: chance that {outcome} holds, as of {last.as_of}"
    heading = columns(("tolerances times", NAME), *reads, "effective")
    return Section(title, (), heading, tuple(rows))


def _rivals(last: Odds, nulls: Rows) -> Section:
    """What rivals say of the headline on the last day, by when it is read."""
    of_day = [row for row in nulls if row["as_of"] == last.as_of.isoformat()]
    reads = list(dict.fromkeys(row["at"] for row in of_day))
    rows = []
    for rival in dict.fromkeys(row["settings"] for row in of_day):
        cells = {row["at"]: f"{row['p']:.2f}" for row in of_day if row["settings"] == rival}
        rows.append((rival, *(cells.get(at, "-") for at in reads)))
    outcome = last.chances[0].outcome
    heading = columns(("rival", NAME), *reads)
    return Section(f"Rivals on {last.as_of}: chance that {outcome} holds", (), heading, tuple(rows))


def _section(all_odds: Sequence[Odds]) -> Section:
    section = _one_day(all_odds[0]) if len(all_odds) == 1 else _many_days(all_odds)
    return replace(section, title=f"{section.title}, {all_odds[-1].settings}")


def _when(all_odds: Sequence[Odds]) -> str:
    first, last = all_odds[0].as_of, all_odds[-1].as_of
    return f"as of {last}" if first == last else f"on {len(all_odds)} days, {first} to {last}"


def _first(odds: Odds) -> Iterator[str]:
    """The headline at the end of the term, in a sentence."""
    chance = odds.chances[0]
    yield (
        f"`{chance.outcome}` at the end of the term, {chance.day}: {_chance_line(chance)}, "
        f"from what was known on {odds.as_of}."
    )


def _chance_line(chance: Chance) -> str:
    estimate = chance.estimate
    text = f"{estimate.p:.3f} ({estimate.low:.3f} to {estimate.high:.3f}, n = {estimate.n:,})"
    if chance.spread is None:
        return text
    return f"{text}; over settings {chance.spread[0]:.3f} to {chance.spread[1]:.3f}"


def _one_day(odds: Odds) -> Section:
    rows = tuple(
        (chance.outcome, chance.at, f"{chance.day}", _chance_line(chance))
        for chance in odds.chances
    )
    heading = columns(("outcome", NAME), ("at", NAME), ("day", NAME), "chance that it holds")
    return Section(f"Odds as of {odds.as_of}", (), heading, rows)


def _many_days(all_odds: Sequence[Odds]) -> Section:
    first = all_odds[0].chances[0].outcome
    reads = list(dict.fromkeys(chance.at for chance in all_odds[0].chances))
    rows = []
    for odds in all_odds:
        cells = {chance.at: _short(chance) for chance in odds.chances if chance.outcome == first}
        effective = f"{odds.effective:,.0f}"
        rows.append((f"{odds.as_of}", *(cells.get(at, "-") for at in reads), effective))
    heading = columns(("as of", NAME), *reads, "effective")
    return Section(
        f"Chance that {first} holds, by the day it was seen from", (), heading, tuple(rows)
    )


def _short(chance: Chance) -> str:
    estimate = chance.estimate
    return f"{estimate.p:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"


def _notes(all_odds: Sequence[Odds]) -> Iterator[str]:
    last = all_odds[-1]
    for name, words in {
        chance.outcome: chance.estimate.definition for chance in last.chances
    }.items():
        yield f"{name}: share of runs with {words}"
    yield SIGNIFICANCE
    effective = min(odds_then.effective for odds_then in all_odds)
    yield (
        f"{last.particles:,} copies follow the record, {effective:,.0f} effective at least; "
        f"{last.runs:,} runs go on from them. Seed {last.seed}, tolerances times "
        f"{last.tolerance:g}, {_codings(last.codings)}. Only weeks that were over on a day "
        "are followed."
    )


def _codings(number: int) -> str:
    return "one coding of the acts" if number == 1 else f"mean of {number} codings of the acts"


def content(all_odds: Sequence[Odds]) -> dict[str, Any]:
    """The odds as plain values."""
    last = all_odds[-1]
    return {
        "scenario": last.scenario,
        "hash": last.hash,
        "settings": last.settings,
        "seed": last.seed,
        "odds": [row for odds_then in all_odds for row in odds_then.rows()],
        "definitions": {chance.outcome: chance.estimate.definition for chance in last.chances},
    }
