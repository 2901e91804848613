"""Weeks as dates: week t begins 7(t - 1) days after the start."""

import datetime

import numpy as np
from numpy.typing import NDArray


def week_dates(start: datetime.date, weeks: int) -> NDArray[np.datetime64]:
    """The first day of each week 1..weeks, as datetime64[ms] (what Parquet keeps)."""
    days = 7 * np.arange(weeks)
    return (np.datetime64(start, "D") + days).astype("datetime64[ms]")


def last_day(start: datetime.date, week: int) -> datetime.date:
    """The last day of a week: an outcome read "at week t" is read at the end of it."""
    return start + datetime.timedelta(days=7 * week - 1)


def date_text(date: datetime.date) -> str:
    """A date as a reader writes it: "2 June 2025"."""
    return f"{date.day} {date:%B %Y}"
