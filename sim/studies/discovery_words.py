"""Boxes as sentences that a minister could read, with the units of the registry."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.studies.answers import Axis
from sim.studies.discovery import Box, Discovery, Limit

if TYPE_CHECKING:
    from sim.outcomes.estimates import Estimate

_NEARLY_ALL = 0.95


def fails_means(discovery: Discovery) -> str:
    """What "the truce fails" means here."""
    answers = discovery.answers
    runs = f"in fewer than {100 * discovery.threshold:g} % of the runs"
    return f"the truce fails: `{answers.outcome}` {answers.when} {runs} ({answers.definition})"


def sentence(discovery: Discovery, box: Box) -> str:
    """One box: its limits, how often the truce fails in it, and what it holds of all failures."""
    limits = " and ".join(limit_text(limit) for limit in box.limits)
    later = "elsewhere, when" if box is not discovery.boxes[0] else "when"
    density, share = box.held_out.density, box.held_out.coverage
    return (
        f"{later[0].upper()}{later[1:]} {limits}, the truce fails in "
        f"{_in_ten(box.fitted.density)} settings (held-out: {_percent(density)}, 95 % "
        f"{_percent_range(density)}, n = {density.n:,}); this box holds "
        f"{_percent(box.fitted.coverage)} of all failures (held-out: {_percent(share)}, 95 % "
        f"{_percent_range(share)}, n = {share.n:,})."
    )


def limit_text(limit: Limit) -> str:
    """One limit: "China's rare earths capacity is below 31 % of normal weekly demand"."""
    axis = limit.axis
    meaning = axis.meaning
    name = _title(axis)
    if limit.labels:
        return f"{name} is {' or '.join(limit.labels)}"
    low, high = limit.low, limit.high
    if axis.whole:
        low = None if low is None else float(-(-low // 1))
        high = None if high is None else float(high // 1)
    if low is None and high is not None:
        return f"{name} is {'at most' if axis.whole else 'below'} {meaning.value(high)}"
    if high is None and low is not None:
        return f"{name} is {'at least' if axis.whole else 'above'} {meaning.value(low)}"
    return f"{name} is between {meaning.value(low or 0.0)} and {meaning.value(high or 0.0)}"


def _title(axis: Axis) -> str:
    """A factor in a sentence: by its key path, so that owner and lever are named."""
    linked = f" (with {', '.join(axis.columns[1:])})" if len(axis.columns) > 1 else ""
    return f"{axis.meaning.title}{linked}"


def meanings(discovery: Discovery) -> Iterator[str]:
    """What each factor that a box limits is, once."""
    by_name = {limit.axis.name: limit.axis for box in discovery.boxes for limit in box.limits}
    for axis in by_name.values():
        text = axis.meaning.text
        if text:
            yield f"{axis.meaning.title}: {text} (factor {axis.name})"


def _in_ten(share: "Estimate") -> str:
    if share.p >= _NEARLY_ALL:
        return "nearly all" if share.p < 1 else "all"
    return f"{round(10 * share.p)} of 10"


def _percent(share: "Estimate") -> str:
    return f"{100 * share.p:.0f} %" if share.n else "no points"


def _percent_range(share: "Estimate") -> str:
    return f"{100 * share.low:.0f} to {100 * share.high:.0f}"
