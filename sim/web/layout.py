"""Where things stand in the bytes that the module reads and writes, for the page to find them."""

import base64
from typing import Any

import numpy as np

from sim.engines.counts import ROW, new_tally
from sim.engines.host import written
from sim.explain.phrases import Names
from sim.native.weekly import CONDUCT, LEVER, SIDE, WORLD
from sim.outcomes.bands import band_names
from sim.scenario.compile import Compiled
from sim.web.patches import fields


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
    return [_table(name, table) for name, table in written(compiled.params).items()]


def _table(name: str, table: np.ndarray) -> dict[str, Any]:
    rows, columns = (*table.shape, 1)[:2]
    return {
        "name": name,
        "rows": rows,
        "columns": columns,
        "size": table.itemsize,
        "fields": _places(table.dtype),
        "bytes": base64.b64encode(np.ascontiguousarray(table).tobytes()).decode(),
    }


def _places(dtype: np.dtype) -> dict[str, list[Any]]:
    """Field -> [byte, kind]."""
    return {name: [byte, kind] for name, byte, kind in fields(dtype)}
