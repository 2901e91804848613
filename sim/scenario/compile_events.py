"""Shocks, allies and deals, from a scenario."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.records import Parts, T, records, same_named, week_of
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_world import ShockSpec
from sim.world.params import ALLY, DEAL_TERM, SHOCK

NONE = -1
_STAYS, _MOVES_BY, _MOVES_TO = 0, 1, 2


def event_tables(spec: ScenarioSpec, rows: Iterable[str], parts: Parts) -> dict[str, NDArray[Any]]:
    """The tables of Params that name levers by their place among `rows`."""
    index = {path: k for k, path in enumerate(rows)}

    def made(name: str, make: Callable[..., T], given: Any) -> T:
        return parts.part(name, lambda *_: make(spec, index), given, spec.start, *index)

    return {
        "shocks": made("shocks", shock_table, spec.shocks),
        "allies": made("allies", ally_table, spec.allies),
        "ally_need": made("ally_need", ally_need_table, spec.allies),
        "deals": made("deals", deal_table, spec.deals),
    }


def shock_table(spec: ScenarioSpec, index: Mapping[str, int]) -> np.recarray:
    """SHOCK, file order; one dated after the horizon is kept and never strikes."""
    table = []
    for shock in spec.shocks:
        dated = shock.date is not None
        table.append(
            _effect(shock)
            | {
                "week": week_of(shock.date, spec.start) if shock.date is not None else 0,
                "chance": 0.0 if dated or shock.chance is None else shock.chance,
                "lever": NONE if shock.lever is None else index[shock.lever],
            }
        )
    return records(SHOCK, table)


def _effect(shock: ShockSpec) -> dict[str, Any]:
    moves, amount = _STAYS, 0
    if shock.change is not None:
        moves, amount = _MOVES_BY, shock.change
    elif shock.level is not None:
        moves, amount = _MOVES_TO, shock.level
    return same_named(SHOCK, shock) | {
        "moves": moves,
        "amount": amount,
        "sets_capacity": shock.capacity is not None,
        "capacity": 0.0 if shock.capacity is None else shock.capacity,
        "removes": shock.remove,
    }


def ally_table(spec: ScenarioSpec, index: Mapping[str, int]) -> np.recarray:
    """ALLY (M,), file order; a lag of 0 acts as 1."""
    table = [
        {
            "lever": NONE if ally.lever is None else index[ally.lever],
            "coverage": ally.coverage,
            "join_rate": ally.h,
            "join_pressure": ally.psi,
            "lag": max(1, ally.lag_weeks),
        }
        for ally in spec.allies.values()
    ]
    return records(ALLY, table)


def ally_need_table(spec: ScenarioSpec, index: Mapping[str, int]) -> NDArray[np.float64]:
    """(M, K): dependence of each ally on each lever."""
    table = np.zeros((len(spec.allies), len(index)))
    for m, ally in enumerate(spec.allies.values()):
        for path, share in ally.dependence.items():
            table[m, index[path]] = share
    return table


def deal_table(spec: ScenarioSpec, index: Mapping[str, int]) -> np.recarray:
    """DEAL_TERM, grouped by deal in file order; without a date any talks will do (week 1)."""
    table = [
        {
            "deal": number,
            "week": 1 if deal.date is None else week_of(deal.date, spec.start),
            "lever": index[term.lever],
            "level": term.level,
        }
        for number, deal in enumerate(spec.deals)
        for term in deal.levers
    ]
    return records(DEAL_TERM, table)


def calendar_table(
    weeks: int, due: np.ndarray, shocks: np.recarray, programmes: np.recarray
) -> NDArray[np.int8]:
    """(H + 1,): 1 where an obligation falls due, a shock may strike or a programme starts."""
    table = np.zeros(weeks + 1, np.int8)
    struck, begun = (rows.view(np.ndarray) for rows in (shocks, programmes))
    if (struck["chance"] > 0).any():
        table[1:] = 1
    dated = np.concatenate([due + 1, struck["week"], begun["week"]])
    table[dated[(dated >= 1) & (dated <= weeks)]] = 1
    return table
