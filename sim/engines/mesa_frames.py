"""What the Mesa engine keeps of a run: a line a week, and a line a week and agent."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import mesa

from sim.world.outcomes import OUTCOMES

#: Attributes of the model and of its agents; an agent without one has None.
WEEKLY = ("week", "date", "truce", *(one.name for one in OUTCOMES), "talks")
OF_AGENTS = (
    "name",
    "rung",
    "move",
    "signal",
    "state",
    "belief",
    "pressure",
    "shortage",
    "leverage",
    "joined",
)


def week_collector(levers: Sequence[str]) -> "WeekCollector":
    """Collects WEEKLY, each lever's level and flow ("flow cn.rare_earths"), and OF_AGENTS."""
    by_lever = {
        f"{field} {name}": partial(_of_lever, field, k)
        for field in ("level", "flow")
        for k, name in enumerate(levers)
    }
    return WeekCollector({name: name for name in WEEKLY} | by_lever, {n: n for n in OF_AGENTS})


class WeekCollector(mesa.DataCollector):  # type: ignore[misc] # Mesa has no types
    """A DataCollector whose agents `mesa.batch_run` finds beside the model of the same week."""

    def collect(self, model: mesa.Model) -> None:
        """Collect the week just played."""
        super().collect(model)
        # batch_run asks for step s - 1 after s steps: position s - 1 of the model's lists, but
        # key s - 1 of the agents' table, where Mesa would have put the week before.
        self._agent_records[model.steps - 1] = self._agent_records.pop(model.steps)


def _of_lever(field: str, k: int, model: Any) -> int | float:
    return model.state.levers[field][k].item()
