"""A kept run in words: what the fields of an engine's row are called in the table of runs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world.outcomes import CURVES, ONCE
from sim.world.state import CAUSES, NO_CAUSE, SHOCK_ACT, TRUCE_ENDED

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

#: Column of the table: field of ROW. Weeks: 0 in the row, never in words.
WEEKS = {one.column: one.field for one in CURVES}
WEEKS |= {"lapse_week": "lapse_week", "first_talks_week": "first_talks"}
#: What came about or did not.
FLAGS = {one.column: one.field for one in ONCE}
#: What each side has of a run: fields of ROW, the first side's and the other's.
_AMOUNTS = {"payoff": ("payoff_us", "payoff_cn"), "harm": ("harm_us", "harm_cn")}


def amounts(ids: tuple[str, str]) -> dict[str, str]:
    """Column of the table of runs -> field of ROW: payoff and harm, each of both sides."""
    return {
        f"{what}_{side}": field
        for what, fields in _AMOUNTS.items()
        for side, field in zip(ids, fields, strict=True)
    }


def amount_field(what: str, side: int) -> str:
    """The field of ROW with the payoff or harm of a side, 0 or 1."""
    return _AMOUNTS[what][side]


def numbers(ids: tuple[str, str]) -> dict[str, str]:
    """Column -> field of what is a number of each run: rounds of talks, payoffs and harms."""
    return {"talks": "talks_count", **amounts(ids)}


def item_name(cause: int, item: int, levers: Sequence[str], shocks: Sequence[str]) -> str:
    """The lever, or for shocks and acts the shock, of a trigger; "" if it has none."""
    names = shocks if cause in (SHOCK_ACT, TRUCE_ENDED) else levers
    return names[item] if 0 <= item < len(names) else ""


def named_row(row: np.void, run: int, world: "Compiled") -> dict[str, Any]:
    """One ROW as a line of the table of runs, with None for a week that never came."""
    ids, levers, shocks = world.sides.ids, world.levers, world.shocks
    named: dict[str, Any] = {"run": run}
    named |= {name: int(row[field]) or None for name, field in WEEKS.items()}
    named |= {name: bool(row[field]) for name, field in FLAGS.items()}
    named |= dict.fromkeys(("cause", "cause_who", "cause_item", "cause_week"))
    cause = int(row["cause"])
    if cause != NO_CAUSE:
        named["cause"] = CAUSES[cause]
        named["cause_who"] = ids[int(row["cause_who"])]
        named["cause_item"] = item_name(cause, int(row["cause_item"]), levers, shocks)
        named["cause_week"] = int(row["cause_week"])
    return named | {name: row[field].item() for name, field in numbers(ids).items()}
