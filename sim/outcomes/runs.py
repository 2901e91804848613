"""The optional table of single runs, one row a run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.rows import FLAGS, WEEKS, item_name, numbers
from sim.scenario.sides import DEFAULT
from sim.world.state import CAUSES

if TYPE_CHECKING:
    import pandas as pd


def runs_frame(
    rows: np.ndarray,
    levers: Sequence[str],
    shocks: Sequence[str],
    first: int = 0,
    ids: tuple[str, str] = DEFAULT.ids,
) -> "pd.DataFrame":
    """The engine's rows as a table: run, weeks (nan = never), extended, the trigger, payoffs.

    The trigger is cause, cause_who, cause_item and cause_week (when the violation began that
    led to the dispute); None and nan in runs without one.
    """
    import pandas as pd

    columns: dict[str, object] = {"run": np.arange(first, first + len(rows))}
    columns |= {name: _or_nan(rows[field], rows[field] > 0) for name, field in WEEKS.items()}
    columns |= {name: rows[field].astype(bool) for name, field in FLAGS.items()}
    broken = rows["cause"] >= 0
    columns["cause"] = _or_none(CAUSES, rows["cause"], broken)
    columns["cause_who"] = _or_none(ids, rows["cause_who"], broken)
    columns["cause_item"] = _items(rows, levers, shocks, broken)
    columns["cause_week"] = _or_nan(rows["cause_week"], broken)
    columns |= {name: rows[field] for name, field in numbers(ids).items()}
    return pd.DataFrame(columns)


def _or_nan(values: NDArray[np.int32], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(known, values.astype(float), np.nan)


def _or_none(
    names: Sequence[str], codes: NDArray[np.integer], known: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """The names of codes, None where a code is of nothing."""
    table = np.array([*names, None], dtype=object)
    return table[np.where(known, codes, len(names))]


def _items(
    rows: np.ndarray, levers: Sequence[str], shocks: Sequence[str], known: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """The lever or shock of each trigger: what it is called depends on the cause."""
    items = max(len(levers), len(shocks)) + 1  # the last stands for none
    names = [
        item_name(cause, item if item < items - 1 else -1, levers, shocks)
        for cause in range(len(CAUSES))
        for item in range(items)
    ]
    item = np.where(rows["cause_item"] >= 0, rows["cause_item"], items - 1)
    return _or_none(names, rows["cause"].astype(np.int64) * items + item, known)
