"""Step 8, sensors: what each machine is told of the other side, the second of its two bits.

To add one, write its row here and its quantity in `sense` (pressure.py), and have the second
implementation of the week follow. Policies, the compiler, the exact engine, pages and references
find it here.
"""

from typing import NamedTuple


class Sensor(NamedTuple):
    """A sensor by its name, and what it says, good and bad, in words; {0} is the threshold."""

    name: str
    good: str
    bad: str


#: The signal first: it alone is judged by nature, the others by a threshold.
SENSORS = (
    Sensor("signal", "it sees the other side keep the truce", "it sees the other side break it"),
    Sensor(
        "belief_above",
        "its belief that the other side is bad is {0} or less",
        "its belief that the other side is bad is above {0}",
    ),
    Sensor(
        "pressure_above", "the pressure on it is {0} or less", "the pressure on it is above {0}"
    ),
    Sensor(
        "leverage_above",
        "its own leverage stock is {0} or less",
        "its own leverage stock is above {0}",
    ),
)
SENSE_SIGNAL, SENSE_BELIEF, SENSE_PRESSURE, SENSE_LEVERAGE = range(len(SENSORS))
