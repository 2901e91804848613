"""The content of the one page: a nested dictionary that JSON, CSV and Markdown all print.

And what is said of the outer loop: its range, what it holds and what pulls it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.errors import some_of
from sim.outcomes.bands import phrase
from sim.outcomes.butfor import channel_text
from sim.outcomes.decomposition import COMMON
from sim.outcomes.definitions import median_week, restricted_mean
from sim.outcomes.estimates import LEVEL, Estimate, quantile_of_normal
from sim.report.numbers import half_width_text, hundredths, percent
from sim.scenario.calendar import last_day
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes.result import Result
    from sim.outcomes.spread import Spread

Summary = dict[str, Any]
#: Decisions that are named; of more, how many there are.
MOST_NAMED = 6


def summary(result: "Result") -> Summary:
    """Headline, outcomes, K table, triggers, but-for shares, talks, payoffs and caveats.

    Numbers are plain floats, integers or None (not defined, never), so that it is JSON as is.
    """
    scenario = result.scenario
    return {
        "scenario": {"name": scenario.name, "title": scenario.title, "hash": scenario.hash},
        "changes": None if scenario.changes is None else scenario.changes.to_table(),
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
        kind = "distributions" if result.spread.shaped else "ranges"
        text += f"; {hundredths(over['q05'])} to {hundredths(over['q95'])} over the stated {kind}"
    return {
        "outcome": name,
        "read_at": "the end of the term" if result.term else "the horizon",
        **_entry(result, estimate, result.headline_week),
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
    same = ("points", "runs", "chance", "ranges", "inert", "shaped", "luck")
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
    return lines if result.reason("standing") else [*lines, _definition_caveat(result)]


def _definition_caveat(result: "Result") -> str:
    table = result.k_table[result.k_table["week"] == result.headline_week]
    low, high = float(table["p"].min()), float(table["p"].max())
    definitions = "K = 1 to 6"
    if (rungs := table["rupture_rung"].nunique()) > 1:
        definitions += f" and each of {rungs} rungs as the rupture"
    ends = f"{hundredths(low)} to {hundredths(high)}"
    text = f"The definition matters: with {definitions} `standing` goes from {ends}"
    over = None if result.spread is None else result.spread.of("standing")
    if over is None:
        return text + "."
    larger = high - low >= over["q95"] - over["q05"]
    whole = f"all stated ranges together ({hundredths(over['q05'])} to {hundredths(over['q95'])})"
    return f"{text}, {'more' if larger else 'less'} than over {whole}."


def known_less_well(over: Mapping[str, float], held: Sequence[str]) -> str:
    """The range of a share over the settings, without a full stop.

    over: its q05 and q95; held: decisions of the user's that did not vary.
    """
    low, high = (percent(over[end]) for end in ("q05", "q95"))
    fixed = f", with the {len(held)} you decided held," if held else ""
    return (
        "Which settings are right is known less well: over what their sources leave open"
        f"{fixed} it is {low} to {high} of 100"
    )


def spread_text(spread: "Spread", outcome: str, estimate: Estimate | None) -> list[str]:
    """What the range is, and whether the parameters or chance decide; nothing if none vary."""
    if not spread.ranges:
        return []
    lines = [*_loop_text(spread, outcome), *_off_centre(spread, outcome, estimate)]
    if spread.fixed:
        names = some_of(spread.fixed, MOST_NAMED)
        lines.append(f"held fixed, as you decided them: {names} (--ranges all varies them too)")
    return lines


def _off_centre(spread: "Spread", outcome: str, estimate: Estimate | None) -> list[str]:
    """Where the value at these settings lies outside the range: what pulls it, what to do."""
    over = spread.of(outcome)
    if estimate is None or over is None or over["q05"] <= estimate.p <= over["q95"]:
        return []
    side = "below" if over["q95"] < estimate.p else "above"
    text = f"the range lies {side} the value at these settings"
    named = [
        f"{pull.path} ({pull.value:g}, ranged {pull.low:.3g} to {pull.high:.3g}: {pull.by:+.2f})"
        for pull in spread.pulls.get(outcome, ())
    ]
    if named:
        text += f", pulled by {'; '.join(named)}"
    return [f"{text}. Quote neither alone: give these a range around your values, under [ranges]"]


def _loop_text(spread: "Spread", outcome: str) -> list[str]:
    shaped = f" ({spread.shaped} with a law other than uniform)" if spread.shaped else ""
    luck = "common random numbers" if spread.luck == COMMON else "fresh random numbers at each"
    kind = "distributions" if spread.shaped else "ranges"
    which = f"the {spread.ranges - spread.inert} that can move it, of " if spread.inert else ""
    lines = [
        f"{kind}: 5th to 95th percentile of {spread.points} points over {which}{spread.ranges} "
        f"ranged parameters{shaped}, {spread.runs} runs each (chance ±{spread.chance:.2f}), {luck}"
    ]
    part = spread.parts.get(outcome)
    if part is None:
        return lines
    error = quantile_of_normal(LEVEL) * part.mean_error
    average = f"on average over them: {hundredths(part.mean)} (±{error:.2f})"
    if part.share is None or part.low is None or part.high is None:
        return [*lines, f"{average}; nothing varies"]
    return [
        *lines,
        f"{average}; of the variance of one truce {100 * part.share:.0f} % (95 %: "
        f"{100 * part.low:.0f} to {100 * part.high:.0f}) comes from uncertain settings, "
        f"{100 * (1 - part.share):.0f} % from chance",
    ]
