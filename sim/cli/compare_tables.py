"""A comparison as tables for the terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.cli.console import plain_table
from sim.outcomes.calendar import last_day

if TYPE_CHECKING:
    from sim.studies.changes import ShareChange
    from sim.studies.pairs import Comparison
    from sim.studies.parting import Parting

RIGHT: dict[str, Any] = {"justify": "right", "no_wrap": True}
WHOLE: dict[str, Any] = {"no_wrap": True}
SMALLEST_CHANCE = 1e-4
QUANTITIES = {
    "payoff_us": "payoff, US",
    "payoff_cn": "payoff, China",
    "harm_us": "harm to the US",
    "harm_cn": "harm to China",
    "talks": "rounds of talks",
    "first_talks_week": "week of first talks",
}


def page(comparison: "Comparison", title: str, names: tuple[str, str]) -> Group:
    """Headline, outcomes, flips, payoffs and talks, where the two part, and notes."""
    return Group(*_parts(comparison, title, names))


def _parts(
    comparison: "Comparison", title: str, names: tuple[str, str]
) -> Iterator[RenderableType]:
    yield Text(title, style="bold")
    yield Text(f"A: {names[0]}\nB: {names[1]}")
    yield Text(headline(comparison))
    alone = comparison.independent
    how = (
        "luck of their own; 95 % (Newcombe)" if alone else "The same luck, run by run; 95 % (Tango)"
    )
    yield Text(f"\nHow often does it hold? {how[0].upper()}{how[1:]}", style="bold")
    yield outcomes(comparison)
    if not alone:
        yield Text("The runs that flip", style="bold")
        yield flips(comparison) or Text("\n  none\n")
    kind = "independent" if alone else "paired"
    yield Text(f"Payoffs, harm and talks of whole runs: means; 95 %, {kind}", style="bold")
    yield amounts(comparison)
    if comparison.parting is not None:
        yield Text(parted(comparison.parting))
    met = comparison.first_talks
    if met is not None and met.n < comparison.n:
        where = "over runs with talks" if alone else f"over the {met.n:,} runs with talks in both"
        yield Text(f"Week of first talks: {where}.")
    yield from (Text(f"note: {note}") for note in comparison.notes)
    yield Text(f"\n{comparison.n:,} runs of each, seed {comparison.seed}; differences are B - A")


def headline(comparison: "Comparison") -> str:
    """The first outcome and its difference, with the runs that flip."""
    top = comparison.outcomes[0]
    when = "the end of the term" if top.week == comparison.term else "the horizon"
    date = last_day(comparison.first.start, top.week)
    change = top.difference
    return (
        f"{top.outcome} at {when} (week {top.week}, to {date}): {top.first:.3f} in A, "
        f"{top.second:.3f} in B, {_change(change.value, change.low, change.high)}, n = {change.n:,}"
    )


def outcomes(comparison: "Comparison") -> Table:
    """A row for each outcome and week, and for talks."""
    table = _table("outcome", "week", "A", "B")
    table.add_column("difference", **WHOLE)
    for row in _shares(comparison):
        change = row.difference
        known = _change(change.value, change.low, change.high)
        table.add_row(*_named(row), f"{row.first:.3f}", f"{row.second:.3f}", known)
    return table


def flips(comparison: "Comparison") -> Table | None:
    """A row for each outcome and week in which some run flips; None if none does."""
    rows = [row for row in _shares(comparison) if row.difference.gained or row.difference.lost]
    table = _table("outcome", "week", "only in B", "only in A", "McNemar p", "fewer runs")
    for row in rows:
        change = row.difference
        shares = (f"{(count or 0) / change.n:.2%}" for count in (change.gained, change.lost))
        table.add_row(*_named(row), *shares, _chance(row.chance), _times(row.fewer_runs))
    return table if rows else None


def amounts(comparison: "Comparison") -> Table:
    """A row for each mean."""
    table = _table("mean", "A", "B")
    table.add_column("difference", **WHOLE)
    paired = not comparison.independent
    if paired:
        table.add_column("fewer\nruns", **RIGHT)
    for row in (*comparison.amounts, comparison.number_of_talks, comparison.first_talks):
        if row is not None:
            means = (f"{row.first:.2f}", f"{row.second:.2f}")
            known = _change(row.difference, row.low, row.high)
            fewer = [_times(row.fewer_runs)] if paired else []
            table.add_row(QUANTITIES[row.quantity], *means, known, *fewer)
    return table


def _table(first: str, *numbers: str) -> Table:
    """An empty table without a title, which stands above it: it may be wider than the table."""
    table = plain_table("")
    table.title = None
    table.add_column(first, **WHOLE)
    for heading in numbers:
        table.add_column(heading, **RIGHT)
    return table


def _shares(comparison: "Comparison") -> "tuple[ShareChange, ...]":
    return (*comparison.outcomes, *comparison.talks)


def _named(row: "ShareChange") -> tuple[str, str]:
    return "any talks" if row.outcome == "talks" else row.outcome, str(row.week)


def _chance(p: float) -> str:
    return f"{p:.4f}" if p >= SMALLEST_CHANCE else f"< {SMALLEST_CHANCE:.4f}"


def parted(found: "Parting") -> str:
    """One sentence on when the two part."""
    if found.earliest is None or found.median is None:
        return f"In the first {found.runs} runs the two never part: no act differs in any week."
    first = f"in week {found.earliest} at the earliest (run {found.run})"
    return (
        f"The two part in {found.parted} of the first {found.runs} runs: {first}, "
        f"in week {found.median:g} at the median."
    )


def _change(value: float, low: float, high: float) -> str:
    """A difference with its interval; no minus before what rounds to 0."""
    one, two, three = (f"{round(x, 3) + 0.0:+.3f}" for x in (value, low, high))
    return f"{one} ({two} to {three})"


def _times(times: float | None) -> str:
    """How many times as many runs independent samples would need."""
    return "-" if times is None else f"{times:.1f} x"
