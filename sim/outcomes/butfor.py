"""Runs played otherwise: with one channel off at a time, or on from the end of a week.

What would have kept the house standing: draws are keyed by seed, run, week and purpose, so the two
samples are the same runs but for the channel, and their difference is paired. The odds as a run
stands at the end of a week are the shares of its many continuations.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engines.counts import RUNS
from sim.outcomes.definitions import counted, defined, headline, holding_at, holds_at, term_of
from sim.outcomes.estimates import Estimate, estimate, paired
from sim.world.outcomes import outcome_of
from sim.world.params import LICENCE, Params

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.compile import Compiled, Part
    from sim.world.state import State

#: Most runs used: the differences are already known to a third of a point.
MOST_RUNS = 200_000

#: Of one channel what a row of the table says, by column.
Share = dict[str, Any]
_COLUMNS = ["channel", "outcome", "week", "n", "p", "p_without"]
_COLUMNS += ["difference", "low", "high", "gained", "lost"]

_CHANNELS = {
    "slips": "slips (agencies that act on their own)",
    "false_alarms": "false alarms (good conduct seen as bad)",
    "slow_licences": "slow licences (every office can serve normal demand)",
    "friction": "friction (ordered removals always happen)",
}


def channel_text(channel: str) -> str:
    """A channel in words."""
    return _CHANNELS.get(channel, channel.replace("shock:", "shock: "))


class Operation(NamedTuple):
    """What is done to a table of the parameters: columns are set to a value, or raised to it.

    rows: those that are changed, None for all.
    """

    table: str
    columns: tuple[str, ...]
    value: float
    at_least: bool = False
    rows: tuple[int, ...] | None = None


def channels(params: Params, shocks: Sequence[str]) -> dict[str, tuple[Operation, ...]]:
    """What turns each channel off, of those that are on and those that are not.

    slips: no agency acts, or fails to act, on its own; false_alarms: no bad signal of a good
    week by chance; slow_licences: every licence office has capacity for normal demand from week 1
    on (backlogs and stocks of the history stay, and what a raised lever withholds); friction:
    ordered removals always happen; shock:NAME: that shock never comes.
    """
    offices = tuple(np.flatnonzero(params.levers["control"] == LICENCE).tolist())
    served = ("capacity", "capacity_after_talks")
    off: dict[str, tuple[Operation, ...]] = {
        "slips": (Operation("actors", ("slip", "slip_fail"), 0.0),),
        "false_alarms": (Operation("actors", ("false_alarm",), 0.0),),
        "slow_licences": (
            Operation("levers", served, 1.0, True, offices),
            Operation("shocks", ("capacity",), 1.0, True),
        ),
        "friction": (Operation("levers", ("friction",), 0.0),),
    }
    for row, name in enumerate(shocks):
        off[f"shock:{name}"] = (Operation("shocks", ("week", "chance"), 0.0, rows=(row,)),)
    return off


def channels_off(params: Params, shocks: Sequence[str]) -> dict[str, Params]:
    """Copies of the parameters with one channel off, for every channel that is on."""
    return {
        channel: _changed(params, operations)
        for channel, operations in channels(params, shocks).items()
        if channel.startswith("shock:") or _changes(params, operations[0])
    }


def _changed(params: Params, operations: Sequence[Operation]) -> Params:
    """A copy of the parameters after operations, each on a table of its own."""
    return params._replace(**{each.table: _after(params, each) for each in operations})


def _after(params: Params, operation: Operation) -> np.ndarray:
    """A copy of the table of an operation, after it."""
    table: np.ndarray = getattr(params, operation.table).copy()
    rows = slice(None) if operation.rows is None else list(operation.rows)
    for column in operation.columns:
        before, value = table[column][rows], operation.value
        table[column][rows] = np.maximum(before, value) if operation.at_least else value
    return table


def _changes(params: Params, operation: Operation) -> bool:
    """Whether an operation changes anything."""
    before, after = getattr(params, operation.table), _after(params, operation)
    return any(bool((before[name] != after[name]).any()) for name in operation.columns)


def without_bands(params: Params) -> Params:
    """The same runs with no trajectories followed: half the work where nobody looks at them."""
    return params._replace(bands=params.bands[:0])


def up_to(params: Params, week: int) -> Params:
    """The same runs, ending with a week: what comes later changes nothing before it."""
    rules = params.rules.copy()
    rules["weeks"] = min(week, int(rules[0]["weeks"]))
    return params._replace(rules=rules)


def but_for_shares(
    rows: np.ndarray,
    parts: Sequence["Part"],
    shocks: Sequence[str],
    outcome: str,
    week: int,
    seed: int,
    threads: int | None = None,
) -> list[Share]:
    """Run every channel's counterfactual and set it beside `rows` (runs 0, 1, ...).

    Of each channel what `but_for_frame` has columns for.
    """
    from sim.engines.batch import deciding_rows

    holding = holds_at(rows, outcome, week)
    n = holding.size
    off = _parts_off(parts, shocks, week)
    without = [
        holds_at(deciding_rows(changed, seed, 0, n, (outcome,), threads), outcome, week)
        for changed in off.values()
    ]
    gained = [int(np.count_nonzero(sample & ~holding)) for sample in without]
    lost = [int(np.count_nonzero(holding & ~sample)) for sample in without]
    limits = (each.tolist() for each in paired(gained, lost, n))
    shares = ((holding.mean(), sample.mean()) for sample in without)
    return [
        dict(zip(_COLUMNS, (channel, outcome, week, n, *both, *numbers), strict=True))
        for channel, both, *numbers in zip(off, shares, *limits, gained, lost, strict=True)
    ]


def but_for_frame(shares: Sequence[Share]) -> "pd.DataFrame":
    """What `but_for_shares` found, as a table: the largest gain comes first.

    Columns: channel, outcome, week, n; p (as it is), p_without (the channel off), difference,
    low, high (Tango's paired interval), gained and lost (runs that hold only without, or only
    with, the channel).
    """
    import pandas as pd

    frame = pd.DataFrame.from_records(shares, columns=_COLUMNS)
    return frame.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


def _parts_off(
    parts: Sequence["Part"], shocks: Sequence[str], week: int
) -> dict[str, list["Part"]]:
    """By channel that is on under any reading, the parts without it."""
    off = [channels_off(part.params, shocks) for part in parts]
    return {
        channel: [
            replace(part, params=up_to(without_bands(by.get(channel, part.params)), week))
            for part, by in zip(parts, off, strict=True)
        ]
        for channel in dict.fromkeys(name for by in off for name in by)
    }


#: Continuations: their odds are known to two points (judgement: enough to see a turn).
CONTINUATIONS = 2_000


@dataclass(frozen=True)
class RunOdds:
    """What a run that stands so at the end of week `after` still has before it.

    `shares`: by outcome, the share of continuations in which it holds at the end of week `read`
    (for one decided once: in which it comes about). `headline` is the outcome named first.
    """

    after: int
    read: int
    headline: str
    shares: dict[str, Estimate]

    @property
    def truce(self) -> Estimate:
        """The odds of the headline outcome: that the truce stands, where there is one."""
        return self.shares[self.headline]


def read_at(compiled: "Compiled", after: int) -> int:
    """The week at whose end odds are read: the last of the first term, or the horizon after it."""
    term = term_of(compiled.params.rules[0])
    return term if term is not None and after < term else compiled.weeks


def odds_after(
    compiled: "Compiled",
    state: "State",
    week: int,
    seed: int,
    run: int,
    runs: int = CONTINUATIONS,
    progress: Callable[[int], None] | None = None,
) -> RunOdds:
    """The odds from a state of run `run` of a seed at the end of a week.

    Both sides go on by their policies. The run's own future is not among the continuations. Raises
    ValueError as `branch` does.
    """
    from sim.engines.branch import branch, other_luck

    params, read = without_bands(compiled.params), read_at(compiled, week)
    first = other_luck(run, runs)
    tally = branch(params, state, week, seed, first, runs, progress=progress).tally
    rules = params.rules[0]
    shares = {}
    for name in defined(rules):
        hits, n = holding_at(tally, name, read), int(tally.counts[RUNS])
        shares[name] = estimate(hits, n, _counted(compiled, name, week, read))
    return RunOdds(week, read, headline(rules), shares)


def _counted(compiled: "Compiled", name: str, week: int, read: int) -> str:
    """What was counted, in words."""
    when = "" if outcome_of(name).once else f" at the end of week {read}"
    return (
        f"share of continuations from the end of week {week} with {counted(compiled, name)}{when}"
    )
