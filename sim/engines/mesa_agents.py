"""The agents of the Mesa engine: the two governments, and the allies that wait in their offices.

An agent holds no state of its own: it reads and writes its row of the tables that the batch
engine uses, and does its part of the week through the world's own functions.
"""

import itertools
from typing import Any, NamedTuple, Protocol
from weakref import WeakKeyDictionary

import mesa
import numpy as np

from sim.engines import steps
from sim.errors import AgentError, Problem, nearest, quoted
from sim.scenario.compile import Compiled
from sim.world.params import BELIEF, LEVERAGE, PRESSURE, SHORTAGE, Params
from sim.world.state import MOVES, NO_ORDER, State

_CONDUCT = ("good", "bad")


class Run(Protocol):
    """What an agent needs of its model (`TruceModel`): the tables of the run, and its clock."""

    params: Params
    compiled: Compiled
    state: State
    week: int

    def play(self, number: int, who: int = 0) -> None:
        """Take one step of this week by the world's function for it."""

    def look(self) -> np.ndarray:
        """Rung, leverage, shortage, pressure and belief of us and cn now, float64 (2, 5)."""


class PastWeek(NamedTuple):
    """A week gone by, as a government knows it."""

    week: int
    move: str  # what it meant to do: "retaliate", "hold" or "concede"
    conduct: str  # its own: "good" or "bad"
    signal: str  # what it saw of the other side: "good" or "bad"
    offence: float  # how bad that looked, in rungs; 1 if it looked good


class _Counters:
    """Numbers the agents of each model from 1, and forgets models that are gone.

    Mesa keeps every model that ever had an agent, which thousands of runs would not survive.
    """

    def __init__(self) -> None:
        self._counters: WeakKeyDictionary[mesa.Model, itertools.count[int]] = WeakKeyDictionary()

    def __getitem__(self, model: mesa.Model) -> "itertools.count[int]":
        return self._counters.setdefault(model, itertools.count(1))


class _Member(mesa.Agent):  # type: ignore[misc] # Mesa has no types
    """An agent with a row of its own; `name` is the scenario's."""

    _ids = _Counters()
    model: Run

    def __init__(self, model: Run, index: int, name: str) -> None:
        super().__init__(model)
        self.index = index
        self.name = name

    def take(self, number: int) -> None:
        """Do one's part in a step of the week."""
        self.model.play(number, self.index)


class Government(_Member):
    """One side. Follows the policy of the scenario, unless a subclass says what it intends.

    What a subclass may read in `intend` is what a government knows: the properties below.
    """

    def __init__(self, model: Run, side: int) -> None:
        super().__init__(model, side, model.compiled.sides.ids[side])
        #: What the policy of the scenario has drawn this week.
        self.machine_move = "hold"
        #: By week: the move that it chose in place of its machine's, or NO_ORDER.
        self.chosen: list[int] = []
        self._moves: list[str] = []
        self._history: list[PastWeek] = []

    def intend(self) -> str:
        """The move of this week: "retaliate", "hold" or "concede". Write your own in a subclass.

        Whatever it returns, the scenario's machine has moved on and drawn its own move (this
        one); all other luck of the run stays as it was.
        """
        return self.machine_move

    @property
    def week(self) -> int:
        """The week being played, from 1."""
        return self.model.week

    @property
    def rung(self) -> float:
        """How far its own levers stand above its obligations; above 0 it violates the truce."""
        return float(self.row.rung)

    @property
    def belief(self) -> float:
        """What it holds the other side's badness to be, 0 to 1; above 1/2 it accuses."""
        return self._look(BELIEF)

    @property
    def pressure(self) -> float:
        """How hard shortages and allies push it to talk, 0 to 1."""
        return self._look(PRESSURE)

    @property
    def shortage(self) -> float:
        """What the other side's levers cost it last week, 0 to 1."""
        return self._look(SHORTAGE)

    @property
    def leverage(self) -> float:
        """The harm it could do by pulling every lever now (docs/model.md, step 8)."""
        return self._look(LEVERAGE)

    @property
    def levels(self) -> dict[str, int]:
        """Where its own levers stand, by name, in notches."""
        actor = self.model.params.actors[self.index]
        own = range(actor.first_lever, actor.first_lever + actor.n_levers)
        levers, now = self.model.compiled.levers, self.model.state.levers
        return {levers[k].partition(".")[2]: int(now[k].level) for k in own}

    @property
    def other_signal(self) -> str | None:
        """How the other side looked in the week it reacts to: "good", "bad", or None.

        That is last week, or earlier with a `reaction_delay`; None if there is no such week
        since the start or the latest talks.
        """
        reading = self.row.reading
        return _CONDUCT[self.model.state.memory[reading, self.index].saw_bad] if reading else None

    @property
    def offence(self) -> float:
        """How bad that looked, in rungs; 1 if it looked good or there is no such week."""
        reading = self.row.reading
        return float(self.model.state.memory[reading, self.index].offence) if reading else 1.0

    @property
    def history(self) -> tuple[PastWeek, ...]:
        """Every week gone by, the first one first."""
        while len(self._history) < len(self._moves):
            week = len(self._history) + 1
            past = self.model.state.memory[week, self.index]
            conduct, signal = _CONDUCT[past.own_bad], _CONDUCT[past.saw_bad]
            move = self._moves[week - 1]
            self._history.append(PastWeek(week, move, conduct, signal, float(past.offence)))
        return tuple(self._history)

    @property
    def talks_week(self) -> int | None:
        """The week of the latest talks."""
        return int(self.model.state.run[0].talks_week) or None

    @property
    def state(self) -> str:
        """The state its machine is in."""
        return self.model.compiled.state_name(int(self.row.state))

    @property
    def luck(self) -> float:
        """This week's uniform number, 0 to 1, for its move: the same for every policy."""
        return float(self.row.luck_move)

    @property
    def move(self) -> str:
        """What it meant to do, latest."""
        return MOVES[self.row.move]

    @property
    def signal(self) -> str | None:
        """How the other side looked to it, latest; None before the end of week 1."""
        return _CONDUCT[self.row.saw_bad] if self._moves else None

    @property
    def row(self) -> np.record:
        """Its SIDE record (sim/world/state.py): all there is, also what it does not know."""
        return self.model.state.sides[self.index]

    def take(self, number: int) -> None:
        """Do its part in a step of the week; in step 2, what `intend` says is what counts."""
        if number == steps.INTEND:
            self._decide()
            return
        super().take(number)
        if number == steps.REMEMBER:
            self._moves.append(self.move)

    def _decide(self) -> None:
        """Step 2: its machine moves on and draws; then what it intends is what counts."""
        stretch = self.row.stretch
        super().take(steps.INTEND)
        self.machine_move = self.move
        intended = self.intend()
        own = intended is not self.machine_move
        self.chosen.append(MOVES.index(self._checked(intended)) if own else NO_ORDER)
        if own:
            row = self.row
            row.move = self.chosen[-1]
            row.stretch = stretch
            row.tempted = 0
            row.insists = 0
            super().take(steps.COMMIT)

    def _look(self, quantity: int) -> float:
        return float(self.model.look()[self.index, quantity])

    def _checked(self, intended: Any) -> str:
        """What `intend` returned, if it is a move."""
        if isinstance(intended, str) and intended in MOVES:
            return intended
        word = nearest(intended, MOVES) if isinstance(intended, str) else None
        found = quoted(intended) if isinstance(intended, str) else quoted(repr(intended))[1:-1]
        place = f"intend() of {self.name} in week {self.week}"
        problem = Problem(type(self).__qualname__, None, place, found, ", ".join(MOVES), word)
        raise AgentError([problem])


class Ally(_Member):
    """A third party: waits in the same licence offices, and may align with one lever."""

    @property
    def row(self) -> np.record:
        """Its ALLY_STATE record (sim/world/state.py)."""
        return self.model.state.allies[self.index]

    @property
    def shortage(self) -> float:
        """The larger of what the two sides' levers cost it this week, 0 to 1."""
        return float(max(self.row.shortage_us, self.row.shortage_cn))

    @property
    def joined(self) -> int | None:
        """The week in which it aligned with its lever."""
        return int(self.row.joined_week) or None
