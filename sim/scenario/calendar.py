"""The calendar of a scenario: week t has the seven days from 7(t - 1) days after the start on.

A week is over at the end of its last day, and what is read "at week t" is read then.
"""

import datetime

import numpy as np
from numpy.typing import NDArray


def week_of(date: datetime.date, start: datetime.date) -> int:
    """The week in which a date falls: floor((date - start)/7) + 1; 0 and less lie before."""
    return (date - start).days // 7 + 1


def first_day(start: datetime.date, week: int) -> datetime.date:
    """The first day of a week; week 1 begins at the start."""
    return start + datetime.timedelta(days=7 * (week - 1))


def last_day(start: datetime.date, week: int) -> datetime.date:
    """The last day of a week: an outcome read "at week t" is read at the end of it."""
    return start + datetime.timedelta(days=7 * week - 1)


def week_dates(start: datetime.date, weeks: int) -> NDArray[np.datetime64]:
    """The first day of each week 1..weeks, as datetime64[ms] (what Parquet keeps)."""
    days = 7 * np.arange(weeks)
    return (np.datetime64(start, "D") + days).astype("datetime64[ms]")


def weeks_over(start: datetime.date, day: datetime.date) -> int:
    """The weeks of a calendar that are over at the end of a day."""
    return max(0, ((day - start).days + 1) // 7)
