"""The page of a result: what a terminal, summary.md, summary.csv and the mailed page all say."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.outcomes.estimates import estimate
from sim.outcomes.lead import in_short, lead
from sim.outcomes.summary import Summary, summary
from sim.outcomes.tables import SETTINGS
from sim.report.content import (
    NAME,
    NOT_DEFINED,
    TEXT,
    Figure,
    Head,
    Number,
    Report,
    Section,
    table,
)
from sim.report.numbers import (
    NOTHING,
    row_text,
    significant,
)
from sim.scenario.sourcing import Changes, changed

MOST_TRIGGERS = 8


def result_report(
    page: Summary,
    figures: Sequence[Figure] = (),
    command: str = "",
    stories: Sequence[Section] = (),
    built: Sequence[Section] = (),
) -> Report:
    """The report of a result from its `summary`.

    figures: its pictures; command: what made it; stories: runs as stories; built: how it was
    made, in place of a line that says only how to get it again.
    """
    closing = built or [how_to_repeat(page, f"seed {page['seed']}, {page['runs']:,} runs", command)]
    caveats = Section("Before you quote this", tuple(page["caveats"]), listed=True, detail=True)
    parts = (*_sections(page, figures), *stories, _talks(page), _payoffs(page), caveats, *closing)
    return Report(
        title=page["scenario"]["title"],
        lead=tuple(lead(page)),
        notes=tuple(_notes(page)),
        sections=tuple(each for each in parts if each),
        data=page,
        numbers=tuple(_numbers(page)),
    )


def report_of(result: Any) -> Report:
    """The report of a `Result` as it stands."""
    return result_report(summary(result))


def _notes(page: Summary) -> Iterator[str]:
    top = page["headline"]
    when = f"at {top['read_at']} (week {top['week']}, to {top['date']})"
    yield f"`{top['outcome']}` {when}: {top['text']}"
    yield from page["spread"]["text"] if page["spread"] else ()
    yield (
        f"n = {page['runs']:,} runs; intervals are 95 % (Wilson) and say how far chance alone "
        "could be off"
    )


def _sections(page: Summary, figures: Sequence[Figure]) -> Iterator[Section | None]:
    yield from changed(Changes.from_table(page["changes"]))
    yield _outcomes(page)
    yield _readings(page)
    settings = tuple(figure for figure in figures if figure.name == SETTINGS)
    others = tuple(figure for figure in figures if figure.name != SETTINGS)
    yield Section("", figures=others, detail=True) if others else None
    yield _variance(page)
    title = "The share over plausible settings"
    yield Section(title, figures=settings, detail=True, folded=True) if settings else None
    yield _definitions(page)
    yield _triggers(page)
    yield _but_for(page)


def _outcomes(page: Summary) -> Section:
    """Every outcome by term and horizon and over the ranges, with what was counted."""
    entries = page["outcomes"]
    reads = reads_of(entries)
    ranged = ["over plausible ranges"] if any(entry["ranges"] for entry in entries) else []
    rows = []
    for entry in entries:
        cells = [row_text(entry[when]) for when in reads]
        if ranged:
            cells.append(in_short(entry["ranges"]) if entry["ranges"] else NOTHING)
        reason = entry["not_defined"]
        counted = f"{NOT_DEFINED}: {reason}" if reason else str(entry["definition"])
        rows.append((f"`{entry['outcome']}`", *cells, counted))
    return table(
        "Does it hold?",
        outcome_heads(entries, "is the share of runs with", *ranged),
        rows,
        *_read_before(entries),
        words=(f"Shares of all {page['runs']:,} runs with 95 % intervals (Wilson).",),
    )


def _read_before(entries: Sequence[Summary]) -> Iterator[str]:
    """What `standing` does not yet know at the end of a term."""
    defined = {entry["outcome"] for entry in entries if not entry["not_defined"]}
    if {"standing", "extended"} <= defined:
        yield (
            "At the end of the term `standing` is read before the term runs out; whether the truce "
            "is then extended or lapses is `extended`, and counts from the next week on."
        )


def reads_of(entries: Sequence[Summary]) -> list[str]:
    """Where outcomes are read: at the end of the term, if there is one, and at the horizon."""
    return [when for when in ("term", "horizon") if any(entry[when] for entry in entries)]


def outcome_heads(entries: Sequence[Summary], what: str, *more: Head) -> tuple[Head, ...]:
    """The columns of a table of outcomes, of runs or solved: `what` says what a number is of."""
    reads = {
        name: next(entry[name] for entry in entries if entry[name]) for name in reads_of(entries)
    }
    when = (f"{name}: week {read['week']}, to {read['date']}" for name, read in reads.items())
    return ("outcome", NAME), *when, *more, (what, TEXT)


def _readings(page: Summary) -> Section | None:
    """Every outcome reading by reading; None for a scenario without readings."""
    rows = page["readings"]
    if not rows:
        return None
    names = list(dict.fromkeys(row["reading"] for row in rows))
    by_outcome: dict[str, list[str]] = {}
    for row in rows:
        by_outcome.setdefault(f"`{row['outcome']}`", []).append(row_text(row))
    weights = {row["reading"]: f"{row['weight']:.0%}, {row['n']:,} runs" for row in rows}
    intro = (
        "What the sources leave open, read in several ways; a run belongs to one reading. "
        f"Shares of the reading's own runs by week {rows[0]['week']}, 95 % intervals (Wilson); "
        "all other numbers of this page average the readings by their weights."
    )
    heads = (f"{name} ({weights[name]})" for name in names)
    lines = ((outcome, *cells) for outcome, cells in by_outcome.items())
    return table("By reading", (("outcome", NAME), *heads), lines, words=(intro,))


def _variance(page: Summary) -> Section | None:
    spread = page["spread"]
    parts = spread["variance"] if spread else {}
    rows = tuple(
        (
            f"`{name}`",
            f"{part['mean']:.3f} (±{part['mean_error']:.3f})",
            f"{part['total']:.3f}",
            f"{part['share']:.0%} ({part['low']:.0%} to {part['high']:.0%})",
            f"{1 - part['share']:.0%} ({1 - part['high']:.0%} to {1 - part['low']:.0%})",
        )
        for name, part in parts.items()
        if part["share"] is not None
    )
    if not rows:
        return None
    intro = (
        "What cannot be said of one truce, by the law of total variance: how much comes from not "
        "knowing which parameter values are right, and how much would be left if they were known "
        f"(95 %, jackknife; {spread['points']} points of a Latin hypercube, "
        f"{spread['runs']} runs each, {spread['luck']} random numbers; by the end of the term)."
    )
    numbers = "mean over the parameters (s.e.)", "variance of one truce"
    heads = ("outcome", NAME), *numbers, "of it parameters", "of it chance"
    return table("Settings and chance", heads, rows, words=(intro,), detail=True)


def _definitions(page: Summary) -> Section | None:
    """`standing` by the rung and the weeks of a rupture; nothing where it is not defined."""
    week = page["headline"]["week"]
    rows = [row for row in page["k_table"] if row["week"] == week]
    if not rows:
        return None
    by_rung: dict[float, list[str]] = {}
    for row in rows:
        own = row["breakdown_after"] == page["breakdown_after"]
        as_defined = own and row["rupture_rung"] == page["rupture_rung"]
        cell = f"{row['p']:.3f}{' (here)' if as_defined else ''}"
        by_rung.setdefault(row["rupture_rung"], []).append(cell)
    ks = sorted({row["breakdown_after"] for row in rows})
    widest = max((row["high"] - row["low"]) / 2 for row in rows)
    intro = (
        f"`standing` at week {week}, had both sides at a rung or above it for K weeks in a row "
        f"been what breaks it; n = {rows[0]['n']:,}, 95 % intervals of at most ±{widest:.3f}. "
        "Any violation: that of `undisputed`."
    )
    heads = (f"K = {k}" for k in ks)
    lines = ((rung_words(rung), *cells) for rung, cells in by_rung.items())
    return table("The definition decides", (("both at", TEXT), *heads), lines, words=(intro,))


def rung_words(rung: float) -> str:
    """A rung of rupture in words."""
    return f"rung {rung:g} or above" if rung > 0 else "any violation"


def _triggers(page: Summary) -> Section | None:
    """What began the dispute, the commonest first, by the end of the term; None if nothing did."""
    week = page["headline"]["week"]
    rows = [row for row in page["triggers"] if row["week"] == week]
    if not rows:
        return None
    total = sum(row["count"] for row in rows)
    cells = [(row["text"], f"{row['share']:.1%}", row_text(row)) for row in rows[:MOST_TRIGGERS]]
    if rest := rows[MOST_TRIGGERS:]:
        count = sum(row["count"] for row in rest)
        others = estimate(count, page["runs"]).text()
        cells.append((f"{len(rest)} others", f"{count / total:.1%}", others))
    intro = f"Triggers of {total:,} disputes by week {week}: the earlier origin of the violations"
    words = (f"{intro} behind each.", *_disputes_are_not(page, total))
    heads = ("trigger", TEXT), "of disputes", "of all runs"
    return table("What began the dispute", heads, cells, words=words)


def _disputes_are_not(page: Summary, disputes: int) -> Iterator[str]:
    """That the disputes are not the failures of the headline, where there are more or fewer."""
    top = page["headline"]
    failed = round((1 - top["p"]) * page["runs"])
    if top["outcome"] == "standing" and failed != disputes:
        yield f"They end `undisputed`; `standing` ends in {failed:,} runs, by rupture or in law."


SLOW = "slow_licences"


def _but_for(page: Summary) -> Section | None:
    """The same runs, one channel off at a time; None if that was not asked or none is on."""
    rows = page["but_for"]
    if not rows:
        return None
    first = rows[0]
    intro = (
        f"`{first['outcome']}` at week {first['week']} with the same random numbers and one "
        f"channel off at a time (with all of them {first['p']:.3f}, n = {first['n']:,}). Shares "
        "overlap: they do not add up."
    )
    cells = (
        (row["text"], f"{row['p_without']:.3f}", row_text(row, "difference", form="+.3f"))
        for row in rows
    )
    heads = ("without", TEXT), "holds", "difference, paired"
    notes = (*_on_slow_licences(page), *_on_friction(page))
    return table("What would have kept it", heads, cells, *notes, words=(intro,))


def _on_friction(page: Summary) -> Iterator[str]:
    """That friction of 1 is intent, where the channel takes it away."""
    names = page["withheld"]
    if names and any(row["channel"] == "friction" for row in page["but_for"]):
        yield (
            f"Friction of {', '.join(names)} is 1: it is kept on purpose until talks buy it. There "
            "the row of friction takes an intent away, not an accident."
        )


def _on_slow_licences(page: Summary) -> Iterator[str]:
    """What the channel of slow licences leaves as it is, or why there is none."""
    if any(row["channel"] == SLOW for row in page["but_for"]):
        yield (
            "Slow licences: capacity alone, from week 1 on. What waits from before stays, and what "
            "an office withholds while its lever is raised (`squeeze`); an office that was never "
            "slow does more: try `--set` with its `capacity`."
        )
    elif any(row["cause"] == SLOW for row in page["triggers"]):
        yield (
            "Slow licences have no row: every office can serve normal demand; what is slow "
            "is withheld while a lever is raised (`squeeze`)."
        )


def _talks(page: Summary) -> Section:
    talks = page["talks"]
    first = talks["mean_first_week"]
    when = "" if first is None else f", first in week {first:.1f} on average"
    ends = f"({talks['low']:.3f} to {talks['high']:.3f})"
    text = (
        f"Talks in {talks['share']:.3f} of the runs {ends}{when}; {talks['mean_number']:.2f} "
        f"rounds and {talks['mean_renewals']:.2f} renewed truces a run."
    )
    return Section("Talks", (text,))


def _payoffs(page: Summary) -> Section:
    intro = (
        "Discounted over the horizon; 1 is about what a week short of a good of harm weight 1 "
        "costs (docs/model.md, step 5)."
    )
    heads = ("side", NAME), ("measure", NAME), "mean", "standard error", "spread over runs (sd)"
    rows = (
        (row["who"], row["measure"], *(significant(row[name]) for name in ("mean", "se", "sd")))
        for row in page["payoffs"]
    )
    return table("Payoffs", heads, rows, words=(intro,), detail=True)


def how_to_repeat(page: Summary, size: str, command: str) -> Section:
    """How to get the same numbers once more."""
    name, digest = page["scenario"]["name"], page["scenario"]["hash"][:8]
    text = f"Scenario {name} ({digest}), {size}, {page['engine']} engine."
    return Section("Again", (text,), code=command, detail=True)


def _numbers(page: Summary) -> Iterator[Number]:
    """Every number of the page."""
    top = page["headline"]
    yield _number("headline", top["outcome"], top, "p", top["text"])
    for entry in page["outcomes"]:
        yield from _of_outcome(entry)
    for name, part in (page["spread"]["variance"] if page["spread"] else {}).items():
        yield Number("mean over ranges", name, part["mean"])
        yield Number("variance of one run", name, part["total"])
        text = "of that variance; the rest is chance"
        yield _number("share of the parameters", name, part, "share", text)
    for row in page["readings"] or ():
        key = f"{row['outcome']}, {row['reading']}"
        yield _number("by reading", key, row, "p", f"weight {row['weight']:g}")
    for row in page["k_table"]:
        key = f"rung {row['rupture_rung']:g}, K {row['breakdown_after']}"
        yield _number("standing by definition", key, row, "p", "")
    for row in page["triggers"]:
        key = ":".join(part for part in (row["cause"], row["who"], row["item"]) if part)
        yield _number("trigger, share of runs", key, row, "p", row["text"])
    for row in page["but_for"] or ():
        yield _number("but for", row["channel"], row, "difference", row["text"])
    talks = page["talks"]
    yield _number("talks", "share of runs", talks, "share", "")
    yield Number("talks", "first week", talks["mean_first_week"], n=talks["n"], text="mean")
    yield Number("talks", "rounds", talks["mean_number"], n=talks["n"], text="mean")
    for row in page["payoffs"]:
        yield _number(row["measure"], row["who"], row, "mean", f"standard error {row['se']}")
    yield from (Number("caveat", "", None, text=line) for line in page["caveats"])


def _of_outcome(entry: Summary) -> Iterator[Number]:
    text = entry["not_defined"] or entry["definition"]
    for when in ("term", "horizon"):
        yield _number(f"outcome by {when}", entry["outcome"], entry[when] or {}, "p", text)
    if over := entry["ranges"]:
        ends = {"value": over["q50"], "low": over["q05"], "high": over["q95"]}
        text = "median, 5 and 95 %"
        yield Number("outcome over ranges", entry["outcome"], **ends, text=text)


def _number(section: str, key: str, row: Mapping[str, Any], value: str, text: str) -> Number:
    known = {name: row.get(name) for name in ("week", "date", "n", "low", "high")}
    return Number(section, key, row.get(value), text=text, **known)
