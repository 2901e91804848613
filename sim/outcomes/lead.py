"""What is said first of a result: its share, the range over plausible settings, and chance.

And of that range where these settings lie in it, what pulls it, and how it came about.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import some_of
from sim.outcomes.decomposition import COMMON, Pull
from sim.outcomes.estimates import LEVEL, Estimate, quantile_of_normal
from sim.report.numbers import hundredths, is_uneven, of_hundred, percent, shift_text
from sim.scenario.sourcing import Changes, changed_by_user
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    from sim.outcomes.spread import Spread
    from sim.scenario import Scenario

#: Decisions that are named first and below; of more, how many there are.
MOST_FIRST, MOST_NAMED = 2, 6
#: What is said of a place outside the middle half of the points.
OUTER = 0.25
#: From which difference on the share by the horizon stands beside that by the term (judgement).
MUCH = 0.1
LOW, MIDDLE, HIGH = -1, 0, 1
_ENDS = {LOW: ("low", "more"), HIGH: ("high", "less")}


def lead(page: Mapping[str, Any]) -> Iterator[str]:
    """What a page says first, in plain words.

    Read of it: what is `about` the scenario, headline, runs and spread.
    """
    yield from changed_by_user(Changes.from_table(page["changes"]))
    top = page["headline"]
    says = outcome_of(top["outcome"]).says
    yield (
        f"In {of_hundred(top['p'])} simulated runs {says} at {top['read_at']} "
        f"(week {top['week']}, to {top['date']})."
    )
    later = top["horizon"]
    if later and abs(later["p"] - top["p"]) > MUCH:
        yield (
            f"By the horizon (week {later['week']}, to {later['date']}) it is "
            f"{of_hundred(later['p'])}; what follows is of the end of the term."
        )
    spread, hindcast = page["spread"], page["hindcast"]
    if spread and spread["ranges"] and top["ranges"]:
        judged = 2 * spread["judged"] > spread["ranges"]
        ends = top["low"], top["high"]
        yield f"{plausible(top['ranges'], spread['held'], judged, ends)}."
        yield f"{_chance(top, page['runs'])}."
    else:
        yield f"{_chance(top, page['runs'])}; what is not known of the settings is not in it."
    if hindcast:
        yield hindcast


def about(scenario: "Scenario") -> dict[str, Any]:
    """What `lead` reads of a scenario: what was changed of it, and whether it is a hindcast."""
    changes, known = scenario.changes, scenario.knowledge
    return {
        "changes": changes and changes.to_table(),
        "hindcast": "" if known is None else known.hindcast(),
    }


def _chance(top: Mapping[str, Any], runs: int) -> str:
    """How far chance may have moved a share; by its ends where plus or minus would mislead."""
    if top["p"] in (0.0, 1.0):
        often, room = ("none", top["high"]) if top["p"] == 0 else ("all", 1 - top["low"])
        return (
            f"So it is in {often} of the {runs:,} runs: more of them could move this number by "
            f"{_of_hundred_at_most(room)} of 100 at most"
        )
    if is_uneven(top["p"], top["low"], top["high"]):
        moves = (
            f"puts this number between {100 * top['low']:.1f} and {100 * top['high']:.1f} of 100"
        )
    else:
        moves = f"moves this number by {shift_text(top['half_width'])}"
    return f"Chance alone {moves} in {runs:,} runs"


def _of_hundred_at_most(room: float) -> str:
    """A part out of a hundred: whole from ten on, below to one digit."""
    return f"{100 * room:.0f}" if room >= 0.095 else f"{100 * room:.1g}"


def range_words(over: Mapping[str, float]) -> str:
    """The shares that nine in ten plausible settings give, and what half give, out of a hundred.

    Where the median is one of the ends, as written, half give that end or what is beyond it.
    """
    low, median, high = (percent(over[end]) for end in ("q05", "q50", "q95"))
    if low == high:
        return f"{low} of 100"
    half = f"{median} or less" if median == low else f"more than {median}"
    half = f"{median} or more" if median == high else half
    return f"{low} to {high} of 100, half {half}"


def plausible(
    over: Mapping[str, float],
    held: Sequence[str],
    judged: bool,
    ends: tuple[float, float] | None,
) -> str:
    """The range of a share over the settings, without a full stop.

    over: a row of the spread; held: decisions of the user's that did not vary; judged: whether
    most ranges are judgement; ends: of the interval of the share at these settings.
    """
    ones = f"nine in ten plausible ones{' (mostly judgement)' if judged else ''}"
    if held:
        ones = f"with {some_of(held, MOST_FIRST)} as you set {'them' if held[1:] else 'it'}, {ones}"
    text = f"We do not know the right settings: {ones} give {range_words(over)}"
    found = _ENDS.get(side(over, ends))
    if found is None:
        return text
    end, beyond = found
    return (
        f"{text}; these settings lie near the {end} end: {of_hundred(over[beyond])} give {beyond}"
    )


def side(over: Mapping[str, float], ends: tuple[float, float] | None) -> int:
    """Where these settings lie among the points: LOW, in the MIDDLE half, or HIGH.

    MIDDLE too where it is not known: in results of older versions, and where chance leaves open on
    which side of the median they lie. ends: of the interval of the share at these settings.
    """
    if "less" not in over or ends is None or ends[0] <= over["q50"] <= ends[1]:
        return MIDDLE
    below = (1 + over["less"] - over["more"]) / 2  # of equal ones half
    return LOW if below < OUTER else HIGH if below > 1 - OUTER else MIDDLE


def in_short(over: Mapping[str, float]) -> str:
    """The range with its median, as a number for a table."""
    low, median, high = (hundredths(over[end]) for end in ("q05", "q50", "q95"))
    return f"{low} to {high}, median {median}"


def spread_text(spread: "Spread", outcome: str, estimate: Estimate | None) -> list[str]:
    """What the range is, and whether the parameters or chance decide; nothing if none vary."""
    if not spread.ranges:
        return []
    lines = [*_loop_text(spread, outcome), *_off_centre(spread, outcome, estimate)]
    if spread.fixed:
        names = some_of(spread.fixed, MOST_NAMED)
        lines.append(f"held fixed, as you decided them: {names} (--ranges all varies them too)")
    return lines


def _off_centre(spread: "Spread", outcome: str, estimate: Estimate | None) -> Iterator[str]:
    """Where the value at these settings lies outside the middle half: what pulls, what to do."""
    over = spread.of(outcome)
    if estimate is None or over is None:
        return
    outside = estimate.high < over["q05"] or estimate.low > over["q95"]
    if not outside and side(over, (estimate.low, estimate.high)) == MIDDLE:
        return
    above = estimate.p < over["q50"]
    text = f"most plausible settings give {'more' if above else 'less'} than these"
    if outside:
        text = f"the range lies {'above' if above else 'below'} the value at these settings"
    to_it = [
        pull for pull in spread.pulls.get(outcome, ()) if pull.is_off or (pull.by > 0) == above
    ]
    named = [_pull_text(pull) for pull in to_it]
    if named:
        text += f", pulled most by {'; '.join(named)}"
    advice = ", or give these settings ranges around your own values, under [ranges]"
    yield f"{text}. Quote both numbers{advice if outside else ''}"


def _pull_text(pull: Pull) -> str:
    """What pulls; by how much is not known of a value far outside what was drawn."""
    text = f"{pull.path} ({pull.value:g}, plausible {pull.low:.3g} to {pull.high:.3g}"
    return f"{text})" if pull.is_off else f"{text}: {pull.by:+.2f})"


def _loop_text(spread: "Spread", outcome: str) -> Iterator[str]:
    luck = "common random numbers" if spread.luck == COMMON else "fresh random numbers at each"
    over = spread.of(outcome)
    line = (
        f"plausible ranges: 5th to 95th percentile of {spread.points} settings drawn from them, "
        f"{spread.runs} runs each (chance ±{spread.chance:.2f}), {luck}"
    )
    if over is not None and "q05_low" in over:
        low, high = (
            f"{hundredths(over[f'{end}_low'])} to {hundredths(over[f'{end}_high'])}"
            for end in ("q05", "q95")
        )
        line += f"; the ends themselves are known to {low} and {high} (95 %, at most)"
    yield line
    affect = spread.ranges - spread.inert
    line = f"{affect} of {spread.ranges} uncertain settings affect this"
    if spread.judged:
        line += f"; ranges of {spread.judged} are general ones, by judgement"
    yield f"{line}; drawn evenly{f' except {spread.shaped}' if spread.shaped else ''}"
    part = spread.parts.get(outcome)
    if part is None:
        return
    error = quantile_of_normal(LEVEL) * part.mean_error
    average = f"on average over them: {hundredths(part.mean)} (±{error:.2f})"
    if part.share is None or part.low is None or part.high is None:
        yield f"{average}; nothing varies"
        return
    yield (
        f"{average}; of the variance of one truce {100 * part.share:.0f} % (95 %: "
        f"{100 * part.low:.0f} to {100 * part.high:.0f}) comes from uncertain settings, "
        f"{100 * (1 - part.share):.0f} % from chance"
    )
