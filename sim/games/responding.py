"""What a machine is worth to one side against the other side's machine: exactly, or by runs.

Both kinds of valuation answer the same calls, so that every search works with either.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.engines.batch import run_batch
from sim.engines.chain import Chain, build
from sim.engines.exact import ExactResult
from sim.engines.reduction import Game, Player
from sim.engines.rows import amount_field
from sim.games.bimatrix import GameError
from sim.games.tournament import HARM, PAYOFF, UTILITIES
from sim.outcomes.butfor import without_bands
from sim.outcomes.definitions import holds_at, term_of, undefined
from sim.policies.machine import Machine
from sim.scenario import Scenario
from sim.scenario.compile_actors import seated
from sim.scenario.schema_actor import ActorSpec
from sim.world.outcomes import NAMES, SOLVED
from sim.world.params import Params

#: Utilities of the exact solver; by runs all of UTILITIES.
EXACT_UTILITIES = (PAYOFF, *(name for name in NAMES if name in SOLVED))
_EITHER = " or ".join(EXACT_UTILITIES[1:])

Progress = Callable[[int], None] | None


class Valuation(Protocol):
    """Values of machines for one side; the other side's machine is fixed."""

    @property
    def exact(self) -> bool:
        """Whether values are exact, so that runs and seeds do not matter."""

    def values(
        self, machines: Sequence[Machine], runs: int, seed: int, progress: Progress = None
    ) -> NDArray[np.float64]:
        """Mean value of each machine, shape (machines,)."""


@dataclass(frozen=True)
class ExactValuation:
    """Values by the exact solver. `forever`: the discounted sum over all weeks to come, instead of
    those of the scenario's horizon.
    """

    scenario: Scenario
    game: Game
    side: int
    utility: str
    forever: bool = False
    exact: bool = True

    @cached_property
    def discount(self) -> float:
        """Weight of a week over that of the week before."""
        return float(_actor(self.scenario, self.side).discount)

    def values(
        self, machines: Sequence[Machine], runs: int, seed: int, progress: Progress = None
    ) -> NDArray[np.float64]:
        """Exact value of each machine; runs and seed are not read."""
        worths = np.empty(len(machines))
        for place, machine in enumerate(machines):
            worths[place] = self.value(machine)
            if progress is not None:
                progress(place + 1)
        return worths

    def value(self, machine: Machine) -> float:
        """The value of one machine: discounted payoff, or the share of the term's end."""
        players = list(self.game.players)
        players[self.side] = self._player(machine)
        game = replace(self.game, players=(players[0], players[1]))
        chain = build(game)
        if self.utility == PAYOFF:
            return self._payoff(game, chain)
        rules = self.scenario.compiled.params.rules[0]
        week = term_of(rules, self.scenario.spec.weeks)
        result = ExactResult(self.scenario, game, chain)
        return float(result.holds(self.utility, weeks=week)[-1])

    def _player(self, machine: Machine) -> Player:
        starts = np.zeros(len(machine.states))
        for state, share in machine.starts:
            starts[state] += share
        delay = _actor(self.scenario, self.side).reaction_delay
        return replace(
            self.game.players[self.side],
            moves=machine.moves,
            following=machine.following,
            starts=starts,
            delay=delay if len(machine.states) > 1 else 0,
        )

    def _payoff(self, game: Game, chain: Chain) -> float:
        """Sum of discount^(t-1) times the payoff of week t, over the horizon or for ever."""
        if game.payoffs is None:
            raise GameError("--utility", PAYOFF, f"{_EITHER}: payoffs have a memory here")
        # rows of payoffs go by 2 (own bad) + (other bad), steps of the chain by 2 (us) + (cn)
        order = (0, 1, 2, 3) if self.side == 0 else (0, 2, 1, 3)
        stage_payoffs = game.payoffs[self.side][list(order)]
        weekly = sum(
            p * np.asarray(step.sum(axis=1))
            for p, step in zip(stage_payoffs, chain.steps, strict=True)
        )
        law = chain.start
        transition = chain.transition.toarray() if len(law) < _DENSE else chain.transition
        if self.forever:
            return float(law @ _for_ever(transition, self.discount, weekly))
        total, weight = 0.0, 1.0
        for _ in range(self.scenario.spec.weeks):
            total += weight * float(law @ weekly)
            law = law @ transition
            weight *= self.discount
        return total


def _actor(scenario: Scenario, side: int) -> ActorSpec:
    return scenario.spec.actors[scenario.sides.ids[side]]


_DENSE = 400  # states below which a full matrix is faster than a sparse one


def _for_ever(transition: Any, discount: float, weekly: NDArray[np.float64]) -> NDArray[np.float64]:
    """Value of each state: (I - discount P)^-1 weekly."""
    from scipy import sparse
    from scipy.sparse import linalg

    matrix = sparse.csc_array(transition)
    system = sparse.eye_array(len(weekly), format="csc") - discount * matrix
    return np.atleast_1d(linalg.spsolve(system, weekly))


@dataclass(frozen=True)
class SimulatedValuation:
    """Values by runs: machines of one call share their luck, run by run."""

    scenario: Scenario
    machines: tuple[Machine, Machine]
    side: int
    utility: str
    threads: int | None = None
    exact: bool = False

    def values(
        self, machines: Sequence[Machine], runs: int, seed: int, progress: Progress = None
    ) -> NDArray[np.float64]:
        """Mean value of each machine over runs 0 .. runs - 1."""
        worths = np.empty(len(machines))

        def value(place: int) -> None:
            worths[place] = self.by_run(machines[place], runs, seed).mean()

        with ThreadPoolExecutor(self.threads or os.cpu_count() or 1) as pool:
            try:
                for finished, _ in enumerate(pool.map(value, range(len(machines))), start=1):
                    if progress is not None:
                        progress(finished)
            except KeyboardInterrupt:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return worths

    def by_run(self, machine: Machine, runs: int, seed: int) -> NDArray[np.float64]:
        """The value of each run, shape (runs,), with common random numbers for every machine."""
        both = list(self.machines)
        both[self.side] = machine
        params = seated(self._bare, (both[0], both[1]))
        rows = run_batch(params, seed, 0, runs, threads=1, keep=True).rows
        if rows is None:
            raise RuntimeError("rows were asked for and not kept")
        if self.utility in (PAYOFF, HARM):
            amount = rows[amount_field(self.utility, self.side)].astype(float)
            return amount if self.utility == PAYOFF else -amount
        rules = params.rules[0]
        week = term_of(rules, int(rules["weeks"])) or int(rules["weeks"])
        return holds_at(rows, self.utility, week).astype(float)

    @cached_property
    def _bare(self) -> Params:
        return without_bands(self.scenario.compiled.params)


def check_utility(scenario: Scenario, utility: str, exact: bool) -> None:
    """Raises GameError for a utility that is none, or not defined in this scenario."""
    known = EXACT_UTILITIES if exact else UTILITIES
    rules = scenario.compiled.params.rules[0]
    horizon = scenario.spec.weeks
    defined = [n for n in known if n in (PAYOFF, HARM) or not undefined(n, rules, horizon)]
    if utility not in defined:
        raise GameError("--utility", utility, ", ".join(defined))
