"""The page of odds: one day outcome by outcome, or many days of the first outcome.

It is made of the odds as plain values (`sim.forecast.odds_content`), so that the command and the
report of its folder say the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sim.report.content import NAME, Report, Section, columns
from sim.report.numbers import hundredths, of_hundred, short_share

Content = Mapping[str, Any]
Row = Mapping[str, Any]
Rows = Sequence[Row]


def odds_report(page: Content, title: str) -> Report:
    """The report of one day's odds, or of several days', of those beside them and of rivals."""
    rows = page["odds"]
    lead = tuple(_lead(rows, f"Odds {_when(_days(rows))}, settings {page['settings']}."))
    sections = [_section(each) for each in (rows, page["beside"]) if each]
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


def _when(days: Sequence[str]) -> str:
    return f"as of {days[0]}" if len(days) == 1 else f"on {len(days)} days, {days[0]} to {days[-1]}"


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


def _section(rows: Rows) -> Section:
    section = _one_day(rows) if len(_days(rows)) == 1 else _many_days(rows)
    return replace(section, title=f"{section.title}, {rows[-1]['settings']}")


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
    cells = tuple((row["outcome"], row["at"], row["day"], _chance_line(row)) for row in rows)
    heading = columns(("outcome", NAME), ("at", NAME), ("day", NAME), "chance that it holds")
    return Section(f"Odds as of {rows[0]['as_of']}", (), heading, cells)


def _many_days(rows: Rows) -> Section:
    outcome, days = rows[0]["outcome"], _days(rows)
    reads = [row["at"] for row in _on(rows, days[0], outcome)]
    cells = tuple((day, *_across(_on(rows, day, outcome), reads)) for day in days)
    heading = columns(("as of", NAME), *reads, "effective")
    return Section(f"Chance that {outcome} holds, by the day it was seen from", (), heading, cells)


def _across(rows: Rows, reads: Sequence[str]) -> list[str]:
    """A chance by when it is read, and the effective copies."""
    cells = {row["at"]: _short(row) for row in rows}
    return [*(cells.get(at, "-") for at in reads), f"{rows[0]['effective_sample']:,.0f}"]


def _short(row: Row) -> str:
    return short_share(row["p"], row["low"], row["high"])


def _rivals(rows: Rows, nulls: Rows) -> Section:
    """What rivals say of the headline on the last day, by when it is read."""
    day, outcome = rows[-1]["as_of"], rows[0]["outcome"]
    of_day = _on(nulls, day)
    reads = list(dict.fromkeys(row["at"] for row in of_day))
    table = []
    for rival in dict.fromkeys(row["settings"] for row in of_day):
        cells = {row["at"]: hundredths(row["p"]) for row in of_day if row["settings"] == rival}
        table.append((rival, *(cells.get(at, "-") for at in reads)))
    heading = columns(("rival", NAME), *reads)
    return Section(f"Rivals on {day}: chance that {outcome} holds", (), heading, tuple(table))


def _tolerances(rows: Rows, other: Rows) -> Section:
    """The headline with every tolerance halved and doubled."""
    last = _last(rows)
    outcome, day, reads = last[0]["outcome"], last[0]["as_of"], [row["at"] for row in last]
    by_factor: dict[float, list[Row]] = {}
    for row in (*last, *(row for row in other if row["outcome"] == outcome)):
        by_factor.setdefault(row["tolerance"], []).append(row)
    cells = tuple(
        (f"{factor:g}", *_across(by_factor[factor], reads)) for factor in sorted(by_factor)
    )
    title = f"Every tolerance halved and doubled: chance that {outcome} holds, as of {day}"
    return Section(title, (), columns(("tolerances times", NAME), *reads, "effective"), cells)


def _notes(page: Content) -> Iterator[str]:
    for name, words in page["definitions"].items():
        yield f"{name}: share of runs with {words}"
    yield (
        f"Each chance has its 95 % interval: Wilson's at the effective number of runs (effective "
        f"n), in which the noise of the filter is counted: at most the {page['runs']:,} that go on."
    )
    effective = min(row["effective_sample"] for row in page["odds"])
    yield (
        f"{page['particles']:,} copies follow the record, {effective:,.0f} effective at least; "
        f"{page['runs']:,} runs go on from them. Seed {page['seed']}, tolerances times "
        f"{page['tolerance']:g}, {_codings(page['codings'])}. Only weeks that were over on a day "
        "are followed."
    )


def _codings(number: int) -> str:
    return "one coding of the acts" if number == 1 else f"mean of {number} codings of the acts"
