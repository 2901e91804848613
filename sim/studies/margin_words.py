"""What is said of a difference over the stated ranges: how it was found, and what was held."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.outcomes.estimates import estimate

if TYPE_CHECKING:
    from sim.studies.margin import Margin

#: Paths that are named; of more, how many there are.
MOST_NAMED = 6


def margin_text(margin: "Margin") -> Iterator[str]:
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
        yield f"held fixed, since B changes it: {_some(margin.changed)}"
    decided = tuple(path for path in margin.fixed if path not in margin.changed)
    if decided:
        yield f"held fixed, as you decided it: {_some(decided)} (--ranges all varies it too)"
    if not margin.changed and not margin.fixed:
        yield "held fixed: nothing"


def _some(paths: tuple[str, ...]) -> str:
    more = len(paths) - MOST_NAMED
    return ", ".join(paths[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
