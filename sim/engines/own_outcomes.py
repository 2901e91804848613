"""Outcomes of one's own: each run once more with its weeks kept, and the week in which they end.

A run is a function of (scenario, seed, run), so the block that an engine has just counted is played
again, week by week, by what needs no compiling, and the functions of the outcomes read the weeks.
Their counts then stand in a tally below those of the shipped outcomes, and their weeks in the rows.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.engines import host
from sim.engines.counts import ENDED, Tally
from sim.engines.setting import Record, seed_words
from sim.engines.weekly import LEVER, SIDE, WORLD
from sim.errors import ExtensionError, Problem, nearest, one_of, quoted
from sim.extensions import UNPLACED, line_in
from sim.world.outcomes import CURVES, Outcome, own_outcomes
from sim.world.params import Params

#: Numbers in the weeks of a chunk of runs, about: 32 MB.
CHUNK = 4_000_000


#: What is 0 or 1.
FLAGS = ("in_force", "talks", "violates", "saw_bad")
#: The levers, and the allies, of the tables that are played.
Names = tuple[Sequence[str], Sequence[str]]


class Weeks:
    """The weeks 1..H of R runs, as arrays. All is as at the end of the week, unless said.

    Of the world, shape (R, H): `in_force` (a truce is), `expiry` (last week of its term), `mutual`
    (weeks in a row in which both have violated), `talks` (held this week). Of sides, us first,
    shape (R, H, 2): `rung` (above what it is held to), `move` (0 retaliates, 1 holds, 2 concedes),
    `violates` and `saw_bad` (as read this week, before talks), `belief`, `felt` (shortage),
    `pressure`. Of levers, those of us first, shape (R, H, K): `level`, `counts` (the level that it
    is held to), `flow` (share of normal demand), `queue`, `stock`, `shortage`. Of allies, shape
    (R, H, M): `joined` (the week in which it did, 0: not yet). What is or is not are truth values.

    `levers`, `allies`: their names, as "cn.rare_earths". Raises AttributeError, with the nearest,
    for what weeks do not have.
    """

    def __init__(self, table: NDArray[np.float64], rows: np.ndarray, names: Names) -> None:
        self._table, self._rows = table, rows
        self.levers, self.allies = map(tuple, names)

    @property
    def runs(self) -> int:
        """R, how many runs."""
        return len(self._table)

    @property
    def horizon(self) -> int:
        """H, the last week."""
        return self._table.shape[1]

    def __getattr__(self, name: str) -> NDArray[Any]:
        sides, levers = len(WORLD), len(WORLD) + 2 * len(SIDE)
        allies = levers + len(LEVER) * len(self.levers)
        found: NDArray[Any]
        if name in WORLD:
            found = self._table[:, :, WORLD.index(name)]
            return found > 0 if name in FLAGS else found
        if name in SIDE:
            found = self._table[:, :, sides + SIDE.index(name) : levers : len(SIDE)]
            return found > 0 if name in FLAGS else found
        if name in LEVER:
            return self._table[:, :, levers + LEVER.index(name) : allies : len(LEVER)]
        if name == "joined":
            return self._table[:, :, allies : allies + len(self.allies)]
        known = (*WORLD, *SIDE, *LEVER, "joined")
        near = nearest(name, known)
        meant = f"; did you mean {near}?" if near else ""
        raise AttributeError(f"weeks have no {name!r}; allowed: {one_of(known)}{meant}")

    def lever(self, name: str) -> int:
        """The place of a lever, by its full name. Raises ValueError, with the nearest, for none."""
        if name not in self.levers:
            near = nearest(name, self.levers)
            meant = f"; did you mean {near}?" if near else ""
            raise ValueError(f"there is no lever {name!r} here{meant}")
        return self.levers.index(name)

    def ended(self, outcome: str) -> NDArray[np.int32]:
        """The first week in which a shipped outcome no longer holds, 0 while it does: (R,).

        Raises ValueError for a name that is none of these.
        """
        fields = {one.name: one.field for one in CURVES}
        if outcome not in fields:
            raise ValueError(f"outcome is {outcome!r}; allowed: {one_of(fields)}")
        return np.array(self._rows[fields[outcome]])


def first_week(happens: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The first week in which it happens, 0 where it never does: (R,) of (R, H), weeks from 1."""
    happens = np.asarray(happens, bool)
    return np.where(happens.any(axis=1), happens.argmax(axis=1) + 1, 0)


#: A run -> its weeks as a table of numbers, float64 (H, width): see `detente_weeks` of wasm.c.
Player = Callable[[int], NDArray[np.float64]]


def player(params: Params, seed: int) -> Player:
    """Plays runs week by week: without a compiler where that can be, to the same bits."""
    if host.is_usable():
        return host.HostHand(params, seed_words(seed)).weeks_of
    from sim.engines.trace import record_run

    return lambda run: table_of(record_run(params, seed, run))


def table_of(record: Record) -> NDArray[np.float64]:
    """The weeks of a record as such a table."""
    run, sides, levers = record.run[1:], record.sides[1:], record.levers[1:]
    weeks = np.arange(1, len(record.run))
    seen = record.memory[1:]
    world = (run["in_force"], run["expiry"], run["mutual"], run["talks_week"] == weeks)
    columns = list(world)
    for i in range(2):
        bad, good = sides["bad_count"][:, i], sides["good_count"][:, i]
        columns += [sides["rung"][:, i], sides["move"][:, i], seen["other_violates"][:, 1 - i]]
        columns += [seen["saw_bad"][:, i], bad / (good + bad), sides["felt"][:, i]]
        columns.append(sides["pressure"][:, i])
    for k in range(levers.shape[1]):
        fields = ("level", "counts", "flow", "backlog", "stock", "short")
        columns += [levers[field][:, k] for field in fields]
    columns += [record.allies[1:]["joined_week"][:, m] for m in range(record.allies.shape[1])]
    columns += [record.deals[1:, d] for d in range(record.deals.shape[1])]
    return np.stack([np.asarray(column, float) for column in columns], axis=1)


class Plays(Protocol):
    """What plays blocks of runs and counts them (`sim.engines.batch.Hand`)."""

    @property
    def tally(self) -> Tally:
        """The counts of all that it played."""

    def play(self, start: int, runs: int, keep: bool) -> np.ndarray:
        """Plays and counts a block; its rows if they are kept."""


class OwnHand:
    """What plays blocks of runs, with the outcomes of one's own counted beside the shipped ones."""

    def __init__(
        self,
        hand: Plays,
        params: Params,
        names: Names,
        outcomes: Sequence[Outcome],
        again: Callable[[], Player],
    ) -> None:
        self.hand = hand
        self.names = names
        self.outcomes = outcomes
        self.again = again
        self.player: Player | None = None
        self.ended = np.zeros((len(outcomes), int(params.rules[0].weeks) + 2), np.int64)

    @property
    def tally(self) -> Tally:
        """The counts, those of one's own outcomes below the others."""
        tally = self.hand.tally
        return tally._replace(ended=np.concatenate([tally.ended, self.ended]))

    def play(self, start: int, runs: int, keep: bool) -> np.ndarray:
        """Plays and counts a block; its rows, with a week of each outcome, if they are kept."""
        self.player = self.player or self.again()
        rows = self.hand.play(start, runs, True)
        ends = np.zeros((len(self.outcomes), runs), np.int32)
        horizon = self.ended.shape[1] - 2
        chunk = max(1, CHUNK // (horizon * (20 + len(LEVER) * len(self.names[0]))))
        for first in range(0, runs, chunk):
            part = slice(first, min(first + chunk, runs))
            table = np.stack([self.player(start + run) for run in range(runs)[part]])
            weeks = Weeks(table, rows[part], self.names)
            for outcome, found in zip(self.outcomes, ends[:, part], strict=True):
                found[:] = ends_of(outcome, weeks)
        for counted, found in zip(self.ended, ends, strict=True):
            counted += np.bincount(np.where(found > 0, found, horizon + 1), minlength=horizon + 2)
        return widened(rows, self.outcomes, ends) if keep else rows[:0]


def widened(rows: np.ndarray, outcomes: Sequence[Outcome], ends: np.ndarray) -> np.ndarray:
    """Rows (ROW) with a field more for each outcome: the week in which it ends."""
    fields = [*rows.dtype.descr, *((one.field, "<i4") for one in outcomes)]
    wide = np.zeros(len(rows), [field for field in fields if field[0]])
    for name in rows.dtype.names or ():
        wide[name] = rows[name]
    for one, found in zip(outcomes, ends, strict=True):
        wide[one.field] = found
    return wide.view(np.recarray)


def with_own(
    hands: Sequence[Plays],
    params: Params,
    names: Names,
    again: Callable[[], Player],
    outcomes: Sequence[str] = (),
) -> list[Plays]:
    """The same hands, counting what is registered of one's own; of `outcomes` alone, if named."""
    own = own_outcomes(outcomes)
    return [OwnHand(hand, params, names, own, again) for hand in hands] if own else list(hands)


def ends_of(outcome: Outcome, weeks: Weeks) -> NDArray[np.int32]:
    """The week in which an outcome ends, by run. Raises ExtensionError for what cannot be one."""
    if outcome.ends is None:
        raise ValueError(f"{outcome.name} is shipped: the runs have its week")
    try:
        found = np.asarray(outcome.ends(weeks))
    except Exception as error:
        raise _refused(outcome, f"{type(error).__name__}: {error}", error) from error
    if found.shape != (weeks.runs,):
        raise _refused(outcome, f"an array of shape {found.shape}")
    if found.dtype.kind not in "iu":
        raise _refused(outcome, f"an array of {found.dtype}")
    outside = (found < 0) | (found > weeks.horizon)
    if outside.any():
        raise _refused(outcome, f"week {int(found[outside][0])}")
    return found.astype(np.int32)


def _refused(outcome: Outcome, found: str, error: Exception | None = None) -> ExtensionError:
    code = getattr(outcome.ends, "__code__", None)
    file = UNPLACED if code is None else code.co_filename
    line = None if code is None else code.co_firstlineno
    if error is not None and code is not None:
        line = line_in(Path(file), error) or line
    allowed = "whole numbers of shape (runs,): the week of each in which it ends, 1 to the last "
    allowed += "week; 0: never"
    place = f"outcome {quoted(outcome.name)}"
    return ExtensionError([Problem(str(file), line, place, found, allowed)])


def padded(tally: Tally, rows: int) -> Tally:
    """A tally without runs, with room for so many outcomes that end in a week."""
    more = np.zeros((rows - len(tally.ended), tally.ended.shape[1]), np.int64)
    return tally._replace(ended=np.concatenate([tally.ended, more]))


def rows_of(tally: Tally) -> tuple[str, ...]:
    """The outcomes of the rows of `Tally.ended`: those of one's own where they were counted."""
    own = tuple(one.name for one in own_outcomes())
    return ENDED + own if len(tally.ended) == len(ENDED) + len(own) else ENDED
