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


def sensitivity_report(found: "Sensitivity") -> Report:
    """Indices, largest first, then what of the variance is chance, and what to mind."""
    asked = found.answers
    sections = [_indices(found)]
    if found.pairs is not None:
        sections.append(_pairs(found))
    notes = (variance_text(found), *found.notes, source(asked))
    pairs = [] if found.pairs is None else found.pairs.to_dict("records")
    data = _head(asked) | {
        "method": found.method,
        "variance": vars(found.variance),
        "indices": found.indices.to_dict("records"),
        "pairs": pairs,
        "notes": list(found.notes),
    }
    title = asked.question or asked.name
    return Report(title, tuple(_matters(found)), notes, tuple(sections), data)


def _matters(found: "Sensitivity") -> Iterator[str]:
    asked = found.answers
    first, *others = (str(row["factor"]) for row in _ranked(found))
    then = f", then {others[0]}" if others else ""
    yield f"Whether {outcome_of(asked.outcome).says} {asked.when} depends most on {first}{then}."
    chance = found.variance
    most = "" if chance.fresh_luck else "At most "
    yield f"{most}{100 * chance.share:.1f} % of what varies between the settings is chance."


def _ranked(found: "Sensitivity") -> list[dict[Any, Any]]:
    ranked = found.indices.sort_values(found.main, ascending=False).head(MOST_ROWS)
    return ranked.to_dict("records")


def _indices(found: "Sensitivity") -> Section:
    asked = found.answers
    names = [name for name in _SHOWN if name in found.indices]
    rows = tuple(
        (str(row["factor"]), *(_cell(row, name) for name in names)) for row in _ranked(found)
    )
    more = len(found.indices) - MOST_ROWS
    notes = (f"... and {more:,} more in sensitivity{asked.suffix}.parquet",) if more > 0 else ()
    heading = columns(("factor", NAME), *(_NAMES.get(name, name) for name in names))
    title = f"{found.method}: `{asked.outcome}` {asked.when}, 95 %"
    return Section(title, (), heading, rows, notes)


def _cell(row: Mapping[Any, Any], name: str) -> str:
    """A value, with its interval where it has one."""
    if f"{name}_low" not in row:
        return f"{row[name]:.3f}"
    return ends(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _pairs(found: "Sensitivity") -> Section:
    heading = columns(("factor", NAME), ("other", NAME), "second")
    rows = []
    if found.pairs is not None:
        ranked = found.pairs.sort_values("second", ascending=False).head(MOST_PAIRS)
        for row in ranked.to_dict("records"):
            value = ends(row["second"], row["low"], row["high"])
            rows.append((str(row["factor"]), str(row["other"]), value))
    return Section("second-order: what two do together, 95 %", (), heading, tuple(rows))


def variance_text(found: "Sensitivity") -> str:
    """The decomposition in one line."""
    chance = found.variance
    most = "" if chance.fresh_luck else "at most "
    rest = max(0.0, chance.total - chance.chance)
    least = "" if chance.fresh_luck else "at least "
    part = f"{most}{min(chance.chance, chance.total):.3g}"
    return (
        f"variance over {chance.points:,} points: {chance.total:.3g} = parameters "
        f"{least}{rest:.3g} + chance {part}; chance {most}{100 * chance.share:.1f} % (95 % "
        f"{100 * chance.low:.1f} to {100 * chance.high:.1f})"
    )


def source(asked: "Answers") -> str:
    """Points, runs, seed, and what is counted."""
    return (
        f"{asked.points:,} points x {asked.runs} runs, seed {asked.seed}; `{asked.outcome}`: "
        f"{asked.definition}"
    )


def discovery_report(found: "Discovery") -> Report:
    """The sentences, what they mean, and the numbers behind them."""
    asked, base = found.answers, found.base
    told = tuple(sentence(found, box) for box in found.boxes)
    lead = (
        f"In {of_hundred(base.p)} of the settings tried the truce fails.",
        "Each box was fitted on one half of the settings and checked on the other.",
    )
    meant = Section("", (*meanings(found), base_text(found), *found.notes, source(asked)))
    sections = (Section("Where the truce fails", told), meant)
    return Report(
        asked.question or asked.name, lead, (fails_means(found),), sections, _discovery(found)
    )


def _discovery(found: "Discovery") -> dict[str, Any]:
    """A discovery as JSON holds it."""
    boxes = [
        {
            "sentence": sentence(found, box),
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
        for box in found.boxes
    ]
    return _head(found.answers) | {
        "threshold": found.threshold,
        "fails": vars(found.base),
        "points_near_threshold": found.near,
        "boxes": boxes,
        "notes": list(found.notes),
    }


def base_text(found: "Discovery") -> str:
    """How often the truce fails in all, for comparison."""
    base = found.base
    return (
        f"of all {base.n:,} settings {100 * base.p:.0f} % fail (95 % {100 * base.low:.0f} to "
        f"{100 * base.high:.0f}); fitted on one half, checked on the other; {found.near:,} lie "
        f"within their interval of the threshold"
    )


def _head(asked: "Answers") -> dict[str, Any]:
    """What both analyses say first, as a table for JSON."""
    return {
        "study": asked.name,
        "question": asked.question,
        "outcome": asked.outcome,
        "week": asked.week,
        "definition": asked.definition,
        "design": asked.design,
        "points": asked.points,
        "runs": asked.runs,
        "seed": asked.seed,
        "fresh_luck": asked.fresh_luck,
    }
