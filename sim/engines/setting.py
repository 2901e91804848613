"""What runs are played in: room for a state, a seed in two words, where runs go on from."""

from typing import NamedTuple

from sim.errors import Problem, ScenarioError
from sim.scenario.compile import Undecided
from sim.world.params import Params
from sim.world.state import State, new_state

SEVERAL = "several readings, of which this plays only one at a time"
ONE_READING = "one of them: Scenario.reading(NAME), or --reading NAME where a command has it"
#: In place of a week: runs begin anew, before week 1.
ANEW = -1


class Origin(NamedTuple):
    """Where runs go on from: a state, only read, at the end of a week (0: of the start)."""

    state: State
    week: int


def seed_words(seed: int) -> tuple[int, int]:
    """Low and high 32 bits of a seed of 0 .. 2^64 - 1."""
    if not 0 <= seed < 2**64:
        raise ValueError(f"a seed is a whole number from 0 to 2^64 - 1, not {seed}")
    return seed & 0xFFFFFFFF, seed >> 32


def decided(params: Params) -> Params:
    """The tables, unless they are of a scenario with readings: a run is of one of them.

    Raises ScenarioError for those.
    """
    if isinstance(params, Undecided):
        raise ScenarioError([Problem("scenario", None, "readings", SEVERAL, ONE_READING)])
    return params


def scratch(params: Params) -> State:
    """Room for the runs of one thread. Raises ScenarioError as `decided` does."""
    decided(params)
    deals = 1 + max((int(term.deal) for term in params.deals), default=-1)
    return new_state(
        int(params.rules[0].weeks),
        len(params.levers),
        len(params.allies),
        deals,
        len(params.thresholds),
    )
