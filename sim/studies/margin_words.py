"""What is said of a difference over the stated ranges: how it was found, and what was held."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.outcomes.estimates import estimate

if TYPE_CHECKING:
    from sim.studies.margin import Margin

#: Paths that are named; of more, how many there are.
MOST_NAMED = 6


def margin_text(found: "Margin") -> Iterator[str]:
    """The settings, what varies over them, chance, and what does not vary."""
    chance = estimate(found.runs // 2, found.runs).half_width
    even = found.points - found.more - found.less
    yield (
        f"ranges: {found.points} settings over {found.ranges} parameters, the same values and "
        f"random numbers in A and B, {found.runs} runs of each (chance at most ±{chance:.2f}); "
        f"{found.outcome} holds more often in B in {found.more}, less in {found.less}, as often "
        f"in {even}; B - A is {found.median:+.3f} at the median, "
        f"{found.least:+.3f} to {found.most:+.3f} at most"
    )
    if found.changed:
        yield f"held fixed, since B changes it: {_some(found.changed)}"
    if found.held:
        yield f"held fixed, as you decided it: {_some(found.held)} (--ranges all varies it too)"
    if not found.changed and not found.held:
        yield "held fixed: nothing that has a range, but what B changes"


def _some(paths: tuple[str, ...]) -> str:
    more = len(paths) - MOST_NAMED
    return ", ".join(paths[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
