"""Which numbers of a scenario cannot move its headline, and why: by what is switched off.

The headline is `standing` (`clean` without a truce) at the end of the first term, else of the
horizon. A number is inert if nothing that reads it can act before that: its mechanism is off over
the whole of its own range, or only payoffs or a later week read it. No run is needed for that. That
a number is not named here does not say that it moves much.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from sim.scenario.checks import OF_JOINING
from sim.scenario.compile_actors import machine_of
from sim.scenario.distribution import Distribution
from sim.scenario.registry import leaves, value_in
from sim.scenario.schema import ScenarioSpec
from sim.world.sensors import QUANTITIES

#: What only payoffs read, and no decision.
OF_PAYOFFS = ("own_gain", "audience_cost", "discount", "convexity")
OF_BELIEF = ("belief_prior_weeks", "belief_prior_good", "belief_memory")
OF_RELIEF = ("relief_lag_weeks", "relief_ordered", "sequencing")

#: Key path and why it moves nothing.
Found = tuple[str, str]


def inert(spec: ScenarioSpec, believed: Mapping[str, Distribution]) -> dict[str, str]:
    """Key path -> why it cannot move the headline. `believed`: what is drawn of which path."""
    world = _World(spec, believed)
    reasons_by_path: dict[str, str] = {}
    for rule in RULES:
        for path, why in rule(world):
            reasons_by_path.setdefault(path, why)
    present = {".".join(leaf.path) for leaf in leaves(spec)}
    return {path: why for path, why in reasons_by_path.items() if path in present}


class _World:
    """A scenario with what is believed of it, and what its parts can reach."""

    def __init__(self, spec: ScenarioSpec, believed: Mapping[str, Distribution]) -> None:
        self.spec = spec
        self.believed = believed
        term = spec.truce.term_weeks if spec.truce else None
        self.weeks = spec.weeks if term is None else min(term, spec.weeks)
        self.machines = [machine_of(spec, side) for side in spec.ids]

    def ends(self, path: str) -> tuple[float, float]:
        """The least and the most that a number can be."""
        if path in self.believed:
            law = self.believed[path]
            return law.low, law.high
        value = value_in(self.spec, path)
        return float(value), float(value)

    def is_off(self, *paths: str) -> bool:
        """Whether none of these can be above 0."""
        return all(self.ends(path)[1] <= 0 for path in paths)

    def senses(self, quantity: str) -> bool:
        place = list(QUANTITIES).index(quantity)
        return any(machine.weights[place] != 0 for machine in self.machines)

    def heeds_own_conduct(self, side: str) -> bool:
        """Whether the machine of a side goes on by what it has done itself."""
        following = self.machines[self.spec.ids.index(side)].following
        return bool((following[:, :2] != following[:, 2:]).any())


def _unread(world: _World) -> Iterator[Found]:
    owners = [f"actors.{side}" for side in world.spec.ids]
    for owner in (*owners, *(f"levers.{lever}" for lever in world.spec.levers_by_name)):
        yield from ((f"{owner}.{name}", "only payoffs read it") for name in OF_PAYOFFS)
    if not world.senses("belief"):
        why = f"beliefs are read when a term ends, after week {world.weeks}"
        yield from ((f"{owner}.{name}", why) for owner in owners for name in OF_BELIEF)


def _answers(world: _World) -> Iterator[Found]:
    for side in world.spec.ids:
        path = f"actors.{side}"
        if world.ends(f"{path}.package")[0] > 0:
            yield f"{path}.stride", "answers come as packages"
        if world.is_off(f"{path}.lasting_weeks"):
            yield f"{path}.severe_shortage", "lasting_weeks is 0"
        if world.is_off("talks.grace_weeks"):
            yield f"{path}.slip_after_talks", "talks.grace_weeks is 0"
        if world.spec.noise == "flip":
            yield f"{path}.slip_fail", 'noise is "flip"'
        if world.spec.actors[side].lever_choice == "uniform":
            yield f"{path}.temperature", "levers are chosen uniformly"


def _pressure(world: _World) -> Iterator[Found]:
    unread = world.is_off("talks.talks_pressure") and not world.senses("pressure")
    felt = {lever for ally in world.spec.allies.values() for lever in ally.dependence}
    for side in world.spec.ids:
        waited_for = any(
            lever.scope == "global" and f"{side}.{name}" in felt
            for name, lever in world.spec.levers.get(side, {}).items()
        )
        if unread or not waited_for:
            yield (
                f"actors.{side}.spillover",
                "pressure is not read" if unread else "no ally waits for its levers",
            )
        if unread:
            yield f"actors.{side}.pressure_smoothing", "pressure is not read"


def _talks(world: _World) -> Iterator[Found]:
    if world.is_off("talks.relief"):
        yield from ((f"talks.{name}", "talks.relief is 0") for name in OF_RELIEF)
    if world.ends("talks.boost_weeks")[1] <= 0:
        for name in world.spec.levers_by_name:
            yield f"levers.{name}.capacity_after_talks", "talks.boost_weeks is 0"


def _levers(world: _World) -> Iterator[Found]:
    for name, lever in world.spec.levers_by_name.items():
        path = f"levers.{name}"
        owner = name.partition(".")[0]
        if "level" not in (lever.owes, lever.seen_owing):
            yield f"{path}.due_weeks", "it owes service, and no level by a date"
        if lever.owes == "level" and not world.heeds_own_conduct(owner):
            yield f"{path}.promised_by_owner", "no policy and no relief depends on it"
        if lever.halving_years is None:
            yield from ((f"{path}.{key}", "no halving_years") for key in ("dead_weeks", "induced"))
        elif lever.dead_weeks >= world.weeks:
            why = f"dependence falls after week {lever.dead_weeks}"
            yield from ((f"{path}.{key}", why) for key in ("halving_years", "induced"))


def _allies(world: _World) -> Iterator[Found]:
    for name, ally in world.spec.allies.items():
        path = f"allies.{name}"
        if ally.lever is None:
            yield from ((f"{path}.{key}", "it joins no lever") for key in OF_JOINING)
        elif 1 + max(1.0, world.ends(f"{path}.lag_weeks")[0]) > world.weeks:
            why = f"who joins helps after week {world.weeks}"
            yield from ((f"{path}.{key}", why) for key in OF_JOINING)


def sentence(reasons_by_path: Mapping[str, str], ranged: Iterable[str], headline: str) -> str:
    """How many of the numbers with a range cannot move the headline, by reason; empty if all can.

    `reasons_by_path` as `inert` gives it, `ranged` the key paths that have a range.
    """
    paths = list(ranged)
    reasons = Counter(reasons_by_path[path] for path in paths if path in reasons_by_path)
    if not reasons:
        return ""
    counts = "; ".join(f"{why} ({count})" for why, count in reasons.items())
    count = reasons.total()
    return f"{count} of {len(paths)} numbers with a range cannot move {headline}: {counts}"


RULES = (_unread, _answers, _pressure, _talks, _levers, _allies)
