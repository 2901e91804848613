"""What must be true of the record's tables; each check yields one sentence a problem."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

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
YEAR = "2025"  # the year whose events are coded as moves

_ACTOR = re.compile(r"[A-Z]{2}|BOTH")
_TARGET = re.compile(r"[A-Z]{2}|BOTH|ALL")
_SLUG = re.compile(r"\d{4}-\d{2}-\d{2}-[a-z0-9-]+")
_PART = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_SEEDS = ("000_2fef5278887e781c.txt", "002_a550ab9a29d1481c.txt")


def problems(tables: Tables) -> Iterator[str]:
    """Everything wrong with the tables."""
    events = tables["events"]
    yield from event_problems(events)
    yield from response_problems(events)
    yield from series_problems(tables["series"])
    yield from truce_problems(tables["truces"], {row["event_id"] for row in events})
    yield from move_problems(tables["moves"], events)
    yield from order_problems(tables["orders"], events)


def event_problems(rows: list[Row]) -> Iterator[str]:
    """Ids, dates in order, and values that the columns allow."""
    yield from _repeated("events", (row["event_id"] for row in rows))
    yield from _disorder("events", rows, "event_id", "date")
    for row in rows:
        name = f"events {row['event_id']}"
        if not _SLUG.fullmatch(row["event_id"]):
            yield f"{name}: malformed id"
        for column, allowed in EVENT_VALUES.items():
            if row[column] not in allowed:
                yield f"{name}: {column}={row[column]!r}"
        for column, shape in (("actor", _ACTOR), ("target", _TARGET)):
            if not shape.fullmatch(row[column]):
                yield f"{name}: {column}={row[column]!r}"
        for column in ("description", "source"):
            if not row[column].strip():
                yield f"{name}: empty {column}"
        day = _day(row["date"])
        if day and day > date.today():
            yield f"{name}: date in the future"
    for seed in _SEEDS:
        if not any(seed in row["source"] for row in rows):
            yield f"events: none cites {seed}"


def response_problems(rows: list[Row]) -> Iterator[str]:
    """An event answers an earlier one of the table, and not itself."""
    by_id = {row["event_id"]: row for row in rows}
    for row in rows:
        name, ref = f"events {row['event_id']}", row["in_response_to"]
        if not ref:
            continue
        if ref not in by_id:
            yield f"{name}: in_response_to {ref} not found"
            continue
        if ref == row["event_id"]:
            yield f"{name}: answers itself"
        exact = row["date_precision"] == by_id[ref]["date_precision"] == "day"
        if exact and by_id[ref]["date"] > row["date"]:
            yield f"{name}: answers a later event"


def order_problems(rows: list[Row], events: list[Row]) -> Iterator[str]:
    """Every removal is a later concession than its order, once, of a known kind."""
    by_id = {row["event_id"]: row for row in events}
    yield from _repeated("orders", ((row["order_event"], row["done_event"]) for row in rows))
    for row in rows:
        name = f"orders {row['done_event']}"
        pair = [by_id.get(row[column]) for column in ("order_event", "done_event")]
        if None in pair:
            yield f"{name}: no such event"
            continue
        order, done = (event for event in pair if event)
        if done["direction"] != "concede" or done["date"] < order["date"]:
            yield f"{name}: not a concession after its order"
        if row["kind"] not in KINDS or not row["why"].strip():
            yield f"{name}: kind={row['kind']!r} or empty why"


def series_problems(rows: list[Row]) -> Iterator[str]:
    """Names, periods, numbers and order of the series."""
    yield from _repeated("series", ((r["series"], r["period"], r["source"]) for r in rows))
    for number, row in enumerate(rows, start=2):
        name = f"series:{number}"
        if not re.fullmatch(r"[a-z0-9_]+", row["series"]):
            yield f"{name}: name {row['series']!r}"
        if not is_period(row["period"]):
            yield f"{name}: period {row['period']!r}"
        if not _is_number(row["value"]):
            yield f"{name}: value {row['value']!r}"
        if row["verified"] not in EVENT_VALUES["verified"] or not row["unit"] or not row["source"]:
            yield f"{name}: verified, unit or source"
    keys = [(row["series"], row["period"]) for row in rows]
    if keys != sorted(keys):
        yield "series: not sorted by series and period"


def truce_problems(rows: list[Row], event_ids: set[str]) -> Iterator[str]:
    """Spans in order, and an act that broke exactly those that were broken."""
    yield from _repeated("truces", (row["truce_id"] for row in rows))
    yield from _disorder("truces", rows, "truce_id", "start")
    for row in rows:
        name, act = f"truces {row['truce_id']}", row["breaking_event_id"]
        start, end = _day(row["start"]), _day(row["end_or_censored_date"])
        if end is None:
            yield f"{name}: bad date {row['end_or_censored_date']!r}"
        elif start and end < start:
            yield f"{name}: ends before it starts"
        if row["outcome"] not in OUTCOMES:
            yield f"{name}: outcome={row['outcome']!r}"
        if row["agreed_term_days"] and not row["agreed_term_days"].isdigit():
            yield f"{name}: agreed_term_days={row['agreed_term_days']!r}"
        if act and act not in event_ids:
            yield f"{name}: breaking_event_id not found"
        if (row["outcome"] == "broken") != bool(act):
            yield f"{name}: breaking_event_id must be present exactly when broken"
        if row["verified"] not in EVENT_VALUES["verified"] or not row["source"]:
            yield f"{name}: verified or source"


def move_problems(rows: list[Row], events: list[Row]) -> Iterator[str]:
    """Every event of the year that is about a lever is coded, once, by a rule that fits."""
    by_id = {row["event_id"]: row for row in events}
    yield from _repeated("moves", ((row["event_id"], row["lever"]) for row in rows))
    for row in rows:
        name = f"moves {row['event_id']} {row['lever']}"
        event = by_id.get(row["event_id"])
        if event is None:
            yield f"{name}: no such event"
            continue
        yield from (f"{name}: {text}" for text in _move_problems(row, event))
    coded = {row["event_id"] for row in rows}
    for event in events:
        if is_about_a_lever(event) and event["event_id"] not in coded:
            yield f"moves: {event['event_id']} is not coded"
    if [row["event_id"] for row in rows] != sorted(row["event_id"] for row in rows):
        yield "moves: not sorted by event"


def _move_problems(row: Row, event: Row) -> Iterator[str]:
    if not re.fullmatch(r"-?\d+", row["change"]):
        yield f"change={row['change']!r}"
        return
    change = int(row["change"])
    if row["rule"] not in (MOVING if change else STILL):
        yield f"rule={row['rule']!r} with change {change}"
    if not row["why"].strip():
        yield "empty why"
    if not is_about_a_lever(event):
        yield "its event is not about a lever"
    elif not row["lever"].startswith(event["actor"].lower() + "."):
        yield f"a lever of the other side of {event['actor']}"
    if change and (change > 0) != (event["direction"] == "escalate"):
        yield f"change {change} of an event that is to {event['direction']}"


def is_about_a_lever(event: Row) -> bool:
    """Whether the coding rule asks for a row of moves."""
    return (
        event["date"].startswith(YEAR)
        and event["direction"] in ("escalate", "concede")
        and (event["actor"], event["instrument"]) in LEVERS
    )


def is_period(text: str) -> bool:
    """YYYY, YYYY-MM, YYYY-MM-DD, or two of them in order with a slash between."""
    parts = text.split("/")
    if len(parts) > 2 or not all(_PART.fullmatch(part) for part in parts):
        return False
    if any(_day(part + "-01-01"[len(part) - 4 :]) is None for part in parts):
        return False
    return len(parts) == 1 or parts[0] <= parts[1]


def _repeated(table: str, names: Iterable[object]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{table}: {name} {count} times"


def _disorder(table: str, rows: list[Row], name: str, column: str) -> Iterator[str]:
    """Days that cannot be read or are earlier than the row before."""
    latest: date | None = None
    for row in rows:
        day = _day(row[column])
        if day is None:
            yield f"{table} {row[name]}: bad date {row[column]!r}"
        elif latest and day < latest:
            yield f"{table} {row[name]}: out of date order"
        latest = day or latest


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
