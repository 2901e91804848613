"""What an analysis shows: its page, in sentences a minister could read, and what it writes.

Indices with their limits; boxes in which the truce fails. Tables go beside those of the study.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.content import NAME, Report, Section, table
from sim.report.numbers import of_hundred, row_text
from sim.store.files import write_text
from sim.store.tables import csv_text
from sim.studies.answers import Answers
from sim.studies.discovery import Box, BoxScore, Discovery, Limit
from sim.studies.sensitivity import Sensitivity
from sim.studies.store import write_parquet
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes.estimates import Estimate

_NEARLY_ALL = 0.95
MOST_ROWS = 40
MOST_PAIRS = 10
_NAMES = {"mu_star": "mu*", "chance": "mu* of chance"}
_SHOWN = ("mu_star", "first", "total", "mu", "sigma", "chance")


def fails_means(discovery: Discovery) -> str:
    """What "the truce fails" means here."""
    answers = discovery.answers
    runs = f"in fewer than {100 * discovery.threshold:g} % of the runs"
    return f"the truce fails: `{answers.outcome}` {answers.when} {runs} ({answers.definition})"


def sentence(discovery: Discovery, box: Box) -> str:
    """One box: its limits, how often the truce fails in it, and what it holds of all failures."""
    limits = " and ".join(limit_text(limit) for limit in box.limits)
    head = "When" if box is discovery.boxes[0] else "Elsewhere, when"
    density, coverage = box.fitted.density, box.fitted.coverage
    often = f"{round(10 * density.p)} of 10"
    if density.p >= _NEARLY_ALL:
        often = "nearly all" if density.p < 1 else "all"
    return (
        f"{head} {limits}, the truce fails in {often} settings "
        f"({_held_out(box.held_out.density)}); this box holds {_percent(coverage)} of all failures "
        f"({_held_out(box.held_out.coverage)})."
    )


def _percent(share: "Estimate") -> str:
    return f"{100 * share.p:.0f} %" if share.n else "no points"


def _held_out(share: "Estimate") -> str:
    ends = f"95 % {100 * share.low:.0f} to {100 * share.high:.0f}"
    return f"held-out: {_percent(share)}, {ends}, n = {share.n:,}"


def limit_text(limit: Limit) -> str:
    """One limit: "China's rare earths capacity is below 31 % of normal weekly demand"."""
    axis, meaning = limit.axis, limit.axis.meaning
    linked = f" (with {', '.join(axis.columns[1:])})" if len(axis.columns) > 1 else ""
    name = f"{meaning.title}{linked}"  # by its key path, so that owner and lever are named
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


def meanings(discovery: Discovery) -> Iterator[str]:
    """What each factor that a box limits is, once."""
    by_name = {limit.axis.name: limit.axis for box in discovery.boxes for limit in box.limits}
    for name, axis in by_name.items():
        if axis.meaning.text:
            yield f"{axis.meaning.title}: {axis.meaning.text} (factor {name})"


def sensitivity_report(sensitivity: Sensitivity) -> Report:
    """Indices, largest first, then what of the variance is chance, and what to mind."""
    answers, chance, pairs = sensitivity.answers, sensitivity.variance, sensitivity.pairs
    ranked = sensitivity.indices.sort_values(sensitivity.main, ascending=False).head(MOST_ROWS)
    first, *others = map(str, ranked["factor"])
    then = f", then {others[0]}" if others else ""
    most = "" if chance.fresh_luck else "At most "
    lead = (
        f"Whether {outcome_of(answers.outcome).says} {answers.when} depends most on {first}{then}.",
        f"{most}{100 * chance.share:.1f} % of what varies between the settings is chance.",
    )
    data = _head(answers) | {
        "method": sensitivity.method,
        "variance": vars(chance),
        "indices": sensitivity.indices.to_dict("records"),
        "pairs": [] if pairs is None else pairs.to_dict("records"),
        "notes": list(sensitivity.notes),
    }
    sections = [_indices(sensitivity, ranked.to_dict("records"))]
    if pairs is not None:
        sections.append(_pairs(pairs.sort_values("second", ascending=False).head(MOST_PAIRS)))
    notes = (variance_text(sensitivity), *sensitivity.notes, source(answers))
    return Report(answers.study.question or answers.study.name, lead, notes, tuple(sections), data)


def _indices(sensitivity: Sensitivity, ranked: list[dict[Any, Any]]) -> Section:
    answers = sensitivity.answers
    names = [name for name in _SHOWN if name in sensitivity.indices]

    def cell(row: dict[Any, Any], name: str) -> str:
        if f"{name}_low" not in row:
            return f"{row[name]:.3f}"
        return row_text(row, name, f"{name}_")

    rows = ((str(row["factor"]), *(cell(row, name) for name in names)) for row in ranked)
    more = len(sensitivity.indices) - MOST_ROWS
    notes = [f"... and {more:,} more in sensitivity{answers.suffix}.parquet"] if more > 0 else []
    heads = (_NAMES.get(name, name) for name in names)
    title = f"{sensitivity.method}: `{answers.outcome}` {answers.when}"
    if any(f"{name}_low" in sensitivity.indices for name in names):
        title += ", 95 %"
    return table(title, (("factor", NAME), *heads), rows, *notes)


def _pairs(ranked: "pd.DataFrame") -> Section:
    rows = (
        (str(row["factor"]), str(row["other"]), row_text(row, "second"))
        for row in ranked.to_dict("records")
    )
    heads = ("factor", NAME), ("other", NAME), "second"
    return table("second-order: what two do together, 95 %", heads, rows)


def variance_text(sensitivity: Sensitivity) -> str:
    """The decomposition in one line."""
    chance = sensitivity.variance
    least, most = ("", "") if chance.fresh_luck else ("at least ", "at most ")
    rest = max(0.0, chance.total - chance.chance)
    return (
        f"variance over {chance.points:,} points: {chance.total:.3g} = parameters "
        f"{least}{rest:.3g} + chance {most}{min(chance.chance, chance.total):.3g}; chance "
        f"{most}{100 * chance.share:.1f} % (95 % {100 * chance.low:.1f} to {100 * chance.high:.1f})"
    )


def source(answers: Answers) -> str:
    """Points, runs, seed, and what is counted."""
    return (
        f"{answers.points:,} points x {answers.runs} runs, seed {answers.study.seed}; "
        f"`{answers.outcome}`: {answers.definition}"
    )


def discovery_report(discovery: Discovery) -> Report:
    """The sentences, what they mean, and the numbers behind them."""
    answers = discovery.answers
    sentences = tuple(sentence(discovery, box) for box in discovery.boxes)
    lead = (
        f"In {of_hundred(discovery.base.p)} of the settings tried the truce fails.",
        "Each box was fitted on one half of the settings and checked on the other.",
    )
    meant = (*meanings(discovery), base_text(discovery), *discovery.notes, source(answers))
    data = _head(answers) | {
        "threshold": discovery.threshold,
        "fails": vars(discovery.base),
        "points_near_threshold": discovery.near,
        "boxes": [
            {
                "sentence": words,
                "limits": [_limit(limit) for limit in box.limits],
                "fitted": scores(box.fitted, ""),
                "held_out": scores(box.held_out, ""),
            }
            for box, words in zip(discovery.boxes, sentences, strict=True)
        ],
        "notes": list(discovery.notes),
    }
    sections = Section("Where the truce fails", sentences), Section("", meant)
    title = answers.study.question or answers.study.name
    return Report(title, lead, (fails_means(discovery),), sections, data)


def _limit(limit: Limit) -> dict[str, Any]:
    axis, labels = limit.axis, list(limit.labels)
    ends = {"low": limit.low, "high": limit.high}
    return {"factor": axis.name, "path": axis.path} | ends | {"labels": labels}


def base_text(discovery: Discovery) -> str:
    """How often the truce fails in all, for comparison."""
    base = discovery.base
    return (
        f"of all {base.n:,} settings {100 * base.p:.0f} % fail (95 % {100 * base.low:.0f} to "
        f"{100 * base.high:.0f}); fitted on one half, checked on the other; {discovery.near:,} lie "
        f"within their interval of the threshold"
    )


def _head(answers: Answers) -> dict[str, Any]:
    """What both analyses say first, as a table for JSON."""
    study, same = answers.study, ("outcome", "week", "definition", "design", "points", "runs")
    return {
        "study": study.name,
        "question": study.question,
        **{key: getattr(answers, key) for key in same},
        "seed": study.seed,
        "fresh_luck": answers.fresh_luck,
    }


def write_sensitivity(folder: Path, sensitivity: Sensitivity) -> list[Path]:
    """sensitivity.parquet and .csv: a row an index, and three for the decomposition."""
    import pandas as pd

    table, chance, none = long_table(sensitivity), sensitivity.variance, float("nan")
    same = (table["outcome"][0], table["week"][0], "", "")
    rows = [
        (*same, "variance, total", chance.total, none, none),
        (*same, "variance, chance", chance.chance, none, none),
        (*same, "variance, chance share", chance.share, chance.low, chance.high),
    ]
    parts = [table, pd.DataFrame(rows, columns=table.columns)]
    return _write(folder, sensitivity.answers, "sensitivity", pd.concat(parts, ignore_index=True))


def long_table(sensitivity: Sensitivity) -> "pd.DataFrame":
    """All indices one below the other: outcome, week, factor, other, index, value, low, high."""
    import pandas as pd

    rows = []
    for row in sensitivity.indices.to_dict("records"):
        for name in ("first", "total", "mu_star", "mu", "sigma", "chance"):
            if name in row:
                ends = (row.get(f"{name}_{end}", float("nan")) for end in ("low", "high"))
                rows.append((row["factor"], "", name, row[name], *ends))
    pair = ("second", "low", "high")
    if sensitivity.pairs is not None:
        for row in sensitivity.pairs.to_dict("records"):
            rows.append((row["factor"], row["other"], "second", *(row[k] for k in pair)))
    columns = ["factor", "other", "index", "value", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    table.insert(0, "outcome", sensitivity.answers.outcome)
    table.insert(1, "week", sensitivity.answers.week)
    return table


def write_discovery(folder: Path, discovery: Discovery) -> list[Path]:
    """discovery.parquet and .csv: a row a box and limit, with the scores of the box."""
    import pandas as pd

    none = float("nan")
    rows = [
        {
            "box": number,
            "factor": limit.axis.name,
            "from": none if limit.low is None else limit.low,
            "to": none if limit.high is None else limit.high,
            "labels": " | ".join(limit.labels),
        }
        | scores(box.fitted, "")
        | scores(box.held_out, "held_")
        | {"sentence": sentence(discovery, box)}
        for number, box in enumerate(discovery.boxes, start=1)
        for limit in box.limits
    ]
    return _write(folder, discovery.answers, "discovery", pd.DataFrame(rows))


def scores(score: BoxScore, head: str) -> dict[str, Any]:
    """Density and coverage with n and interval, each name after `head`."""
    columns: dict[str, Any] = {}
    for name in ("density", "coverage"):
        share = getattr(score, name)
        columns |= {f"{head}{name}": share.p, f"{head}{name}_n": share.n}
        columns |= {f"{head}{name}_low": share.low, f"{head}{name}_high": share.high}
    return columns


def _write(folder: Path, answers: Answers, name: str, table: "pd.DataFrame") -> list[Path]:
    import pyarrow as pa

    stem = folder / f"{name}{answers.suffix}"
    paths = [stem.with_name(f"{stem.name}.{form}") for form in ("parquet", "csv")]
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    write_parquet(paths[0], arrow.schema, iter([arrow]))
    write_text(paths[1], csv_text(table))
    return paths
