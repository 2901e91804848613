"""Backlog and stock at the start, derived from the dated history of a lever.

The supply step of model.md (section 2, step 4) runs from the first date of the history to the
day before `start`: floor(days/7) full weeks, then one step for the remaining days, a part r of a
week. Dependence, capacity and demand stand still meanwhile. In the part-week everything that
is counted per week is multiplied by r: demand r, need r, capacity r m, restock r; flow and
shortage stay shares, of the need of those days. A step takes the level in force on its first day.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from sim.scenario.schema_lever import LeverSpec, PastLevel

DAYS = 7
#: A shortage or a backlog below this is none (rounding of sums of weeks).
NOTHING = 1e-12


@dataclass(frozen=True)
class Supplied:
    """Where a lever's target stands: backlog and stock in weeks, last shortage as a share."""

    backlog: float
    stock: float
    shortage: float


def stock_cap(lever: LeverSpec) -> float:
    """Most the target can store: `stock_cap_weeks`, by default the stock it is given."""
    return lever.stock_weeks if lever.stock_cap_weeks is None else lever.stock_cap_weeks


def supplied_at_start(lever: LeverSpec, start: datetime.date) -> Supplied:
    """Backlog, stock and last shortage on the day before `start`; as given without a history."""
    now = Supplied(lever.backlog_weeks, lever.stock_weeks, 0.0)
    listed = lever.control == "licence" and lever.listed
    for part, level in history_steps(lever.history, start):
        listed = listed or (lever.control == "licence" and level > 0)
        now = supply_step(lever, now, level, listed, part)
    return now


def history_steps(
    history: tuple[PastLevel, ...], start: datetime.date
) -> Iterator[tuple[float, int]]:
    """Pairs (part of a week, level) from the first date of a history to `start`."""
    past = sorted(history, key=lambda entry: entry.date)
    if not past:
        return
    begun = [(entry.date - past[0].date).days for entry in past]
    days, now = (start - past[0].date).days, 0
    for gone in range(0, days, DAYS):
        while now + 1 < len(past) and begun[now + 1] <= gone:
            now += 1
        yield min(DAYS, days - gone) / DAYS, past[now].level


def supply_step(
    lever: LeverSpec, now: Supplied, level: int, listed: bool, part: float = 1.0
) -> Supplied:
    """One supply step over `part` of a week at one level."""
    backlog, flow = now.backlog, 1.0
    if listed:
        waiting = now.backlog + part
        share = lever.share_served(level)
        approved = min(waiting, part * lever.capacity * share)
        backlog, flow = waiting - approved, approved / part
    elif lever.control != "licence":
        flow = lever.share_left(level)
    supply = part * (1.0 - lever.dependence * (1.0 - flow))
    used = min(part, now.stock + supply)
    short = 1.0 - used / part
    cap = stock_cap(lever)
    stock = max(0.0, min(cap, now.stock + (supply - used)))
    if flow >= 1.0 and backlog < NOTHING:
        stock = min(cap, stock + part * lever.restock)
    return Supplied(backlog, stock, 0.0 if short < NOTHING else short)
