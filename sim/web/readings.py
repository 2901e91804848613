"""The readings of a scenario as the page plays them: whose runs, with which tables.

Run r belongs to a reading by r modulo SLOTS, as in the engine. A setting that a reading sets, or
that has other values in it, is that reading's own: the page's sliders leave it alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.scenario.scenario import Scenario
from sim.web.controls import controls
from sim.web.layout import tables
from sim.web.machines import seats

Table = dict[str, Any]


def readings(scenario: Scenario, base: Sequence[Table]) -> list[Table]:
    """Every reading: its weight, tables, and how settings get into them; none of a plain scenario.

    `base`: the tables of the scenario itself; one that is the same is null here.
    """
    weights = {name: reading.weight for name, reading in (scenario.spec.readings or {}).items()}
    return [
        {
            "name": name,
            "weight": weights[name],
            "changes": sorted((scenario.spec.readings or {})[name].values),
            "tables": [
                None if table == before else table
                for table, before in zip(tables(under.compiled), base, strict=True)
            ],
            "seats": seats(under),
            **controls(under),
        }
        for name, under in scenario.readings.items()
    ]


def shared(settings: Sequence[Table], read: Sequence[Mapping[str, Any]]) -> list[Table]:
    """The settings that are the same in every reading."""
    return [setting for setting in settings if all(_has(reading, setting) for reading in read)]


def _has(reading: Mapping[str, Any], setting: Table) -> bool:
    keys = ("path", "value", "values")
    return any(all(row[key] == setting[key] for key in keys) for row in reading["settings"])


def same_seats(seats: Sequence[Table], read: Sequence[Mapping[str, Any]]) -> list[str]:
    """The sides that play the same in every reading, whose policy can be chosen."""
    return [
        seat["side"]
        for number, seat in enumerate(seats)
        if all(reading["seats"][number] == seat for reading in read)
    ]
