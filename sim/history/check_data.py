"""Checks the record's tables and prints their counts: `python -m sim.history.check_data`.

Exit status 0 when every check passes, 1 otherwise.
"""

import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date

from sim.errors import Problem
from sim.history.checks import problems, seed_problems
from sim.history.rows import RecordError, Row, Tables, read_tables

_COUNTED = ("actor", "direction", "stage", "instrument", "magnitude", "date_precision", "verified")


def main() -> int:
    """Prints counts and problems; the exit status."""
    try:
        tables = read_tables()
    except RecordError as error:
        return _failed(error.problems)
    print("\n".join(summary(tables)))
    all_problems = [*problems(tables), *seed_problems(tables["events"])]
    if all_problems:
        return _failed(all_problems)
    print("OK")
    return 0


def _failed(failures: list[Problem]) -> int:
    print(f"FAILED: {len(failures)} problem(s)", *(f" - {text}" for text in failures), sep="\n")
    return 1


def summary(tables: Tables) -> Iterator[str]:
    """Counts of what the tables hold, a line each."""
    events, series, truces = tables["events"], tables["series"], tables["truces"]
    names = {row["series"] for row in series}
    yield (
        f"events {len(events)}, series rows {len(series)} ({len(names)} series), "
        f"truces {len(truces)}, moves {len(tables['moves'])}, orders {len(tables['orders'])}"
    )
    for column in _COUNTED:
        yield _counted(column, events, column)
    yield _line("year", Counter(row["date"][:4] for row in events))
    yield _counted("series verified", series, "verified")
    yield _counted("truce outcome", truces, "outcome")
    yield _counted("truce verified", truces, "verified")
    yield _counted("move rule", tables["moves"], "rule")
    checked = [row["date"] for row in events if row["verified"] == "yes"]
    first = events[0]["date"] if events else "-"
    yield f"  first event {first}, latest verified event {max(checked, default='-')}"
    for actor in ("US", "CN"):
        yield from _lag_line(actor, events)


def _counted(title: str, rows: list[Row], column: str) -> str:
    return _line(title, Counter(row[column] for row in rows))


def _line(title: str, counts: Counter[str]) -> str:
    return f"  {title}: " + ", ".join(f"{key} {count}" for key, count in sorted(counts.items()))


def answer_lags(actor: str, events: list[Row]) -> list[int]:
    """Days from an escalation of the other side to the actor's escalation that answers it."""
    by_id = {row["event_id"]: row for row in events}
    lags = []
    for row in events:
        ref = by_id.get(row["in_response_to"])
        if (
            ref
            and row["actor"] == actor != ref["actor"]
            and row["direction"] == ref["direction"] == "escalate"
            and row["date_precision"] == ref["date_precision"] == "day"
        ):
            days = date.fromisoformat(row["date"]) - date.fromisoformat(ref["date"])
            lags.append(days.days)
    return sorted(lags)


def _lag_line(actor: str, events: list[Row]) -> Iterator[str]:
    lags = answer_lags(actor, events)
    if lags:
        yield (
            f"  {actor} escalations recorded as answers (day precision): {len(lags)}, mean lag "
            f"{statistics.fmean(lags):.1f} d, median {statistics.median(lags):g} d, "
            f"max {lags[-1]} d"
        )


if __name__ == "__main__":
    sys.exit(main())
