"""A tournament that was asked for, as the pages, pictures and JSON of it begin."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.games.lineup import Policies, own_label
from sim.games.played import Played

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.studies.experiment import Experiment


@dataclass(frozen=True)
class Game:
    """What it is of, its runs, and where its tables are."""

    experiment: "Experiment"
    played: Played
    folder: Path

    @property
    def world(self) -> "Scenario":
        """The scenario it is played in."""
        return self.experiment.worlds[self.experiment.base]

    def content(self) -> dict[str, Any]:
        """What was played, as plain values."""
        world = self.world
        return {
            "scenario": world.name,
            "title": world.title,
            "hash": world.hash,
            "seed": self.experiment.seed,
            "n": self.played.n,
            "week": self.played.week,
            "horizon": world.spec.weeks,
            "policies": self.policies,
            "as_shipped": dict(zip(world.sides.ids, self.own, strict=True)),
            "folder": str(self.folder),
        }

    @property
    def policies(self) -> dict[str, Policies]:
        """What each side may play, by label."""
        return {
            factor.name: {str(level.label): level.value for level in factor.levels}
            for factor in self.experiment.factors
        }

    @property
    def own(self) -> tuple[str | None, str | None]:
        """The labels under which the scenario's own policies play."""
        us, cn = (own_label(self.world, *policies) for policies in self.policies.items())
        return us, cn

    @property
    def source(self) -> str:
        """Where a picture of it comes from."""
        us, cn = self.played.shape
        return (
            f"Source: detente, scenario {self.world.name} ({self.world.hash[:8]}), {us} x {cn} "
            f"policies, {self.played.n:,} runs each, seed {self.experiment.seed}, batch engine."
        )
