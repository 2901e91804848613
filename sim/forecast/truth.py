"""What happened: the record in a scenario's weeks, by the model's own rules of what an end is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.forecast.horizons import name_of
from sim.history.path import record_path

if TYPE_CHECKING:
    from sim.history.record import Record
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Truth:
    """What is known of a scenario's weeks 1..`weeks`.

    ends: by outcome, the first week in which it no longer held, 0 for not so far. extended: whether
    the first term was prolonged, None where that is not known. rungs: (2, weeks). flows: by month.
    """

    weeks: int
    ends: Mapping[str, int]
    extended: bool | None
    rungs: NDArray[np.float64]
    flows: Mapping[str, float]

    def held(self, outcome: str, week: int) -> bool:
        """Whether an outcome still held at the end of a week."""
        return self.ends[outcome] == 0 or self.ends[outcome] > week


def truth(scenario: "Scenario", record: "Record | None" = None) -> Truth:
    """The record from the scenario's start on; the shipped one where none is given."""
    path = record_path(scenario, record)
    first = [week for week in path.first_violation if week]
    ends = {"clean": min(first, default=0)}
    if path.has_truce:
        ends |= {"undisputed": path.dispute, "standing": path.breakdown, "core": path.core_week}
    return Truth(
        weeks=path.weeks,
        ends=ends,
        extended=path.extended,
        rungs=path.rungs,
        flows={name_of(month): month.share for month in path.months},
    )
