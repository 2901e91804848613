"""A fit as a value: what is believed, what was seen, how much work, and the points it came to."""

from dataclasses import dataclass, field

from sim.forecast.facts import Date
from sim.forecast.observations import Observations
from sim.forecast.priors import Prior
from sim.forecast.tempered import Cloud, Plan
from sim.history.record import Record


@dataclass(frozen=True, eq=False)
class Fit:
    """A fit: what is believed, what was seen, how much work, and the points it came to.

    until: the last day whose facts it has seen. observed: the facts of each scenario of the prior,
    empty in a fit that was read. on_record: of each scenario its weeks on record, and acts in them.
    record: one's own, None for the package's.
    """

    prior: Prior
    observed: tuple[Observations, ...]
    plan: Plan
    copies: int
    tolerance: float
    codings: int
    seed: int
    until: Date
    on_record: tuple[tuple[int, int], ...]
    cloud: Cloud | None = field(default=None, repr=False)
    record: Record | None = field(default=None, repr=False)
