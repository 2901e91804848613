"""What must be true of a record's tables, the package's or a user's own: a `Problem` a mistake.

`line` is the row of the file, the header being row 1, as an editor or a spreadsheet counts them.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from sim.errors import Problem, nearest, one_of
from sim.history.cells import (
    A_DAY,
    among,
    at,
    cell_text,
    day_of,
    disorder,
    event_named,
    filled,
    is_number,
    is_period,
    is_whole,
    repeated,
    unsorted,
)
from sim.history.rows import Row, Tables

#: Values that a column of the events may take.
EVENT_VALUES: Mapping[str, frozenset[str]] = {
    "date_precision": frozenset({"day", "month", "season"}),
    "instrument": frozenset(
        [
            "tariffs",
            "chips",
            "chip_equipment",
            "eda",
            "aerospace",
            "visas",
            "entity_list",
            "rare_earths",
            "critical_minerals",
            "agriculture",
            "unreliable_entity",
            "antitrust_probe",
            "port_fees",
            "investment",
            "self_sufficiency",
            "talks",
            "other",
        ]
    ),
    "direction": frozenset({"escalate", "concede", "hold", "talks", "invest"}),
    "stage": frozenset({"threat", "announce", "effect", "suspend", "reverse"}),
    "magnitude": frozenset("12345"),
    "verified": frozenset({"yes", "no"}),
}
OUTCOMES = frozenset({"held", "broken", "superseded", "extended", "ongoing"})
#: The lever of the base scenario that an actor's instrument stands for.
LEVERS: Mapping[tuple[str, str], str] = {
    ("US", "tariffs"): "us.tariffs",
    ("US", "chips"): "us.chips",
    ("US", "chip_equipment"): "us.chip_equipment",
    ("US", "eda"): "us.eda",
    ("US", "aerospace"): "us.engines",
    ("US", "visas"): "us.visas",
    ("US", "entity_list"): "us.entity_list",
    ("CN", "tariffs"): "cn.tariffs",
    ("CN", "rare_earths"): "cn.rare_earths",
    ("CN", "critical_minerals"): "cn.critical_minerals",
    ("CN", "unreliable_entity"): "cn.unreliable_entities",
    ("CN", "antitrust_probe"): "cn.probes",
}
#: Rules of data/README.md: those that move a lever, and those that say why none moved.
MOVING, STILL = (
    frozenset({"grade", "duty", "reversal"}),
    frozenset({"same", "words", "part", "queue", "zero", "duty"}),
)
#: Kinds of lever that an order takes down.
KINDS = frozenset({"tariffs", "lists", "technology", "minerals", "fees"})
YEAR = "2025"  # from this year on events are coded as moves
FIRST_DAY = date(2018, 3, 22)  # of the record: what is dated before it is a slip of the pen
#: Monthly exports of magnets to the United States: the months of it stand in a row from YEAR on.
MAGNETS = "magnet_exports_china_to_us"
LONGEST_TERM = 36_500  # days of a term
HIGHEST_STEP = 10  # notches of one move: no lever has more

_ACTOR = re.compile(r"[A-Z]{2}|BOTH")
_TARGET = re.compile(r"[A-Z]{2}|BOTH|ALL")
_SLUG = re.compile(r"\d{4}-\d{2}-\d{2}-[a-z0-9-]+")
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
    """Ids, dates in order, and values that the columns allow."""
    yield from repeated("events", "event_id", [row["event_id"] for row in rows])
    yield from disorder("events", rows, "date")
    for number, row in enumerate(rows):
        if not _SLUG.fullmatch(row["event_id"]):
            shape = "YYYY-MM-DD-words-actor, in small letters"
            yield at("events", number, "event_id", cell_text(row["event_id"]), shape)
        for column, allowed in EVENT_VALUES.items():
            yield from among("events", number, row, column, allowed)
        for column, names in (("actor", _ACTOR), ("target", _TARGET)):
            if not names.fullmatch(row[column]):
                words = "two capital letters, as US or CN; BOTH; as a target also ALL"
                near = nearest(row[column].upper(), ("US", "CN", "BOTH"))
                yield at("events", number, column, cell_text(row[column]), words, near)
        yield from filled("events", number, row, ("description", "source"))
        yield from _event_day(number, row)


def _event_day(number: int, row: Row) -> Iterator[Problem]:
    day = day_of(row["date"])
    if day and day > date.today():
        yield at("events", number, "date", f"{day}, in the future", f"up to {date.today()}")
    if day and day < FIRST_DAY:
        found = f"{day}, before the record starts"
        yield at("events", number, "date", found, f"{FIRST_DAY} or later")


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
    by_id = {row["event_id"]: row for row in events}
    pairs = [f"{row['order_event']} {row['done_event']}" for row in rows]
    yield from repeated("orders", "done_event", pairs)
    for number, row in enumerate(rows):
        columns = ("order_event", "done_event")
        missing = [c for c in columns if row[c] not in by_id]
        for column in missing:
            yield from event_named("orders", number, row, column, by_id)
        yield from among("orders", number, row, "kind", KINDS)
        yield from filled("orders", number, row, ("why",))
        if missing:
            continue
        order, done = (by_id[row[column]] for column in columns)
        if done["direction"] != "concede" or done["date"] < order["date"]:
            found = f"{row['done_event']}: no concession after its order"
            yield at("orders", number, "done_event", found, "a concession after its order")


def series_problems(rows: list[Row]) -> Iterator[Problem]:
    """Names, periods, numbers and order of the series."""
    keys = [f"{row['series']} {row['period']} {row['source']}" for row in rows]
    yield from repeated("series", "period", keys)
    for number, row in enumerate(rows):
        if not re.fullmatch(r"[a-z0-9_]+", row["series"]):
            words = "small letters, digits and _"
            yield at("series", number, "series", cell_text(row["series"]), words)
        if not is_period(row["period"]):
            words = "2025, 2025-05, 2025-05-12, or two of them in order as 2025-01/2025-04"
            yield at("series", number, "period", cell_text(row["period"]), words)
        if not is_number(row["value"]):
            yield at("series", number, "value", cell_text(row["value"]), "a number")
        elif row["series"] == MAGNETS and float(row["value"]) < 0:
            yield at("series", number, "value", row["value"], "tonnes, 0 or more")
        yield from among("series", number, row, "verified", EVENT_VALUES["verified"])
        yield from filled("series", number, row, ("unit", "source"))
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
    by_id = {row["event_id"]: row for row in events}
    yield from repeated("truces", "truce_id", [row["truce_id"] for row in rows])
    yield from disorder("truces", rows, "start")
    for number, row in enumerate(rows):
        yield from _span(number, row)
        yield from among("truces", number, row, "outcome", OUTCOMES)
        yield from among("truces", number, row, "verified", EVENT_VALUES["verified"])
        yield from filled("truces", number, row, ("truce_id", "source"))
        yield from _broken_by(number, row, by_id)


def _span(number: int, row: Row) -> Iterator[Problem]:
    start, end = day_of(row["start"]), day_of(row["end_or_censored_date"])
    column, term = "end_or_censored_date", row["agreed_term_days"]
    if end is None:
        yield at("truces", number, column, f"bad date {cell_text(row[column])}", A_DAY)
    elif start and end < start:
        yield at("truces", number, column, f"{end}: it ends before it starts", f"from {start} on")
    elif end > date.today():
        yield at("truces", number, column, f"{end}, in the future", f"up to {date.today()}")
    if term and not (is_whole(term) and 1 <= int(term) <= LONGEST_TERM):
        words = f"days, 1 to {LONGEST_TERM:,}, or nothing for an open end"
        yield at("truces", number, "agreed_term_days", cell_text(term), words)


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
    by_id = {row["event_id"]: row for row in events}
    pairs = [f"{row['event_id']} {row['lever']}" for row in rows]
    yield from repeated("moves", "event_id", pairs)
    for number, row in enumerate(rows):
        yield from among("moves", number, row, "lever", LEVERS.values())
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
    yield from filled("moves", number, row, ("why",))
    if not is_about_a_lever(event):
        found = f"{row['event_id']} is not about a lever"
        yield at("moves", number, "event_id", found, "one about a lever (README, coding rule)")
    elif not row["lever"].startswith(event["actor"].lower() + "."):
        found = f"{row['lever']}: a lever of the other side of {event['actor']}"
        yield at("moves", number, "lever", found, f"{event['actor'].lower()}.*")
    if not is_whole(row["change"].removeprefix("-")) or abs(int(row["change"])) > HIGHEST_STEP:
        words = f"notches, a whole number from -{HIGHEST_STEP} to {HIGHEST_STEP}"
        yield at("moves", number, "change", cell_text(row["change"]), words)
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
