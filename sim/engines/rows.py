"""A kept run in words: what the fields of an engine's row are called in the table of runs."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.world.outcomes import CURVES, ONCE
from sim.world.state import CAUSES, NO_CAUSE, SHOCK_ACT, TRUCE_ENDED

SIDES = ("us", "cn")
#: Column of the table: field of ROW. Weeks: 0 in the row, never in words.
WEEKS = {one.column: one.field for one in CURVES}
WEEKS |= {"lapse_week": "lapse_week", "first_talks_week": "first_talks"}
#: What came about or did not.
FLAGS = {one.column: one.field for one in ONCE}
NUMBERS = {
    "talks": "talks_count",
    "payoff_us": "payoff_us",
    "payoff_cn": "payoff_cn",
    "harm_us": "harm_us",
    "harm_cn": "harm_cn",
}


def item_name(cause: int, item: int, levers: Sequence[str], shocks: Sequence[str]) -> str:
    """The lever, or for shocks and acts the shock, of a trigger; "" if it has none."""
    names = shocks if cause in (SHOCK_ACT, TRUCE_ENDED) else levers
    return names[item] if 0 <= item < len(names) else ""


def named_row(
    row: np.void, run: int, levers: Sequence[str], shocks: Sequence[str]
) -> dict[str, Any]:
    """One ROW as a line of the table of runs, with None for a week that never came."""
    named: dict[str, Any] = {"run": run}
    named |= {name: int(row[field]) or None for name, field in WEEKS.items()}
    named |= {name: bool(row[field]) for name, field in FLAGS.items()}
    named |= dict.fromkeys(("cause", "cause_who", "cause_item", "cause_week"))
    cause = int(row["cause"])
    if cause != NO_CAUSE:
        named["cause"] = CAUSES[cause]
        named["cause_who"] = SIDES[int(row["cause_who"])]
        named["cause_item"] = item_name(cause, int(row["cause_item"]), levers, shocks)
        named["cause_week"] = int(row["cause_week"])
    return named | {name: row[field].item() for name, field in NUMBERS.items()}
