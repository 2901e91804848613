"""A result as tables for the terminal: what `detente run` prints, from its summary."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.cli.console import plain_table
from sim.outcomes.summary import Summary

#: Terminals narrower than this get the definitions of outcomes below their table, not beside it.
ROOM = 100
#: Triggers shown; the others are summed in one line.
MOST_TRIGGERS = 8
RIGHT: dict[str, Any] = {"justify": "right"}
LEFT: dict[str, Any] = {}
WHOLE: dict[str, Any] = {"no_wrap": True}

CHANNELS = {
    "slips": "slips of agencies",
    "false_alarms": "false alarms",
    "slow_licences": "slow licences",
    "friction": "friction of removals",
}


def page(summary: Summary) -> Group:
    """Headline, outcomes, K table, triggers, but-for shares and talks, one below the other."""
    return Group(headline(summary), *_tables(summary), Text(talks(summary["talks"])))


def _tables(summary: Summary) -> Iterator[RenderableType]:
    """Each table below its title, which may be longer than the table is wide."""
    yield Outcomes(summary)
    for table in (by_definition(summary), triggers(summary), but_for(summary)):
        if table is not None:
            yield from _titled(table)


def _titled(table: Table) -> Iterator[RenderableType]:
    title, table.title = table.title, None
    yield Text(f"\n{title}", style="bold")
    yield table


class Outcomes:
    """The table of outcomes, its definitions beside it or, on a narrow terminal, below."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """The parts that fit the width of this console."""
        table = outcomes(self.summary)
        if options.max_width >= ROOM:
            yield from _titled(table)
            return
        table.columns.pop()
        yield from _titled(table)
        for entry in self.summary["outcomes"]:
            verb = "is" if entry["not_defined"] else "holds while there is"
            yield Padding(Text(f"{entry['outcome']} {verb} {_meaning(entry)}"), (0, 0, 0, 2))


def headline(summary: Summary) -> Text:
    """The scenario's title and the first number, with both its uncertainties."""
    top = summary["headline"]
    when = f"at {top['read_at']} (week {top['week']}, to {top['date']})"
    text = Text(f"{summary['scenario']['title']}\n", style="bold")
    text.append(f"{top['outcome']} {when}: ", style="not bold")
    text.append(top["text"])
    for note in summary["spread"]["text"] if summary["spread"] else ():
        text.append(f"\n{note}", style="not bold dim")
    return text


def outcomes(summary: Summary) -> Table:
    """The four outcomes by term and by horizon, each with interval, n and definition."""
    entries = summary["outcomes"]
    columns = {name: _when(name, entries) for name in ("term", "horizon")}
    shown = {name: title for name, title in columns.items() if title}
    table = _table(
        "Does it hold? Shares of all runs with 95 % intervals (Wilson)",
        ("outcome", WHOLE),
        *((title, WHOLE) for title in shown.values()),
        ("n", RIGHT),
        ("holds while there is", LEFT),
    )
    for entry in entries:
        cells = [_share(entry[name]) for name in shown]
        n = "-" if entry["not_defined"] else f"{summary['runs']:,}"
        table.add_row(entry["outcome"], *cells, n, _meaning(entry))
    return table


def _meaning(entry: Summary) -> str:
    """What was counted, or why nothing was."""
    reason = entry["not_defined"]
    return f"not defined: {reason}" if reason else str(entry["definition"])


def _when(name: str, entries: list[Summary]) -> str:
    """A column's heading: term or horizon, its week and last day; "" if nothing is read then."""
    read = [entry[name] for entry in entries if entry[name]]
    return f"{name}: week {read[0]['week']},\nto {read[0]['date']}" if read else ""


def by_definition(summary: Summary) -> Table | None:
    """`standing` had a breakdown been defined by another K; None where it is not defined."""
    rows = summary["k_table"]
    if not rows:
        return None
    weeks = sorted({row["week"] for row in rows})
    table = _table(
        "standing, had K weeks in a row of mutual violation counted as a breakdown",
        ("K", RIGHT),
        *((f"week {week}", WHOLE) for week in weeks),
    )
    by_k: dict[int, dict[int, Summary]] = {}
    for row in rows:
        by_k.setdefault(row["breakdown_after"], {})[row["week"]] = row
    for k, read in by_k.items():
        table.add_row(str(k), *(_share(read.get(week)) for week in weeks))
    return table


def triggers(summary: Summary) -> Table | None:
    """What struck the match, the commonest first, by the end of the term; None if nothing did."""
    week = summary["headline"]["week"]
    rows = [row for row in summary["triggers"] if row["week"] == week]
    if not rows:
        return None
    total = sum(row["count"] for row in rows)
    table = _table(
        f"What struck the match: triggers of {total:,} breakdowns by week {week}",
        ("trigger", LEFT),
        ("of breakdowns", RIGHT),
        ("of all runs", WHOLE),
    )
    for row in rows[:MOST_TRIGGERS]:
        table.add_row(Text(row["text"]), f"{row['share']:.1%}", _share(row))
    rest = rows[MOST_TRIGGERS:]
    if rest:
        share = sum(row["share"] for row in rest)
        table.add_row(f"{len(rest)} others", f"{share:.1%}", f"{sum(r['p'] for r in rest):.3f}")
    return table


def but_for(summary: Summary) -> Table | None:
    """The same luck with one channel off at a time; None if that was not asked or none is on."""
    rows = summary["but_for"]
    if not rows:
        return None
    first = rows[0]
    table = _table(
        f"What would have kept it: {first['outcome']} at week {first['week']} with the same luck, "
        f"one channel off (with all: {first['p']:.3f}, n = {first['n']:,})",
        ("without", LEFT),
        ("holds", RIGHT),
        ("difference, paired", WHOLE),
    )
    for row in rows:
        change = f"{row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"
        name = CHANNELS.get(row["channel"], row["channel"])
        table.add_row(Text(name), f"{row['p_without']:.3f}", change)
    return table


def talks(row: Summary) -> str:
    """One line about talks."""
    first = row["mean_first_week"]
    when = "" if first is None else f", first in week {first:.1f} on average"
    return (
        f"Talks in {_share({**row, 'p': row['share']})} of the runs{when}; "
        f"{row['mean_number']:.2f} rounds and {row['mean_renewals']:.2f} renewed truces a run."
    )


def _table(title: str, *columns: tuple[str, dict[str, Any]]) -> Table:
    table = plain_table(title)
    for heading, style in columns:
        table.add_column(heading, **style)
    return table


def _share(row: Summary | None) -> str:
    return f"{row['p']:.3f} ({row['low']:.3f} to {row['high']:.3f})" if row else "-"
