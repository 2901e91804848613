"""A scenario with one thing taken out of it: a shock that never comes, a lever nobody has.

Both work on the compiled tables, not on the file: draws are keyed by the index of lever and
shock, so nothing may move up, or the random numbers of all that follow would change with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from sim.errors import Problem, ScenarioError, nearest, some_of
from sim.scenario.compile import Compiled
from sim.world.params import SHOCK, Params

FROM_WITHOUT = "--without"
MOST_NAMED = 8
SHOCK_KIND, LEVER_KIND = "shock:", "lever:"


def removable(compiled: Compiled) -> tuple[str, ...]:
    """Everything that can be taken out: `shock:NAME` and `lever:OWNER.NAME`."""
    shocks = (f"{SHOCK_KIND}{name}" for name in compiled.shocks)
    return (*shocks, *(f"{LEVER_KIND}{name}" for name in compiled.levers))


def without(compiled: Compiled, things: Sequence[str]) -> Compiled:
    """The compiled scenario with every one of `things` taken out.

    `shock:NAME`: that shock never comes, dated or by chance. `lever:OWNER.NAME`: the lever is
    taken away in step 1 of week 1, as a shock with `remove = true` would: level and backlog 0,
    all of it flows, no room for anyone to pull it. The history before week 1 stays.
    Raises ScenarioError with everything that is not there or named twice.
    """
    problems = list(_problems(compiled, things))
    if problems:
        raise ScenarioError(problems)
    params = compiled.params
    for thing in things:
        name = thing.partition(":")[2]
        if thing.startswith(SHOCK_KIND):
            params = _without_shock(params, compiled.shocks.index(name))
        else:
            params = _without_lever(params, compiled.levers.index(name))
    return replace(compiled, params=params)


def _problems(compiled: Compiled, things: Sequence[str]) -> Iterator[Problem]:
    known = removable(compiled)
    for place, thing in enumerate(things):
        if thing not in known:
            listed = some_of(known, MOST_NAMED, " (detente show lists them)")
            allowed = f"shock:NAME or lever:OWNER.NAME of {listed or 'a scenario that has some'}"
            guess = nearest(thing, known)
            yield Problem(FROM_WITHOUT, None, "", f"no {thing!r} in this scenario", allowed, guess)
        elif thing in things[:place]:
            yield Problem(FROM_WITHOUT, None, "", f"{thing} twice", "each thing once")


def _without_shock(params: Params, index: int) -> Params:
    """Never dated, no chance; its row stays, for the random numbers of the shocks after it."""
    table = params.shocks.copy()
    table["week"][index] = 0
    table["chance"][index] = 0.0
    return params._replace(shocks=table)


def _without_lever(params: Params, index: int) -> Params:
    """A last shock of week 1 that removes the lever; last, so that the others keep theirs."""
    count = len(params.shocks)
    table = np.zeros(count + 1, SHOCK).view(np.recarray)
    table[:count] = params.shocks
    table["week"][count] = 1
    table["lever"][count] = index
    table["removes"][count] = 1
    calendar = params.calendar.copy()
    calendar[1] = 1
    return params._replace(shocks=table, calendar=calendar)
