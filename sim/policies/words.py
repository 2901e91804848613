"""A machine described to a reader: as rows of a table, and as plain sentences."""

from collections.abc import Iterator

from sim.policies.machine import CASES, MOVES, SENSORS, Machine
from sim.world import sensors

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
    row = sensors.SENSORS[SENSORS.index(machine.sensor)]
    threshold = f"{machine.threshold:.4g}"
    return row.good.format(threshold), row.bad.format(threshold)


def _goes(machine: Machine, state: int, target: int) -> str:
    name = machine.states[target]
    return f"stays {name}" if target == state else f"becomes {name}"
