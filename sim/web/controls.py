"""The sliders and menus of the page: settings, policies, their values and way into the tables.

What a setting changes in the compiled tables is found by compiling its values and comparing. Where
its own number is what stands at its places, nothing else is needed. Settings whose places overlap,
as the capacity of an office and how far it can be squeezed, are compiled together for every
combination of a few values each. The bins of trajectories stay those of the scenario as given, so
that pictures keep their scale. The machines behind the policy menus are compiled for either chair.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any, Literal, get_args, get_origin

import numpy as np

from sim.engines.host import written
from sim.errors import ScenarioError
from sim.policies.library import POLICIES, UNBOUNDED, Parameter, Policy, build_policy
from sim.policies.machine import Machine
from sim.scenario.compile_actors import can_play, machine_of, move_table, start_table
from sim.scenario.key_paths import path_parts
from sim.scenario.parameter import Entry, plain
from sim.scenario.ranges import span_of
from sim.scenario.registry import entry_in, value_in
from sim.scenario.scenario import Scenario
from sim.scenario.sides import sequencings
from sim.scenario.template import worth_changing
from sim.web.layout import Place, fields
from sim.world.sensors import SENSORS, WEIGHTS

#: Places of a slider over a range of numbers; whole numbers have one each, up to WHOLE.
PLACES = 41
WHOLE = 60
#: Values of a parameter whose numbers are compiled beforehand.
PARAMETER_PLACES = 13
#: Not in the menus: it is made of others.
MIXTURE = "mixture"
#: Definitions have no range of uncertainty; these are the weeks that make sense of them.
WEEKS = {"truce.breakdown_after": (1, 6), "truce.unilateral_after": (0, 26)}
#: The one choice whose words are a scenario's own: they name its sides.
SEQUENCING = "talks.sequencing"
#: Combinations compiled of settings that share a place.
MOST_TOGETHER = 300
#: The table that is never patched.
BINS = "bands"

Patch = dict[Place, float]


@dataclass(frozen=True)
class Setting:
    """A setting of a scenario: its key path, what is known of it, and the values it can take."""

    path: str
    group: str
    name: str
    owner: str
    symbol: str
    unit: str
    meaning: str
    source: str
    value: Any
    values: tuple[Any, ...]


def controls(scenario: Scenario) -> dict[str, Any]:
    """`settings`: all, with their `places` where they stand there as themselves; `joint`: the rest.

    Those with fewer than two values are left out. Each of `joint` has its `paths`, the `places` it
    writes, and by the places of the values in the settings' lists ("3,0") what is `written` there,
    null for what stands there already.
    """
    live = []
    for setting in _settings(scenario):
        changes = _patches(scenario, {setting.path: setting.values})
        if len(changes) > 1:
            fitting = tuple(value for (value,) in changes)
            live.append((replace(setting, values=fitting), changes, _own_places(changes)))
    groups = [_thinned(group) for group in _overlapping([each for each in live if not each[2]])]
    thin = {setting.path: setting for group in groups for setting in group}
    return {
        "settings": [
            asdict(thin.get(setting.path, setting)) | {"places": places}
            for setting, _, places in live
        ],
        "joint": [_joint(scenario, group) for group in groups],
    }


def _settings(scenario: Scenario) -> Iterator[Setting]:
    """In the order of `detente new`."""
    for group, all_paths in worth_changing(scenario.spec).items():
        for path in (path for paths in all_paths for path in paths):
            parts = path_parts(path)
            entry, value = entry_in(scenario.spec, parts), value_in(scenario.spec, parts)
            if entry is None or value is None:
                continue
            values = tuple(_values(scenario, path, entry, value))
            if len(values) > 1:
                yield Setting(
                    path=path,
                    group=group,
                    name=parts[-1].replace("_", " "),
                    owner=".".join(parts[1:-1]),
                    symbol=entry.symbol,
                    unit=entry.unit,
                    meaning=entry.meaning,
                    source=scenario.source(path),
                    value=value,
                    values=values,
                )


def _values(scenario: Scenario, path: str, entry: Entry, value: Any) -> Sequence[Any]:
    kind = plain(entry.annotation)
    if path == SEQUENCING:
        return sequencings(scenario.spec.ids)
    if get_origin(kind) is Literal:
        return get_args(kind)
    if kind is bool:
        return (False, True)
    if entry.is_number and isinstance(value, int | float):
        return places(*_span(scenario, path, entry, value), value, entry.is_integer)
    return ()


def _span(scenario: Scenario, path: str, entry: Entry, value: float) -> tuple[float, float]:
    """What a slider covers: the distribution, the registry's range, or the weeks there are."""
    law = scenario.distributions().get(path)
    if law is not None and np.isfinite([law.low, law.high]).all():
        return law.low, law.high
    span = span_of(entry, value)
    if span is not None:
        return span.low, span.high
    low, high = WEEKS.get(path, (entry.low or 0, scenario.spec.weeks))
    return low, min(high, scenario.spec.weeks, entry.high or high)


def places(low: float, high: float, value: float, whole: bool) -> list[float]:
    """The values of a slider from low to high, short numbers, with the present one among them."""
    if whole:
        every = max(1, -(-int(high - low) // WHOLE))
        return sorted({*range(int(low), int(high) + 1, every), int(value)})
    step = (high - low) / (PLACES - 1)
    if step <= 0:
        return [value]
    digits = max(0, 2 - int(np.floor(np.log10(step))))
    return sorted({round(low + step * i, digits) for i in range(PLACES)} | {float(value)})


def _patches(scenario: Scenario, choices: Mapping[str, Sequence[Any]]) -> dict[tuple, Patch]:
    """What each combination of values (key path -> values) changes in the tables.

    Left out are those that do not fit the scenario, or change the size of a table.
    """
    base = written(scenario.compiled.params)
    changes = {}
    for values in product(*choices.values()):
        given = dict(zip(choices, values, strict=True))
        words = {path: value for path, value in given.items() if isinstance(value, str | bool)}
        numbers = {path: value for path, value in given.items() if path not in words}
        try:
            changed = scenario.override(words) if words else scenario
            other = written(changed.with_values(numbers).compiled.params)
        except ScenarioError:
            continue
        if all(table.shape == other[name].shape for name, table in base.items()):
            changes[values] = _patch(base, other)
    return changes


def _patch(base: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> Patch:
    """What differs between tables of the same shapes, place by place."""
    changes: Patch = {}
    for number, (name, table) in enumerate(base.items()):
        if name == BINS or table.tobytes() == other[name].tobytes():
            continue
        for field, byte, kind in fields(table.dtype):
            before, after = _column(table, field), _column(other[name], field)
            bits = f"u{before.itemsize}"
            for row in np.flatnonzero(before.view(bits) != after.view(bits)).tolist():
                changes[number, row * table.itemsize + byte, kind] = after[row].item()
    return changes


def _column(table: np.ndarray, field: str) -> np.ndarray:
    return np.ascontiguousarray(table[field] if field else table).ravel()


def _own_places(patched: Mapping[tuple, Patch]) -> list[Place] | None:
    """The places at which every value stands as itself; None if some value stands otherwise."""
    touched = sorted({place for each in patched.values() for place in each})
    # a place that a value leaves alone holds that value already: only the present one does
    everywhere = sum(len(each) < len(touched) for each in patched.values()) <= 1
    as_itself = all(
        not isinstance(value, str | bool) and float(each[place]) == float(value)
        for (value,), each in patched.items()
        for place in each
    )
    return touched if touched and as_itself and everywhere else None


def _overlapping(shared: Sequence[tuple[Setting, dict[tuple, Patch], Any]]) -> list[list[Setting]]:
    """Settings in groups, so that no place belongs to two groups."""
    groups: list[tuple[list[Setting], set]] = []
    for setting, changes, _ in shared:
        touched = {place for each in changes.values() for place in each}
        met = [group for group in groups if group[1] & touched]
        members = [member for group in met for member in group[0]]
        joined = ([*members, setting], touched.union(*(group[1] for group in met)))
        groups = [*(group for group in groups if group not in met), joined]
    return [members for members, _ in groups]


def _thinned(group: Sequence[Setting]) -> list[Setting]:
    """With fewer values each where there would be too many combinations; the present ones stay."""
    most = max(2, int(MOST_TOGETHER ** (1 / len(group))))
    thinned = []
    for setting in group:
        every, last = -(-len(setting.values) // most), len(setting.values) - 1
        values = (
            value
            for place, value in enumerate(setting.values)
            if place % every == 0 or place == last or value == setting.value
        )
        thinned.append(replace(setting, values=tuple(values)))
    return thinned


def _joint(scenario: Scenario, group: Sequence[Setting]) -> dict[str, Any]:
    changes = _patches(scenario, {setting.path: setting.values for setting in group})
    touched = sorted({place for each in changes.values() for place in each})
    index = [{value: place for place, value in enumerate(setting.values)} for setting in group]
    return {
        "paths": [setting.path for setting in group],
        "places": touched,
        "written": {
            ",".join(str(at[value]) for at, value in zip(index, values, strict=True)): [
                each.get(place) for place in touched
            ]
            for values, each in changes.items()
        },
    }


def block(machine: Machine) -> dict[str, Any]:
    """A machine as the tables hold it, its states counted from 0 and its starts cumulative."""
    states = len(machine.states)
    starts = start_table(machine, machine)[: len(machine.starts)]
    return {
        "moves": move_table(machine, machine)[:states].tolist(),
        "following": machine.following.tolist(),
        "starts": [[int(row.state), float(row.cumulative)] for row in starts],
        "sensor": list(SENSORS).index(machine.sensor),
        "threshold": float(machine.threshold),
        "weights": dict(zip(WEIGHTS, machine.weights, strict=True)),
    }


def seats(scenario: Scenario) -> list[dict[str, Any]]:
    """What each side plays as given: its machine, and the library's policy it is, if it is one."""
    return [_seat(scenario, side) for side in scenario.spec.ids]


def _seat(scenario: Scenario, side: str) -> dict[str, Any]:
    policy = dict(scenario.spec.actors[side].policy)
    library = POLICIES.get(str(policy.get("name")))
    varied = [p.name for p in library.parameters if values_of(p, ())] if library else []
    # as the menus have it: on no sensor of its own, nor with a parameter that they do not vary
    listed = library and library.name != MIXTURE and {*policy} <= {"name", *varied}
    path = ("actors", side, "policy")
    return {
        "side": side,
        "policy": library.name if library and listed else "",
        "label": library.name if library else "a machine of its own",
        "given": {n: value_in(scenario.spec, (*path, n)) for n in varied} if listed else {},
        "block": block(machine_of(scenario.spec, side)),
    }


def library(scenario: Scenario, chairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every policy of the menus, with a block for each combination of its parameters' values.

    Left out is what cannot be played in this scenario.
    """
    return [
        _policy(p, chairs)
        for p in POLICIES.values()
        if p.name != MIXTURE and can_play(scenario.spec, scenario.spec.ids[0], {"name": p.name})
    ]


def _policy(policy: Policy, chairs: list[dict[str, Any]]) -> dict[str, Any]:
    parameters_now = [chair["given"] for chair in chairs if chair["policy"] == policy.name]
    free = [
        (p, values_of(p, [g[p.name] for g in parameters_now if p.name in g]))
        for p in policy.parameters
    ]
    varied = [(p, values) for p, values in free if values]
    return {
        "name": policy.name,
        "summary": policy.summary,
        "source": policy.source,
        "parameters": [_parameter(p, values) for p, values in varied],
        "blocks": dict(_blocks(policy.name, varied)),
    }


def _blocks(
    name: str, varied: list[tuple[Parameter, list[Any]]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """By the places of the parameters' values, as "2,0"."""
    choices = [list(enumerate(values)) for _, values in varied]
    for chosen in product(*choices):
        values = {p.name: value for (p, _), (_, value) in zip(varied, chosen, strict=True)}
        machine = build_policy({"name": name, **values})
        yield ",".join(str(place) for place, _ in chosen), block(machine)


def values_of(parameter: Parameter, given: Any) -> list[Any]:
    """The values a page offers of a parameter; none where it has no range that is known.

    Where the scenario gives one beyond that range, they cover all that is allowed.
    """
    if parameter.choices:
        return list(parameter.choices)
    allowed = (parameter.low, parameter.high)
    low, high = parameter.range or allowed
    if parameter.range is None or UNBOUNDED in (high, -low):
        return []
    if any(not low <= value <= high for value in given) and UNBOUNDED not in allowed:
        low, high = allowed
    default = float(parameter.default)
    values: set[float] = set()
    for value in (default, *given):
        values |= {*places(low, high, value, parameter.integer)}
    every = max(1, (len(values) - 1) // (PARAMETER_PLACES - 1))
    thinned = {*sorted(values)[::every], max(values), default, *given}
    return sorted(int(v) if parameter.integer else v for v in thinned)


def _parameter(parameter: Parameter, values: list[Any]) -> Mapping[str, Any]:
    known = ("name", "unit", "meaning", "source", "default")
    return {name: getattr(parameter, name) for name in known} | {"values": values}
