"""The one page a reader can mail: summary.md, and the same numbers as rows of summary.csv."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.outcomes.summary import Summary
from sim.store.text import markdown_text

if TYPE_CHECKING:
    import pandas as pd

MOST_TRIGGERS = 8
_CSV_COLUMNS = ["section", "key", "week", "date", "n", "value", "low", "high", "text"]


def markdown(page: Summary, pictures: Sequence[str] = (), command: str = "") -> str:
    """The page as Markdown; `pictures` are paths relative to it. No time of day, no machine."""
    parts = [
        _head(page),
        _outcomes(page),
        _variance(page),
        _k_table(page),
        _triggers(page),
        _but_for(page),
        _talks(page),
        _payoffs(page),
        _pictures(pictures),
        _caveats(page),
        _again(page, command),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(page: Summary) -> str:
    top = page["headline"]
    sentence = (
        f"**`{top['outcome']}` at {top['read_at']} (week {top['week']}, to {top['date']}): "
        f"{top['text']}.**"
    )
    lines = [
        f"# {markdown_text(page['scenario']['title'])}",
        "",
        sentence,
        "",
        f"n = {page['runs']:,} runs.",
    ]
    lines[-1] += " Intervals are 95 % (Wilson) and say how far the dice alone could be off."
    notes = page["spread"]["text"] if page["spread"] else []
    return "\n".join([*lines, *([""] if notes else []), *(f"- {note}" for note in notes)])


def _variance(page: Summary) -> str:
    parts = page["spread"]["variance"] if page["spread"] else {}
    rows = [
        [
            f"`{name}`",
            f"{part['mean']:.3f} (±{part['mean_error']:.3f})",
            f"{part['total']:.3f}",
            f"{part['share']:.0%} ({part['low']:.0%} to {part['high']:.0%})",
            f"{1 - part['share']:.0%} ({1 - part['high']:.0%} to {1 - part['low']:.0%})",
        ]
        for name, part in parts.items()
        if part["share"] is not None
    ]
    if not rows:
        return ""
    header = ["outcome", "mean over the parameters (s.e.)", "variance of one truce"]
    header += ["of it parameters", "of it dice"]
    spread = page["spread"]
    intro = (
        "What cannot be said of one truce, by the law of total variance: how much comes from not "
        "knowing which parameter values are right, and how much would be left if they were known "
        f"(95 %, jackknife; {spread['points']} points of a Latin hypercube, "
        f"{spread['runs']} runs each, {spread['luck']} luck; by the end of the term):"
    )
    return section("Ignorance and dice", f"{intro}\n\n{table(header, rows)}")


def _outcomes(page: Summary) -> str:
    entries = page["outcomes"]
    with_term = any(entry["term"] for entry in entries)
    with_ranges = any(entry["ranges"] for entry in entries)
    header = ["outcome", *_when(entries, with_term)]
    header += [*(["over the ranges"] if with_ranges else []), "n", "holds while there is"]
    rows = []
    for entry in entries:
        cells = [f"`{entry['outcome']}`"]
        if with_term:
            cells.append(_cell(entry, "term"))
        cells.append(_cell(entry, "horizon"))
        if with_ranges:
            cells.append(_range(entry["ranges"]))
        rows.append([*cells, f"{page['runs']:,}", entry["definition"]])
    return section("Does the truce hold? Four answers", table(header, rows))


def _when(entries: Iterable[Summary], with_term: bool) -> list[str]:
    found: dict[str, str] = {}
    for entry in entries:
        for when in ("term", "horizon"):
            if entry[when]:
                found.setdefault(when, f"week {entry[when]['week']}, to {entry[when]['date']}")
    term = [f"by the end of the term ({found['term']})"] if with_term else []
    return [*term, f"by the horizon ({found['horizon']})"]


def _cell(entry: Summary, when: str) -> str:
    if entry["not_defined"]:
        return f"not defined: {entry['not_defined']}"
    return _share(entry[when]) if entry[when] else "-"


def _share(row: Summary) -> str:
    return f"{row['p']:.3f} ({row['low']:.3f} to {row['high']:.3f})"


def _range(over: Summary | None) -> str:
    return f"{over['q05']:.2f} to {over['q95']:.2f}" if over else "-"


def _k_table(page: Summary) -> str:
    rows = page["k_table"]
    if not rows:
        return ""
    weeks = sorted({row["week"] for row in rows})
    by_k: dict[int, list[str]] = {}
    for row in rows:
        by_k.setdefault(row["breakdown_after"], []).append(_share(row))
    header = ["K", *(f"week {week}" for week in weeks)]
    own = page["breakdown_after"]
    names = {k: f"{k} (here)" if k == own else str(k) for k in by_k}
    rows_of_k = [[names[k], *cells] for k, cells in by_k.items()]
    intro = "`standing` had a breakdown been defined as K weeks in a row of mutual violation:"
    return section("The definition", f"{intro}\n\n{table(header, rows_of_k)}")


def _triggers(page: Summary) -> str:
    week = page["headline"]["week"]
    rows = [row for row in page["triggers"] if row["week"] == week]
    if not rows:
        return ""
    total = sum(row["count"] for row in rows)
    cells = [[row["text"], f"{row['share']:.2f}", _share(row)] for row in rows[:MOST_TRIGGERS]]
    rest = sum(row["count"] for row in rows[MOST_TRIGGERS:])
    if rest:
        cells.append([f"{len(rows) - MOST_TRIGGERS} others", f"{rest / total:.2f}", ""])
    header = ["trigger", "share of the breakdowns", "share of all runs"]
    intro = f"The earlier origin of the violations behind {total:,} breakdowns by week {week}:"
    return section("What struck the match", f"{intro}\n\n{table(header, cells)}")


def _but_for(page: Summary) -> str:
    rows = page["but_for"]
    if not rows:
        return ""
    first = rows[0]
    cells = [
        [
            row["text"],
            f"{row['p_without']:.3f}",
            f"{row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})",
        ]
        for row in rows
    ]
    header = ["channel off", f"`{first['outcome']}` without it", "difference, paired"]
    intro = (
        f"The same luck with one channel off at a time (n = {first['n']:,}; "
        f"{first['p']:.3f} with all of them, week {first['week']}). "
        "Shares overlap: they do not add up."
    )
    return section("What would have kept it standing", f"{intro}\n\n{table(header, cells)}")


def _talks(page: Summary) -> str:
    talks = page["talks"]
    text = f"Talks in {talks['share']:.3f} of the runs ({talks['low']:.3f} to {talks['high']:.3f})"
    if talks["mean_first_week"] is not None:
        text += (
            f", first in week {talks['mean_first_week']:.1f} on average, "
            f"{talks['mean_number']:.1f} rounds a run"
        )
    return section("Talks", text + ".")


def _payoffs(page: Summary) -> str:
    rows = [
        [row["who"], row["measure"], _number(row["mean"]), _number(row["se"]), _number(row["sd"])]
        for row in page["payoffs"]
    ]
    header = ["side", "measure", "mean", "standard error", "spread over runs (sd)"]
    intro = "Discounted over the horizon, in units of one week of harm weight 1:"
    return section("Payoffs", f"{intro}\n\n{table(header, rows)}")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _pictures(paths: Sequence[str]) -> str:
    return "\n\n".join(f"![{path.rsplit('/')[-1].split('.')[0]}]({path})" for path in paths)


def _caveats(page: Summary) -> str:
    return section("Before you quote this", "\n".join(f"- {line}" for line in page["caveats"]))


def _again(page: Summary, command: str) -> str:
    name, digest = page["scenario"]["name"], page["scenario"]["hash"][:8]
    luck = f"seed {page['seed']}, {page['runs']:,} runs, {page['engine']} engine"
    text = f"Scenario {name} ({digest}), {luck}."
    return section("Again", f"{text}\n\n    {command}" if command else text)


def section(title: str, body: str) -> str:
    """A heading and what stands under it."""
    return f"## {title}\n\n{body}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells as a Markdown table."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (header, ["---"] * len(header), *rows)]
    return "\n".join(lines)


def csv_frame(page: Summary) -> "pd.DataFrame":
    """The page's numbers as one long table: section, key, week, date, n, value, low, high, text."""
    import pandas as pd

    frame = pd.DataFrame(list(_csv_rows(page)), columns=_CSV_COLUMNS)
    return frame.astype({"week": "Int64", "n": "Int64"})


def _csv_rows(page: Summary) -> Iterable[dict[str, Any]]:
    top = page["headline"]
    yield _row("headline", top["outcome"], top, "p", top["text"])
    for entry in page["outcomes"]:
        for when in ("term", "horizon"):
            numbers = entry[when] or {}
            text = entry["not_defined"] or entry["definition"]
            yield _row(f"outcome by {when}", entry["outcome"], numbers, "p", text)
        if entry["ranges"]:
            over = {"p": entry["ranges"]["q50"]}
            over |= {"low": entry["ranges"]["q05"], "high": entry["ranges"]["q95"]}
            yield _row("outcome over ranges", entry["outcome"], over, "p", "median, 5 and 95 %")
    for name, part in (page["spread"]["variance"] if page["spread"] else {}).items():
        yield _row("mean over ranges", name, part | _NO_LIMITS, "mean", "")
        yield _row("variance of one run", name, part | _NO_LIMITS, "total", "")
        text = "of that variance; the rest is dice"
        yield _row("share of the parameters", name, part, "share", text)
    for row in page["k_table"]:
        yield _row("standing by K", str(row["breakdown_after"]), row, "p", "")
    for row in page["triggers"]:
        yield _row("trigger, share of runs", _trigger_key(row), row, "p", row["text"])
    for row in page["but_for"] or ():
        yield _row("but for", row["channel"], row, "difference", row["text"])
    yield _row("talks", "share of runs", page["talks"], "share", "")
    yield _row("talks", "first week", page["talks"] | _NO_LIMITS, "mean_first_week", "mean")
    yield _row("talks", "rounds", page["talks"] | _NO_LIMITS, "mean_number", "mean")
    for row in page["payoffs"]:
        yield _row(row["measure"], row["who"], row, "mean", f"standard error {row['se']}")
    for line in page["caveats"]:
        yield _row("caveat", "", {}, "p", line)


_NO_LIMITS = {"low": None, "high": None}


def _trigger_key(row: Summary) -> str:
    return ":".join(part for part in (row["cause"], row["who"], row["item"]) if part)


def _row(section: str, key: str, numbers: Summary, value: str, text: str) -> dict[str, Any]:
    shared = {name: numbers.get(name) for name in ("week", "date", "n", "low", "high")}
    return {"section": section, "key": key, "value": numbers.get(value), "text": text, **shared}
