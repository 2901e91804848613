"""The content of the one page: a nested dictionary that JSON, CSV and Markdown all print."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.outcomes.bands import phrase
from sim.outcomes.butfor import channel_text
from sim.outcomes.definitions import median_week, restricted_mean
from sim.outcomes.estimates import Estimate
from sim.outcomes.lead import about, in_short, spread_text
from sim.report.numbers import half_width_text, hundredths
from sim.scenario.calendar import last_day
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes.result import Result
    from sim.scenario import Scenario

Summary = dict[str, Any]
#: Written by docs/make_story.py.
FAILURES = Path(__file__).parent / "known_failures.json"


def summary(result: "Result") -> Summary:
    """Headline, outcomes, K table, triggers, but-for shares, talks, payoffs and caveats.

    Numbers are plain floats, integers or None (not defined, never), so that it is JSON as is.
    """
    scenario = result.scenario
    return {
        "scenario": {"name": scenario.name, "title": scenario.title, "hash": scenario.hash},
        **about(scenario),
        "seed": result.seed,
        "runs": result.n,
        "engine": result.engine,
        "headline": headline(result),
        "breakdown_after": int(result.rules["breakdown_after"]),
        "rupture_rung": float(result.rules["rupture_rung"]),
        "outcomes": [outcome_entry(result, name) for name in result.outcomes],
        "readings": None if result.by_reading is None else records(result.by_reading),
        "k_table": records(result.k_table),
        "triggers": [
            row | {"text": phrase(row["cause"], row["who"], row["item"], result.compiled.sides)}
            for row in records(result.triggers)
        ],
        "but_for": None
        if result.but_for is None
        else [row | {"text": channel_text(row["channel"])} for row in records(result.but_for)],
        "withheld": _withheld(result),
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


def headline(result: "Result") -> Summary:
    """The headline outcome with both its uncertainties, and as a sentence."""
    name = result.headline
    estimate = result.at(name)
    if estimate is None:
        raise ValueError(f"the headline outcome {name} is not defined")
    over = None if result.spread is None else result.spread.of(name)
    chance = half_width_text(estimate.p, estimate.low, estimate.high)
    text = f"{hundredths(estimate.p)} at these settings (chance {chance})"
    if over is not None and result.spread is not None and result.spread.ranges:
        text += f"; over plausible ranges {in_short(over)}"
    return {
        "outcome": name,
        "read_at": "the end of the term" if result.term else "the horizon",
        **_entry(result, estimate, result.headline_week),
        "horizon": _entry_at(result, name, result.horizon),
        "half_width": estimate.half_width,
        "ranges": over,
        "text": text,
    }


def outcome_entry(result: "Result", name: str) -> Summary:
    """One outcome: definition, reason if not defined, by term, by horizon, over the ranges."""
    frame = result.survival(name)
    curve = not outcome_of(name).once and len(frame) > 0
    over = None if result.spread is None else result.spread.of(name)
    return {
        "outcome": name,
        "definition": result.definition(name),
        "not_defined": result.reason(name),
        "term": _entry_at(result, name, result.term),
        "horizon": _entry_at(result, name, result.horizon),
        "ranges": over,
        "median_week": _plain(median_week(frame)) if curve else None,
        "mean_weeks": restricted_mean(frame) if curve else None,
    }


def _entry_at(result: "Result", name: str, week: int | None) -> Summary | None:
    estimate = None if week is None else result.at(name, week)
    return None if estimate is None or week is None else _entry(result, estimate, week)


def _entry(result: "Result", estimate: Estimate, week: int) -> Summary:
    day = last_day(result.compiled.start, week).isoformat()
    return {"week": week, "date": day, "n": estimate.n, **estimate.row()}


def _withheld(result: "Result") -> list[str]:
    """Levers of which no ordered removal ever happens, under any reading: kept on purpose."""
    world = result.compiled
    never = [part.params.levers["friction"] >= 1 for part in world.parts]
    return [name for name, held in zip(world.levers, np.any(never, axis=0), strict=True) if held]


def _talks(result: "Result") -> Summary:
    talks, share = result.talks, result.talks.share
    return {
        **share.row("share"),
        "n": share.n,
        "mean_first_week": _plain(talks.mean_first_week),
        "mean_number": talks.mean_number,
        "mean_renewals": talks.mean_renewals,
    }


def _spread(result: "Result") -> Summary | None:
    spread = result.spread
    if spread is None:
        return None
    same = ("points", "runs", "chance", "ranges", "inert", "shaped", "judged", "luck")
    return {name: getattr(spread, name) for name in same} | {
        "outcomes": [dict(row) for row in spread.outcomes],
        "variance": {name: asdict(part) for name, part in spread.parts.items()},
        "held": list(spread.fixed),
        "text": spread_text(spread, result.headline, result.at(result.headline)),
    }


def caveats(result: "Result") -> list[str]:
    """What a reader must know before quoting a number."""
    lines = [
        "The two governments are automata that follow rules, not players who optimise: nothing "
        "here is an equilibrium, and a government that knew these odds might act otherwise.",
        "A handful of truces is on record, which cannot identify the parameters. Most values are "
        "judgements with a range, so the range says more than chance.",
        "Whether slow licences are a lack of capacity or a design is left open: the model says "
        "what a queue does to a truce, not why there is one.",
    ]
    lines += known_failures(result.scenario)
    return lines if result.reason("standing") else [*lines, _definition_caveat(result)]


def known_failures(scenario: "Scenario") -> Iterator[str]:
    """Where the paths of a scenario, or of the one it extends, were found to fail (docs/story.md).

    The numbers are those that docs/make_story.py played and kept.
    """
    kept = json.loads(FAILURES.read_text(encoding="utf-8"))
    base = scenario.changes.base if scenario.changes else ""
    name = next((name for name in (scenario.name, base) if name in kept), None)
    if name is None:
        return
    found = kept[name]
    text = f"Known failures of {name} (docs/story.md): "
    if "failed" in found:
        text += (
            f"of {found['expected']} things expected of it before any run {found['failed']} did "
            "not come out; "
        )
    if "rival" in found:
        yield (
            f"{text}its path of rungs lies farther from the record's than that of {found['rival']} "
            f"(energy score {found['score']} against {found['rival_score']}; lower is better)."
        )
    elif "failed" in found:
        yield f"{text.removesuffix('; ')}."


def _definition_caveat(result: "Result") -> str:
    table = result.k_table[result.k_table["week"] == result.headline_week]
    low, high = float(table["p"].min()), float(table["p"].max())
    definitions = "K from 1 to 6"
    if (rungs := table["rupture_rung"].nunique()) > 1:
        definitions += f" and a rupture at each of {rungs} rungs,"
    ends = f"{hundredths(low)} to {hundredths(high)}"
    text = f"The definition matters: with {definitions} `standing` goes from {ends}"
    over = None if result.spread is None else result.spread.of("standing")
    if over is None:
        return text + "."
    larger = high - low >= over["q95"] - over["q05"]
    whole = (
        f"all plausible ranges together ({hundredths(over['q05'])} to {hundredths(over['q95'])})"
    )
    return f"{text}, {'more' if larger else 'less'} than over {whole}."
