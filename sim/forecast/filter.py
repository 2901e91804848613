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

from sim.engines.follow import ANEW, BY_ACTS, BY_TALKS, BY_TERM, Facts, Pool, follow
from sim.engines.setting import scratch
from sim.forecast.facts import ForecastError
from sim.forecast.observations import Observations
from sim.outcomes.calendar import last_day
from sim.world.compiled import is_ready
from sim.world.state import State, levers_of, new_columns, rows_of

if TYPE_CHECKING:
    from sim.world.params import Params


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

    @property
    def effective(self) -> float:
        """Effective number of copies, 1 / sum of squared weights."""
        return float(1 / np.exp(2 * self.pool.log_weight).sum())

    @property
    def least_effective(self) -> float:
        """The smallest effective number of copies of any week so far, before resampling."""
        effective = self.pool.effective[1 : self.week + 1]
        return float(effective[effective > 0].min(initial=len(self.pool.log_weight)))


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
