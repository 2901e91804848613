"""From a validated scenario to the record tables that the world reads: the only bridge."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any, Protocol

import numpy as np

from sim.errors import Problem, ScenarioError
from sim.policies.machine import Machine
from sim.scenario.compile_actors import (
    actor_table,
    discount_table,
    following_table,
    machines_of,
    move_table,
    stage_table,
    start_table,
)
from sim.scenario.compile_bands import band_table, rupture_rung, thresholds
from sim.scenario.compile_events import (
    ally_need_table,
    ally_table,
    calendar_table,
    deal_table,
    shock_table,
)
from sim.scenario.compile_levers import (
    decay_table,
    demand_batches,
    gumbel_table,
    level_tables,
    lever_lists,
    lever_table,
    poisson_table,
    programme_table,
    programmes_read,
    supplied,
)
from sim.scenario.heat import heat_table
from sim.scenario.readings import ALL, Slots, slots_of
from sim.scenario.records import Made, Parts, records, same_named
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec
from sim.scenario.schema_world import TruceSpec
from sim.scenario.sides import DEFAULT, Sides, sequencings
from sim.world.params import BAND, CN_FIRST, NEVER, RULES, SIMULTANEOUS, US_FIRST, Params

#: What the engines know each of `sequencings` as.
_SEQUENCINGS = (SIMULTANEOUS, US_FIRST, CN_FIRST)


class HasSpec(Protocol):
    """What a scenario is to the compiler."""

    @property
    def spec(self) -> ScenarioSpec:
        """The validated scenario."""


class Undecided(Params):
    """The tables of a scenario with readings: for its names and rules, not to be played."""


@dataclass(frozen=True, eq=False)
class Part:
    """The runs of one reading and the tables they are played with; "" where there are none."""

    reading: str
    slots: Slots
    params: Params

    def changed(self, change: Callable[[Params], Params]) -> "Part":
        """The same runs with changed tables."""
        return replace(self, params=change(self.params))


@dataclass(frozen=True, eq=False)
class Compiled:
    """A scenario as the engines run it, with the names behind its indices.

    `levers` are full names ("us.chips"), those of the first side first; `states` holds the machine
    states of both sides, whose indices in `params` go on where those of the first end. `parts` are
    what is played: one for all runs, or one a reading (then `params` is Undecided).
    """

    params: Params
    levers: tuple[str, ...]
    allies: tuple[str, ...]
    shocks: tuple[str, ...]
    deals: tuple[str, ...]
    states: tuple[tuple[str, ...], tuple[str, ...]]
    start: datetime.date
    weeks: int
    sides: Sides = DEFAULT
    readings: tuple[Part, ...] = ()
    #: What the tables were made of, for those of a neighbour (`compile_scenario`).
    made: Mapping[Any, Made] = field(default_factory=dict, repr=False)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Whose runs are played with which tables."""
        return self.readings or (Part("", ALL, self.params),)

    def params_of(self, run: int) -> Params:
        """The tables that a run is played with."""
        return next(part.params for part in self.parts if run in part.slots)

    def state_name(self, index: int) -> str:
        """Name of a machine state by its index in `params.moves`."""
        return (self.states[0] + self.states[1])[index]


def compile_scenario(
    scenario: HasSpec, before: Compiled | None = None, followed: bool = True
) -> Compiled:
    """The record tables of a scenario; everything that is derived is derived here.

    before: a neighbour's, whose parts are used where the two do not differ; followed: whether there
    are to be bands of trajectories. Raises PolicyError for a policy that cannot be built; a
    Scenario has checked that already.
    """
    spec, parts = scenario.spec, Parts(None if before is None else before.made)
    rows = spec.levers_by_name
    machines = machines_of(spec, parts)
    tables = _by_lever(spec, rows, parts) | _by_machine(machines, parts)
    tables |= _by_event(spec, rows, parts)
    due = tables["levers"].view(np.ndarray)["due"]
    params = Params(
        rules=_rules(spec, rows, parts),
        actors=actor_table(spec, machines, felt_at_start(spec, rows, parts), parts),
        gumbel=gumbel_table(),
        heat=heat_table(spec.heat),
        stage=parts.part("stage", lambda *_: stage_table(spec), spec.stage_payoffs),
        discounting=parts.part(
            "discounting",
            lambda *_: discount_table(spec),
            *(spec.weeks, *(spec.actors[side].discount for side in spec.ids)),
        ),
        bands=_bands(spec, rows, parts, followed),
        thresholds=parts.part("thresholds", lambda _: np.array(thresholds(spec)), spec.truce),
        calendar=parts.part(
            "calendar",
            lambda weeks, _, *others: calendar_table(weeks, due, *others),
            *(spec.weeks, due.tobytes(), tables["shocks"], tables["programmes"]),
        ),
        **tables,
    )
    return Compiled(
        params=params,
        levers=tuple(rows),
        allies=tuple(spec.allies),
        shocks=tuple(shock.name for shock in spec.shocks),
        deals=tuple(deal.name for deal in spec.deals),
        states=(machines[0].states, machines[1].states),
        start=spec.start,
        weeks=spec.weeks,
        sides=spec.who,
        made=parts.made,
    )


def _rules(spec: ScenarioSpec, rows: dict[str, LeverSpec], parts: Parts) -> np.recarray:
    return parts.part(
        "rules",
        lambda *_: rules_table(spec, rows),
        *(spec.weeks, spec.noise, spec.talks, spec.truce, spec.stage_payoffs, spec.sides),
        two_readings(rows),
    )


def _bands(
    spec: ScenarioSpec, rows: dict[str, LeverSpec], parts: Parts, followed: bool
) -> np.recarray:
    if not followed:
        return parts.part("no bands", lambda: records(BAND, []))
    names, values = parts.together("names", *rows), parts.together("values", *rows.values())
    return parts.part(
        "bands",
        lambda *_: band_table(spec, rows),
        *(spec.weeks, spec.deals, spec.allies, spec.shocks, names, values),
    )


def _by_lever(
    spec: ScenarioSpec, rows: dict[str, LeverSpec], parts: Parts
) -> dict[str, np.ndarray]:
    """The tables that hang on the levers."""
    batches = demand_batches(rows)
    made = attrgetter("programmes")  # tuples made anew with a lever, of the same programmes
    programmes = parts.each("programmes read", made, tuple(rows.values()), reads=programmes_read)
    levers = lever_table(spec, rows, parts)
    return {
        "levers": levers,
        **lever_lists(levers, parts),
        "programmes": parts.part(
            "programmes", lambda *_: programme_table(spec, rows), spec.start, *programmes
        ),
        "decay": decay_table(rows, parts),
        "poisson": parts.part("poisson", lambda *_: poisson_table(batches), *batches),
        **level_tables(rows, parts),
    }


def _by_machine(machines: tuple[Machine, Machine], parts: Parts) -> dict[str, np.ndarray]:
    """The tables of the two sides' machines."""
    makers = {"starts": start_table, "moves": move_table, "following": following_table}

    def made(name: str) -> np.ndarray:
        return parts.part(name, lambda *both: makers[name](both), *machines)

    return {name: made(name) for name in makers}


def _by_event(
    spec: ScenarioSpec, rows: dict[str, LeverSpec], parts: Parts
) -> dict[str, np.ndarray]:
    """The tables of shocks, allies and deals, which name levers by their place."""
    given = (spec.shocks, spec.allies, spec.deals, spec.start)
    names = parts.together("names", *rows)
    return parts.part("events", lambda *_: _events(spec, rows, parts, names), *given, names)


def _events(
    spec: ScenarioSpec, rows: dict[str, LeverSpec], parts: Parts, names: tuple[str, ...]
) -> dict[str, np.ndarray]:
    index = parts.part("index", lambda *_: {path: k for k, path in enumerate(rows)}, names)

    def made(name: str, make: Callable[..., np.ndarray], given: Any) -> np.ndarray:
        return parts.part(name, lambda *_: make(spec, index), given, spec.start, names)

    return {
        "shocks": made("shocks", shock_table, spec.shocks),
        "allies": made("allies", ally_table, spec.allies),
        "ally_need": made("ally_need", ally_need_table, spec.allies),
        "deals": made("deals", deal_table, spec.deals),
    }


def compile_readings(scenario: HasSpec, own: Compiled, read: Mapping[str, Compiled]) -> Compiled:
    """The tables of a scenario with readings: those of each in `read`, `own` for names and rules.

    Raises ScenarioError for a reading that adds or removes levers, allies, shocks or deals.
    """
    slots = slots_of({name: given.weight for name, given in (scenario.spec.readings or {}).items()})
    parts = []
    for name, world in read.items():
        if _names(world) != _names(own):
            found = "levers, allies, shocks or deals of its own"
            here = f"reading {name}"
            raise ScenarioError([Problem(here, None, "", found, "values of those that are there")])
        parts.append(Part(name, slots[name], world.params))
    return replace(own, params=Undecided(*own.params), readings=tuple(parts))


def _names(world: Compiled) -> tuple[tuple[str, ...], ...]:
    return world.levers, world.allies, world.shocks, world.deals


def rules_table(spec: ScenarioSpec, rows: dict[str, LeverSpec]) -> np.recarray:
    """RULES (1,): the truce, the talks and the switches of the textbook world."""
    talks = spec.talks
    rules = same_named(RULES, spec) | same_named(RULES, talks)
    rules |= _truce_rules(spec.truce)
    rules |= {"rupture_rung": rupture_rung(spec), "rupture_row": len(thresholds(spec)) - 1}
    rules |= {
        "cooldown": talks.cooldown_weeks,
        "cooldown_rate": talks.cooldown_rate,
        "quiet_start": talks.quiet_start,
        "boost": talks.boost_weeks,
        "relief_lag": max(1, talks.relief_lag_weeks),
        "two_readings": two_readings(rows),
        "sequencing": _SEQUENCINGS[sequencings(spec.ids).index(talks.sequencing)],
        "grace": talks.grace_weeks,
        "flip": spec.noise == "flip",
        "stage": spec.stage_payoffs is not None,
    }
    return records(RULES, [rules])


def two_readings(rows: dict[str, LeverSpec]) -> bool:
    """Whether some lever owes one thing by its owner, another by its target."""
    return any(lever.owes != lever.seen_owing for lever in rows.values())


def _truce_rules(given: TruceSpec | None) -> dict[str, Any]:
    """Without a truce its rules stand at their defaults, and nothing reads them."""
    truce = TruceSpec() if given is None else given
    return same_named(RULES, truce) | {
        "has_truce": given is not None,
        "term": NEVER if truce.term_weeks is None else truce.term_weeks,
        "extension": NEVER if truce.extension is None else truce.extension,
        "quiet": truce.quiet_weeks,
        "unilateral_after": truce.unilateral_after or NEVER,
    }


def felt_at_start(
    spec: ScenarioSpec, rows: dict[str, LeverSpec], parts: Parts
) -> tuple[float, float]:
    """Felt shortage of us and cn in week 0: min(1, sum w x) over the levers that bite them.

    x is the shortage of the last supply step of a lever's history, 0 without one.
    """

    def felt(owner: str) -> float:
        owned, name = spec.levers[owner].values(), ("felt", owner)
        return parts.part(name, lambda *_: _felt(spec, owner, rows, parts), spec.start, *owned)

    us, cn = spec.ids
    return felt(cn), felt(us)


def _felt(spec: ScenarioSpec, owner: str, rows: dict[str, LeverSpec], parts: Parts) -> float:
    left_by = zip(rows.items(), supplied(rows, spec.start, parts), strict=True)
    own = ((lever, left) for (path, lever), left in left_by if path.startswith(f"{owner}."))
    return min(1.0, sum(lever.harm_weight * left.shortage for lever, left in own))
