"""The page to mail: a report with its pictures, stories and how it was made, in one HTML file."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.explain.page import typical_stories
from sim.outcomes.page import result_report
from sim.outcomes.summary import summary
from sim.report import pictures
from sim.report.content import NAME, TEXT, Column, Download, Figure, Report, Section, columns
from sim.report.html import data_url
from sim.report.pictures import RESULT
from sim.report.plain import csv, json_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

    from sim.outcomes.result import Result
    from sim.scenario import Scenario

#: Of a result: the curves, then what moved.
SHOWN = ("survival", "trajectories")


def mailed_result(result: "Result", manifest: Mapping[str, Any]) -> Report:
    """The page of a result; `manifest` is that of its folder."""
    page = summary(result)
    files = (
        Download("reproduce.json", "application/json", json_text(_reproducible(manifest))),
        Download("numbers.csv", "text/csv", csv(result_report(page))),
    )
    built = (_built(manifest, files), _values(result.scenario))
    stories = typical_stories(result.scenario, result.seed, result.n)
    kinds = [kind for kind in SHOWN if not pictures.left_out(RESULT, kind, result)]
    figures = drawn(RESULT, kinds, result)
    return result_report(page, figures, stories=stories, built=built)


def drawn(of: str, kinds: Iterable[str], thing: Any) -> tuple[Figure, ...]:
    """Pictures of a thing, each inside its own address."""
    shows = pictures.pictures(of)
    return tuple(
        Figure(kind, shows[kind].shows, inside(pictures.draw(of, kind, thing))) for kind in kinds
    )


def inside(picture: "Drawn") -> str:
    """A picture as an address that holds it."""
    file = io.BytesIO()
    picture.savefig(file, format="svg")
    return data_url("image/svg+xml", file.getvalue())


def _reproducible(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What is needed to get the same numbers again, and no more."""
    left_out = ("files", "seal", "spread", "seconds")
    return {key: value for key, value in manifest.items() if key not in left_out}


def _built(manifest: Mapping[str, Any], files: Sequence[Download]) -> Section:
    versions = ", ".join(f"{name} {number}" for name, number in manifest["libraries"].items())
    rows = (
        ("scenario", f"{manifest['name']}, SHA-256 {manifest['scenario_hash']}"),
        ("seed, runs, engine", f"{manifest['seed']}, {manifest['runs']:,}, {manifest['engine']}"),
        ("detente", manifest["version"]),
        ("with", versions),
        ("written", manifest["written"]),
    )
    return Section(
        "How this number was built",
        ("The same scenario, seed and version give the same numbers, to the bit.",),
        (Column("what", NAME), Column("value", TEXT)),
        rows,
        code=manifest["command"],
        downloads=tuple(files),
        detail=True,
    )


def _values(scenario: "Scenario") -> Section:
    """Every value of the scenario as it was run."""
    rows = tuple(
        (row.path, f"{row.value} {row.unit}".strip(), _span(row.range), row.source)
        for row in scenario.entries()
    )
    heading = columns(("setting", NAME), ("value", TEXT), ("range", NAME), ("source", TEXT))
    return Section("The scenario as it was run: every value", (), heading, rows, folded=True)


def _span(ends: tuple[float, float] | None) -> str:
    return "" if ends is None else f"{ends[0]:g} to {ends[1]:g}"
