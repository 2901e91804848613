"""A population of types: one machine with several starts."""

from collections.abc import Sequence

import numpy as np

from sim.errors import PolicyError
from sim.policies.machine import Machine, distribution_problems
from sim.policies.reciprocity import always_retaliate, tit_for_tat


def mixture(parts: Sequence[tuple[float, Machine]] | None = None) -> Machine:
    """One of several machines, drawn once per run with the given weights.

    The other side does not know which type it faces (Kreps and Wilson 1982). `parts` are pairs
    (weight, machine); the weights sum to 1. The default is tit for tat with one tough type in
    five. The states of part 1 are named "1.calm" and so on; a reset returns to the run's type.
    Raises PolicyError for no parts, weights that are no distribution, or sensors that differ.
    """
    pairs = [(0.8, tit_for_tat()), (0.2, always_retaliate())] if parts is None else list(parts)
    problems = list(distribution_problems(("parts",), [weight for weight, _ in pairs]))
    if problems:
        raise PolicyError(problems)
    machines = [part for _, part in pairs]
    sensors = {(part.sensor, part.threshold) for part in machines}
    if len(sensors) > 1:
        found = " and ".join(sorted(sensor for sensor, _ in sensors))
        raise PolicyError.single(("parts",), f"different sensors ({found})", "one sensor for all")
    return _side_by_side([weight for weight, _ in pairs], machines)


def _side_by_side(weights: list[float], machines: list[Machine]) -> Machine:
    offsets = np.cumsum([0, *(len(part.states) for part in machines)]).tolist()
    numbered = list(zip(offsets, weights, machines, strict=False))
    return Machine(
        states=tuple(
            f"{i}.{name}" for i, part in enumerate(machines, start=1) for name in part.states
        ),
        moves=np.concatenate([part.moves for part in machines]),
        following=np.concatenate([part.following + offset for offset, _, part in numbered]),
        starts=tuple(
            (offset + state, weight * probability)
            for offset, weight, part in numbered
            for state, probability in part.starts
        ),
        sensor=machines[0].sensor,
        threshold=machines[0].threshold,
    )
