"""The particle filter: copies of a scenario's run that follow the record, and how well they can.

The kernel is `sim.engines.follow`; here facts become its tables, and many small filters (islands)
become one estimate. Each island has copies and random numbers of its own, so that their spread
tells the noise of the filter itself (Vergé, Dubarry, Del Moral and Moulines 2015, Statistics and
Computing 25:243). Islands are shared out to threads; the numbers do not depend on how
many there are.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from sim.engines.follow import ANEW, BY_ACTS, BY_TALKS, BY_TERM, Facts, Pool, follow
from sim.engines.setting import scratch
from sim.forecast.facts import ACT, EXTENDED, FLOW, SIDES, TALKS, ForecastError
from sim.forecast.families import families
from sim.forecast.observations import Observations
from sim.outcomes.calendar import last_day
from sim.world.compiled import is_ready
from sim.world.state import State

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled
    from sim.world.params import Params

#: The licence lever whose flow the tonnage of magnets measures.
LICENCE = "cn.rare_earths"
_LEAST = 1e-3  # for the logarithm of a month without any exports
#: Infinitely tolerant: facts that say nothing.
UNINFORMATIVE = math.inf
#: Three directions of a class of levers: from this chance of an error on its coding says nothing.
_NO_CODING = 2 / 3
#: And two states of talks.
_NO_TALKS = 1 / 2


def needs_compiling() -> bool:
    """Whether the first filter will have to compile the kernel (a minute or two)."""
    return not is_ready(follow, "follow.follow")


def facts_table(compiled: "Compiled", seen: Observations, tolerance: float = 1.0) -> Facts:
    """The facts as the kernel reads them, in a calendar of `compiled.weeks`.

    tolerance: a factor on the stated ones; UNINFORMATIVE takes every fact away. Raises
    ForecastError for a factor below 0 and for facts about other levers.
    """
    if not tolerance > 0:
        raise ForecastError.single("tolerance", f"{tolerance:g}", "a factor above 0")
    weeks = compiled.weeks
    empty = _no_facts(compiled, len(list(seen.of(FLOW))))
    if tolerance == UNINFORMATIVE:
        return _no_facts(compiled, 0)
    _put_acts(empty, compiled, seen, tolerance)
    for fact in seen.of(TALKS):
        empty.talks[fact.week] = int(fact.value)
        empty.error[1] = min(fact.tolerance * tolerance, _NO_TALKS)
    for fact in seen.of(EXTENDED):
        empty.extended[fact.week] = int(fact.value)
    for number, fact in enumerate(seen.of(FLOW)):
        empty.days[number] = _days(fact.item, seen, weeks)
        empty.month[number] = fact.week
        empty.flow[number] = math.log(max(fact.value, _LEAST))
        empty.spread[number] = fact.tolerance * tolerance
    return empty


def _no_facts(compiled: "Compiled", months: int) -> Facts:
    rows = compiled.weeks + 1
    family = families(compiled.levers)
    lever = compiled.levers.index(LICENCE) if LICENCE in compiled.levers else 0
    return Facts(
        known=np.zeros(rows, np.int8),
        level=np.zeros((rows, len(compiled.levers)), np.int32),
        change=np.zeros((rows, int(family.max()) + 1), np.int8),
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


def _put_acts(facts: Facts, compiled: "Compiled", seen: Observations, tolerance: float) -> None:
    """Lays the acts on the levers, week by week, as `sim.history.path` does."""
    rows = compiled.params.levers
    level = rows["level"].astype(np.int32)
    own = [fact for fact in seen.of(ACT) if fact.item]
    for week in range(1, seen.weeks + 1):
        for fact in (fact for fact in own if fact.week == week):
            k, side = compiled.levers.index(fact.item), SIDES.index(fact.side)
            new = min(max(level[k] + int(fact.value), 0), int(rows["top"][k]))
            facts.change[week, facts.family[k]] += np.sign(new - level[k])
            facts.moved[week, side] = 1
            if new < level[k]:
                facts.eased[week, side] = 1
            elif new > level[k]:
                facts.pulled[week, side] = rows["issue"][k]
            level[k] = new
        facts.level[week] = level
        facts.known[week] = 1
    np.sign(facts.change, out=facts.change)
    stated = max((fact.tolerance for fact in seen.of(ACT)), default=0.0)
    facts.error[0] = min(stated * tolerance, _NO_CODING)


def _days(item: str, seen: Observations, weeks: int) -> NDArray[np.float64]:
    """By week 0..weeks, the share of a month's days within the calendar."""
    import datetime

    from sim.history.path import month_weights
    from sim.history.record import Month

    month = Month(datetime.date.fromisoformat(item + "-01"), 0.0)
    return np.concatenate([[0.0], month_weights(month, seen.start, weeks)])


def new_pool(params: "Params", facts: Facts, copies: int) -> Pool:
    """Room for so many copies; `follow` fills it."""
    weeks = int(params.rules[0].weeks)
    levers, months = len(params.levers), len(facts.month)
    fields = (np.zeros((copies, *field.shape), field.dtype) for field in scratch(params))
    return Pool(
        state=State(*(f.view(np.recarray) if f.dtype.names else f for f in fields)),
        log_weight=np.full(copies, -math.log(copies)),
        month=np.zeros((copies, months)),
        rungs=np.zeros((copies, 2, weeks + 1)),
        flow=np.zeros((copies, weeks + 1)),
        before=np.zeros((levers, 3), np.int32),
        notches=np.zeros(facts.change.shape[1], np.int32),
        ancestor=np.arange(copies),
        evidence=np.zeros(weeks + 1),
        effective=np.zeros(weeks + 1),
        why=np.zeros(weeks + 1, np.int32),
    )


@dataclass
class Island:
    """One filter: copies with the luck of runs `first` .. `first` + N - 1 of a seed."""

    params: "Params"
    facts: Facts
    pool: Pool
    key: tuple[int, int]
    first: int
    week: int = ANEW

    def play_to(self, week: int) -> int:
        """Goes on to the end of a week; returns 0, or the week that no copy can follow."""
        stuck = follow(
            self.params, self.pool, self.facts, *self.key, self.first, self.week, week, False
        )
        self.week = week
        return cast("int", stuck)

    @property
    def evidence(self) -> float:
        """Logarithm of the chance of all that was seen so far."""
        return float(self.pool.evidence[: self.week + 1].sum())

    @property
    def effective(self) -> float:
        """Effective number of copies, 1 / sum of squared weights."""
        return float(1 / np.exp(2 * self.pool.log_weight).sum())

    @property
    def least_effective(self) -> float:
        """The smallest effective number of copies of any week so far, before resampling."""
        seen = self.pool.effective[1 : self.week + 1]
        return float(seen[seen > 0].min(initial=len(self.pool.log_weight)))


def impossible(seen: Observations, week: int, why: int) -> ForecastError:
    """The error of a week whose facts no copy can follow."""
    causes = ((BY_ACTS, "acts"), (BY_TALKS, "talks"), (BY_TERM, "the end of the first term"))
    names = [text for bit, text in causes if why & bit]
    told = [f for f in seen.facts if f.week == week and f.value]
    facts = "; ".join(f"{f.kind} {f.item or f.side} {f.value:g}".replace("  ", " ") for f in told)
    found = f"{' and '.join(names)} as recorded by {last_day(seen.start, week)}: {facts or 'none'}"
    allowed = "facts that some run of the scenario can follow; other settings, or more particles"
    return ForecastError.single(f"week {week}", found, allowed)
