"""An extension: things of one's own beside those that come with detente (howto-extend.md)."""

from typing import TYPE_CHECKING

import numpy as np

from sim.engines.own_outcomes import Weeks, first_week
from sim.plots import style
from sim.policies import POLICIES, Machine, Policy, machine
from sim.policies.library import Parameter
from sim.report.pictures import RESULT, Picture, register
from sim.world.outcomes import OWN_OUTCOMES, OwnOutcome
from sim.world.sensors import SENSORS, Sensor

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim import Result


def forgiving_grim(mercy: float = 0.5) -> Machine:
    """Concedes until it is crossed; then it retaliates, but may forgive in any week."""
    crossed = (1.0 - mercy, 0.0, mercy)
    # name of the state; chances to retaliate, hold, concede; the next state by what was done and
    # seen: own conduct good and seen good, good and bad, bad and good, bad and bad
    rows = [
        ("calm", (0.0, 0.0, 1.0), ("calm", "crossed", "calm", "crossed")),
        ("crossed", crossed, ("crossed", "crossed", "crossed", "crossed")),
    ]
    return machine(rows, "calm")


MERCY = Parameter("mercy", 0.5, 0.0, 1.0, "chance that it concedes in a week", range=(0.2, 0.8))
POLICIES.register(Policy("forgiving_grim", forgiving_grim, "Friedman 1971, softened", (MERCY,)))


def calm(weeks: Weeks) -> np.ndarray:
    """The first week in which both stand at rung 2 or above, 0 where there is none, by run."""
    return first_week((weeks.rung >= 2.0).all(axis=2))


OWN_OUTCOMES.register(
    OwnOutcome("calm", calm, "the two stay calm", "no week of both at rung 2 or above")
)


SENSORS.register(Sensor("squeezed", {"pressure": 0.5, "gap": 0.3, "licences": -0.2}))


def loss(result: "Result") -> "Figure":
    """Where the runs are lost: the share that ends in each week, by outcome."""
    figure = style.new_figure(3.5)
    axes = figure.subplots()
    for name in ("standing", "calm"):
        frame = result.survival(name)
        axes.plot(frame["week"], -frame["p"].diff(), label=name)
    axes.set_xlabel("week")
    axes.set_ylabel("share of runs that end")
    axes.legend()
    return figure


register(Picture("loss", RESULT, loss, "Where the runs are lost, week by week."))
