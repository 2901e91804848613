"""What `detente analyze` prints: indices with their limits, boxes as sentences."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from sim.cli.console import out, plain_table
from sim.studies.discovery import Discovery
from sim.studies.discovery_words import fails_means, meanings, sentence
from sim.studies.findings import scores
from sim.studies.sensitivity import Sensitivity

if TYPE_CHECKING:
    from sim.studies.answers import Answers

MOST_ROWS = 40
MOST_PAIRS = 10
_NAMES = {"mu_star": "mu*", "dice": "mu* of dice"}


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


def sensitivity_table(found: Sensitivity, files: list[Path]) -> dict[str, Any]:
    """A sensitivity as JSON holds it."""
    pairs = [] if found.pairs is None else found.pairs.to_dict("records")
    return _head(found.answers) | {
        "method": found.method,
        "variance": vars(found.variance),
        "indices": found.indices.to_dict("records"),
        "pairs": pairs,
        "notes": list(found.notes),
        "files": [str(path) for path in files],
    }


def print_sensitivity(found: Sensitivity, files: list[Path]) -> None:
    """Indices, largest first, then what of the variance is the dice, and what to mind."""
    asked, console = found.answers, out()
    if asked.question:
        console.print(asked.question, soft_wrap=True)
    title = f"{found.method}: `{asked.outcome}` {asked.when}, 95 %"
    console.print(title, style="bold", soft_wrap=True)
    console.print(_indices(found))
    if len(found.indices) > MOST_ROWS:
        console.print(f"... and {len(found.indices) - MOST_ROWS:,} more in {files[0].name}")
    if found.pairs is not None:
        console.print(_pairs(found))
    for line in (variance_text(found), *found.notes, source(asked), written(files)):
        console.print(line, soft_wrap=True)


def _indices(found: Sensitivity) -> Table:
    table = plain_table("")
    shown = ("mu_star", "first", "total", "mu", "sigma", "dice")
    columns = [name for name in shown if name in found.indices]
    table.add_column("factor")
    for name in columns:
        table.add_column(_NAMES.get(name, name), justify="right")
    ranked = found.indices.sort_values(found.main, ascending=False).head(MOST_ROWS)
    for row in ranked.to_dict("records"):
        table.add_row(row["factor"], *(_cell(row, name) for name in columns))
    return table


def _cell(row: Mapping[Any, Any], name: str) -> str:
    """A value, with its interval where it has one."""
    value = f"{row[name]:.3f}"
    if f"{name}_low" not in row:
        return value
    return f"{value} ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"


def _pairs(found: Sensitivity) -> Table:
    table = plain_table("second-order: what two do together, 95 %")
    table.add_column("factor")
    table.add_column("other")
    table.add_column("second", justify="right")
    if found.pairs is not None:
        ranked = found.pairs.sort_values("second", ascending=False).head(MOST_PAIRS)
        for row in ranked.to_dict("records"):
            ends = {"second": row["second"], "second_low": row["low"], "second_high": row["high"]}
            table.add_row(row["factor"], row["other"], _cell(ends, "second"))
    return table


def variance_text(found: Sensitivity) -> str:
    """The decomposition in one line."""
    dice = found.variance
    most = "" if dice.fresh_luck else "at most "
    rest = max(0.0, dice.total - dice.dice)
    least = "" if dice.fresh_luck else "at least "
    return (
        f"variance over {dice.points:,} points: {dice.total:.3g} = parameters {least}{rest:.3g} + "
        f"dice {most}{min(dice.dice, dice.total):.3g}; dice {most}{100 * dice.share:.1f} % (95 % "
        f"{100 * dice.low:.1f} to {100 * dice.high:.1f})"
    )


def source(asked: "Answers") -> str:
    """Points, runs, seed, and what is counted."""
    return (
        f"{asked.points:,} points x {asked.runs} runs, seed {asked.seed}; `{asked.outcome}`: "
        f"{asked.definition}"
    )


def written(files: list[Path]) -> str:
    """Where the tables and the picture are."""
    return "written: " + ", ".join(str(path) for path in files)


def discovery_table(found: Discovery, files: list[Path]) -> dict[str, Any]:
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
        "files": [str(path) for path in files],
    }


def print_discovery(found: Discovery, files: list[Path]) -> None:
    """The sentences, what they mean, and the numbers behind them."""
    asked, console = found.answers, out()
    if asked.question:
        console.print(asked.question, soft_wrap=True)
    console.print(fails_means(found), soft_wrap=True)
    console.print()
    for box in found.boxes:
        console.print(sentence(found, box), soft_wrap=True)
        console.print()
    for line in (*meanings(found), base_text(found), *found.notes, source(asked), written(files)):
        console.print(line, soft_wrap=True)


def base_text(found: Discovery) -> str:
    """How often the truce fails in all, for comparison."""
    base = found.base
    return (
        f"of all {base.n:,} settings {100 * base.p:.0f} % fail (95 % {100 * base.low:.0f} to "
        f"{100 * base.high:.0f}); fitted on one half, checked on the other; {found.near:,} lie "
        f"within their interval of the threshold"
    )
