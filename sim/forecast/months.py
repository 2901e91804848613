"""Months of flow that are still to come on a day."""

from collections.abc import Iterator
from datetime import timedelta

from sim.history.path import FEWEST_DAYS
from sim.history.record import Date, Month
from sim.outcomes.calendar import last_day


def months_ahead(start: Date, weeks: int, as_of: Date) -> tuple[Month, ...]:
    """Months of a calendar that are not over on a day and of which enough days lie in it.

    Their tonnage is not known: nan.
    """
    return tuple(month for month in _months(start, weeks) if month.last > as_of)


def _months(start: Date, weeks: int) -> Iterator[Month]:
    end = last_day(start, weeks)
    month = Month(start.replace(day=1), float("nan"))
    while month.first <= end:
        if (min(month.last, end) - max(month.first, start)).days + 1 >= FEWEST_DAYS:
            yield month
        month = Month(month.last + timedelta(days=1), float("nan"))


def name_of(month: Month) -> str:
    """A month as 2025-05."""
    return f"{month.first:%Y-%m}"
