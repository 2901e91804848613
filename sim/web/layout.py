"""Where things stand in the bytes that the module reads and writes, for the page to find them.

A place is (table, byte, kind): the number of the table, the byte in it, and how it is written
there.
"""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.engines.counts import ROW, new_tally
from sim.engines.host import written
from sim.engines.weekly import CONDUCT, LEVER, SIDE, WORLD
from sim.explain.phrases import Names
from sim.outcomes import butfor
from sim.outcomes.bands import band_names
from sim.scenario.compile import Compiled

Place = tuple[int, int, str]
#: An operation: a place and what is put there, the number itself or the larger of both.
PlacedOperation = tuple[Place, str, float]


def layout(compiled: Compiled) -> dict[str, Any]:
    """Tables with their bytes and fields, the tally field by field, a row, the bands."""
    params = compiled.params
    return {
        "tables": tables(compiled),
        "tally": [[name, list(field.shape)] for name, field in new_tally(params)._asdict().items()],
        "row": {"size": ROW.itemsize, "fields": _places(ROW)},
        "bands": [list(names) for names in band_names(compiled)],
        "scales": params.bands["scale"].tolist(),
        "weekly": {"world": WORLD, "side": SIDE, "lever": LEVER, "conduct": CONDUCT},
        "allies": list(compiled.allies),
        "ally_names": [Names(compiled.sides).of(ally) for ally in compiled.allies],
        "deals": list(compiled.deals),
        "notches": params.levers["top"].tolist(),
    }


def tables(compiled: Compiled) -> list[dict[str, Any]]:
    """The tables in order, each with its shape, its fields and its bytes."""
    return [
        {
            "name": name,
            "rows": table.shape[0],
            "columns": (*table.shape, 1)[1],
            "size": table.itemsize,
            "fields": _places(table.dtype),
            "bytes": base64.b64encode(np.ascontiguousarray(table).tobytes()).decode(),
        }
        for name, table in written(compiled.params).items()
    ]


def fields(dtype: np.dtype) -> Iterator[tuple[str, int, str]]:
    """(name, byte, kind) of the fields of a record; of a plain number, the number itself."""
    if dtype.fields is None:
        yield "", 0, dtype.str[1:]
        return
    for name in dtype.names or ():
        kind, byte = dtype.fields[name][:2]
        yield name, byte, kind.str[1:]


def _places(dtype: np.dtype) -> dict[str, list[Any]]:
    """Field -> [byte, kind]."""
    return {name: [byte, kind] for name, byte, kind in fields(dtype)}


def channels(compiled: Compiled) -> list[dict[str, Any]]:
    """Name, text and operations of every channel of the but-for bars that a scenario can have."""
    off = butfor.channels(compiled.params, compiled.shocks)
    return [
        {
            "name": name,
            "text": butfor.channel_text(name),
            "operations": [each for one in operations for each in _placed(compiled, one)],
        }
        for name, operations in off.items()
    ]


def _placed(compiled: Compiled, operation: butfor.Operation) -> Iterator[PlacedOperation]:
    """An operation on a table, place by place."""
    all_tables = written(compiled.params)
    table, number = all_tables[operation.table], list(all_tables).index(operation.table)
    places = _places(table.dtype)
    for row in range(len(table)) if operation.rows is None else operation.rows:
        for column in operation.columns:
            byte, kind = places[column]
            how = "at least" if operation.at_least else "set"
            yield (number, row * table.itemsize + byte, kind), how, operation.value
