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
    made, last = answer.odds, answer.odds[-1]
    lead = (f"Odds {_when(made)}, settings {last.settings}.", *_first(last))
    sections = [_section(each) for each in (made, answer.before) if each]
    if answer.nulls:
        sections.append(_rivals(last, answer.nulls))
    sections.append(_tolerances(last, answer.other))
    data = content(made) | {"beside": [row for one in answer.before for row in one.rows()]}
    data |= {"nulls": answer.nulls}
    data |= {"tolerances": [row for one in answer.other for row in one.rows()]}
    return Report(title, lead, tuple(_notes(made)), tuple(sections), data)


def _tolerances(last: Odds, other: Sequence[Odds]) -> Section:
    """The headline with every tolerance halved and doubled."""
    outcome = last.chances[0].outcome
    reads = list(dict.fromkeys(one.at for one in last.chances if one.outcome == outcome))
    rows = []
    for odds in sorted([last, *other], key=lambda one: one.tolerance):
        told = {one.at: _short(one) for one in odds.chances if one.outcome == outcome}
        factor, effective = f"{odds.tolerance:g}", f"{odds.effective:,.0f}"
        rows.append((factor, *(told[at] for at in reads), effective))
    title = f"Every tolerance halved and doubled: chance that {outcome} holds, as of {last.as_of}"
    heading = columns(("tolerances times", NAME), *reads, "effective")
    return Section(title, (), heading, tuple(rows))


def _rivals(last: Odds, nulls: Rows) -> Section:
    """What rivals say of the headline on the last day, by when it is read."""
    own = [row for row in nulls if row["as_of"] == last.as_of.isoformat()]
    reads = list(dict.fromkeys(row["at"] for row in own))
    rows = []
    for rival in dict.fromkeys(row["settings"] for row in own):
        told = {row["at"]: f"{row['p']:.2f}" for row in own if row["settings"] == rival}
        rows.append((rival, *(told.get(at, "-") for at in reads)))
    outcome = last.chances[0].outcome
    heading = columns(("rival", NAME), *reads)
    return Section(f"Rivals on {last.as_of}: chance that {outcome} holds", (), heading, tuple(rows))


def _section(made: Sequence[Odds]) -> Section:
    section = _one_day(made[0]) if len(made) == 1 else _many_days(made)
    return replace(section, title=f"{section.title}, {made[-1].settings}")


def _when(made: Sequence[Odds]) -> str:
    first, last = made[0].as_of, made[-1].as_of
    return f"as of {last}" if first == last else f"on {len(made)} days, {first} to {last}"


def _first(odds: Odds) -> Iterator[str]:
    """The headline at the end of the term, in a sentence."""
    chance = odds.chances[0]
    yield (
        f"`{chance.outcome}` at the end of the term, {chance.day}: {_told(chance)}, from what was "
        f"known on {odds.as_of}."
    )


def _told(chance: Chance) -> str:
    found = chance.estimate
    text = f"{found.p:.3f} ({found.low:.3f} to {found.high:.3f}, n = {found.n:,})"
    if chance.spread is None:
        return text
    return f"{text}; over settings {chance.spread[0]:.3f} to {chance.spread[1]:.3f}"


def _one_day(odds: Odds) -> Section:
    rows = tuple((one.outcome, one.at, f"{one.day}", _told(one)) for one in odds.chances)
    heading = columns(("outcome", NAME), ("at", NAME), ("day", NAME), "chance that it holds")
    return Section(f"Odds as of {odds.as_of}", (), heading, rows)


def _many_days(made: Sequence[Odds]) -> Section:
    first = made[0].chances[0].outcome
    reads = list(dict.fromkeys(one.at for one in made[0].chances))
    rows = []
    for odds in made:
        told = {one.at: _short(one) for one in odds.chances if one.outcome == first}
        effective = f"{odds.effective:,.0f}"
        rows.append((f"{odds.as_of}", *(told.get(at, "-") for at in reads), effective))
    heading = columns(("as of", NAME), *reads, "effective")
    return Section(
        f"Chance that {first} holds, by the day it was seen from", (), heading, tuple(rows)
    )


def _short(chance: Chance) -> str:
    found = chance.estimate
    return f"{found.p:.2f} ({found.low:.2f} to {found.high:.2f})"


def _notes(made: Sequence[Odds]) -> Iterator[str]:
    last = made[-1]
    for name, words in {one.outcome: one.estimate.definition for one in last.chances}.items():
        yield f"{name}: share of runs with {words}"
    yield SIGNIFICANCE
    effective = min(one.effective for one in made)
    yield (
        f"{last.particles:,} copies follow the record, {effective:,.0f} effective at least; "
        f"{last.runs:,} runs go on from them. Seed {last.seed}, tolerances times "
        f"{last.tolerance:g}, {_codings(last.codings)}. Only weeks that were over on a day "
        "are followed."
    )


def _codings(number: int) -> str:
    return "one coding of the acts" if number == 1 else f"mean of {number} codings of the acts"


def content(made: Sequence[Odds]) -> dict[str, Any]:
    """The odds as plain values."""
    last = made[-1]
    return {
        "scenario": last.scenario,
        "hash": last.hash,
        "settings": last.settings,
        "seed": last.seed,
        "odds": [row for one in made for row in one.rows()],
        "definitions": {one.outcome: one.estimate.definition for one in last.chances},
    }
