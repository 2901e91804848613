"""What must be true of a record's tables, the package's or a user's own: a `Problem` a mistake.

`line` is the row of the file, the header being row 1, as an editor or a spreadsheet counts them.
"""

import re
from collections.abc import Iterator, Mapping

from sim.errors import Problem, nearest, one_of
from sim.history.cells import at, cell_problems, disorder, event_named, repeated, unsorted
from sim.history.rows import Row, Tables
from sim.history.schema import LEVERS, cell_text, day_of, is_number, is_period, is_step

#: Rules of data/README.md: those that move a lever, and those that say why none moved.
MOVING, STILL = (
    frozenset({"grade", "duty", "reversal"}),
    frozenset({"same", "words", "part", "queue", "zero", "duty"}),
)
YEAR = "2025"  # from this year on events are coded as moves
#: Monthly exports of magnets to the United States: the months of it stand in a row from YEAR on.
MAGNETS = "magnet_exports_china_to_us"

_MONTH = re.compile(r"\d{4}-\d{2}")
_SEEDS = ("000_2fef5278887e781c.txt", "002_a550ab9a29d1481c.txt")


def problems(tables: Tables) -> Iterator[Problem]:
    """Everything wrong with the tables."""
    events = tables["events"]
    yield from event_problems(events)
    yield from response_problems(events)
    yield from series_problems(tables["series"])
    yield from truce_problems(tables["truces"], events)
    yield from move_problems(tables["moves"], events)
    yield from order_problems(tables["orders"], events)


def seed_problems(events: list[Row]) -> Iterator[Problem]:
    """Of the package's own record: both seed documents are cited."""
    for seed in _SEEDS:
        if not any(seed in row["source"] for row in events):
            yield at("events", None, "source", f"none cites {seed}", "a row that cites it")


def event_problems(rows: list[Row]) -> Iterator[Problem]:
    """Ids once, dates in order, and values that the columns allow."""
    yield from cell_problems("events", rows)
    yield from repeated("events", "event_id", [row["event_id"] for row in rows])
    yield from disorder("events", rows, "date")


def response_problems(rows: list[Row]) -> Iterator[Problem]:
    """An event answers an earlier one of the table, and not itself."""
    by_id = {row["event_id"]: row for row in rows}
    for number, row in enumerate(rows):
        ref = row["in_response_to"]
        if not ref:
            continue
        if ref not in by_id:
            yield from event_named("events", number, row, "in_response_to", by_id)
            continue
        if ref == row["event_id"]:
            yield at("events", number, "in_response_to", "answers itself", "an earlier event")
        exact = row["date_precision"] == by_id[ref]["date_precision"] == "day"
        if exact and by_id[ref]["date"] > row["date"]:
            found = f"{ref}: it answers a later event"
            yield at("events", number, "in_response_to", found, "an earlier event")


def order_problems(rows: list[Row], events: list[Row]) -> Iterator[Problem]:
    """Every removal is a later concession than its order, once, of a known kind."""
    yield from cell_problems("orders", rows)
    by_id = {row["event_id"]: row for row in events}
    pairs = [f"{row['order_event']} {row['done_event']}" for row in rows]
    yield from repeated("orders", "done_event", pairs)
    for number, row in enumerate(rows):
        columns = ("order_event", "done_event")
        missing = [c for c in columns if row[c] not in by_id]
        for column in missing:
            yield from event_named("orders", number, row, column, by_id)
        if missing:
            continue
        order, done = (by_id[row[column]] for column in columns)
        if done["direction"] != "concede" or done["date"] < order["date"]:
            found = f"{row['done_event']}: no concession after its order"
            yield at("orders", number, "done_event", found, "a concession after its order")


def series_problems(rows: list[Row]) -> Iterator[Problem]:
    """Names, periods, numbers and order of the series."""
    yield from cell_problems("series", rows)
    keys = [f"{row['series']} {row['period']} {row['source']}" for row in rows]
    yield from repeated("series", "period", keys)
    for number, row in enumerate(rows):
        if row["series"] == MAGNETS and is_number(row["value"]) and float(row["value"]) < 0:
            yield at("series", number, "value", row["value"], "tonnes, 0 or more")
    yield from unsorted("series", [(row["series"], row["period"]) for row in rows])
    yield from _month_problems(rows)


def _month_problems(rows: list[Row]) -> Iterator[Problem]:
    """Months of magnets from YEAR on: each once, none left out."""
    latest = ""
    for number, row in enumerate(rows):
        period = row["period"]
        if row["series"] != MAGNETS or not _MONTH.fullmatch(period) or period < YEAR:
            continue
        if not is_period(period):
            continue
        if latest and period != _month_after(latest):
            found = f"{period} after {latest}"
            words = f"{_month_after(latest)}: every month once, without a hole"
            yield at("series", number, "period", found, words)
        latest = period


def _month_after(period: str) -> str:
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12:04d}-{month % 12 + 1:02d}"


def truce_problems(rows: list[Row], events: list[Row]) -> Iterator[Problem]:
    """Spans in order, and an act that broke exactly those that were broken."""
    yield from cell_problems("truces", rows)
    by_id = {row["event_id"]: row for row in events}
    yield from repeated("truces", "truce_id", [row["truce_id"] for row in rows])
    yield from disorder("truces", rows, "start")
    for number, row in enumerate(rows):
        start, end = day_of(row["start"]), day_of(row["end_or_censored_date"])
        if start and end and end < start:
            found = f"{end}: it ends before it starts"
            yield at("truces", number, "end_or_censored_date", found, f"from {start} on")
        yield from _broken_by(number, row, by_id)


def _broken_by(number: int, row: Row, events: Mapping[str, Row]) -> Iterator[Problem]:
    column, act = "breaking_event_id", row["breaking_event_id"]
    if act:
        yield from event_named("truces", number, row, column, events)
    if (row["outcome"] == "broken") != bool(act):
        found = f"{cell_text(act)} with outcome {row['outcome']}"
        yield at("truces", number, column, found, "an event exactly when the outcome is broken")
    elif act in events and not row["start"] <= events[act]["date"] <= row["end_or_censored_date"]:
        found = f"{act}: not between start and end"
        words = f"an event of {row['start']} to {row['end_or_censored_date']}"
        yield at("truces", number, column, found, words)


def move_problems(rows: list[Row], events: list[Row]) -> Iterator[Problem]:
    """Every event that is about a lever is coded, once, by a rule that fits."""
    yield from cell_problems("moves", rows)
    by_id = {row["event_id"]: row for row in events}
    pairs = [f"{row['event_id']} {row['lever']}" for row in rows]
    yield from repeated("moves", "event_id", pairs)
    for number, row in enumerate(rows):
        event = by_id.get(row["event_id"])
        if event is None:
            yield from event_named("moves", number, row, "event_id", by_id)
        else:
            yield from _move_problems(number, row, event)
    coded = {row["event_id"] for row in rows}
    for event in events:
        if is_about_a_lever(event) and event["event_id"] not in coded:
            found = f"a hole: {event['event_id']} is not coded"
            words = "a row for every event about a lever; change 0 and why, if it moved none"
            yield at("moves", None, "event_id", found, words)
    yield from unsorted("moves", [(row["event_id"],) for row in rows])


def _move_problems(number: int, row: Row, event: Row) -> Iterator[Problem]:
    if not is_about_a_lever(event):
        found = f"{row['event_id']} is not about a lever"
        yield at("moves", number, "event_id", found, "one about a lever (README, coding rule)")
    elif not row["lever"].startswith(event["actor"].lower() + "."):
        found = f"{row['lever']}: a lever of the other side of {event['actor']}"
        yield at("moves", number, "lever", found, f"{event['actor'].lower()}.*")
    if not is_step(row["change"]):
        return
    change = int(row["change"])
    rules = sorted(MOVING if change else STILL)
    if row["rule"] not in rules:
        found = f"{cell_text(row['rule'])} with change {change}"
        yield at("moves", number, "rule", found, one_of(rules), nearest(row["rule"], rules))
    if change and (change > 0) != (event["direction"] == "escalate"):
        found = f"{change} of an event that is to {event['direction']}"
        yield at("moves", number, "change", found, "up to escalate, down to concede")


def is_about_a_lever(event: Row) -> bool:
    """Whether the coding rule asks for a row of moves."""
    return (
        event["date"] >= YEAR
        and event["direction"] in ("escalate", "concede")
        and (event["actor"], event["instrument"]) in LEVERS
    )
