"""The pages of an analysis: indices with their limits; boxes in which the truce fails."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.report.content import NAME, Report, Section, columns
from sim.report.numbers import ends, of_hundred
from sim.store.files import write_text
from sim.store.text import csv_text
from sim.studies.answers import Answers, Axis
from sim.studies.discovery import Box, Discovery, Limit, Score
from sim.studies.sensitivity import Sensitivity, long_table
from sim.studies.store import write_parquet
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.outcomes.estimates import Estimate
    from sim.studies.answers import Answers
    from sim.studies.discovery import Discovery
    from sim.studies.sensitivity import Sensitivity


_NEARLY_ALL = 0.95


def fails_means(discovery: Discovery) -> str:
    """What "the truce fails" means here."""
    answers = discovery.answers
    runs = f"in fewer than {100 * discovery.threshold:g} % of the runs"
    return f"the truce fails: `{answers.outcome}` {answers.when} {runs} ({answers.definition})"


def sentence(discovery: Discovery, box: Box) -> str:
    """One box: its limits, how often the truce fails in it, and what it holds of all failures."""
    limits = " and ".join(limit_text(limit) for limit in box.limits)
    later = "elsewhere, when" if box is not discovery.boxes[0] else "when"
    density, share = box.held_out.density, box.held_out.coverage
    return (
        f"{later[0].upper()}{later[1:]} {limits}, the truce fails in "
        f"{_in_ten(box.fitted.density)} settings (held-out: {_percent(density)}, 95 % "
        f"{_percent_range(density)}, n = {density.n:,}); this box holds "
        f"{_percent(box.fitted.coverage)} of all failures (held-out: {_percent(share)}, 95 % "
        f"{_percent_range(share)}, n = {share.n:,})."
    )


def limit_text(limit: Limit) -> str:
    """One limit: "China's rare earths capacity is below 31 % of normal weekly demand"."""
    axis = limit.axis
    meaning = axis.meaning
    name = _title(axis)
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


def _title(axis: Axis) -> str:
    """A factor in a sentence: by its key path, so that owner and lever are named."""
    linked = f" (with {', '.join(axis.columns[1:])})" if len(axis.columns) > 1 else ""
    return f"{axis.meaning.title}{linked}"


def meanings(discovery: Discovery) -> Iterator[str]:
    """What each factor that a box limits is, once."""
    by_name = {limit.axis.name: limit.axis for box in discovery.boxes for limit in box.limits}
    for axis in by_name.values():
        text = axis.meaning.text
        if text:
            yield f"{axis.meaning.title}: {text} (factor {axis.name})"


def _in_ten(share: "Estimate") -> str:
    if share.p >= _NEARLY_ALL:
        return "nearly all" if share.p < 1 else "all"
    return f"{round(10 * share.p)} of 10"


def _percent(share: "Estimate") -> str:
    return f"{100 * share.p:.0f} %" if share.n else "no points"


def _percent_range(share: "Estimate") -> str:
    return f"{100 * share.low:.0f} to {100 * share.high:.0f}"


MOST_ROWS = 40
MOST_PAIRS = 10
_NAMES = {"mu_star": "mu*", "chance": "mu* of chance"}
_SHOWN = ("mu_star", "first", "total", "mu", "sigma", "chance")


def sensitivity_report(sensitivity: "Sensitivity") -> Report:
    """Indices, largest first, then what of the variance is chance, and what to mind."""
    answers = sensitivity.answers
    sections = [_indices(sensitivity)]
    if sensitivity.pairs is not None:
        sections.append(_pairs(sensitivity))
    notes = (variance_text(sensitivity), *sensitivity.notes, source(answers))
    pairs = [] if sensitivity.pairs is None else sensitivity.pairs.to_dict("records")
    data = _head(answers) | {
        "method": sensitivity.method,
        "variance": vars(sensitivity.variance),
        "indices": sensitivity.indices.to_dict("records"),
        "pairs": pairs,
        "notes": list(sensitivity.notes),
    }
    title = answers.question or answers.name
    return Report(title, tuple(_matters(sensitivity)), notes, tuple(sections), data)


def _matters(sensitivity: "Sensitivity") -> Iterator[str]:
    answers = sensitivity.answers
    first, *others = (str(row["factor"]) for row in _ranked(sensitivity))
    then = f", then {others[0]}" if others else ""
    says = outcome_of(answers.outcome).says
    yield f"Whether {says} {answers.when} depends most on {first}{then}."
    chance = sensitivity.variance
    most = "" if chance.fresh_luck else "At most "
    yield f"{most}{100 * chance.share:.1f} % of what varies between the settings is chance."


def _ranked(sensitivity: "Sensitivity") -> list[dict[Any, Any]]:
    ranked = sensitivity.indices.sort_values(sensitivity.main, ascending=False).head(MOST_ROWS)
    return ranked.to_dict("records")


def _indices(sensitivity: "Sensitivity") -> Section:
    answers = sensitivity.answers
    names = [name for name in _SHOWN if name in sensitivity.indices]
    rows = tuple(
        (str(row["factor"]), *(_cell(row, name) for name in names)) for row in _ranked(sensitivity)
    )
    more = len(sensitivity.indices) - MOST_ROWS
    notes = (f"... and {more:,} more in sensitivity{answers.suffix}.parquet",) if more > 0 else ()
    heading = columns(("factor", NAME), *(_NAMES.get(name, name) for name in names))
    title = f"{sensitivity.method}: `{answers.outcome}` {answers.when}, 95 %"
    return Section(title, (), heading, rows, notes)


def _cell(row: Mapping[Any, Any], name: str) -> str:
    """A value, with its interval where it has one."""
    if f"{name}_low" not in row:
        return f"{row[name]:.3f}"
    return ends(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _pairs(sensitivity: "Sensitivity") -> Section:
    heading = columns(("factor", NAME), ("other", NAME), "second")
    rows = []
    if sensitivity.pairs is not None:
        ranked = sensitivity.pairs.sort_values("second", ascending=False).head(MOST_PAIRS)
        for row in ranked.to_dict("records"):
            value = ends(row["second"], row["low"], row["high"])
            rows.append((str(row["factor"]), str(row["other"]), value))
    return Section("second-order: what two do together, 95 %", (), heading, tuple(rows))


def variance_text(sensitivity: "Sensitivity") -> str:
    """The decomposition in one line."""
    chance = sensitivity.variance
    most = "" if chance.fresh_luck else "at most "
    rest = max(0.0, chance.total - chance.chance)
    least = "" if chance.fresh_luck else "at least "
    part = f"{most}{min(chance.chance, chance.total):.3g}"
    return (
        f"variance over {chance.points:,} points: {chance.total:.3g} = parameters "
        f"{least}{rest:.3g} + chance {part}; chance {most}{100 * chance.share:.1f} % (95 % "
        f"{100 * chance.low:.1f} to {100 * chance.high:.1f})"
    )


def source(answers: "Answers") -> str:
    """Points, runs, seed, and what is counted."""
    return (
        f"{answers.points:,} points x {answers.runs} runs, seed {answers.seed}; "
        f"`{answers.outcome}`: {answers.definition}"
    )


def discovery_report(discovery: "Discovery") -> Report:
    """The sentences, what they mean, and the numbers behind them."""
    answers, base = discovery.answers, discovery.base
    sentences = tuple(sentence(discovery, box) for box in discovery.boxes)
    lead = (
        f"In {of_hundred(base.p)} of the settings tried the truce fails.",
        "Each box was fitted on one half of the settings and checked on the other.",
    )
    meant = Section(
        "", (*meanings(discovery), base_text(discovery), *discovery.notes, source(answers))
    )
    sections = (Section("Where the truce fails", sentences), meant)
    return Report(
        answers.question or answers.name,
        lead,
        (fails_means(discovery),),
        sections,
        _discovery(discovery),
    )


def _discovery(discovery: "Discovery") -> dict[str, Any]:
    """A discovery as JSON holds it."""
    boxes = [
        {
            "sentence": sentence(discovery, box),
            "limits": [
                {
                    "factor": limit.axis.name,
                    "path": limit.axis.path,
                    "low": limit.low,
                    "high": limit.high,
                    "labels": list(limit.labels),
                }
                for limit in box.limits
            ],
            "fitted": scores(box.fitted, ""),
            "held_out": scores(box.held_out, ""),
        }
        for box in discovery.boxes
    ]
    return _head(discovery.answers) | {
        "threshold": discovery.threshold,
        "fails": vars(discovery.base),
        "points_near_threshold": discovery.near,
        "boxes": boxes,
        "notes": list(discovery.notes),
    }


def base_text(discovery: "Discovery") -> str:
    """How often the truce fails in all, for comparison."""
    base = discovery.base
    return (
        f"of all {base.n:,} settings {100 * base.p:.0f} % fail (95 % {100 * base.low:.0f} to "
        f"{100 * base.high:.0f}); fitted on one half, checked on the other; {discovery.near:,} lie "
        f"within their interval of the threshold"
    )


def _head(answers: "Answers") -> dict[str, Any]:
    """What both analyses say first, as a table for JSON."""
    return {
        "study": answers.name,
        "question": answers.question,
        "outcome": answers.outcome,
        "week": answers.week,
        "definition": answers.definition,
        "design": answers.design,
        "points": answers.points,
        "runs": answers.runs,
        "seed": answers.seed,
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
    head = pd.DataFrame(rows, columns=table.columns)
    table = pd.concat([table, head], ignore_index=True)
    return _write(folder, sensitivity.answers, "sensitivity", table)


def write_discovery(folder: Path, discovery: Discovery) -> list[Path]:
    """discovery.parquet and .csv: a row a box and limit, with the scores of the box."""
    import pandas as pd

    rows = [
        {"box": number}
        | _limit(limit)
        | scores(box.fitted, "")
        | scores(box.held_out, "held_")
        | {"sentence": sentence(discovery, box)}
        for number, box in enumerate(discovery.boxes, start=1)
        for limit in box.limits
    ]
    return _write(folder, discovery.answers, "discovery", pd.DataFrame(rows))


def _limit(limit: Any) -> dict[str, Any]:
    none = float("nan")
    return {
        "factor": limit.axis.name,
        "from": none if limit.low is None else limit.low,
        "to": none if limit.high is None else limit.high,
        "labels": " | ".join(limit.labels),
    }


def scores(score: Score, head: str) -> dict[str, Any]:
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
