"""A policy is a finite-state machine, as data, as rows of a table and in plain sentences.

The engine knows no policy by name. Each week the machine moves on with a pair of bits, its own
conduct (what was executed, not what was intended) and what its sensor says of the other side, and
then draws one of three moves from the distribution of the state it is in (docs/model.md, step 2).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import KeyPath, PolicyError, Problem, nearest, one_of, quoted
from sim.world.sensors import SENSORS

#: The columns of `Machine.moves`.
MOVES = ("retaliate", "hold", "concede")
#: The columns of `Machine.following`: (own conduct bad, saw bad), index 2*own + saw.
CASES = ("own_good_saw_good", "own_good_saw_bad", "own_bad_saw_good", "own_bad_saw_bad")
#: How far a distribution may be from 1.
SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Machine:
    """A Moore machine over the conduct of two sides, with S states.

    `states`: S unique names. `moves`: float64 (S, 3), the probabilities of retaliate, hold and
    concede. `following`: int64 (S, 4), the next state by 2*(own conduct bad) + (saw bad).
    `starts`: pairs (state, probability), drawn once per run; a mixture of types is one machine
    with several starts. `sensor` says what the second bit is; `threshold` belongs to it and is
    not read by the sensor `signal`. `weights`: what the sensor weighs, in the order of
    `sim.world.sensors.QUANTITIES`, as it stood when the machine was made.

    Raises PolicyError with everything that is wrong with the table.
    """

    states: tuple[str, ...]
    moves: NDArray[np.float64] = field(repr=False)
    following: NDArray[np.int64] = field(repr=False)
    starts: tuple[tuple[int, float], ...] = ((0, 1.0),)
    sensor: str = "signal"
    threshold: float = 0.0
    weights: tuple[float, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "states", tuple(self.states))
        object.__setattr__(self, "starts", tuple((int(s), float(p)) for s, p in self.starts))
        object.__setattr__(self, "moves", _fixed(self.moves, np.float64))
        object.__setattr__(self, "following", _fixed(self.following, np.int64))
        refuse(list(_shape_problems(self)) or _content_problems(self))
        object.__setattr__(self, "weights", SENSORS[self.sensor].row)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Machine):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        table = (self.moves.tobytes(), self.following.tobytes())
        return (self.states, table, self.starts, self.sensor, self.weights, self.threshold)

    @property
    def unreached(self) -> tuple[str, ...]:
        """Names of the states that no start leads to, whatever both sides do."""
        reached = {state for state, probability in self.starts if probability > 0}
        frontier = list(reached)
        while frontier:
            news = {int(s) for s in self.following[frontier.pop()]} - reached
            reached |= news
            frontier.extend(news)
        return tuple(name for s, name in enumerate(self.states) if s not in reached)


def refuse(problems: Iterable[Problem]) -> None:
    """Raises PolicyError if there are any."""
    if found := list(problems):
        raise PolicyError(found)


def machine(
    rows: Sequence[tuple[str, Sequence[float], Sequence[str]]],
    start: str | Sequence[tuple[str, float]],
) -> Machine:
    """A machine from rows (state, move probabilities, next states in the order of CASES).

    `start` is a state, or pairs (state, probability). Raises PolicyError for an unknown state.
    """
    names = tuple(name for name, _, _ in rows)
    starts = [(start, 1.0)] if isinstance(start, str) else list(start)
    references: list[tuple[KeyPath, str]] = [
        (("states", name, "next", case), target)
        for name, _, following in rows
        for case, target in zip(CASES, following, strict=True)
    ]
    references += [(("start",), target) for target, _ in starts]
    refuse(
        Problem.at(place, quoted(target), one_of(names), nearest(target, names))
        for place, target in references
        if target not in names
    )
    index = {name: i for i, name in enumerate(names)}
    return Machine(
        states=names,
        moves=np.array([moves for _, moves, _ in rows], np.float64),
        following=np.array([[index[n] for n in following] for _, _, following in rows], np.int64),
        starts=tuple((index[name], probability) for name, probability in starts),
    )


def _fixed(values: ArrayLike, dtype: type) -> NDArray:
    """A copy that cannot be written to."""
    array: NDArray = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


def _shape_problems(m: Machine) -> Iterator[Problem]:
    size = len(m.states)
    if size == 0:
        yield Problem.at(("states",), "no state", "at least one state")
    if len(set(m.states)) < size:
        yield Problem.at(("states",), f"{list(m.states)}", "unique names")
    if m.moves.shape != (size, 3):
        yield Problem.at(("moves",), f"shape {m.moves.shape}", f"shape ({size}, 3)")
    if m.following.shape != (size, 4):
        yield Problem.at(("following",), f"shape {m.following.shape}", f"shape ({size}, 4)")


def _content_problems(m: Machine) -> Iterator[Problem]:
    for name, row in zip(m.states, m.moves.tolist(), strict=True):
        yield from distribution_problems(("states", name, "move"), row)
    last = len(m.states) - 1
    for name, targets in zip(m.states, m.following.tolist(), strict=True):
        for case, target in zip(CASES, targets, strict=True):
            if not 0 <= target <= last:
                yield Problem.at(("states", name, "next", case), f"state {target}", f"0 to {last}")
    yield from distribution_problems(("start",), [p for _, p in m.starts])
    for state, _ in m.starts:
        if not 0 <= state <= last:
            yield Problem.at(("start",), f"state {state}", f"0 to {last}")
    if m.sensor not in SENSORS:
        yield Problem.at(("sensor",), quoted(m.sensor), one_of(SENSORS), nearest(m.sensor, SENSORS))
    if not isfinite(m.threshold):
        yield Problem.at(("threshold",), f"{m.threshold}", "a finite number")


def distribution_problems(path: KeyPath, values: Sequence[float]) -> Iterator[Problem]:
    """What keeps `values` from being a probability distribution."""
    wrong = [value for value in values if not 0 <= value <= 1]  # also catches nan
    if wrong:
        yield Problem.at(path, f"{wrong[0]:g}", "a probability, 0 to 1")
    elif abs(sum(values) - 1) > SUM_TOLERANCE:
        yield Problem.at(path, f"a sum of {sum(values):.12g}", "probabilities that sum to 1")


_OWN = ("it kept the truce itself", "it broke the truce itself")
_VERBS = ("retaliates", "holds", "concedes")


def table_rows(machine: Machine) -> list[dict[str, str]]:
    """One row per state: its name, start probability, move probabilities, next states.

    The columns are `state`, `start`, the MOVES and the CASES; an impossible start or move is "".
    """
    rows = []
    for s, name in enumerate(machine.states):
        start = sum(p for t, p in machine.starts if t == s)
        row = {"state": name, "start": _chance(start)}
        row |= {m: _chance(p) for m, p in zip(MOVES, machine.moves[s], strict=True)}
        targets = (machine.states[t] for t in machine.following[s])
        rows.append(row | dict(zip(CASES, targets, strict=True)))
    return rows


def sentences(machine: Machine) -> tuple[str, ...]:
    """The machine in plain words: one sentence on how it starts, then a paragraph a state."""
    possible = [(machine.states[s], p) for s, p in machine.starts if p > 0]
    begins = f"It starts in state {possible[0][0]}."
    if len(possible) > 1:
        states = ", ".join(f"{name} (probability {p:.4g})" for name, p in possible)
        begins = f"It starts in one of these states, drawn once per run: {states}."
    paragraphs = [begins]
    for s, name in enumerate(machine.states):
        paragraphs.append(f"In state {name} it {acts(machine, s)}. {_moves_on(machine, s)}")
    if machine.unreached:
        paragraphs.append(f"Never reached: {', '.join(machine.unreached)}.")
    return tuple(paragraphs)


def rule(machine: Machine, before: int, case: int) -> str:
    """The one rule that fires in a state, given a case (an index of CASES), and what follows.

    "calm, as it sees the other side break it, becomes provoked, which retaliates".
    """
    after = int(machine.following[before, case])
    own, sight = _OWN[case // 2], _sights(machine)[case % 2]
    sight = sight.replace("break it", "break the truce")  # it stands alone here
    targets = machine.following[before].tolist()
    if len(set(targets)) == 1:
        why = "whatever happens"
    elif targets[:2] == targets[2:]:
        why = f"as {sight}"
    else:
        why = f"as {own} and {sight}"
    became = "stays so" if after == before else f"becomes {machine.states[after]}"
    return f"{machine.states[before]}, {why}, {became}; it then {acts(machine, after)}"


def acts(machine: Machine, state: int) -> str:
    """What it does in a state: "retaliates with probability 0.7, else concedes"."""
    chances = machine.moves[state].tolist()
    possible = [(verb, p) for verb, p in zip(_VERBS, chances, strict=True) if p > 0]
    if len(possible) == 1:
        return possible[0][0]
    actions = [f"{verb} with probability {p:.4g}" for verb, p in possible[:-1]]
    return f"{', '.join(actions)}, else {possible[-1][0]}"


def _chance(probability: float) -> str:
    return f"{probability:.4g}" if probability > 0 else ""


def _moves_on(machine: Machine, state: int) -> str:
    """Where it goes from a state: one clause per next state, the shortest condition that holds."""
    targets = machine.following[state].tolist()
    if len(set(targets)) == 1:
        return f"Whatever happens, it {_goes(machine, state, targets[0])}."
    clauses = [
        f"if {condition}, it {_goes(machine, state, target)}"
        for condition, target in _conditions(machine, targets)
    ]
    text = "; ".join(clauses)
    return f"{text[0].upper()}{text[1:]}."


def _conditions(machine: Machine, targets: list[int]) -> Iterator[tuple[str, int]]:
    """Pairs (condition, next state) that cover the four cases."""
    sights = _sights(machine)
    if targets[:2] == targets[2:]:
        yield from zip(sights, targets[:2], strict=True)
        return
    for own in (0, 1):
        good, bad = targets[2 * own : 2 * own + 2]
        if good == bad:
            yield f"{_OWN[own]}, whatever the other side does", good
            continue
        for sight, target in zip(sights, (good, bad), strict=True):
            yield f"{_OWN[own]} and {sight}", target


def _sights(machine: Machine) -> tuple[str, str]:
    """What its sensor says, good and bad."""
    row = SENSORS[machine.sensor]
    threshold = f"{machine.threshold:.4g}"
    return row.good.format(threshold), row.bad.format(threshold)


def _goes(machine: Machine, state: int, target: int) -> str:
    name = machine.states[target]
    return f"stays {name}" if target == state else f"becomes {name}"
