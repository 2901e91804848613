"""Frozen conduct: levers and offices are put where they stay, and nothing else moves.

Of the week only programmes, goods and payoffs are left; there are no machines, signals, talks,
allies or shocks, and no luck. `sim/games` makes its payoff matrices of it.
"""

import numpy as np

from sim.engines.setting import scratch
from sim.world.choice import best_lever
from sim.world.compiled import is_ready, kernel
from sim.world.conduct import count_rungs, rung, set_level
from sim.world.dated import come_online
from sim.world.params import Params
from sim.world.start import begin_run
from sim.world.supply import supply
from sim.world.walking import walked
from sim.world.week import FLOWS, WEEK

#: One week in which nobody acts.
frozen_week = walked(
    [step for step in WEEK if step is come_online or step in FLOWS], after={supply: count_rungs}
)


def pulled_levels(params: Params, rungs: tuple[float, float]) -> np.ndarray:
    """Levels (K,) when each side pulls its levers, best scored first, until it stands at its rung.

    It begins with every lever at its obligation, and ends earlier where no lever has room.
    """
    state = scratch(params)
    climb(params, state, np.array(rungs))
    return np.array(state.levers["level"][: len(params.levers)])


def frozen_payoffs(
    params: Params, levels: np.ndarray, capacity: np.ndarray, lead: int
) -> tuple[np.ndarray, np.ndarray]:
    """Payoffs (2,), discounted by `params.discounting`, and own conduct (2,) of the last week.

    `levels` and `capacity` (2, K) are those of the first `lead` weeks and of the weeks after them.
    """
    state = scratch(params)
    hold(params, state, levels, capacity, lead)
    return np.array(state.sides["payoff"]), np.array(state.sides["own_bad"])


def needs_compiling() -> bool:
    """Whether the first matrix will have to compile the kernel (seconds)."""
    return not is_ready(hold, "frozen_conduct.hold")


@kernel
def climb(p, s, rungs):
    """Obligations first, then notch after notch of the best-scored lever with room."""
    begin_run(p, s, 0, 0, 0)
    for k in range(p.levers.shape[0]):
        put(p, s, k, p.levers[k].obligation, p.levers[k].capacity)
    for i in range(2):
        while rung(p, s, i) < rungs[i]:
            k = best_lever(p, s, 0, i)
            if k < 0:
                break
            set_level(p, s, k, s.levers[k].level + 1)


@kernel
def hold(p, s, levels, capacity, lead):
    """Play the weeks: `lead` of them as in row 0 of the tables, the others as in row 1."""
    begin_run(p, s, 0, 0, 0)
    for t in range(1, p.rules[0].weeks + 1):
        row = 0 if t <= lead else 1
        for k in range(p.levers.shape[0]):
            put(p, s, k, levels[row, k], capacity[row, k])
        frozen_week(p, s, t)


@kernel
def put(p, s, k, level, capacity):
    """Lever k at a level, its obligation counting, its office staffed so."""
    now = s.levers[k]
    now.counts = p.levers[k].obligation
    now.counts_own = p.levers[k].obligation
    now.counts_before = p.levers[k].obligation
    now.capacity = capacity
    set_level(p, s, k, level)
