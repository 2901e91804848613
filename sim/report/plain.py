"""A report as JSON, and its numbers as CSV."""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from sim.report.content import Number, Report
from sim.store.text import csv_text

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("section", "key", "week", "date", "n", "value", "low", "high", "text")


def json_text(value: Any) -> str:
    """Plain values as JSON; what JSON has no form for (nan) becomes null, dates ISO text."""
    return json.dumps(without_nan(value), indent=2, ensure_ascii=False, default=str)


def without_nan(value: Any) -> Any:
    """The same value with nan and infinities replaced by None, at any depth."""
    if isinstance(value, dict):
        return {str(key): without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))):
        return None
    return value


def csv(report: Report) -> str:
    """The numbers of a report as CSV, a row each."""
    return csv_text(csv_frame(report))


def csv_frame(report: Report) -> "pd.DataFrame":
    """One long table: section, key, week, date, n, value, low, high, text.

    Of a report that does not list its numbers: every cell of its tables, as text.
    """
    import pandas as pd

    rows = [asdict(number) for number in report.numbers or _cells(report)]
    frame = pd.DataFrame(rows, columns=[each.name for each in fields(Number)])
    return frame[list(COLUMNS)].astype({"week": "Int64", "n": "Int64"})


def _cells(report: Report) -> Iterator[Number]:
    for section in report.sections:
        for first, *others in section.rows:
            for column, cell in zip(section.columns[1:], others, strict=True):
                yield Number(section.title, f"{first}: {column.name}", None, text=cell)
