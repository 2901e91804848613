"""The whole answer to a question about some days: odds, those beside them, and rivals; and its
page, one day outcome by outcome, or many days of the first outcome.

The page is made of plain values, of an answer or of the folder that was written of it, so that the
command and the report of its folder say the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt
from typing import Any

from sim.forecast.fitted import Fit, believed, fitted
from sim.forecast.freeze import LIFETIME_RIVALS, OF_LIVES, lives
from sim.forecast.observations import Date, ForecastError, Observations
from sim.forecast.odds import Odds, Question, every, facts_by_day
from sim.forecast.sizes import ISLANDS
from sim.history.path import record_path
from sim.history.record import shipped
from sim.history.replay import GOVERNMENTS, with_governments
from sim.outcomes.estimates import quantile_of_normal
from sim.report.content import NAME, Report, Section, table
from sim.report.numbers import hundredths, of_hundred, short_share

#: Tolerances are judgements: so many times each of them is looked at beside.
FACTORS = (0.5, 2.0)
#: Copies and runs of a rival with governments (judgement, 2026-11-29: a thin line, +- .04).
COPIES = RUNS = 500

Content = Mapping[str, Any]
Row = Mapping[str, Any]
Rows = Sequence[Row]


@dataclass(frozen=True)
class Answer:
    """Odds; those by what a fit believed before the record, if there is one; rows of rivals; the
    odds of the last day with every tolerance halved and doubled; and by outcome the week in which
    the record had ended it by then."""

    odds: list[Odds]
    before: list[Odds]
    nulls: Rows
    other: list[Odds]
    ended: dict[str, int]


def answer(question: Question, days: Sequence[Date], fit: Fit | None = None) -> Answer:
    """The odds on these days, with the settings of a fit if one is given. Raises as `odds`."""
    observed = facts_by_day(question, days)
    used = question if fit is None else replace(question, fit=fitted(fit))
    all_odds = every(used, days, observed)
    before = [] if fit is None else every(replace(question, fit=believed(fit)), days, observed)
    other = list(other_tolerances(used, days[-1], observed[-1]))
    ended = ended_on_record(question, all_odds[-1])
    return Answer(all_odds, before, nulls(question, all_odds, observed), other, ended)


def ended_on_record(question: Question, last: Odds) -> dict[str, int]:
    """The outcomes that had ended on record by the day of odds, each with its week."""
    ends = record_path(question.scenario, question.record).ends
    asked = dict.fromkeys(chance.outcome for chance in last.chances)
    return {name: ends[name] for name in asked if 0 < ends.get(name, 0) <= last.after}


def other_tolerances(question: Question, day: Date, observed: Observations) -> Iterator[Odds]:
    """The odds of a day with every tolerance times FACTORS, however few copies are left effective:
    a result that does not survive that is one of the tolerances. What no copy can follow so is
    left out."""
    for factor in FACTORS:
        other = replace(question, tolerance=factor * question.tolerance, anyway=True)
        with suppress(ForecastError):
            yield every(other, [day], [observed])[0]


def nulls(question: Question, all_odds: Sequence[Odds], tables: Sequence[Observations]) -> Rows:
    """Rows of every rival on the days of the odds; `settings` names the rival.

    tables: what was known on these days. Governments without reciprocity follow the record and go
    on like the scenario's own, in rows as those of the odds; one that cannot follow it at all has
    none. Rivals that know only how long earlier truces lasted are arithmetic: of these a row has
    the day, the outcome, when it is read and `p`, and no interval, runs or tolerance. All are asked
    about the headline alone.
    """
    headline = all_odds[0].chances[0].outcome
    rows: list[Row] = []
    for rival in GOVERNMENTS:
        other = with_governments(question.scenario, rival)
        small = replace(
            question, scenario=other, particles=COPIES, runs=RUNS, fit=None, anyway=True
        )
        with suppress(ForecastError):
            rival_odds = every(small, [odds.as_of for odds in all_odds], tables)
            rows += [
                row | {"settings": rival} for odds in rival_odds for row in odds.rows(headline)
            ]
    if question.scenario.spec.truce is not None and headline in OF_LIVES:
        rows += [row for odds in all_odds for row in _lived(question, odds, headline)]
    return rows


def _lived(question: Question, odds: Odds, headline: str) -> Iterator[dict[str, Any]]:
    """What lives of truces that ended before the day say of the readings of its headline."""
    past = lives(question.record or shipped(), odds.as_of, question.scenario.spec.start)
    rows = odds.rows(headline)
    when = ("as_of", "weeks_over", "outcome", "at", "week", "day")
    for rival, law in LIFETIME_RIVALS.items() if past.names else ():
        chances = law(past, float(odds.after), [row["week"] - odds.after for row in rows])
        for row, p in zip(rows, chances, strict=True):
            yield {name: row[name] for name in when} | {"p": float(p), "settings": rival}


def odds_report(page: Content, title: str) -> Report:
    """The report of one day's odds, or of several days', of those beside them and of rivals."""
    rows, days = page["odds"], _days(page["odds"])
    when = f"as of {days[0]}" if len(days) == 1 else f"on {len(days)} days, {days[0]} to {days[-1]}"
    lead = tuple(_lead(rows, f"Odds {when}, settings {page['settings']}."))
    made = _one_day if len(days) == 1 else _many_days
    sections = [made(each) for each in (rows, page["beside"]) if each]
    sections[0] = replace(sections[0], notes=tuple(_ended(page)))
    if page["nulls"]:
        sections.append(_rivals(rows, page["nulls"]))
    sections.append(_tolerances(rows, page["tolerances"]))
    return Report(title, lead, tuple(_notes(page)), tuple(sections), dict(page))


def _days(rows: Rows) -> list[str]:
    return list(dict.fromkeys(row["as_of"] for row in rows))


def _on(rows: Rows, day: str, outcome: str | None = None) -> list[Row]:
    """The rows of a day, of one outcome or of all."""
    return [row for row in rows if row["as_of"] == day and outcome in (None, row["outcome"])]


def _last(rows: Rows) -> list[Row]:
    """The headline's rows of the last day, by when they are read."""
    return _on(rows, rows[-1]["as_of"], rows[0]["outcome"])


def _lead(rows: Rows, whose: str) -> Iterator[str]:
    """The headline at the end of the term; what its number is; whose odds they are; what its
    interval leaves out."""
    row = _last(rows)[0]
    yield (
        f"`{row['outcome']}` at the end of the term, {row['day']}: {_chance_line(row)}, "
        f"from what was known on {row['as_of']}."
    )
    yield (
        f"That is a chance given the record: of runs that went as the record did up to "
        f"{row['as_of']}, {of_hundred(row['p'])} hold; detente run counts all runs from week 1, "
        "however they went, so its share is another number."
    )
    yield whose
    if row["settings_low"] is None:
        yield (
            "The interval is of chance alone: settings are held as shipped; --fit FOLDER, with "
            "one of detente fit, lets them vary and says the chance over them."
        )
    elif 0 < row["p"] < 1:
        runs = int(row["runs"]) // ISLANDS
        yield (
            f"The range over settings holds noise too: each has {runs:,} runs of its own, by which "
            f"alone settings that are alike would lie within ± {_noise(row['p'], runs):.2f}, and "
            "further apart by the copies that these runs go on from."
        )


def _noise(p: float, runs: int) -> float:
    """Half of what nine of ten shares of so many runs lie within, if the chance of each is p."""
    return quantile_of_normal(0.9) * sqrt(p * (1 - p) / runs)


def _chance_line(row: Row) -> str:
    text = (
        f"{row['p']:.3f} ({row['low']:.3f} to {row['high']:.3f}, effective n = "
        f"{row['effective_runs']:,.0f})"
    )
    if row["p"] in (0, 1):
        text += f": in {'all' if row['p'] else 'none'} of the {row['runs']:,.0f} runs"
    if row["settings_low"] is None:
        return text
    return f"{text}; over settings {row['settings_low']:.3f} to {row['settings_high']:.3f}"


def _ended(page: Content) -> Iterator[str]:
    """Which outcomes the record had ended by the last day, and what a chance of them is."""
    read = page["odds"][-1]
    day, week_of, read_on = read["as_of"], int(read["week"]), date.fromisoformat(read["day"])
    for outcome, week in page["ended"].items():
        last = read_on - timedelta(weeks=week_of - week)
        known = f"`{outcome}` had already ended on record by {day}, in week {week} (to {last})"
        if any(row["p"] for row in _on(page["odds"], day, outcome)):
            yield f"{known}; above 0 here, as copies follow the record within its tolerances."
        else:
            yield f"{known}: no run can still have it."


def _one_day(rows: Rows) -> Section:
    cells = ((row["outcome"], row["at"], row["day"], _chance_line(row)) for row in rows)
    heads = ("outcome", NAME), ("at", NAME), ("day", NAME), "chance that it holds"
    return table(f"Odds as of {rows[0]['as_of']}, {rows[-1]['settings']}", heads, cells)


def _many_days(rows: Rows) -> Section:
    outcome, days = rows[0]["outcome"], _days(rows)
    reads = [row["at"] for row in _on(rows, days[0], outcome)]
    cells = ((day, *_across(_on(rows, day, outcome), reads)) for day in days)
    title = f"Chance that {outcome} holds, by the day it was seen from, {rows[-1]['settings']}"
    return table(title, (("as of", NAME), *reads, "effective"), cells)


def _across(rows: Rows, reads: Sequence[str]) -> list[str]:
    """A chance by when it is read, and the effective copies."""
    cells = {row["at"]: short_share(row["p"], row["low"], row["high"]) for row in rows}
    return [*(cells.get(at, "-") for at in reads), f"{rows[0]['effective_sample']:,.0f}"]


def _rivals(rows: Rows, nulls: Rows) -> Section:
    """What rivals say of the headline on the last day, by when it is read."""
    day, outcome = rows[-1]["as_of"], rows[0]["outcome"]
    of_day = _on(nulls, day)
    reads = list(dict.fromkeys(row["at"] for row in of_day))
    lines = []
    for rival in dict.fromkeys(row["settings"] for row in of_day):
        cells = {row["at"]: hundredths(row["p"]) for row in of_day if row["settings"] == rival}
        lines.append((rival, *(cells.get(at, "-") for at in reads)))
    title = f"Rivals on {day}: chance that {outcome} holds"
    return table(title, (("rival", NAME), *reads), lines)


def _tolerances(rows: Rows, other: Rows) -> Section:
    """The headline with every tolerance halved and doubled."""
    last = _last(rows)
    outcome, day, reads = last[0]["outcome"], last[0]["as_of"], [row["at"] for row in last]
    by_factor: dict[float, list[Row]] = {}
    for row in (*last, *(row for row in other if row["outcome"] == outcome)):
        by_factor.setdefault(row["tolerance"], []).append(row)
    cells = ((f"{factor:g}", *_across(by_factor[factor], reads)) for factor in sorted(by_factor))
    title = f"Every tolerance halved and doubled: chance that {outcome} holds, as of {day}"
    return table(title, (("tolerances times", NAME), *reads, "effective"), cells)


def _notes(page: Content) -> Iterator[str]:
    for name, words in page["definitions"].items():
        yield f"{name}: share of runs with {words}"
    yield (
        f"Each chance has its 95 % interval: Wilson's at the effective number of runs (effective "
        f"n), in which the noise of the filter is counted: at most the {page['runs']:,} that go on."
    )
    effective, number = min(row["effective_sample"] for row in page["odds"]), page["codings"]
    codings = "one coding" if number == 1 else f"mean of {number} codings"
    yield (
        f"{page['particles']:,} copies follow the record, {effective:,.0f} effective at least; "
        f"{page['runs']:,} runs go on from them. Seed {page['seed']}, tolerances times "
        f"{page['tolerance']:g}, {codings} of the acts. Only weeks that were over on a day "
        "are followed."
    )


#: Keys of a manifest of odds that are what the page is of.
OF_PAGE = ("seed", "particles", "runs", "tolerance", "codings")


def content(answer: Answer) -> dict[str, Any]:
    """The odds as rows, those beside them, of rivals and of other tolerances; definitions."""
    last = answer.odds[-1]
    return {
        "scenario": last.question.scenario.name,
        "hash": last.question.scenario.hash,
        "settings": last.settings,
        **{key: getattr(last.question, key) for key in OF_PAGE},
        "odds": _rows(answer.odds),
        "definitions": {chance.outcome: chance.estimate.definition for chance in last.chances},
        "beside": _rows(answer.before),
        "nulls": answer.nulls,
        "tolerances": _rows(answer.other),
        "ended": answer.ended,
    }


def _rows(all_odds: Sequence[Odds]) -> list[dict[str, Any]]:
    return [row for odds in all_odds for row in odds.rows()]
