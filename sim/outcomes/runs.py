"""The optional table of single runs, one row a run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.rows import NUMBERS, SIDES, WEEKS, item_name
from sim.world.state import CAUSES

if TYPE_CHECKING:
    import pandas as pd


def runs_frame(
    rows: np.ndarray, levers: Sequence[str], shocks: Sequence[str], first: int = 0
) -> "pd.DataFrame":
    """The engine's rows as a table: run, weeks (nan = never), extended, the trigger, payoffs.

    The trigger is cause, cause_who, cause_item and cause_week (when the violation began that
    led to the breakdown); None and nan in runs that stand to the horizon.
    """
    import pandas as pd

    columns: dict[str, object] = {"run": np.arange(first, first + len(rows))}
    columns |= {name: _or_nan(rows[field], rows[field] > 0) for name, field in WEEKS.items()}
    columns["extended"] = rows["extended"].astype(bool)
    broken = rows["cause"] >= 0
    columns["cause"] = _or_none([CAUSES[c] for c in rows["cause"].tolist()], broken)
    columns["cause_who"] = _or_none([SIDES[w] for w in rows["cause_who"].tolist()], broken)
    pairs = zip(rows["cause"].tolist(), rows["cause_item"].tolist(), strict=True)
    columns["cause_item"] = _or_none([item_name(c, i, levers, shocks) for c, i in pairs], broken)
    columns["cause_week"] = _or_nan(rows["cause_week"], broken)
    columns |= {name: rows[field] for name, field in NUMBERS.items()}
    return pd.DataFrame(columns)


def _or_nan(values: NDArray[np.int32], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(known, values.astype(float), np.nan)


def _or_none(values: Sequence[str], known: NDArray[np.bool_]) -> list[str | None]:
    return [value if there else None for value, there in zip(values, known, strict=True)]
