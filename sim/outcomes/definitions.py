"""When an outcome is defined in a scenario, when it is read, what it counts, which runs hold."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.world.outcomes import CURVES, NAMES, outcome_of
from sim.world.params import NEVER


def term_of(rules: np.void, horizon: int) -> int | None:
    """The last week of the first term; None without a truce, if open-ended or past the horizon."""
    if not rules["has_truce"] or not 1 <= rules["term"] <= horizon:
        return None
    return int(rules["term"])


def undefined(outcome: str, rules: np.void, horizon: int) -> str | None:
    """Why an outcome is not defined in a scenario with these rules; None if it is."""
    row = outcome_of(outcome)
    if row.needs_truce and not rules["has_truce"]:
        return "the scenario has no [truce]"
    if row.once and rules["term"] == NEVER:
        return "the truce is open-ended"
    if row.once and rules["term"] > horizon:
        return f"its term of {rules['term']} weeks is longer than the horizon of {horizon}"
    return None


def defined(rules: np.void, horizon: int) -> tuple[str, ...]:
    """The outcomes defined in a scenario with these rules, the headline first."""
    return tuple(name for name in NAMES if not undefined(name, rules, horizon))


def headline(rules: np.void, horizon: int) -> str:
    """The outcome reported first: standing, or clean where there is no truce."""
    curves = {row.name for row in CURVES}
    return next(name for name in defined(rules, horizon) if name in curves)


def definition(outcome: str, rules: np.void, core: Sequence[str] = ()) -> str:
    """What was counted, as the end of a sentence "share of runs with ..."."""
    return outcome_of(outcome).definition(rules, core)


def holds_at(rows: np.ndarray, outcome: str, week: int) -> NDArray[np.bool_]:
    """Which runs (dtype ROW) hold at the end of a week; of what is decided once, came about."""
    row = outcome_of(outcome)
    if row.once:
        return np.asarray(rows[row.field] > 0)
    ended = rows[row.field]
    return np.asarray((ended == 0) | (ended > week))
