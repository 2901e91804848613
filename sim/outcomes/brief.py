"""A result in three lines of plain words: how often it holds, how sure that is, what breaks it."""

from typing import Any

Summary = dict[str, Any]

_HOLDS = {
    "standing": "The truce still stands",
    "clean": "Nobody has stood above its obligations",
}


def brief_lines(page: Summary) -> list[str]:
    """Three lines, from the summary of a result."""
    return [_holds(page), _sure(page), _breaks(page)]


def _holds(page: Summary) -> str:
    top = page["headline"]
    meaning = next(o["definition"] for o in page["outcomes"] if o["outcome"] == top["outcome"])
    return (
        f"{_HOLDS[top['outcome']]} at {top['read_at']}, {top['date']}, in {percent(top['p'])} of "
        f"{page['runs']:,} runs (95 %: {percent(top['low'])} to {percent(top['high'])}); "
        f"counted is {meaning}."
    )


def _sure(page: Summary) -> str:
    over, spread = page["headline"]["ranges"], page["spread"]
    if over is None or not spread["ranges"]:
        return "That is for these settings alone: what is not known of them was not varied."
    held = f", your own {len(spread['held'])} held fixed" if spread["held"] else ""
    return (
        f"With {spread['ranges']} numbers that nobody knows varied over what is believed of them"
        f"{held}, it is {percent(over['q05'])} to {percent(over['q95'])} "
        f"(5th to 95th percentile of {spread['points']} settings, {spread['runs']} runs each)."
    )


def _breaks(page: Summary) -> str:
    top = page["headline"]
    rows = [row for row in page["triggers"] if row["week"] == top["week"]]
    if not rows:
        return f"In none of the {page['runs']:,} runs did a truce break by then."
    total = sum(row["count"] for row in rows)
    text = (
        f"It breaks most often so: {rows[0]['text']} ({percent(rows[0]['share'])} of {total:,} "
        "breakdowns)"
    )
    best = max(page["but_for"] or (), key=lambda row: row["difference"], default=None)
    if best is None or best["low"] <= 0:
        return f"{text}."
    return (
        f"{text}; with the same luck but for {_bare(best['text'])} it would hold in "
        f"{percent(best['p_without'])} of {best['n']:,} runs, {_points(best)}."
    )


def _bare(text: str) -> str:
    return text.removeprefix("no ").removeprefix("without ")


def _points(row: Summary) -> str:
    low, high = (100 * row[end] for end in ("low", "high"))
    return f"{100 * row['difference']:.0f} points more (95 %: {low:.0f} to {high:.0f})"


def percent(share: float) -> str:
    """A share as a percentage; with as many digits as tell it from none and from all."""
    if share in (0.0, 1.0):
        return f"{100 * share:.0f} %"
    for digits in (0, 1, 2, 3):
        text = f"{100 * share:.{digits}f}"
        if float(text) not in (0.0, 100.0):
            return f"{text} %"
    return "under .001 %" if share < 0.5 else "over 99.999 %"
