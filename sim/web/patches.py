"""What a setting changes in the compiled tables: found by compiling its values and comparing.

A place is (table, byte, kind): the number of the table, the byte in it, and how it is written
there. Where a setting's own number is what stands at its places, nothing else is needed. The
bins of trajectories stay those of the scenario as given, so that pictures keep their scale.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from sim.engines.host import written
from sim.errors import ScenarioError
from sim.scenario.scenario import Scenario

Place = tuple[int, int, str]
Patch = dict[Place, float]
Tables = Mapping[str, np.ndarray]
#: Never patched.
BINS = "bands"


class ShapeError(ValueError):
    """A value that changes the size of a table, so that no patch makes it."""


def compiled_with(scenario: Scenario, values: Mapping[str, Any]) -> Tables:
    """The tables with other values (key path -> value). Raises ScenarioError where one is wrong."""
    words = {path: value for path, value in values.items() if isinstance(value, str | bool)}
    numbers = {path: value for path, value in values.items() if path not in words}
    changed = scenario.override(words) if words else scenario
    return written(changed.with_values(numbers).compiled.params)


def patch(base: Tables, other: Tables) -> Patch:
    """What differs between tables of the same shapes, place by place. Raises ShapeError."""
    changes: Patch = {}
    for number, (name, table) in enumerate(base.items()):
        if table.shape != other[name].shape:
            raise ShapeError(name)
        if name == BINS or table.tobytes() == other[name].tobytes():
            continue
        for field, byte, kind in fields(table.dtype):
            before, after = _column(table, field), _column(other[name], field)
            for row in np.flatnonzero(_bits(before) != _bits(after)).tolist():
                changes[number, row * table.itemsize + byte, kind] = after[row].item()
    return changes


def fields(dtype: np.dtype) -> Iterator[tuple[str, int, str]]:
    """(name, byte, kind) of the fields of a record; of a plain number, the number itself."""
    if dtype.fields is None:
        yield "", 0, dtype.str[1:]
        return
    for name in dtype.names or ():
        kind, byte = dtype.fields[name][:2]
        yield name, byte, kind.str[1:]


def _column(table: np.ndarray, field: str) -> np.ndarray:
    return np.ascontiguousarray(table[field] if field else table).ravel()


def _bits(column: np.ndarray) -> np.ndarray:
    return column.view(f"u{column.itemsize}")


def patches(scenario: Scenario, choices: Mapping[str, Sequence[Any]]) -> dict[tuple, Patch]:
    """The patch of each combination of values (key path -> values) that fits the scenario."""
    base = written(scenario.compiled.params)
    changes = {}
    for values in product(*choices.values()):
        try:
            tables = compiled_with(scenario, dict(zip(choices, values, strict=True)))
            changes[values] = patch(base, tables)
        except (ScenarioError, ShapeError):
            continue
    return changes


def own_places(patched: Mapping[tuple, Patch]) -> list[Place] | None:
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
