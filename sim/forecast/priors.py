"""What is believed of the settings before the record: coordinates of a point, and their laws.

A point is a vector z of independent standard normals; u = Phi(z) is the share of the mass of a
setting's own law that lies below its value. So whatever the laws of [ranges] are, steps are of one
kind. Settings that all truces share have one coordinate; those of each truce one for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.forecast.observations import ForecastError
from sim.outcomes.spread import whole_paths
from sim.scenario.distribution import Distribution
from sim.scenario.key_paths import path_parts
from sim.scenario.registry import value_in

if TYPE_CHECKING:
    from sim.scenario import Scenario

#: Shared by all truces (judgement, 2026-11-29): how orders go, who answers what, who slips, talks.
SHARED = (
    "levers.*.friction",
    "levers.us.tariffs.temperature",
    "levers.cn.tariffs.temperature",
    "levers.cn.rare_earths.capacity_after_talks",
    "levers.cn.rare_earths.squeeze",
    "talks.talks_rate",
    "talks.talks_pressure",
    "talks.relief",
    "talks.relief_lag_weeks",
    "talks.grace_weeks",
    "actors.*.policy.generosity",
    "actors.cn.policy.k",
    "actors.*.slip",
    "actors.*.false_alarm",
    "actors.*.insistence",
    "actors.*.reluctance",
    "actors.us.hurt",
    "actors.us.lasting_weeks",
)
#: Of each truce: its office, and how hot it is.
OWN = ("heat", "levers.cn.rare_earths.capacity")
#: Settings that nothing depends on, moved along with the others: what they seem to gain is what the
#: sampler alone makes of so many points.
IDLE = 16
READING = "reading"


@dataclass(frozen=True)
class Coordinate:
    """One coordinate of a point. truce: "" where all share it. law: None for a reading, whose
    names and cumulative weights are `readings`."""

    path: str
    truce: str
    law: Distribution | None
    whole: bool = False
    readings: tuple[tuple[str, float], ...] = ()

    @property
    def name(self) -> str:
        """Path, and the truce whose it is."""
        return f"{self.path} ({self.truce})" if self.truce else self.path

    def values(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values at standard normals; of a reading its place."""
        share = ndtr(z)
        if self.law is not None:
            return self.law.at(share, self.whole)
        ends = np.array([end for _, end in self.readings])
        return np.minimum(np.searchsorted(ends, share, "right"), len(ends) - 1).astype(float)


@dataclass(frozen=True, eq=False)
class Prior:
    """The coordinates of a point, for these scenarios."""

    scenarios: "tuple[Scenario, ...]"
    coordinates: tuple[Coordinate, ...]

    @property
    def size(self) -> int:
        """Number of coordinates."""
        return len(self.coordinates)

    def values(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """(points, coordinates) values of points z of the same shape."""
        columns = [
            coordinate.values(z[:, place]) for place, coordinate in enumerate(self.coordinates)
        ]
        return np.stack(columns, axis=1)

    def world(self, scenario: "Scenario", values: NDArray[np.float64]) -> "Scenario":
        """A scenario with the settings of one point; of one with readings the reading of the point.

        What a reading sets itself stays as it says.
        """
        values_given, reading = {}, ""
        for value, coordinate in zip(values.tolist(), self.coordinates, strict=True):
            if coordinate.truce not in ("", scenario.name):
                continue
            if coordinate.law is None:
                reading = coordinate.readings[int(value)][0]
            elif has(scenario, coordinate.path):
                values_given[coordinate.path] = value
        world_of_point = scenario.with_values(values_given)
        return world_of_point.readings[reading] if reading else world_of_point


def prior_of(
    scenarios: "Sequence[Scenario]",
    shared: Sequence[str] = SHARED,
    own: Sequence[str] = OWN,
) -> Prior:
    """The coordinates of these truces: what is believed of the settings that patterns name.

    The law of a setting is that of the first scenario that has one, for all that have the setting.
    Raises ForecastError if a scenario is given twice.
    """
    names = [scenario.name for scenario in scenarios]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ForecastError.single("SCENARIO", f"{twice} twice", "each truce once")
    laws = {scenario.name: scenario.distributions() for scenario in scenarios}
    whole = {scenario.name: whole_paths(scenario) for scenario in scenarios}
    coordinates = readings_of(scenarios)
    for pattern in shared:
        coordinates += [
            Coordinate(path, "", law, path in whole[scenario.name])
            for scenario, path, law in _fitting(scenarios, laws, pattern)
        ]
    for scenario in scenarios:
        for pattern in own:
            coordinates += [
                Coordinate(path, scenario.name, law, path in whole[other.name])
                for other, path, law in _fitting(scenarios, laws, pattern)
                if has(scenario, path) and not scenario.is_set_by_readings(path)
            ]
    return Prior(
        tuple(scenarios),
        tuple({coordinate.name: coordinate for coordinate in coordinates}.values()),
    )


def has(scenario: "Scenario", path: str) -> bool:
    """Whether a scenario has a setting."""
    try:
        return value_in(scenario.spec, path_parts(path)) is not None
    except KeyError:
        return False


def readings_of(scenarios: "Sequence[Scenario]") -> list[Coordinate]:
    """A coordinate for each scenario with readings, first: which of them is so."""
    coordinates = []
    for scenario in scenarios:
        if scenario.readings:
            weights = scenario.spec.readings or {}
            ends = np.cumsum([weights[name].weight for name in weights]).tolist()
            coordinates.append(
                Coordinate(
                    READING, scenario.name, None, True, tuple(zip(weights, ends, strict=True))
                )
            )
    return coordinates


def _fitting(
    scenarios: "Sequence[Scenario]", laws: dict[str, dict[str, Distribution]], pattern: str
) -> "list[tuple[Scenario, str, Distribution]]":
    """Paths that fit a pattern, each with the first scenario that believes something of it."""
    by_path: dict[str, tuple[Scenario, str, Distribution]] = {}
    for scenario in scenarios:
        for path, law in laws[scenario.name].items():
            if path not in by_path and fnmatchcase(path, pattern):
                by_path[path] = (scenario, path, law)
    return list(by_path.values())
