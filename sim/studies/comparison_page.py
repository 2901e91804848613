"""The page of a comparison: headline, outcomes, flips, means, where the two part, and notes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.errors import some_of
from sim.outcomes.estimates import LEVEL, estimate
from sim.report.content import NAME, Figure, Report, Section, table
from sim.report.numbers import change, of_hundred
from sim.scenario.calendar import last_day
from sim.scenario.sides import Sides
from sim.studies.pair import UNNAMED, Captions, Margin
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    from sim.outcomes.estimates import Difference
    from sim.studies.changes import ShareChange
    from sim.studies.pairs import Comparison, Divergence

#: Paths that are named in words; of more, how many there are.
MOST_NAMED = 6
SMALLEST_CHANCE = 1e-4
QUANTITIES = {"talks": "rounds of talks", "first_talks_week": "week of first talks"}


def quantities(sides: Sides) -> dict[str, str]:
    """What each mean of a comparison is called."""
    payoffs = {f"payoff_{side.id}": f"payoff, {side.label}" for side in sides}
    harms = {f"harm_{side.id}": f"harm to {side.short}" for side in sides}
    return payoffs | harms | QUANTITIES


def report_of(
    comparison: "Comparison",
    title: str = "Two scenarios compared",
    captions: Captions = UNNAMED,
    figures: tuple[Figure, ...] = (),
    built: tuple[Section, ...] = (),
) -> Report:
    """The report of a comparison; `captions` says what A and B are, `built` how it was made."""
    pictures = (Section("", figures=figures, detail=True),) if figures else ()
    return Report(
        title,
        tuple(_lead(comparison, captions)),
        tuple(_notes(comparison, captions)),
        (*_sections(comparison, captions), *pictures, *built),
    )


def _lead(comparison: "Comparison", captions: Captions) -> Iterator[str]:
    top = comparison.outcomes[0]
    says = outcome_of(top.outcome).says
    yield (
        f"{says[0].upper()}{says[1:]} {_when(comparison)} in {of_hundred(top.first)} runs of A "
        f"and in {of_hundred(top.second)} of B."
    )
    change = top.difference
    if captions.identical:
        names = some_of(captions.already, MOST_NAMED)
        why = f": {names} has the value that was set already" if names else ""
        chance = "and what differs below is chance"
        rest = chance if comparison.independent else "so no run can differ"
        yield f"B is A{why}. Both are one scenario, {rest}."
        return
    over = comparison.margin
    ranged = () if over is None else tuple(_over_ranges(over, change))
    agreed = over is None or over.is_robust(change.low, change.high)
    here = _at_these_settings(comparison)
    yield from (here, *ranged) if agreed else (*ranged, here)


def _at_these_settings(comparison: "Comparison") -> str:
    """Which of the two holds more often with every value as it is."""
    change = comparison.outcomes[0].difference
    if change.gained == 0 == change.lost:
        return (
            f"Not one of {comparison.n:,} runs differs in that by then: whatever the change does "
            "comes later, or moves something else (see the other rows)."
        )
    if change.low <= 0 <= change.high:
        return f"{comparison.n:,} runs of each show no difference that chance alone could not make."
    low, high = sorted(100 * abs(end) for end in (change.low, change.high))
    more = "more" if change.value > 0 else "less"
    here = "At these settings it" if comparison.margin else "It"
    return f"{here} holds {more} often in B, by {low:.1f} to {high:.1f} of 100 (95 %)."


def _over_ranges(margin: Margin, change: "Difference") -> Iterator[str]:
    """In how many of the plausible settings B surely holds more often, and by how much.

    First whether they agree with the difference at these settings; last where that lies outside.
    """
    low, median, high = (100 * end for end in (margin.low, margin.median, margin.high))
    sure = margin.surely_more, margin.surely_less
    agreed = margin.is_robust(change.low, change.high)
    yield (
        f"{'Over' if agreed else 'Which holds more often hangs on the settings: over'} "
        f"{margin.points} plausible ones B holds more often in {sure[0]}, A in {sure[1]}, and in "
        f"{margin.points - sum(sure)} no difference is beyond chance; B - A is {low:+.1f} to "
        f"{high:+.1f} of 100 (5th to 95th percentile), {median:+.1f} at the median."
    )
    value = change.value
    if not margin.low <= value <= margin.high:
        side, more = ("above", "larger") if value > margin.high else ("below", "smaller")
        yield (
            f"With the values as they are it is {100 * value:+.1f} of 100, {side} that range: "
            f"{more} than at 95 of 100 of those settings. Quote both."
        )


def _when(comparison: "Comparison") -> str:
    week = comparison.outcomes[0].week
    end = "the end of the term" if week == comparison.term else "the horizon"
    return f"at {end} (week {week}, to {last_day(comparison.first.start, week)})"


def _notes(comparison: "Comparison", captions: Captions) -> Iterator[str]:
    top = comparison.outcomes[0]
    for label, name, digest in zip("AB", captions.names, captions.digests, strict=True):
        yield f"{label}: {name}{f' (hash {digest})' if digest else ''}"
    yield (
        f"{top.outcome} {_when(comparison)}: {top.first:.3f} in A, {top.second:.3f} in B, "
        f"{top.difference}, n = {top.difference.n:,}"
    )
    yield from (f"note: {note}" for note in comparison.notes)
    yield f"{comparison.n:,} runs of each, seed {comparison.seed}; differences are B - A"
    if comparison.margin is not None:
        yield from margin_text(comparison.margin)


def margin_text(margin: Margin) -> Iterator[str]:
    """The settings, what varies over them, chance, and what does not vary."""
    chance = estimate(margin.runs // 2, margin.runs).half_width
    even = margin.points - margin.more - margin.less
    yield (
        f"ranges: {margin.points} settings over {margin.ranges} ranged parameters, the same values "
        f"and random numbers in A and B, {margin.runs} runs of each (chance at most "
        f"±{chance:.2f}); {margin.outcome} holds more often in B in {margin.more}, less in "
        f"{margin.less}, as often in {even}, beyond chance (95 % each; of settings without a "
        f"difference {(1 - LEVEL) * margin.points:.0f} would seem so) in {margin.surely_more} and "
        f"{margin.surely_less}; B - A is {margin.median:+.3f} at the median, "
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


def _sections(comparison: "Comparison", captions: Captions) -> Iterator[Section]:
    alone, (a, b) = comparison.independent, captions.heads
    who, paired = f"A is {a}, B is {b}", "Common random numbers, run by run; 95 % (Tango)"
    how = "Random numbers of their own; 95 % (Newcombe)" if alone else paired
    rows = (
        (*_name_cells(row), f"{row.first:.3f}", f"{row.second:.3f}", str(row.difference))
        for row in (*comparison.outcomes, *comparison.talks)
    )
    heads = ("outcome", NAME), "week", "A", "B", "difference"
    parts = [table("How often does it hold?", heads, rows, words=(how,))]
    parts += [] if alone else [_flips(comparison)]
    for part in (*parts, _amounts(comparison)):
        yield replace(part, words=(who, *part.words))


_FLIPS = (
    "Shares of runs that hold in the one and fail in the other, chance being the same in both.",
    "McNemar p: how likely flips so uneven would be if neither way were likelier (two-sided). "
    "Runs, unpaired: without common random numbers you would need so many times the runs.",
)


def _flips(comparison: "Comparison") -> Section:
    """A row for each outcome and week in which some run flips."""
    rows = []
    for row in (*comparison.outcomes, *comparison.talks):
        change = row.difference
        if change.gained or change.lost:
            shares = (f"{(count or 0) / change.n:.2%}" for count in (change.gained, change.lost))
            p = f"{row.chance:.4f}" if row.chance >= SMALLEST_CHANCE else f"< {SMALLEST_CHANCE:.4f}"
            rows.append((*_name_cells(row), *shares, p, _times(row.fewer_runs)))
    if not rows:
        return Section("The runs that flip", ("none",))
    heads = ("outcome", NAME), "week", "only in B", "only in A", "McNemar p", "runs, unpaired"
    return table("The runs that flip", heads, rows, words=_FLIPS)


def _amounts(comparison: "Comparison") -> Section:
    """A row for each mean, and when the two part."""
    paired = not comparison.independent
    called = quantities(comparison.first.sides)
    rows = []
    for row in (*comparison.amounts, comparison.number_of_talks, comparison.first_talks):
        if row is not None:
            means = (f"{row.first:.2f}", f"{row.second:.2f}")
            moved = change(row.difference, row.low, row.high)
            fewer = [_times(row.fewer_runs)] if paired else []
            rows.append((called[row.quantity], *means, moved, *fewer))
    kind = "paired" if paired else "independent"
    heads = "A", "B", "difference", *(["runs, unpaired"] if paired else [])
    title = f"Payoffs, harm and talks of whole runs: means; 95 %, {kind}"
    divergence, met = comparison.divergence, comparison.first_talks
    remarks = [] if divergence is None else [parted(divergence)]
    if met is not None and met.n < comparison.n:
        both = f"the {met.n:,} runs with talks in both" if paired else "runs with talks"
        remarks.append(f"Week of first talks: over {both}.")
    return table(title, (("mean", NAME), *heads), rows, *remarks)


def _name_cells(row: "ShareChange") -> tuple[str, str]:
    return "any talks" if row.outcome == "talks" else f"`{row.outcome}`", str(row.week)


def parted(divergence: "Divergence") -> str:
    """One sentence on when the two part."""
    runs = f"the first {divergence.runs} runs"
    if divergence.earliest is None or divergence.median is None:
        return f"In {runs} the two never part: no act differs in any week."
    first = f"in week {divergence.earliest} at the earliest (run {divergence.run})"
    return (
        f"The two part in {divergence.parted} of {runs}: {first}, in week {divergence.median:g} "
        "at the median."
    )


def _times(times: float | None) -> str:
    """How many times as many runs independent samples would need."""
    return "-" if times is None else f"{times:.1f} x"
