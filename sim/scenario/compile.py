"""From a validated scenario to the record tables that the world reads: the only bridge."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, ScenarioError
from sim.scenario.calendar import week_of
from sim.scenario.compile_actors import actor_tables
from sim.scenario.compile_bands import band_table, rupture_rung, thresholds
from sim.scenario.compile_levers import Supplied, lever_tables, supplied_at_start
from sim.scenario.draw_tables import gumbel_table, heat_table
from sim.scenario.records import Made, Parts, T, records, same_named
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec
from sim.scenario.schema_world import ALL, Slots, TruceSpec
from sim.scenario.sides import DEFAULT, Sides, sequencings
from sim.world.params import (
    ALLY,
    BAND,
    CN_FIRST,
    DEAL_TERM,
    NEVER,
    RULES,
    SHOCK,
    SIMULTANEOUS,
    US_FIRST,
    Params,
)

NONE = -1
_STAYS, _MOVES_BY, _MOVES_TO = 0, 1, 2


def event_tables(spec: ScenarioSpec, rows: Iterable[str], parts: Parts) -> dict[str, NDArray[Any]]:
    """The tables of Params that name levers by their place among `rows`."""
    index = {path: k for k, path in enumerate(rows)}

    def made(name: str, make: Callable[..., T], given: Any) -> T:
        return parts.part(name, lambda *_: make(spec, index), given, spec.start, *index)

    return {
        "shocks": made("shocks", shock_table, spec.shocks),
        "allies": made("allies", ally_table, spec.allies),
        "ally_need": made("ally_need", ally_need_table, spec.allies),
        "deals": made("deals", deal_table, spec.deals),
    }


def shock_table(spec: ScenarioSpec, index: Mapping[str, int]) -> np.recarray:
    """SHOCK, file order; one dated after the horizon is kept and never strikes."""
    table = []
    for shock in spec.shocks:
        moves, amount = _STAYS, 0
        if shock.change is not None:
            moves, amount = _MOVES_BY, shock.change
        elif shock.level is not None:
            moves, amount = _MOVES_TO, shock.level
        own = {
            "week": 0 if shock.date is None else week_of(shock.date, spec.start),
            "chance": 0.0 if shock.chance is None or shock.date else shock.chance,
            "lever": NONE if shock.lever is None else index[shock.lever],
            "moves": moves,
            "amount": amount,
            "sets_capacity": shock.capacity is not None,
            "capacity": 0.0 if shock.capacity is None else shock.capacity,
            "removes": shock.remove,
        }
        table.append(same_named(SHOCK, shock) | own)
    return records(SHOCK, table)


def ally_table(spec: ScenarioSpec, index: Mapping[str, int]) -> np.recarray:
    """ALLY (M,), file order; a lag of 0 acts as 1."""
    table = [
        {
            "lever": NONE if ally.lever is None else index[ally.lever],
            "coverage": ally.coverage,
            "join_rate": ally.h,
            "join_pressure": ally.psi,
            "lag": max(1, ally.lag_weeks),
        }
        for ally in spec.allies.values()
    ]
    return records(ALLY, table)


def ally_need_table(spec: ScenarioSpec, index: Mapping[str, int]) -> NDArray[np.float64]:
    """(M, K): dependence of each ally on each lever."""
    table = np.zeros((len(spec.allies), len(index)))
    for m, ally in enumerate(spec.allies.values()):
        for path, share in ally.dependence.items():
            table[m, index[path]] = share
    return table


def deal_table(spec: ScenarioSpec, index: Mapping[str, int]) -> np.recarray:
    """DEAL_TERM, grouped by deal in file order; without a date any talks will do (week 1)."""
    table = [
        {
            "deal": number,
            "week": 1 if deal.date is None else week_of(deal.date, spec.start),
            "lever": index[term.lever],
            "level": term.level,
        }
        for number, deal in enumerate(spec.deals)
        for term in deal.levers
    ]
    return records(DEAL_TERM, table)


def calendar_table(
    weeks: int, due: np.ndarray, shocks: np.recarray, programmes: np.recarray
) -> NDArray[np.int8]:
    """(H + 1,): 1 where an obligation falls due, a shock may strike or a programme starts."""
    table = np.zeros(weeks + 1, np.int8)
    struck, begun = (rows.view(np.ndarray) for rows in (shocks, programmes))
    if (struck["chance"] > 0).any():
        table[1:] = 1
    dated = np.concatenate([due + 1, struck["week"], begun["week"]])
    table[dated[(dated >= 1) & (dated <= weeks)]] = 1
    return table


#: What the engines know each of `sequencings` as.
_SEQUENCINGS = (SIMULTANEOUS, US_FIRST, CN_FIRST)


class Undecided(Params):
    """The tables of a scenario with readings: for its names and rules, not to be played."""


@dataclass(frozen=True, eq=False)
class Part:
    """The runs of one reading and the tables they are played with; "" where there are none.

    `names`: of the levers and of the allies behind the indices of the tables.
    """

    reading: str
    slots: Slots
    params: Params
    names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

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
        return self.readings or (Part("", ALL, self.params, (self.levers, self.allies)),)

    def params_of(self, run: int) -> Params:
        """The tables that a run is played with."""
        return next(part.params for part in self.parts if run in part.slots)

    def state_name(self, index: int) -> str:
        """Name of a machine state by its index in `params.moves`."""
        return (self.states[0] + self.states[1])[index]


def compile_scenario(
    spec: ScenarioSpec, before: Compiled | None = None, followed: bool = True
) -> Compiled:
    """The record tables of a scenario; everything that is derived is derived here.

    before: a neighbour's, whose parts are used where the two do not differ; followed: whether there
    are to be bands of trajectories. Raises PolicyError for a policy that cannot be built; a
    Scenario has checked that already.
    """
    parts = Parts(None if before is None else before.made)
    rows = spec.levers_by_name
    left = parts.each("left", supplied_at_start, rows.values(), [spec.start] * len(rows))
    machines, tables = actor_tables(spec, felt_at_start(spec, rows, left), parts)
    warmth = (spec.actors[side].temperature for side in spec.ids)
    placed = (spec.start, spec.truce, *warmth, *rows, *rows.values())
    tables |= parts.part("by lever", lambda *_: lever_tables(spec, rows, left, parts), *placed)
    tables |= event_tables(spec, rows, parts)
    due = tables["levers"].view(np.ndarray)["due"]
    ruled = (spec.weeks, spec.noise, spec.talks, spec.truce, spec.stage_payoffs, spec.sides)
    banded = (spec.weeks, spec.deals, spec.allies, spec.shocks, *rows, *rows.values())
    params = Params(
        rules=parts.part("rules", lambda *_: rules_table(spec, rows), *ruled, two_readings(rows)),
        gumbel=gumbel_table(),
        heat=heat_table(spec.heat),
        bands=parts.part("bands", lambda *_: band_table(spec, rows), *banded)
        if followed
        else parts.part("no bands", lambda: records(BAND, [])),
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


def compile_readings(spec: ScenarioSpec, own: Compiled, read: Mapping[str, Compiled]) -> Compiled:
    """The tables of a scenario with readings: those of each in `read`, `own` for names and rules.

    Raises ScenarioError for a reading that adds or removes levers, allies, shocks or deals.
    """
    names = attrgetter("levers", "allies", "shocks", "deals")
    for name, world in read.items():
        if names(world) != names(own):
            found = "levers, allies, shocks or deals of its own"
            here = f"reading {name}"
            raise ScenarioError([Problem(here, None, "", found, "values of those that are there")])
    slots = spec.slots
    parts = tuple(
        Part(name, slots[name], world.params, (own.levers, own.allies))
        for name, world in read.items()
    )
    return replace(own, params=Undecided(*own.params), readings=parts)


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
    spec: ScenarioSpec, rows: dict[str, LeverSpec], left: Iterable[Supplied]
) -> tuple[float, float]:
    """Felt shortage of us and cn in week 0: min(1, sum w x) over the levers that bite them.

    x is the shortage of the last supply step of a lever's history, 0 without one.
    """
    bites = dict.fromkeys(spec.ids, 0.0)
    for (path, lever), found in zip(rows.items(), left, strict=True):
        bites[path.partition(".")[0]] += lever.harm_weight * found.shortage
    us, cn = bites.values()
    return min(1.0, cn), min(1.0, us)
