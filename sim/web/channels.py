"""The channels of the but-for bars as operations on the tables, whatever the sliders say.

`sim/outcomes/butfor.py` defines the channels; a test holds these operations against it.
"""

from collections.abc import Iterator
from typing import Any

from sim.engines.host import written
from sim.outcomes.butfor import channel_text
from sim.scenario.compile import Compiled
from sim.web.patches import Place, fields
from sim.world.params import LICENCE

#: An operation: a place and what is put there, the number itself or the larger of both.
Operation = tuple[Place, str, float]


def channels(compiled: Compiled) -> list[dict[str, Any]]:
    """Name, text and operations of every channel that a scenario can have."""
    names = ("slips", "false_alarms", "slow_licences", "friction")
    shocks = (f"shock:{name}" for name in compiled.shocks)
    return [
        {"name": name, "text": channel_text(name), "operations": list(_operations(compiled, name))}
        for name in (*names, *shocks)
    ]


def _operations(compiled: Compiled, channel: str) -> Iterator[Operation]:
    params = compiled.params
    if channel == "slips":
        yield from _set(compiled, "actors", ("slip", "slip_fail"), 0.0)
    elif channel == "false_alarms":
        yield from _set(compiled, "actors", ("false_alarm",), 0.0)
    elif channel == "friction":
        yield from _set(compiled, "levers", ("friction",), 0.0)
    elif channel == "slow_licences":
        office = [k for k, lever in enumerate(params.levers) if lever.control == LICENCE]
        served = ("capacity", "capacity_after_talks")
        yield from _set(compiled, "levers", served, 1.0, "at least", office)
        yield from _set(compiled, "shocks", ("capacity",), 1.0, "at least")
    else:
        row = compiled.shocks.index(channel.removeprefix("shock:"))
        yield from _set(compiled, "shocks", ("week", "chance"), 0.0, rows=[row])


def _set(
    compiled: Compiled,
    name: str,
    columns: tuple[str, ...],
    value: float,
    how: str = "set",
    rows: list[int] | None = None,
) -> Iterator[Operation]:
    tables = written(compiled.params)
    table, number = tables[name], list(tables).index(name)
    places = {field: (byte, kind) for field, byte, kind in fields(table.dtype)}
    for row in range(len(table)) if rows is None else rows:
        for column in columns:
            byte, kind = places[column]
            yield (number, row * table.itemsize + byte, kind), how, value
