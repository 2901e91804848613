"""An experiment: one scenario, what is varied in it, and how often each point is run."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.outcomes.definitions import counted
from sim.outcomes.simulate import most_runs
from sim.outcomes.spread import whole_paths
from sim.scenario import Scenario
from sim.scenario.distribution import read_distribution
from sim.scenario.overrides import Known, patched
from sim.store.files import MANIFEST
from sim.studies import design as designs
from sim.studies.design import SCENARIO, Design, Factor, Level, Point
from sim.studies.tables import headline

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

#: Origin of a value written by an experiment.
BY_EXPERIMENT = "experiment"
#: With `until`, a point has at most so many runs, unless the file says otherwise.
MOST_RUNS_A_POINT = 1_000_000


@dataclass(frozen=True)
class Experiment:
    """What a file describes, read and checked. `worlds` holds its scenarios by the name used.

    `keep` names the tables kept besides the outcomes. With `until`, runs are added to a point
    until half the width of its headline's interval is at most this, or `limit` is reached.
    """

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
    keep: tuple[str, ...] = ()
    until: float | None = None
    limit: int = MOST_RUNS_A_POINT
    _bare: dict[str, Scenario] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[str, Known] = field(default_factory=dict, repr=False, compare=False)

    @property
    def size(self) -> int:
        """Number of points."""
        return designs.size(self.factors, self.design)

    @property
    def weeks(self) -> int:
        """The longest horizon of its scenarios, if no factor changes it."""
        return max(world.spec.weeks for world in self.worlds.values())

    @property
    def most_runs(self) -> int:
        """Runs of one point at most: `runs`, or with `until` what a share of one half needs."""
        return most_runs(self.runs, self.until, self.limit)

    @property
    def run_weeks(self) -> int:
        """What it costs, in run-weeks; with `until` at most."""
        return self.size * self.most_runs * self.weeks

    @property
    def definition(self) -> str:
        """What the headline of its scenario counts as holding, in words."""
        world = self.worlds[self.base].compiled
        return counted(world, headline(world)[0])

    def points(self) -> Iterator[Point]:
        """Its points, in order."""
        return designs.points(self.factors, self.design, self.seed)

    def seed_of(self, point: int) -> int:
        """The seed of a point: the same for all, unless fresh random numbers are asked for."""
        if not self.fresh_luck:
            return self.seed
        digest = hashlib.sha256(f"{self.seed}/{point}".encode()).digest()
        return int.from_bytes(digest[:8], "big")

    def scenario_at(self, point: Point, is_sound: bool = False) -> Scenario:
        """The scenario of a point, checked. Raises ScenarioError where it makes no sense.

        is_sound: that was looked at before.
        """
        world = self.base
        changes: dict[str, Any] = {}
        for factor, level in zip(self.factors, point, strict=True):
            if factor.path == SCENARIO:
                world = level.value
            else:
                changes[factor.path] = level.value
        bare = self._bare_world(world)
        known = self._known.setdefault(world, {})
        spec = patched(bare.spec, bare.tree.table, changes, known, is_sound)
        if spec is None:
            return bare.override(changes, BY_EXPERIMENT)
        return Scenario(spec, bare.name, bare.path, beside=bare)

    def compiled_at(self, point: Point) -> "Compiled":
        """A point that was checked before as the engines run it; it follows what will be kept."""
        world = self.scenario_at(point, is_sound=True)
        return world.compiled if "bands" in self.keep else world.unfollowed

    def _bare_world(self, name: str) -> Scenario:
        """A scenario without sources and ranges: notes on its values, checked when it was read."""
        if name not in self._bare:
            world = self.worlds[name]
            tree = world.tree.copy()
            for notes in ("sources", "ranges"):
                tree.table.pop(notes, None)
            spec = world.spec.model_copy(update={"sources": {}, "ranges": {}})
            self._bare[name] = Scenario(spec, world.name, world.path, (), tree)
        return self._bare[name]

    def to_table(self) -> dict[str, Any]:
        """All that determines the numbers, as a plain table that JSON can hold."""
        return {
            "name": self.name,
            "scenario": self.base,
            "runs": self.runs,
            "seed": self.seed,
            "fresh_luck": self.fresh_luck,
            "keep": list(self.keep),
            "until": self.until,
            "limit": None if self.until is None else self.limit,
            "design": self.design.table(self.size),
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


def experiment_of(plan: Mapping[str, Any]) -> Experiment:
    """The experiment that a plan was made of (`plan_table`)."""
    written = plan["experiment"]
    worlds = {
        name: Scenario.from_table(world["table"], name=Path(name).stem)
        for name, world in plan["scenarios"].items()
    }
    return Experiment(
        name=written["name"],
        file=MANIFEST,
        question="",
        base=written["scenario"],
        worlds=worlds,
        runs=written["runs"],
        seed=written["seed"],
        design=Design.of(written["design"]),
        factors=tuple(_factor(table, worlds[written["scenario"]]) for table in written["factors"]),
        fresh_luck=written["fresh_luck"],
        keep=tuple(written["keep"]),
        until=written["until"],
        limit=written["limit"] or MOST_RUNS_A_POINT,
    )


def _factor(table: Mapping[str, Any], world: Scenario) -> Factor:
    law = table.get("distribution")
    labels, values = table.get("labels", ()), table.get("values", ())
    return Factor(
        name=table["name"],
        path=table["path"],
        levels=tuple(Level(a, b) for a, b in zip(labels, values, strict=True)),
        low=table.get("low"),
        high=table.get("high"),
        whole=table["path"] in whole_paths(world),
        link=table.get("link", ""),
        distribution=None if law is None else read_distribution(law),
    )
