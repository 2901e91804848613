"""Step 8, sensors: what each machine is given of the other side, the second of its two bits.

A sensor is a weighted sum of quantities, compared with a threshold of the policy's; the signal
alone is none. To add one of known quantities, write its row here; a new quantity takes a row in
QUANTITIES, its term in `weighed` (pressure.py), and the second implementation of the week.
Policies, the compiler, the exact engine, pages and references find both here. Without touching the
package a file of one's own adds sensors by `SENSORS.register`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.errors import ExtensionError, Problem, nearest, one_of, quoted
from sim.extensions import UNPLACED, Registry

#: What a sensor of side i may read at the end of step 8, in words. The order is that of the sum.
QUANTITIES = {
    "belief": "its belief that the other side is bad, 0 to 1",
    "pressure": "the pressure of its own firms and allies, 0 to 1",
    "leverage": "its own leverage stock, as the sensor `leverage_above` reads it",
    "signal": "1 if it sees the other side break the truce this week, else 0",
    "shortage": "the shortage that it feels this week, 0 to 1",
    "gap": "the widest gap it sees in the other side's licence offices, as it weighs it, 0 to 1",
    "own_rung": "its own rung, by its own reading of what it owes",
    "other_rung": "the other side's rung as it is, without noise",
    "licences": "share of normal demand that the other side's licence offices let through, at most "
    "1 each, on average over them; 1 where there is none",
}
#: The weight of each, as a number of an actor.
WEIGHTS = tuple(f"weigh_{name}" for name in QUANTITIES)


@dataclass(frozen=True)
class Sensor:
    """A sensor by its name.

    weights: of quantities, by name; the bit is bad where their weighted sum is above the threshold
    of the policy. good, bad: what it then says in words; {0} is the threshold.
    Raises ExtensionError for what is no quantity, for a weight that is no number, and for no
    weight at all.
    """

    name: str
    weights: Mapping[str, float] = field(default_factory=dict, hash=False)
    good: str = ""
    bad: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.weights, Mapping) or not (self.weights or self.name == SIGNAL):
            found, allowed = quoted(self.weights), "a table of one quantity or more: its weight"
            raise ExtensionError([self._problem("weights", found, allowed)])
        wrong = [name for name in self.weights if name not in QUANTITIES]
        if wrong:
            allowed, near = one_of(QUANTITIES), nearest(str(wrong[0]), QUANTITIES)
            raise ExtensionError([self._problem("weights", quoted(wrong[0]), allowed, near)])
        for name, weight in self.weights.items():
            if not _is_weight(weight):
                place = f"weight of {name}"
                raise ExtensionError([self._problem(place, quoted(weight), "a number but 0")])
        for name, verb in (("good", "{0} or less"), ("bad", "above {0}")):
            words = getattr(self, name) or f"{self.formula} is {verb}"
            object.__setattr__(self, name, words)

    def _problem(self, of: str, found: str, allowed: str, near: str | None = None) -> Problem:
        return Problem(UNPLACED, None, f"sensor {quoted(self.name)}: {of}", found, allowed, near)

    @property
    def formula(self) -> str:
        """What it reads: "0.7 pressure + 0.3 shortage"."""
        terms = (f"{self.weights[name]:g} {name}" for name in QUANTITIES if name in self.weights)
        return " + ".join(terms).replace("+ -", "- ")

    @property
    def row(self) -> tuple[float, ...]:
        """Its weights in the order of QUANTITIES."""
        return tuple(float(self.weights.get(name, 0.0)) for name in QUANTITIES)


def _is_weight(value: Any) -> bool:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return known and math.isfinite(value) and value != 0


SIGNAL = "signal"
#: The signal first: it alone is judged by nature, the others by a threshold.
_SHIPPED = (
    Sensor(
        SIGNAL,
        good="it sees the other side keep the truce",
        bad="it sees the other side break it",
    ),
    Sensor(
        "belief_above",
        {"belief": 1.0},
        "its belief that the other side is bad is {0} or less",
        "its belief that the other side is bad is above {0}",
    ),
    Sensor(
        "pressure_above",
        {"pressure": 1.0},
        "the pressure on it is {0} or less",
        "the pressure on it is above {0}",
    ),
    Sensor(
        "leverage_above",
        {"leverage": 1.0},
        "its own leverage stock is {0} or less",
        "its own leverage stock is above {0}",
    ),
)
#: Every sensor by name; extensions may add theirs with `SENSORS.register`.
SENSORS: Registry[Sensor] = Registry("sensor", {sensor.name: sensor for sensor in _SHIPPED})
#: The number of the signal among the sensors.
SENSE_SIGNAL = 0
