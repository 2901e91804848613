"""Parts of a study: damage anywhere is seen, and never taken for numbers."""

import numpy as np
import pyarrow as pa

from sim.studies.store import Parts
from sim.studies.tables import Group, part_schema


def rows(table):
    schema = part_schema(table)
    columns = [
        pa.array(["standing"] * 3 if pa.types.is_string(kind) else [1, 2, 3]).cast(kind)
        for kind in schema.types
    ]
    return pa.table(columns, schema=schema)


def test_a_flipped_bit_anywhere_is_seen(tmp_path):
    parts, group = Parts(tmp_path / "parts", ["outcomes"]), Group(0, 3)
    parts.begin()
    table = rows("outcomes")
    parts.write(group, {"outcomes": table})
    file = parts.file(group, "outcomes")
    whole = file.read_bytes()
    assert parts.read(group, "outcomes").equals(table)
    draws = np.random.default_rng(7)
    for place, bit in zip(
        draws.integers(len(whole), size=400), draws.integers(8, size=400), strict=True
    ):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(bit)
        file.write_bytes(damaged)
        assert not parts.has(group) or parts.read(group, "outcomes").equals(table)
