"""What must be true of a record's tables, the package's or a user's own: a `Problem` a mistake.

`line` is the row of the file, the header being row 1, as an editor or a spreadsheet counts them.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from pydantic import ValidationError

from sim.errors import Problem, nearest, one_of
from sim.history.rows import (
    COLUMNS,
    LEVERS,
    ROWS,
    Row,
    Tables,
    cell_text,
    day_of,
    is_number,
    is_period,
    is_step,
)

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


def at(
    table: str, number: int | None, column: str, found: str, allowed: str, near: str | None = None
) -> Problem:
    """A problem of one cell; `number` is the row's place in the table, from 0."""
    line = None if number is None else number + 2
    return Problem(f"{table}.csv", line, column, found, allowed, near)


def cell_problems(table: str, rows: list[Row]) -> Iterator[Problem]:
    """What is wrong with cells by themselves, by the model of the table's rows."""
    for number, row in enumerate(rows):
        try:
            ROWS[table].model_validate(row)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                wrong = detail["ctx"]
                column, near = str(detail["loc"][0]), wrong["near"]
                yield at(table, number, column, wrong["found"], wrong["allowed"], near)


def event_named(
    table: str, number: int, row: Row, column: str, ids: Collection[str]
) -> Iterator[Problem]:
    """A cell must name an event of the table."""
    if row[column] not in ids:
        near = nearest(row[column], ids)
        yield at(table, number, column, cell_text(row[column]), "an event_id of events.csv", near)


def repeated(table: str, column: str, names: list[str]) -> Iterator[Problem]:
    """Names that are there more than once."""
    counts = Counter(names)
    seen: set[str] = set()
    for number, name in enumerate(names):
        if counts[name] > 1 and name in seen:
            yield at(table, number, column, f"{name} {counts[name]} times", "each once")
        seen.add(name)


def unsorted(table: str, keys: list[tuple[str, ...]]) -> Iterator[Problem]:
    """Rows that stand after a later one."""
    for number in range(1, len(keys)):
        if keys[number] < keys[number - 1]:
            columns = COLUMNS[table]
            found = f"{' '.join(keys[number])} after {' '.join(keys[number - 1])}: not sorted"
            order = f"rows in order of {' and '.join(columns[: len(keys[number])])}"
            yield at(table, number, columns[0], found, order)


def disorder(table: str, rows: list[Row], column: str) -> Iterator[Problem]:
    """Days that are earlier than the row before."""
    latest: date | None = None
    for number, row in enumerate(rows):
        day = day_of(row[column])
        if day and latest and day < latest:
            found = f"{day} after {latest}: out of date order"
            yield at(table, number, column, found, "rows in order of date")
        latest = day or latest


def problems(tables: Tables) -> Iterator[Problem]:
    """Everything wrong with the tables."""
    events = {row["event_id"]: row for row in tables["events"]}
    for table, (column, key, others) in _CHECKS.items():
        rows = tables[table]
        yield from cell_problems(table, rows)
        yield from repeated(table, column, [" ".join(row[name] for name in key) for row in rows])
        yield from others(tables, events)


def seed_problems(events: list[Row]) -> Iterator[Problem]:
    """Of the package's own record: both seed documents are cited."""
    for seed in _SEEDS:
        if not any(seed in row["source"] for row in events):
            yield at("events", None, "source", f"none cites {seed}", "a row that cites it")


def _event_problems(tables: Tables, events: Mapping[str, Row]) -> Iterator[Problem]:
    """Dates in order; an event answers an earlier one of the table, and not itself."""
    rows, column = tables["events"], "in_response_to"
    yield from disorder("events", rows, "date")
    for number, row in enumerate(rows):
        ref = row[column]
        if not ref:
            continue
        if ref not in events:
            yield from event_named("events", number, row, column, events)
            continue
        if ref == row["event_id"]:
            yield at("events", number, column, "answers itself", "an earlier event")
        exact = row["date_precision"] == events[ref]["date_precision"] == "day"
        if exact and events[ref]["date"] > row["date"]:
            found = f"{ref}: it answers a later event"
            yield at("events", number, column, found, "an earlier event")


def _order_problems(tables: Tables, events: Mapping[str, Row]) -> Iterator[Problem]:
    """Every removal is a later concession than its order."""
    columns = ("order_event", "done_event")
    for number, row in enumerate(tables["orders"]):
        if not all(row[column] in events for column in columns):
            for column in columns:
                yield from event_named("orders", number, row, column, events)
            continue
        order, done = (events[row[column]] for column in columns)
        if done["direction"] != "concede" or done["date"] < order["date"]:
            found = f"{row['done_event']}: no concession after its order"
            yield at("orders", number, "done_event", found, "a concession after its order")


def _series_problems(tables: Tables, events: Mapping[str, Row]) -> Iterator[Problem]:
    """Tonnes, and the order of the rows."""
    rows = tables["series"]
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


def _truce_problems(tables: Tables, events: Mapping[str, Row]) -> Iterator[Problem]:
    """Spans in order, and an act that broke exactly those that were broken."""
    rows = tables["truces"]
    yield from disorder("truces", rows, "start")
    for number, row in enumerate(rows):
        start, end = day_of(row["start"]), day_of(row["end_or_censored_date"])
        if start and end and end < start:
            found = f"{end}: it ends before it starts"
            yield at("truces", number, "end_or_censored_date", found, f"from {start} on")
        yield from _broken_by(number, row, events)


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


def _move_problems(tables: Tables, events: Mapping[str, Row]) -> Iterator[Problem]:
    """Every event that is about a lever is coded, by a rule that fits."""
    rows = tables["moves"]
    for number, row in enumerate(rows):
        yield from event_named("moves", number, row, "event_id", events)
        if row["event_id"] in events:
            yield from _coding_problems(number, row, events[row["event_id"]])
    coded = {row["event_id"] for row in rows}
    for event in tables["events"]:
        if is_about_a_lever(event) and event["event_id"] not in coded:
            found = f"a hole: {event['event_id']} is not coded"
            words = "a row for every event about a lever; change 0 and why, if it moved none"
            yield at("moves", None, "event_id", found, words)
    yield from unsorted("moves", [(row["event_id"],) for row in rows])


def _coding_problems(number: int, row: Row, event: Row) -> Iterator[Problem]:
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


#: Of each table: where a row is named that is there twice, by which columns, and other checks.
_CHECKS = {
    "events": ("event_id", ("event_id",), _event_problems),
    "series": ("period", ("series", "period", "source"), _series_problems),
    "truces": ("truce_id", ("truce_id",), _truce_problems),
    "moves": ("event_id", ("event_id", "lever"), _move_problems),
    "orders": ("done_event", ("order_event", "done_event"), _order_problems),
}
