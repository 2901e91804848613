"""What a machine is worth to one side against the other side's machine: exactly, or by runs.

Both kinds of valuation answer the same calls, so that every search works with either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from sim.engines.batch import run_batch
from sim.engines.chain import Chain, build
from sim.engines.counts import amount_field
from sim.engines.exact import ExactResult
from sim.engines.reduction import NotReducibleError, OneNotchGame, Player, reduce
from sim.games.bimatrix import Array, UnsolvedError
from sim.games.sizes import HARM, MOST_STATES, PAYOFF, UTILITIES
from sim.outcomes.butfor import without_bands
from sim.outcomes.definitions import holds_at, term_of, undefined, week_read
from sim.policies.machine import Machine
from sim.scenario import Scenario
from sim.scenario.compile_actors import machines_of, seated
from sim.scenario.schema_actor import ActorSpec
from sim.threads import by_threads
from sim.world.outcomes import NAMES, SOLVED
from sim.world.params import Params
from sim.world.sensors import SIGNAL

#: Utilities of the exact solver; by runs all of UTILITIES.
EXACT_UTILITIES = (PAYOFF, *(name for name in NAMES if name in SOLVED))
_DENSE = 400  # states below which a full matrix is faster than a sparse one

Progress = Callable[[int], None] | None


@dataclass(frozen=True)
class Question:
    """Who answers whom, and what for.

    `scenario` has the machine to answer in the other side's seat; `named` are the policies to
    hold against the best response, by label; `states` is how large a machine is searched in full.
    `forever`: the discounted sum over all weeks to come, instead of those of the horizon.
    """

    scenario: Scenario
    side: str
    named: dict[str, Machine]
    utility: str = PAYOFF
    forever: bool = False
    states: int = MOST_STATES
    against: str = ""

    @cached_property
    def seat(self) -> int:
        """The side as engines count it, 0 or 1."""
        return self.scenario.sides.ids.index(self.side)

    @cached_property
    def actor(self) -> ActorSpec:
        """The side in the scenario."""
        return self.scenario.spec.actors[self.side]


@dataclass(frozen=True)
class ExactValuation:
    """Values by the exact solver."""

    question: Question
    game: OneNotchGame
    exact = True

    def values(
        self, machines: Sequence[Machine], runs: int, seed: int, progress: Progress = None
    ) -> Array:
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
        players[self.question.seat] = self._player(machine)
        game = replace(self.game, players=(players[0], players[1]))
        chain = build(game)
        scenario, utility = self.question.scenario, self.question.utility
        if utility == PAYOFF:
            return self._payoff(game, chain)
        week = term_of(scenario.compiled.params.rules[0])
        return float(ExactResult(scenario, game, chain).holds(utility, weeks=week)[-1])

    def _player(self, machine: Machine) -> Player:
        starts = np.zeros(len(machine.states))
        for state, share in machine.starts:
            starts[state] += share
        return replace(
            self.game.players[self.question.seat],
            moves=machine.moves,
            following=machine.following,
            starts=starts,
            delay=self.question.actor.reaction_delay if len(machine.states) > 1 else 0,
        )

    def _payoff(self, game: OneNotchGame, chain: Chain) -> float:
        """Sum of discount^(t-1) times the payoff of week t, over the horizon or for ever."""
        if game.payoffs is None:
            allowed = f"{' or '.join(EXACT_UTILITIES[1:])}: payoffs have a memory here"
            raise UnsolvedError("--utility", PAYOFF, allowed)
        # rows of payoffs go by 2 (own bad) + (other bad), steps of the chain by 2 (us) + (cn)
        order = [0, 2, 1, 3] if self.question.seat else [0, 1, 2, 3]
        weekly = sum(
            p * np.asarray(step.sum(axis=1))
            for p, step in zip(game.payoffs[self.question.seat][order], chain.steps, strict=True)
        )
        law, discount = chain.start, float(self.question.actor.discount)
        transition = chain.transition.toarray() if len(law) < _DENSE else chain.transition
        if self.question.forever:
            return float(law @ _for_ever(transition, discount, weekly))
        total, weight = 0.0, 1.0
        for _ in range(self.question.scenario.spec.weeks):
            total += weight * float(law @ weekly)
            law = law @ transition
            weight *= discount
        return total


def _for_ever(transition: Any, discount: float, weekly: Array) -> Array:
    """Value of each state: (I - discount P)^-1 weekly."""
    from scipy import sparse
    from scipy.sparse import linalg

    matrix = sparse.csc_array(transition)
    system = sparse.eye_array(len(weekly), format="csc") - discount * matrix
    return np.atleast_1d(linalg.spsolve(system, weekly))


@dataclass(frozen=True)
class SimulatedValuation:
    """Values by runs: machines of one call share their luck, run by run."""

    question: Question
    threads: int | None = None
    exact = False

    def values(
        self, machines: Sequence[Machine], runs: int, seed: int, progress: Progress = None
    ) -> Array:
        """Mean value of each machine over runs 0 .. runs - 1."""

        def value(machine: Machine) -> float:
            return float(self.by_run(machine, runs, seed).mean())

        came = None if progress is None else lambda worths: progress(len(worths))
        return np.array(by_threads(value, machines, self.threads, came))

    def by_run(self, machine: Machine, runs: int, seed: int) -> Array:
        """The value of each run, shape (runs,), with common random numbers for every machine."""
        seat, utility = self.question.seat, self.question.utility
        us, cn = self._machines
        params = seated(self._bare, (us, machine) if seat else (machine, cn))
        rows = run_batch(params, seed, 0, runs, threads=1, keep=True).rows
        if rows is None:
            raise RuntimeError("rows were asked for and not kept")
        if utility in (PAYOFF, HARM):
            amount = rows[amount_field(utility, seat)].astype(float)
            return amount if utility == PAYOFF else -amount
        return holds_at(rows, utility, week_read(params.rules[0])).astype(float)

    @cached_property
    def _machines(self) -> tuple[Machine, Machine]:
        return machines_of(self.question.scenario.spec)

    @cached_property
    def _bare(self) -> Params:
        return without_bands(self.question.scenario.compiled.params)


Valuation = ExactValuation | SimulatedValuation


def valuation_of(question: Question, threads: int | None = None) -> tuple[Valuation, list[str]]:
    """Exact where the scenario reduces to the one-notch world, by runs where it does not.

    Also returns the settings in the way of an exact answer. Raises UnsolvedError for a utility
    that is none here, for --forever without a discount below 1, or where values are not exact.
    """
    # with a policy on the signal in the seat to fill: its own does not matter
    changes = {f"actors.{question.side}.policy": {"name": "tit_for_tat"}}
    try:
        game = reduce(question.scenario.override(changes, "--side"))
    except NotReducibleError as error:
        if question.forever:
            found, allowed = "a scenario without an exact solution", "one of textbook/*"
            raise UnsolvedError("--forever", found, allowed) from None
        _check_utility(question, UTILITIES)
        return SimulatedValuation(question, threads), [problem.path for problem in error.problems]
    _check_utility(question, EXACT_UTILITIES)
    discount = float(question.actor.discount)
    if question.forever and not (question.utility == PAYOFF and discount < 1.0):
        found = f"utility {question.utility}, discount {discount:g}"
        raise UnsolvedError("--forever", found, "utility payoff with a discount below 1")
    sensing = [label for label, machine in question.named.items() if machine.sensor != SIGNAL]
    if sensing:
        raise UnsolvedError("--policies", f"{sensing[0]} on another sensor", "the sensor signal")
    return ExactValuation(question, game), []


def _check_utility(question: Question, known: tuple[str, ...]) -> None:
    """Raises UnsolvedError for a utility that is none, or not defined in this scenario."""
    rules = question.scenario.compiled.params.rules[0]
    defined = [n for n in known if n in (PAYOFF, HARM) or not undefined(n, rules)]
    if question.utility not in defined:
        raise UnsolvedError("--utility", question.utility, ", ".join(defined))
