"""The sliders and menus of the page: the settings worth changing, each with the values it takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import numpy as np

from sim.scenario.key_paths import path_parts
from sim.scenario.parameter import Entry, plain
from sim.scenario.ranges import span_of
from sim.scenario.registry import entry_in, value_in
from sim.scenario.scenario import Scenario
from sim.scenario.sides import sequencings
from sim.scenario.template import worth_changing

#: Places of a slider over a range of numbers; whole numbers have one each, up to WHOLE.
PLACES = 41
WHOLE = 60
#: Definitions have no range of uncertainty; these are the weeks that make sense of them.
WEEKS = {"truce.breakdown_after": (1, 6), "truce.unilateral_after": (0, 26)}
#: The one choice whose words are a scenario's own: they name its sides.
SEQUENCING = "talks.sequencing"


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


def settings(scenario: Scenario) -> list[Setting]:
    """All of them, in the order of `detente new`; those with fewer than two values are left out."""
    all_settings = [
        _setting(scenario, group, path)
        for group, fields in worth_changing(scenario.spec).items()
        for paths in fields
        for path in paths
    ]
    return [setting for setting in all_settings if setting is not None and len(setting.values) > 1]


def _setting(scenario: Scenario, group: str, path: str) -> Setting | None:
    parts = path_parts(path)
    entry, value = entry_in(scenario.spec, parts), value_in(scenario.spec, parts)
    if entry is None or value is None:
        return None
    return Setting(
        path=path,
        group=group,
        name=parts[-1].replace("_", " "),
        owner=".".join(parts[1:-1]),
        symbol=entry.symbol,
        unit=entry.unit,
        meaning=entry.meaning,
        source=scenario.source(path),
        value=value,
        values=tuple(_values(scenario, path, entry, value)),
    )


def _values(scenario: Scenario, path: str, entry: Entry, value: Any) -> Iterator[Any]:
    kind = plain(entry.annotation)
    if path == SEQUENCING:
        yield from sequencings(scenario.spec.ids)
    elif get_origin(kind) is Literal:
        yield from get_args(kind)
    elif kind is bool:
        yield from (False, True)
    elif entry.is_number and isinstance(value, int | float):
        low, high = _span(scenario, path, entry, value)
        yield from places(low, high, value, entry.is_integer)


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
