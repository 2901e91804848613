"""Writes the compiled tables of a scenario as the bytes that week.c reads.

They are a magic word, then for each field of Params it reads, in order: rows, columns and bytes per
item as int64, and the raw array, padded to eight bytes. Record arrays are aligned C structs.
"""

import numpy as np

from sim.world.params import Params

MAGIC = b"DETENTE1"
#: Tables that week.c does not read: it makes what they hold from the others.
DERIVED = ("calendar", "left", "allowed", "gain", "offices", "core", "worldwide")


def dump(params: Params) -> bytes:
    """The tables of `params` as week.c reads them."""
    parts = [MAGIC]
    for table in written(params).values():
        rows, columns = (*table.shape, 1)[:2]
        parts.append(np.array([rows, columns, table.itemsize], "<i8").tobytes())
        raw = table.tobytes()
        parts.append(raw + bytes(-len(raw) % 8))
    return b"".join(parts)


def written(params: Params) -> dict[str, np.ndarray]:
    """The tables that are written, by name, in order; what pads their records is 0."""
    named = params._asdict()
    return {name: _padded(table) for name, table in named.items() if name not in DERIVED}


def _padded(table: np.ndarray) -> np.ndarray:
    """A copy whose bytes depend on its values alone."""
    if table.dtype.names is None:
        return np.ascontiguousarray(table)
    plain = table.view(np.ndarray)  # a recarray takes five times as long to give a column
    copy = np.zeros(table.shape, table.dtype)
    for name in table.dtype.names:
        copy[name] = plain[name]
    return copy
