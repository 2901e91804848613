"""Facts as the tables that the kernel of the filter reads (`sim.engines.follow.Facts`)."""

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.engines.follow import Facts
from sim.forecast.facts import (
    ACT,
    CLASS,
    EXTENDED,
    FLOW,
    SIDES,
    TALKS,
    Date,
    ForecastError,
    class_names,
    families,
)
from sim.forecast.observations import Observations
from sim.history.path import month_weights
from sim.history.record import Month

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

#: The licence lever whose flow the tonnage of magnets measures.
LICENCE = "cn.rare_earths"
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
    lever = compiled.levers.index(LICENCE) if LICENCE in compiled.levers else 0
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
