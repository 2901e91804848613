"""A scenario laid beside the record together with its rivals, which stand in every table of it."""

from typing import TYPE_CHECKING, NamedTuple

from sim.history.governments import GOVERNMENTS, with_governments
from sim.history.record import Record
from sim.history.replay import RUNS, Replay, replay
from sim.numbers import DEFAULT_SEED

if TYPE_CHECKING:
    from sim.scenario import Scenario


class Replays(NamedTuple):
    """A scenario beside the record, and the same with the governments of each rival, by name."""

    scenario: "Scenario"
    base: Replay
    rivals: dict[str, Replay]

    @property
    def rows(self) -> dict[str, Replay]:
        """What a table lists, by its name there: the scenario, then its rivals."""
        name = self.scenario.name
        return {name: self.base} | {f"{name}, {rival}": r for rival, r in self.rivals.items()}


def with_rivals(
    scenario: "Scenario", runs: int = RUNS, seed: int = DEFAULT_SEED, record: Record | None = None
) -> Replays:
    """`replay` of a scenario and of the same under each rival; raises what `replay` raises."""
    base = replay(scenario, runs, seed, record)
    others = {each: with_governments(scenario, each) for each in GOVERNMENTS}
    return Replays(scenario, base, {n: replay(s, runs, seed, record) for n, s in others.items()})
