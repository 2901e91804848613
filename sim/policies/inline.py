"""A machine written out in a scenario file, with no code (docs/reference: inline machines)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from numbers import Real
from typing import Any, TypeGuard

from sim.errors import (
    KeyPath,
    PolicyError,
    Problem,
    as_key,
    as_toml,
    first_found,
    nearest,
    one_of,
    quoted,
)
from sim.policies.machine import (
    CASES,
    MOVES,
    Machine,
    distribution_problems,
    machine,
    refuse,
)
from sim.world.sensors import SENSORS

#: Keys of `next`, each with the cases it covers: the fewer, the more specific.
NEXT_KEYS: Mapping[str, tuple[str, ...]] = {
    "any": CASES,
    **{f"own_{a}": tuple(c for c in CASES if f"own_{a}" in c) for a in ("good", "bad")},
    **{f"saw_{a}": tuple(c for c in CASES if f"saw_{a}" in c) for a in ("good", "bad")},
    **{f"own_{a}_saw_{b}": (f"own_{a}_saw_{b}",) for a, b in product(("good", "bad"), repeat=2)},
}
_TABLE_KEYS = ("start", "sensor", "threshold", "states")
_STATE_KEYS = ("move", "next")


def machine_from_table(table: Mapping[str, Any]) -> Machine:
    """The machine written as a table: `states` (each with `move` and `next`), `start`, `sensor`.

    `move` is retaliate, hold or concede, or a table of them with probabilities; `start` a
    state, or a table of states with probabilities; a key of `next` is
    own_<good|bad>_saw_<good|bad>, or shorter where a part does not matter (`saw_bad`,
    `own_good`, `any`), the more specific key winning.
    Raises PolicyError with every problem of the table.
    """
    refuse(first_found(_table_problems(table)))
    rows = []
    for name, state in table["states"].items():
        move, following = state["move"], state["next"]
        chances = {move: 1.0} if isinstance(move, str) else move
        moves = [float(chances.get(name, 0.0)) for name in MOVES]
        rows.append((name, moves, [following[_deciding_keys(following, c)[0]] for c in CASES]))
    start = table["start"]
    built = machine(rows, start if isinstance(start, str) else list(start.items()))
    return sensing(built, table)


def sensing(built: Machine, table: Mapping[str, Any]) -> Machine:
    """`built` on the `sensor` and `threshold` of `table`, if it gives them.

    Raises PolicyError for an unknown sensor, a threshold that is missing or not a number, or
    one that the sensor `signal` would not read.
    """
    sensor, threshold = table.get("sensor"), table.get("threshold")
    if sensor is None and threshold is None:
        return built
    if sensor is not None and (not isinstance(sensor, str) or sensor not in SENSORS):
        raise PolicyError([_no_such(("sensor",), sensor, tuple(SENSORS))])
    if sensor in (None, "signal"):
        if threshold is not None:
            allowed = "no threshold with the sensor signal"
            raise PolicyError.single(("threshold",), quoted(threshold), allowed)
        return replace(built, sensor="signal", threshold=0.0)
    if not is_number(threshold):
        allowed = f"a number, with the sensor {sensor}"
        raise PolicyError.single(("threshold",), quoted(threshold), allowed)
    return replace(built, sensor=str(sensor), threshold=float(threshold))


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value of a file is a number; true and false are not."""
    return isinstance(value, Real) and not isinstance(value, bool)


def _table_problems(table: Mapping[str, Any]) -> Iterator[Problem]:
    yield from unknown_keys((), table, _TABLE_KEYS)
    states = table.get("states")
    if not isinstance(states, Mapping) or not states:
        yield Problem.at(("states",), quoted(states), "a table with at least one state")
        return
    names = tuple(states)
    for name, state in states.items():
        yield from _state_problems(("states", name), state, names)
    yield from _choice_problems(("start",), table.get("start"), names)


def _state_problems(path: KeyPath, state: object, names: tuple[str, ...]) -> Iterator[Problem]:
    if not isinstance(state, Mapping):
        yield Problem.at(path, quoted(state), "a table with move and next")
        return
    yield from unknown_keys(path, state, _STATE_KEYS)
    yield from _choice_problems((*path, "move"), state.get("move"), MOVES)
    following = state.get("next")
    if not isinstance(following, Mapping):
        yield Problem.at((*path, "next"), quoted(following), f"a table of {one_of(NEXT_KEYS)}")
        return
    yield from unknown_keys((*path, "next"), following, tuple(NEXT_KEYS))
    for key, target in following.items():
        if key in NEXT_KEYS and target not in names:
            yield _no_such((*path, "next", key), target, names)
    for case in CASES:
        yield from _case_problems((*path, "next"), following, case)


def _case_problems(path: KeyPath, following: Mapping[str, object], case: str) -> Iterator[Problem]:
    """Each of the four cases must have exactly one next state at its most specific level."""
    keys = _deciding_keys(following, case)
    if not keys:
        yield Problem.at(path, f"no next state for {case}", f"{case}, or a shorter key for it")
    elif len({str(following[key]) for key in keys}) > 1:
        found = f"{' and '.join(keys)} that disagree about {case}"
        yield Problem.at(path, found, f"{case}, which would settle it")


def _deciding_keys(following: Mapping[str, object], case: str) -> tuple[str, ...]:
    """The most specific keys that cover a case: several where short forms overlap."""
    covering = [key for key in following if case in NEXT_KEYS.get(key, ())]
    fewest = min((len(NEXT_KEYS[key]) for key in covering), default=0)
    return tuple(key for key in covering if len(NEXT_KEYS[key]) == fewest)


def _choice_problems(path: KeyPath, value: object, names: tuple[str, ...]) -> Iterator[Problem]:
    """A choice is one of `names`, or a table of some of them with probabilities."""
    if isinstance(value, Mapping) and value:
        yield from unknown_keys(path, value, names)
        if all(is_number(weight) for weight in value.values()):
            yield from distribution_problems(path, list(value.values()))
        else:
            yield Problem.at(path, quoted(value), "a table of names with probabilities")
    elif not (isinstance(value, str) and value in names):
        yield _no_such(path, value, names)


def unknown_keys(
    head: KeyPath, table: Mapping[str, object], allowed: tuple[str, ...]
) -> Iterator[Problem]:
    """A problem for every key of `table` that is not in `allowed` below `head`."""
    for key in table:
        if key not in allowed:
            yield Problem.at((*head, key), "an unknown key", one_of(allowed), nearest(key, allowed))


def _no_such(path: KeyPath, value: object, names: tuple[str, ...]) -> Problem:
    """A value that should be one of a few names, with the one that was probably meant."""
    meant = nearest(value, names) if isinstance(value, str) else None
    return Problem.at(path, quoted(value), one_of(names), meant)


def policy_table(machine: Machine) -> dict[str, Any]:
    """The policy table that gives a machine again, with `build_policy`."""
    starts = {machine.states[state]: share for state, share in machine.starts if share > 0.0}
    table: dict[str, Any] = {"start": _choice(starts)}
    if machine.sensor != "signal":
        table |= {"sensor": machine.sensor, "threshold": machine.threshold}
    table["states"] = {
        name: {
            "move": _choice({move: p for move, p in zip(MOVES, row, strict=True) if p > 0.0}),
            "next": _shortest([machine.states[after] for after in following]),
        }
        for name, row, following in zip(
            machine.states, machine.moves.tolist(), machine.following, strict=True
        )
    }
    return {"machine": table}


def _choice(shares: dict[str, float]) -> str | dict[str, float]:
    """One name, or a table of names with their probabilities."""
    return next(iter(shares)) if len(shares) == 1 else shares


def _shortest(names: list[str]) -> dict[str, str]:
    """The shortest of the forms of `next` that says which state follows each case."""
    if len(set(names)) == 1:
        return {"any": names[0]}
    if names[:2] == names[2:]:
        return {"saw_good": names[0], "saw_bad": names[1]}
    return dict(zip(CASES, names, strict=True))


def policy_toml(machine: Machine, side: str) -> str:
    """The lines of `[actors.SIDE.policy.machine]` that give this machine again."""
    head = f"actors.{side}.policy.machine"
    table = policy_table(machine)["machine"]
    states = table.pop("states")
    tables = {head: table} | {f"{head}.states.{as_key(name)}": row for name, row in states.items()}
    texts = (
        "\n".join([f"[{name}]", *(f"{key} = {as_toml(value)}" for key, value in rows.items())])
        for name, rows in tables.items()
    )
    return "\n\n".join(texts) + "\n"
