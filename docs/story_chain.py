"""The chain of events that the two articles tell, looked for in single runs.

The articles (claims 1, 8, 11 of docs/sources.md): licences come slowly; the United States, not
satisfied, hits back with other levers; China, hit, tightens. Talks start the chain anew. A run
follows it as far as the furthest stretch between talks (the first of equals) takes these steps:

1. *slow*: the flow of licences falls short of what the other side expects of it;
2. *answered*: the expecting side orders a measure because of it, and nothing else came first
   (the origin of its violation is a slow office, or an obligation overdue, of that lever);
3. *tightened*: the owner of the office then orders a measure of its own, or refuses licences.

Words, threats and agency slips are no orders.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engines.setting import ORDERED, RELIEVED, Record
from sim.engines.trace import record_run
from sim.world.state import SLOW_LICENCES

if TYPE_CHECKING:
    from sim.scenario.compile import Compiled

#: Origins of an answer that count as an answer to slow licences.
SLOW_ORIGINS = (SLOW_LICENCES,)

Weeks = NDArray[np.int32]


@dataclass(frozen=True)
class Chain:
    """Weeks in which `n` runs took each step, 0 where a run did not. All (n,).

    The steps are those of the run's furthest stretch; `first_answer` is the first order of the
    expecting side in that stretch, whatever it answered, `talks` the talks that ended it. `struck`
    is the first order of the expecting side in the run at all.
    """

    weeks: int
    slow: Weeks
    answered: Weeks
    tightened: Weeks
    first_answer: Weeks
    talks: Weeks
    struck: Weeks

    @property
    def n(self) -> int:
        """Number of runs."""
        return len(self.slow)

    def interruptions(self) -> dict[str, int]:
        """How many runs stopped where, in words; with those that went the whole way they are n."""
        slow, answered, tightened = self.slow > 0, self.answered > 0, self.tightened > 0
        talked = self.talks > 0
        other = slow & ~answered & (self.first_answer > 0)
        waiting = slow & ~answered & ~other
        hit = answered & ~tightened
        return {
            "licences never came slowly": int((~slow).sum()),
            "the first US order answered something else": int(other.sum()),
            "talks came before a US answer": int((waiting & talked).sum()),
            "the US never answered": int((waiting & ~talked).sum()),
            "talks came before China tightened": int((hit & talked).sum()),
            "China never tightened": int((hit & ~talked).sum()),
        }


def follow(compiled: "Compiled", licence: str, runs: int, seed: int, weeks: int) -> Chain:
    """The chain in runs 0 .. runs - 1 over the first `weeks` weeks.

    `licence` names the licence lever, as `cn.rare_earths`; its owner is the one that may tighten.
    Raises ValueError if the scenario has no such lever.
    """
    lever = compiled.levers.index(licence)
    counts = np.zeros((6, runs), np.int32)
    for run in range(runs):
        record = record_run(compiled.params_of(run), seed, run)
        counts[:, run] = _furthest(compiled.params.levers, record, lever, weeks)
    return Chain(weeks, *counts)


def _furthest(levers: np.ndarray, record: Record, lever: int, weeks: int) -> tuple[int, ...]:
    """Weeks of: slow, answered, tightened, first answer, talks, struck."""
    talks = _talk_weeks(record, weeks)
    stretches = pairwise([0, *talks, *([weeks] if weeks not in talks else [])])
    runs = _Run.of(levers, record, lever)
    stages = [runs.stage(first + 1, last) for first, last in stretches]
    steps, last = max(zip(stages, [*talks, 0], strict=False), key=lambda pair: _reached(pair[0]))
    return (*steps, last, _first(runs.by_other[: weeks + 1], 1))


def _reached(steps: tuple[int, int, int, int]) -> int:
    """How many steps of the chain were taken."""
    return sum(week > 0 for week in steps[:3])


@dataclass(frozen=True)
class _Run:
    """Flags of one run by week 0..H: the office is slow; its owner, the other side orders a
    measure; the other side's measure answers the slow office."""

    slow: NDArray[np.bool_]
    by_owner: NDArray[np.bool_]
    by_other: NDArray[np.bool_]
    because: NDArray[np.bool_]

    @classmethod
    def of(cls, levers: np.ndarray, record: Record, lever: int) -> "_Run":
        owner = int(levers["owner"][lever])
        raised = record.levels[:, ORDERED] > record.levels[:, RELIEVED]
        raised[0] = False
        state, other = record.levers_seen, record.seen[:, 1 - owner]
        short = state["service"][:, lever] < levers["expected"][lever]
        return cls(
            slow=short & (state["listed"][:, lever] == 1),
            by_owner=np.any(raised[:, levers["owner"] == owner], axis=1),
            by_other=np.any(raised[:, levers["owner"] != owner], axis=1),
            because=np.isin(other["origin"], SLOW_ORIGINS) & (other["origin_who"] == owner),
        )

    def stage(self, first: int, last: int) -> tuple[int, int, int, int]:
        """Weeks of the steps in weeks first..last: slow, answered, tightened; first answer."""
        slow = _first(self.slow[: last + 1], first)
        answer = _first(self.by_other[: last + 1], first)
        answered = answer if slow and slow <= answer and self.because[answer] else 0
        tightened = _first(self.by_owner[: last + 1], answered + 1) if answered else 0
        return slow, answered, tightened, answer


def _talk_weeks(record: Record, weeks: int) -> list[int]:
    """The weeks of 1..weeks with talks."""
    talked = np.diff(record.run["talks_count"][: weeks + 1]) > 0
    return [int(week) + 1 for week in np.flatnonzero(talked)]


def _first(flags: NDArray[np.bool_], since: int) -> int:
    """The first week from `since` on with a flag; 0 if there is none."""
    later = flags[since:]
    return int(later.argmax()) + since if later.any() else 0
