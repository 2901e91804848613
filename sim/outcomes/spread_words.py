"""What is said of the outer loop: its range, what it holds and what pulls it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.errors import some_of
from sim.outcomes.decomposition import COMMON
from sim.outcomes.estimates import LEVEL, Estimate, quantile_of_normal
from sim.report.numbers import hundredths, percent

if TYPE_CHECKING:
    from sim.outcomes.spread import Spread

#: Decisions that are named; of more, how many there are.
MOST_NAMED = 6


def known_less_well(over: Mapping[str, float], held: Sequence[str]) -> str:
    """The range of a share over the settings, without a full stop.

    over: its q05 and q95; held: decisions of the user's that did not vary.
    """
    low, high = (percent(over[end]) for end in ("q05", "q95"))
    fixed = f", with the {len(held)} you decided held," if held else ""
    return (
        "Which settings are right is known less well: over what their sources leave open"
        f"{fixed} it is {low} to {high} of 100"
    )


def spread_text(spread: "Spread", outcome: str, estimate: Estimate | None) -> list[str]:
    """What the range is, and whether the parameters or chance decide; nothing if none vary."""
    if not spread.ranges:
        return []
    return [
        *_loop_text(spread, outcome),
        *_off_centre(spread, outcome, estimate),
        *_fixed_words(spread),
    ]


def _fixed_words(spread: "Spread") -> list[str]:
    """Which decisions of the user's did not vary, and how they would."""
    if not spread.fixed:
        return []
    names = some_of(spread.fixed, MOST_NAMED)
    return [f"held fixed, as you decided them: {names} (--ranges all varies them too)"]


def _off_centre(spread: "Spread", outcome: str, estimate: Estimate | None) -> list[str]:
    """Where the value at these settings lies outside the range: what pulls it, what to do."""
    over = spread.of(outcome)
    if estimate is None or over is None or over["q05"] <= estimate.p <= over["q95"]:
        return []
    side = "below" if over["q95"] < estimate.p else "above"
    text = f"the range lies {side} the value at these settings"
    named = [
        f"{pull.path} ({pull.value:g}, ranged {pull.low:.3g} to {pull.high:.3g}: {pull.by:+.2f})"
        for pull in spread.pulls.get(outcome, ())
    ]
    if named:
        text += f", pulled by {'; '.join(named)}"
    return [f"{text}. Quote neither alone: give these a range around your values, under [ranges]"]


def _loop_text(spread: "Spread", outcome: str) -> list[str]:
    shaped = f" ({spread.shaped} with a law other than uniform)" if spread.shaped else ""
    luck = "common random numbers" if spread.luck == COMMON else "fresh random numbers at each"
    kind = "distributions" if spread.shaped else "ranges"
    which = f"the {spread.ranges - spread.inert} that can move it, of " if spread.inert else ""
    lines = [
        f"{kind}: 5th to 95th percentile of {spread.points} points over {which}{spread.ranges} "
        f"ranged parameters{shaped}, {spread.runs} runs each (chance ±{spread.chance:.2f}), {luck}"
    ]
    part = spread.parts.get(outcome)
    if part is None:
        return lines
    error = quantile_of_normal(LEVEL) * part.mean_error
    average = f"on average over them: {hundredths(part.mean)} (±{error:.2f})"
    if part.share is None or part.low is None or part.high is None:
        return [*lines, f"{average}; nothing varies"]
    return [
        *lines,
        f"{average}; of the variance of one truce {100 * part.share:.0f} % (95 %: "
        f"{100 * part.low:.0f} to {100 * part.high:.0f}) comes from uncertain settings, "
        f"{100 * (1 - part.share):.0f} % from chance",
    ]
