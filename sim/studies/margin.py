"""Whether B helps whatever the parameters are: the difference over the stated ranges.

At each point of a Latin hypercube over what is believed of the parameters both scenarios play
the same runs with the same values, but for what B changes.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import some_of
from sim.outcomes.estimates import estimate
from sim.outcomes.spread import (
    PERCENTILES,
    POINTS,
    RUNS_A_POINT,
    design,
    runs_that_hold,
    varied,
    whole_paths,
)

if TYPE_CHECKING:
    from sim.studies.pair import Pair

#: Paths that are named in words; of more, how many there are.
MOST_NAMED = 6


@dataclass(frozen=True)
class Margin:
    """B - A of the headline's share of runs over the points, with common random numbers.

    more, less: the points at which B holds more, less often; low, median, high: the 5th, 50th and
    95th percentile of the difference; least, most: of all points. changed: ranged parameters in
    which A and B differ, which keep the value of each; held: decisions of the user's.
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


def margin(
    pair: "Pair",
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

    def difference(values: dict[str, float]) -> float | None:
        """B less A at a point; None where the outcome has no share in one of them."""
        first, second = pair.at(values)
        holds_a = runs_that_hold(first, seed, 0, runs).get(outcome)
        holds_b = runs_that_hold(second, seed, runs if independent else 0, runs).get(outcome)
        if holds_a is None or holds_b is None:
            return None
        return (np.count_nonzero(holds_b) - np.count_nonzero(holds_a)) / runs

    differences = []
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for value in pool.map(difference, design(believed, whole_paths(pair.first), points, seed)):
            differences.append(value)
            if progress is not None:
                progress(2 * runs * len(differences))
    known = [value for value in differences if value is not None]
    if len(known) < len(differences):
        return None
    low, median, high = np.percentile(known, PERCENTILES, method="inverted_cdf").tolist()
    more, less = (sum(bool(sign * value > 0) for value in known) for sign in (1, -1))
    counts = (points, runs, len(believed), more, less)
    return Margin(outcome, *counts, low, median, high, min(known), max(known), changed, fixed)


def _differ(pair: "Pair") -> tuple[str, ...]:
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


def margin_text(margin: Margin) -> Iterator[str]:
    """The settings, what varies over them, chance, and what does not vary."""
    chance = estimate(margin.runs // 2, margin.runs).half_width
    even = margin.points - margin.more - margin.less
    yield (
        f"ranges: {margin.points} settings over {margin.ranges} ranged parameters, the same values "
        f"and random numbers in A and B, {margin.runs} runs of each (chance at most "
        f"±{chance:.2f}); {margin.outcome} holds more often in B in {margin.more}, less in "
        f"{margin.less}, as often in {even}; B - A is {margin.median:+.3f} at the median, "
        f"{margin.least:+.3f} to {margin.most:+.3f} at most"
    )
    if margin.changed:
        yield f"held fixed, since B changes it: {some_of(margin.changed, MOST_NAMED)}"
    decided = tuple(path for path in margin.fixed if path not in margin.changed)
    if decided:
        names = some_of(decided, MOST_NAMED)
        yield f"held fixed, as you decided it: {names} (--ranges all varies it too)"
    if not margin.changed and not margin.fixed:
        yield "held fixed: nothing"
