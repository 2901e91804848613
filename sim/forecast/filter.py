"""The particle filter: copies of a scenario's run that follow the record, and how well they can.

The kernel is `sim.engines.follow`; here facts become its tables, and many small filters (islands)
become one estimate. Each island has copies and random numbers of its own, so that their spread
tells the noise of the filter itself (Vergé, Dubarry, Del Moral and Moulines 2015, Statistics and
Computing 25:243). Islands are shared out to threads; the numbers do not depend on how
many there are.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from sim.engines.follow import ANEW, BY_ACTS, BY_TALKS, BY_TERM, Facts, Pool, follow
from sim.engines.setting import scratch, seed_words
from sim.forecast.observations import (
    ACT,
    CLASS,
    EXTENDED,
    FLOW,
    SIDES,
    TALKS,
    Date,
    ForecastError,
    Observations,
    class_names,
    families,
)
from sim.history.path import month_weights
from sim.history.record import MAGNET_LEVER, Month
from sim.scenario.calendar import last_day
from sim.threads import by_threads
from sim.world.compiled import is_ready
from sim.world.philox import philox
from sim.world.purposes import RESAMPLING
from sim.world.state import State, levers_of, new_columns, rows_of

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled
    from sim.world.params import Params

#: Infinitely tolerant: facts that say nothing.
UNINFORMATIVE = math.inf
_LEAST = 1e-3  # for the logarithm of a month without any exports
#: Three directions of a class of levers: from this chance of an error on its coding says nothing.
_NO_CODING = 2 / 3
#: And two states of talks.
_NO_TALKS = 1 / 2


def facts_table(compiled: "Compiled", observed: Observations, tolerance: float = 1.0) -> Facts:
    """The facts as the kernel reads them, in a calendar of `compiled.weeks`.

    tolerance: a factor on the stated ones; UNINFORMATIVE takes every fact away. Raises
    ForecastError for a factor below 0 and for facts about other levers.
    """
    if not tolerance > 0:
        raise ForecastError.single("tolerance", f"{tolerance:g}", "a factor above 0")
    weeks = compiled.weeks
    if tolerance == UNINFORMATIVE:
        return _no_facts(compiled, 0, 1)
    codings = 2 if any(observed.of(CLASS)) else 1
    empty = _no_facts(compiled, len(list(observed.of(FLOW))), codings)
    _put_acts(empty, compiled, observed, tolerance)
    if codings > 1:  # where the second coding has each class move, by the sum of its grades
        names = class_names(compiled.levers)
        total = np.zeros((weeks + 1, len(names)))
        for fact in (fact for fact in observed.of(CLASS) if fact.item):
            total[fact.week, names.index((fact.side, fact.item))] += fact.value
        empty.change[1] = np.sign(total)
    for fact in observed.of(TALKS):
        empty.talks[fact.week] = int(fact.value)
        empty.error[1] = min(fact.tolerance * tolerance, _NO_TALKS)
    for fact in observed.of(EXTENDED):
        empty.extended[fact.week] = int(fact.value)
    for number, fact in enumerate(observed.of(FLOW)):
        month = Month(Date.fromisoformat(fact.item + "-01"), 0.0)
        empty.days[number, 1:] = month_weights(month, observed.start, weeks)
        empty.month[number] = fact.week
        empty.flow[number] = math.log(max(fact.value, _LEAST))
        empty.spread[number] = fact.tolerance * tolerance
    return empty


def _no_facts(compiled: "Compiled", months: int, codings: int) -> Facts:
    rows = compiled.weeks + 1
    family = families(compiled.levers)
    lever = compiled.levers.index(MAGNET_LEVER) if MAGNET_LEVER in compiled.levers else 0
    return Facts(
        known=np.zeros(rows, np.int8),
        level=np.zeros((rows, len(compiled.levers)), np.int32),
        change=np.zeros((codings, rows, int(family.max()) + 1), np.int8),
        moved=np.zeros((rows, 2), np.int8),
        eased=np.zeros((rows, 2), np.int8),
        pulled=np.full((rows, 2), -1, np.int32),
        family=family,
        error=np.zeros(2),
        talks=np.full(rows, -1, np.int8),
        extended=np.full(rows, -1, np.int8),
        days=np.zeros((months, rows)),
        month=np.zeros(months, np.int32),
        flow=np.zeros(months),
        spread=np.ones(months),
        lever=np.array([lever], np.int32),
    )


def without_facts(facts: Facts) -> Facts:
    """The same tables with nothing seen."""
    return facts._replace(
        known=np.zeros_like(facts.known),
        talks=np.full_like(facts.talks, -1),
        extended=np.full_like(facts.extended, -1),
        days=facts.days[:0],
        month=facts.month[:0],
        flow=facts.flow[:0],
        spread=facts.spread[:0],
    )


def _put_acts(facts: Facts, compiled: "Compiled", observed: Observations, tolerance: float) -> None:
    """Lays the acts on the levers, week by week, as `sim.history.path` does."""
    rows = compiled.params.levers
    level = rows["level"].astype(np.int32)
    acts = [fact for fact in observed.of(ACT) if fact.item]
    for week in range(1, observed.weeks + 1):
        for fact in (fact for fact in acts if fact.week == week):
            k, side = compiled.levers.index(fact.item), SIDES.index(fact.side)
            new = min(max(level[k] + int(fact.value), 0), int(rows["top"][k]))
            facts.change[0, week, facts.family[k]] += np.sign(new - level[k])
            facts.moved[week, side] = 1
            if new < level[k]:
                facts.eased[week, side] = 1
            elif new > level[k]:
                facts.pulled[week, side] = rows["issue"][k]
            level[k] = new
        facts.level[week] = level
        facts.known[week] = 1
    np.sign(facts.change, out=facts.change)
    stated = max((fact.tolerance for fact in observed.of(ACT)), default=0.0)
    facts.error[0] = min(stated * tolerance, _NO_CODING)


def needs_compiling() -> bool:
    """Whether the first filter will have to compile the kernel."""
    return not is_ready(follow, "follow.follow")


def new_pool(params: "Params", facts: Facts, copies: int, rounds: int = 1) -> Pool:
    """Room for so many copies, and for what is noted of so many rounds; `follow` fills it."""
    weeks, noted = int(params.rules[0].weeks), copies * rounds
    levers, months = len(params.levers), len(facts.month)
    room = scratch(params)
    columns = new_columns(copies)
    own = {
        "columns": columns,
        "levers": levers_of(columns, levers),
        "curve": room.curve[None],
        "rows": rows_of(columns),
    }
    fields = {
        name: np.zeros((copies, *field.shape), field.dtype)
        for name, field in room._asdict().items()
        if name not in own
    }
    records = {n: f.view(np.recarray) if f.dtype.names else f for n, f in fields.items()}
    return Pool(
        state=State(**records, **own),
        log_weight=np.full(copies, -math.log(copies)),
        month=np.zeros((copies, months)),
        rungs=np.zeros((noted, 2, weeks + 1)),
        flow=np.zeros((noted, weeks + 1)),
        ended=np.zeros(noted, room.run.dtype).view(np.recarray),
        chance=np.ones(1),
        before=np.zeros((levers, 3), np.int32),
        notches=np.zeros(facts.change.shape[2], np.int32),
        ancestor=np.arange(copies),
        evidence=np.zeros(weeks + 1),
        effective=np.zeros(weeks + 1),
        why=np.zeros(weeks + 1, np.int32),
    )


@dataclass
class Island:
    """One filter: copies with the random numbers of runs `first` .. `first` + N - 1 of a seed."""

    params: "Params"
    facts: Facts
    pool: Pool
    key: tuple[int, int]
    first: int
    week: int = ANEW

    def play_to(self, week: int) -> int:
        """Goes on to the end of a week; returns 0, or the week that no copy can follow."""
        state, none = self.pool.state, np.zeros(0, np.int64)
        stuck = follow(
            self.params, self.pool, self.facts, state, none, *self.key, self.first, self.week, week
        )
        self.week = week
        return cast("int", stuck)

    @property
    def evidence(self) -> float:
        """Logarithm of the chance of all that was seen so far."""
        return float(self.pool.evidence[: self.week + 1].sum())


def impossible(observed: Observations, week: int, why: int) -> ForecastError:
    """The error of a week whose facts no copy can follow."""
    causes = ((BY_ACTS, "acts"), (BY_TALKS, "talks"), (BY_TERM, "the end of the first term"))
    names = [text for bit, text in causes if why & bit]
    seen = [f for f in observed.facts if f.week == week and f.value]
    facts = "; ".join(f"{f.kind} {f.item or f.side} {f.value:g}".replace("  ", " ") for f in seen)
    day = last_day(observed.start, week)
    found = f"{' and '.join(names)} as recorded by {day}: {facts or 'none'}"
    allowed = "facts that some run of the scenario can follow; other settings, or more particles"
    return ForecastError.single(f"week {week}", found, allowed)


#: Runs that go on from copies have indices from here on: random numbers that no copy has had.
FIRST_AHEAD = 2**31
T = TypeVar("T")


@dataclass(frozen=True)
class Stuck:
    """The week that no copy of an island can follow, and what of it (`follow.Pool.why`)."""

    week: int
    why: int


#: Makes an island at the start of week 1.
Start = Callable[[], Island]


def begun(
    compiled: "Compiled",
    observed: Observations,
    copies: int,
    first: int,
    seed: int,
    tolerance: float,
) -> Island:
    """An island at the start of week 1; its copies are runs from `first` on."""
    facts = facts_table(compiled, observed, tolerance)
    pool = new_pool(compiled.params, facts, copies)
    return Island(compiled.params, facts, pool, seed_words(seed), first)


def islands_of(
    points: "Sequence[Compiled]",
    observed: Observations,
    particles: int,
    seed: int,
    tolerance: float,
) -> list[Start]:
    """An island a point, the copies shared out between them."""
    copies = max(2, particles // len(points))
    return [
        partial(begun, compiled, observed, copies, place * copies, seed, tolerance)
        for place, compiled in enumerate(points)
    ]


def on_all(
    islands: Sequence[Start], work: Callable[[Island, int], T], threads: int | None = None
) -> list[T]:
    """What `work` makes of each island and its place, in their order, whatever the threads."""
    return by_threads(lambda place: work(islands[place](), place), range(len(islands)), threads)


def alive(results: Sequence[T | Stuck], observed: Observations) -> list[T]:
    """What islands tell that could follow the facts. Raises ForecastError where none could."""
    living = [result for result in results if not isinstance(result, Stuck)]
    if not living:
        latest = max(
            (result for result in results if isinstance(result, Stuck)),
            key=lambda stuck: stuck.week,
        )
        raise impossible(observed, latest.week, latest.why)
    return living


def by_evidence(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of islands by the logarithms of the chance of what each saw; they sum to 1."""
    weights = np.exp(logs - logs.max())
    total: NDArray[np.float64] = weights / weights.sum()
    return total


def followed(island: Island, week: int) -> Stuck | None:
    """Takes an island to the end of a week; what it is stuck at, if it cannot follow."""
    stuck = island.play_to(week)
    return Stuck(stuck, int(island.pool.why[stuck])) if stuck else None


def go_on(island: Island, last: int, first: int, runs: int) -> Pool:
    """What is noted of runs that go on from the copies of an island to week `last`, with the
    random numbers of runs from `first` on. Flows of weeks that are over are those of the copies."""
    week = island.week
    nothing = without_facts(island.facts)
    pool = new_pool(island.params, nothing, 1, runs)
    origin = origins_of(island, runs)
    pool_before = island.pool
    follow(island.params, pool, nothing, pool_before.state, origin, *island.key, first, week, last)
    pool.rungs[:, :, week] = pool_before.rungs[origin, :, week]
    pool.flow[:, : week + 1] = pool_before.flow[origin, : week + 1]
    return pool


def origins_of(island: Island, count: int) -> NDArray[np.int64]:
    """Which copy each of `count` runs goes on from: systematic, with one counter-based draw."""
    word = philox(*island.key, island.first, island.week, RESAMPLING, 1)[0]
    points = (word * 2.0**-32 + np.arange(count)) / count
    total = np.cumsum(np.exp(island.pool.log_weight))
    return np.minimum(np.searchsorted(total / total[-1], points, "right"), len(total) - 1)
