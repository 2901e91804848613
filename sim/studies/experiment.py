"""An experiment: one scenario, what is varied in it, and how often each point is run."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.scenario import Scenario
from sim.studies import design as designs
from sim.studies.design import Design, Point
from sim.studies.factors import SCENARIO, Factor

#: Origin of a value written by an experiment.
BY_EXPERIMENT = "experiment"


@dataclass(frozen=True)
class Experiment:
    """What a file describes, read and checked. `worlds` holds its scenarios by the name used."""

    name: str
    file: str
    question: str
    base: str
    worlds: dict[str, Scenario]
    runs: int
    seed: int
    design: Design
    factors: tuple[Factor, ...]
    fresh_luck: bool = False
    _bare: dict[str, Scenario] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> int:
        """Number of points."""
        return designs.size(self.factors, self.design)

    @property
    def weeks(self) -> int:
        """The longest horizon of its scenarios, if no factor changes it."""
        return max(world.spec.weeks for world in self.worlds.values())

    @property
    def run_weeks(self) -> int:
        """What it costs, in run-weeks."""
        return self.size * self.runs * self.weeks

    def points(self) -> Iterator[Point]:
        """Its points, in order."""
        return designs.points(self.factors, self.design, self.seed)

    def seed_of(self, point: int) -> int:
        """The seed of a point: the same for all, unless fresh luck is asked for."""
        if not self.fresh_luck:
            return self.seed
        digest = hashlib.sha256(f"{self.seed}/{point}".encode()).digest()
        return int.from_bytes(digest[:8], "big")

    def scenario_at(self, point: Point) -> Scenario:
        """The scenario of a point, checked. Raises ScenarioError where it makes no sense."""
        world = self.base
        changes: dict[str, Any] = {}
        for factor, level in zip(self.factors, point, strict=True):
            if factor.path == SCENARIO:
                world = level.value
            else:
                changes[factor.path] = level.value
        bare = self._without_sources(world)
        return bare.override(changes, BY_EXPERIMENT) if changes else bare

    def _without_sources(self, name: str) -> Scenario:
        """A scenario without its notes on sources: they take most of the time of a check."""
        if name not in self._bare:
            world = self.worlds[name]
            tree = world.tree.copy()
            tree.table.pop("sources", None)
            self._bare[name] = Scenario(world.spec, world.name, world.path, (), tree)
        return self._bare[name]

    def to_table(self) -> dict[str, Any]:
        """All that determines the numbers, as a plain table that JSON can hold."""
        return {
            "name": self.name,
            "scenario": self.base,
            "runs": self.runs,
            "seed": self.seed,
            "fresh_luck": self.fresh_luck,
            "design": {"kind": self.design.kind, "points": self.size},
            "factors": [_factor_table(factor) for factor in self.factors],
        }


def _factor_table(factor: Factor) -> dict[str, Any]:
    table: dict[str, Any] = {"name": factor.name, "path": factor.path}
    if factor.levels:
        table["labels"] = [level.label for level in factor.levels]
        table["values"] = [level.value for level in factor.levels]
    if factor.low is not None:
        table |= {"low": factor.low, "high": factor.high}
    if factor.distribution is not None:
        table["distribution"] = factor.distribution.to_table()
    return table | ({"link": factor.link} if factor.link else {})
