"""The content of the one page: a nested dictionary that JSON, CSV and Markdown all print."""

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.outcomes.butfor import channel_text
from sim.outcomes.calendar import last_day
from sim.outcomes.decomposition import COMMON
from sim.outcomes.definitions import OUTCOMES
from sim.outcomes.estimates import LEVEL, Estimate, quantile_of_normal
from sim.outcomes.survival import median_week, restricted_mean
from sim.outcomes.triggers import phrase
from sim.report.numbers import doubt

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes.result import Result
    from sim.outcomes.spread import Spread

Summary = dict[str, Any]


def summary(result: "Result") -> Summary:
    """Headline, outcomes, K table, triggers, but-for shares, talks, payoffs and caveats.

    Numbers are plain floats, integers or None (not defined, never), so that it is JSON as is.
    """
    scenario = result.scenario
    return {
        "scenario": {"name": scenario.name, "title": scenario.title, "hash": scenario.hash},
        "seed": result.seed,
        "runs": result.n,
        "engine": result.engine,
        "headline": headline(result),
        "breakdown_after": int(result.rules["breakdown_after"]),
        "outcomes": [outcome_entry(result, name) for name in OUTCOMES],
        "k_table": records(result.k_table),
        "triggers": [_with_text(row) for row in records(result.triggers)],
        "but_for": None if result.but_for is None else _but_for(result.but_for),
        "talks": _talks(result),
        "payoffs": records(result.payoffs),
        "spread": _spread(result),
        "caveats": caveats(result),
    }


def records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """The rows of a table as dictionaries, nan as None."""
    rows = frame.to_dict("records")
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _with_text(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"text": phrase(row["cause"], row["who"], row["item"])}


def _but_for(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    return [row | {"text": channel_text(row["channel"])} for row in records(frame)]


def headline(result: "Result") -> Summary:
    """The headline outcome with both its uncertainties, and as a sentence."""
    name = result.headline
    found = result.at(name)
    if found is None:
        raise ValueError(f"the headline outcome {name} is not defined")
    over = None if result.spread is None else result.spread.of(name)
    text = f"{found.p:.2f} at these settings (dice {doubt(found.p, found.low, found.high)})"
    if over is not None and result.spread is not None and result.spread.ranges:
        what = "distributions" if result.spread.shaped else "ranges"
        text += f"; {over['q05']:.2f} to {over['q95']:.2f} over the stated {what}"
    return {
        "outcome": name,
        "read_at": "the end of the term" if result.term else "the horizon",
        **_entry(result, found, result.headline_week),
        "half_width": found.half_width,
        "ranges": over,
        "text": text,
    }


def outcome_entry(result: "Result", name: str) -> Summary:
    """One outcome: definition, reason if not defined, by term, by horizon, over the ranges."""
    frame = result.survival(name)
    curve = name != "extended" and len(frame) > 0
    over = None if result.spread is None else result.spread.of(name)
    return {
        "outcome": name,
        "definition": result.definition(name),
        "not_defined": result.reason(name),
        "term": _read(result, name, result.term),
        "horizon": _read(result, name, result.horizon),
        "ranges": over,
        "median_week": _plain(median_week(frame)) if curve else None,
        "mean_weeks": restricted_mean(frame) if curve else None,
    }


def _read(result: "Result", name: str, week: int | None) -> Summary | None:
    found = None if week is None else result.at(name, week)
    return None if found is None or week is None else _entry(result, found, week)


def _entry(result: "Result", found: Estimate, week: int) -> Summary:
    day = last_day(result.compiled.start, week).isoformat()
    numbers = {"n": found.n, "p": found.p, "low": found.low, "high": found.high}
    return {"week": week, "date": day, **numbers}


def _talks(result: "Result") -> Summary:
    talks = result.talks
    share = talks.share
    return {
        "share": share.p,
        "low": share.low,
        "high": share.high,
        "n": share.n,
        "mean_first_week": _plain(talks.mean_first_week),
        "mean_number": talks.mean_number,
        "mean_renewals": talks.mean_renewals,
    }


def _spread(result: "Result") -> Summary | None:
    spread = result.spread
    if spread is None:
        return None
    return {
        "points": spread.points,
        "runs": spread.runs,
        "dice": spread.dice,
        "ranges": spread.ranges,
        "shaped": spread.shaped,
        "luck": spread.luck,
        "outcomes": records(spread.frame),
        "variance": {name: asdict(part) for name, part in spread.parts.items()},
        "text": _spread_text(spread, result.headline),
    }


def _spread_text(spread: "Spread", outcome: str) -> list[str]:
    """What the range is, and whether the parameters or the dice decide; nothing if none vary."""
    if not spread.ranges:
        return []
    shaped = f", {spread.shaped} of them not uniform" if spread.shaped else ""
    luck = "the same luck" if spread.luck == COMMON else "fresh luck at each"
    what = "distributions" if spread.shaped else "ranges"
    lines = [
        f"{what}: 5th to 95th percentile of {spread.points} points over {spread.ranges} "
        f"parameters{shaped}, {spread.runs} runs each (dice ±{spread.dice:.2f}), {luck}"
    ]
    part = spread.parts.get(outcome)
    if part is None:
        return lines
    error = quantile_of_normal(LEVEL) * part.mean_error
    average = f"on average over them: {part.mean:.2f} (±{error:.2f})"
    if part.share is None or part.low is None or part.high is None:
        return [*lines, f"{average}; nothing varies"]
    return [
        *lines,
        f"{average}; of the doubt about one truce {100 * part.share:.0f} % (95 %: "
        f"{100 * part.low:.0f} to {100 * part.high:.0f}) is which values are right, "
        f"{100 * (1 - part.share):.0f} % is dice",
    ]


def caveats(result: "Result") -> list[str]:
    """What a reader must know before quoting a number."""
    lines = [
        "The two governments are automata that follow rules, not players who optimise: nothing "
        "here is an equilibrium, and a government that knew these odds might act otherwise.",
        "A handful of truces is on record, which cannot identify the parameters. Most values are "
        "judgements with a range, so the range says more than the dice.",
        "Whether slow licences are a lack of capacity or a design is left open: the model says "
        "what a queue does to a truce, not why there is one.",
    ]
    return lines if result.reason("standing") else [*lines, _definition_caveat(result)]


def _definition_caveat(result: "Result") -> str:
    table = result.k_table[result.k_table["week"] == result.headline_week]
    low, high = float(table["p"].min()), float(table["p"].max())
    text = f"The definition matters: with K = 1 to 6 `standing` goes from {low:.2f} to {high:.2f}"
    over = None if result.spread is None else result.spread.of("standing")
    if over is None:
        return text + "."
    larger = high - low >= over["q95"] - over["q05"]
    whole = f"all stated ranges together ({over['q05']:.2f} to {over['q95']:.2f})"
    return f"{text}, {'more' if larger else 'less'} than over {whole}."
