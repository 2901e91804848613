"""The pages of an analysis: indices with their limits; boxes in which the truce fails."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.report.content import NAME, Report, Section, columns
from sim.report.numbers import ends, of_hundred
from sim.studies.analysis_store import scores
from sim.studies.discovery_words import fails_means, meanings, sentence
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    from sim.studies.answers import Answers
    from sim.studies.discovery import Discovery
    from sim.studies.sensitivity import Sensitivity

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
