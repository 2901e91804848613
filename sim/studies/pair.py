"""What A and B of a comparison are: in words, in short, by the hash of what was really run.

And whether B helps whatever the parameters are: at each point of a Latin hypercube over what is
believed of them both play the same runs with the same values, but for what B changes.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, ScenarioError, nearest, some_of
from sim.outcomes.estimates import LEVEL, paired, unpaired
from sim.outcomes.spread import (
    POINTS,
    RUNS_A_POINT,
    design,
    quantiles,
    runs_that_hold,
    varied,
    whole_paths,
)
from sim.scenario.compile import Compiled
from sim.scenario.overrides import FROM_SET
from sim.scenario.sourcing import changes_of
from sim.threads import by_threads
from sim.world.params import SHOCK, Params

if TYPE_CHECKING:
    from sim.scenario import Scenario

FROM_WITHOUT = "--without"
MOST_NAMED = 8
#: Characters of a value in words, of a label in a table or at a curve, of what heads a table.
LONGEST_VALUE, LONGEST_LABEL, LONGEST_HEAD = 40, 34, 100
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
        if thing.startswith(LEVER_KIND):
            params = _without_lever(params, compiled.levers.index(name))
            continue
        table = params.shocks.copy()  # its row stays, for the random numbers of those after it
        table["week"][compiled.shocks.index(name)] = 0
        table["chance"][compiled.shocks.index(name)] = 0.0
        params = params._replace(shocks=table)
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


@dataclass(frozen=True)
class Captions:
    """What A and B are: in words, and the first letters of the hash of what was run."""

    names: tuple[str, str]
    digests: tuple[str, str] = ("", "")
    already: tuple[str, ...] = ()  # what was set in B to the value it has

    @property
    def labels(self) -> tuple[str, str]:
        """What they are in short, for a row of a table and the end of a curve."""
        first, second = self.names
        return cut(first, LONGEST_LABEL), cut(second.removeprefix("A "), LONGEST_LABEL)

    @property
    def heads(self) -> tuple[str, str]:
        """What they are at the head of a table, cut where it does not fit a line."""
        first, second = self.names
        room = LONGEST_HEAD - min(len(first), LONGEST_LABEL)
        return self.labels[0], cut(second.removeprefix("A "), room)

    @property
    def identical(self) -> bool:
        """Whether what is run of both has one hash."""
        return bool(self.digests[0]) and self.digests[0] == self.digests[1]


#: Of two compiled scenarios nothing is known but their order.
UNNAMED = Captions(("the first", "the second"))


@dataclass(frozen=True)
class Pair:
    """The two scenarios, and what was done to the second.

    before: B as it was loaded, before its values were changed; removed: what was taken out of it.
    """

    first: "Scenario"
    second: "Scenario"
    before: "Scenario"
    removed: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The titles of both scenarios, where they have two; words both begin with stand once."""
        first, second = self.first.title, self.second.title
        if first == second:
            return first
        one, other = first.split(), second.split()
        apart = [a != b for a, b in zip(one, other, strict=False)]
        alike = apart.index(True) if any(apart) else 0
        return f"{first}, against {' '.join(other[alike:])}"

    @property
    def names(self) -> tuple[str, str]:
        """What A and B are, in words: of what is changed the value that it has and had."""
        changes = self._changes_text()
        same = self.before is self.first or self.before.hash == self.first.hash
        return self.first.name, " ".join(["A" if same and changes else self.second.name, *changes])

    def _changes_text(self) -> list[str]:
        changed = changes_of(self.second.tree, self.before.tree, "", self.second.origin).rows
        values = [
            f"{row.path} = {cut(row.now, LONGEST_VALUE)}, not {cut(row.before, LONGEST_VALUE)}"
            for row in changed
        ]
        changes = [f"with {'; '.join(values)}"] if values else []
        return changes + ([f"without {', '.join(self.removed)}"] if self.removed else [])

    @property
    def hashes(self) -> tuple[str, str]:
        """Of what is really run: what was taken out of B counts as what was written into it."""
        second = self.second.hash
        if self.removed:
            parts = (second, *sorted(self.removed))
            second = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return self.first.hash, second

    @property
    def captions(self) -> Captions:
        """All of it, as pages and pictures show it."""
        first, second = self.hashes
        already = self._set_in_vain() if first == second else ()
        return Captions(self.names, (first[:8], second[:8]), already)

    def _set_in_vain(self) -> tuple[str, ...]:
        """The paths set in a B that is A all the same."""
        origins = self.second.tree.origins.items()
        placed = [parts for parts, where in origins if where.file == FROM_SET]
        above = {parts[:depth] for parts in placed for depth in range(len(parts))}
        return tuple(".".join(parts) for parts in placed if parts not in above)

    def compiled(self) -> "tuple[Compiled, Compiled]":
        """Both as the engine runs them. Raises ScenarioError for what cannot be taken out."""
        return self.first.compiled, without(self.second.compiled, self.removed)

    def at(self, values: Mapping[str, float]) -> "tuple[Compiled, Compiled]":
        """Both with these numbers written over their own: a point of what is believed."""
        second = self.second.with_values(values).compiled
        return self.first.with_values(values).compiled, without(second, self.removed)


def pair_of(
    first: "Scenario", second: "Scenario | None" = None, removed: Sequence[str] = ()
) -> Pair:
    """A and B as they are; B is A where it is left out, with what is `removed` taken out of it."""
    second = first if second is None else second
    return Pair(first, second, second, tuple(removed))


def cut(text: str, longest: int) -> str:
    """A text of at most so many characters."""
    return text if len(text) <= longest else text[: longest - 4].rstrip() + " ..."


@dataclass(frozen=True)
class Margin:
    """B - A of the headline's share of runs over the points, with common random numbers.

    more, less: the points at which B holds more, less often; surely_more, surely_less: those of
    them at which the 95 % interval of the difference leaves 0 out; low, median, high: the 5th, 50th
    and 95th percentile of the difference; least, most: of all points. changed: ranged parameters in
    which A and B differ, which keep the value of each; fixed: decisions of the user's.
    """

    outcome: str
    points: int
    runs: int  # of each, at each point
    ranges: int  # parameters varied
    more: int
    less: int
    low: float
    median: float
    high: float
    least: float
    most: float
    changed: tuple[str, ...]
    fixed: tuple[str, ...]
    surely_more: int = 0
    surely_less: int = 0

    def is_robust(self, low: float, high: float) -> bool:
        """Whether few settings surely go against a difference, from its interval at these ones.

        Few: no more than chance would make of them. Without a direction, against either one.
        """
        against = self.surely_less if low > 0 else self.surely_more
        if low <= 0 <= high:
            against = min(self.surely_more, self.surely_less)
        return against <= (1 - LEVEL) * self.points


def margin(
    pair: Pair,
    outcome: str,
    seed: int,
    threads: int | None = None,
    points: int = POINTS,
    runs: int = RUNS_A_POINT,
    vary_decisions: bool = False,
    progress: Callable[[int], None] | None = None,
    independent: bool = False,
) -> Margin | None:
    """Play both at `points` points of what is believed of them, `runs` runs each.

    None where nothing varies or the outcome has no share in both. `progress` gets the runs
    done, of 2 * points * runs. `independent`: B plays the runs that follow those of A.
    """
    decided = dict.fromkeys((*pair.first.decisions(), *pair.second.decisions()))
    changed, fixed = _differ(pair), () if vary_decisions else tuple(decided)
    others = pair.second.distributions()
    believed = {
        path: law
        for path, law in varied(pair.first, fixed).items()
        if path in others and path not in changed
    }
    if not believed:
        return None

    def difference(values: dict[str, float]) -> tuple[float, ...] | None:
        """B less A at a point, with both ends; None where it has no share in one of them."""
        first, second = pair.at(values)
        holds_a = runs_that_hold(first, seed, 0, runs).get(outcome)
        holds_b = runs_that_hold(second, seed, runs if independent else 0, runs).get(outcome)
        if holds_a is None or holds_b is None:
            return None
        return tuple(map(float, _difference(holds_a, holds_b, independent)))

    drawn = design(believed, whole_paths(pair.first), points, seed)
    came = None if progress is None else lambda values: progress(2 * runs * len(values))
    differences = by_threads(difference, drawn, threads, came)
    found = [row for row in differences if row is not None]
    if len(found) < len(differences):
        return None
    known, lows, highs = zip(*found, strict=True)
    low, median, high = quantiles(known)
    more, less = (sum(sign * value > 0 for value in known) for sign in (1, -1))
    counts = (points, runs, len(believed), more, less)
    ends = (low, median, high, min(known), max(known))
    sure = sum(end > 0 for end in lows), sum(end < 0 for end in highs)
    return Margin(outcome, *counts, *ends, changed, fixed, *sure)


def _difference(
    first: NDArray[np.bool_], second: NDArray[np.bool_], independent: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """How much more often the second holds, with its 95 % interval: value, low, high."""
    runs = len(first)
    if independent:
        return unpaired(np.count_nonzero(first), runs, np.count_nonzero(second), runs)
    gained, lost = np.count_nonzero(second & ~first), np.count_nonzero(first & ~second)
    return paired(gained, lost, runs)


def _differ(pair: Pair) -> tuple[str, ...]:
    """Ranged parameters of both whose value or range B changes."""
    values_a, values_b = (
        {e.path: e.value for e in side.entries()} for side in (pair.first, pair.second)
    )
    laws, others = pair.first.distributions(), pair.second.distributions()
    return tuple(
        path
        for path, law in laws.items()
        if path in others and (values_a.get(path) != values_b.get(path) or law != others[path])
    )
