"""Records simulated from known settings, by the very law that the filter weighs them by.

A copy plays a week; its acts are coded with errors, and its levers put where they were coded; then
talks are coded with errors, and held as they were coded; a month's flow is coded at its end.
"""

import math
from datetime import timedelta

import numpy as np

from sim.engines.setting import seed_words
from sim.forecast.filter import UNINFORMATIVE, Island, facts_table, new_pool
from sim.forecast.observations import (
    ACT,
    ACT_TOLERANCE,
    FLOW,
    FLOW_TOLERANCE,
    TALKS,
    TALKS_TOLERANCE,
    Fact,
    Observations,
    families,
)
from sim.history.path import month_weights
from sim.history.record import Month
from sim.scenario.calendar import last_day, week_of

LICENCE = "cn.rare_earths"


def simulated(world, weeks, rng, seed):
    """Observations of `weeks` weeks of one run of a world, with errors of coding."""
    compiled, start = world.compiled, world.spec.start
    empty = Observations(start, 0, start, ())
    facts = facts_table(compiled, empty, UNINFORMATIVE)
    facts.error[:] = 2 / 3, 1 / 2  # what is laid on it weighs nothing
    island = Island(
        compiled.params, facts, new_pool(compiled.params, facts, 1), seed_words(seed), 0
    )
    island.play_to(0)
    rows, flows = [], []
    before = island.pool.state.levers["level"][0].copy()
    for week in range(1, weeks + 1):
        kept = [field.copy() for field in island.pool.state]
        moved = coded(compiled, before, acted(island, week), rng)
        put_back(island, kept, week)
        facts.known[week], facts.level[week] = 1, moved
        island.play_to(week)
        held = bool(island.pool.state.run["talks_week"][0, 0] == week)
        held ^= bool(rng.random() < TALKS_TOLERANCE)
        put_back(island, kept, week)
        facts.talks[week] = held
        island.play_to(week)
        rows += week_rows(compiled, start, week, moved - before, held)
        flows.append(float(island.pool.flow[0, week]))
        before = moved
    rows += flow_rows(start, weeks, np.array(flows), rng)
    rows.sort(key=lambda fact: fact.week)
    return Observations(start, weeks, last_day(start, weeks), tuple(rows))


def acted(island, week):
    """Levels after the week's acts. Talks of this week may have struck deals: play it without."""
    island.facts.talks[week] = 0
    island.play_to(week)
    levels = island.pool.state.levers["level"][0].copy()
    island.facts.talks[week] = -1
    return levels


def put_back(island, kept, week):
    for field, old in zip(island.pool.state, kept, strict=True):
        field[...] = old
    island.week = week - 1


def coded(compiled, before, after, rng):
    """Levels as a coder has them, who takes each class for another direction with the tolerance."""
    family, top = families(compiled.levers), compiled.params.levers["top"]
    levels = after.copy()
    for c in range(int(family.max()) + 1):
        own = np.flatnonzero(family == c)
        seen = int(np.sign((after - before)[own].sum()))
        if rng.random() >= ACT_TOLERANCE:
            continue
        other = int(rng.choice([d for d in (-1, 0, 1) if d != seen]))
        room = [k for k in own if 0 <= before[k] + other <= top[k]]
        if other and not room:
            continue
        levels[own] = before[own]
        if other:
            levels[room[0]] += other
    return levels


def week_rows(compiled, start, week, change, held):
    """The rows of facts.csv of one week."""
    day = last_day(start, week)
    rows = [Fact(week, day, TALKS, "", "", float(held), TALKS_TOLERANCE, "made up")]
    for side in ("us", "cn"):
        own = [
            (lever, int(n))
            for lever, n in zip(compiled.levers, change, strict=True)
            if n and lever.startswith(side)
        ]
        for lever, notches in own or [("", 0)]:
            rows.append(Fact(week, day, ACT, side, lever, float(notches), ACT_TOLERANCE, "made up"))
    return rows


def flow_rows(start, weeks, flows, rng):
    """A row a month that is over, lognormal about its mean flow."""
    rows, first = [], start.replace(day=1)
    while True:
        month = Month(first, 0.0)
        week = week_of(month.last, start)
        if week > weeks:
            return rows
        mean = float(month_weights(month, start, weeks) @ flows)
        value = max(mean, 0.01) * math.exp(FLOW_TOLERANCE * rng.standard_normal())
        item = f"{first:%Y-%m}"
        rows.append(Fact(week, month.last, FLOW, "", item, value, FLOW_TOLERANCE, "made up"))
        first = month.last + timedelta(days=1)
