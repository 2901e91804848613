"""The page to mail of a result: with its pictures, stories and how it was made, in one file."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.errors import as_toml
from sim.explain.render import typical_stories
from sim.outcomes.page import result_report
from sim.outcomes.summary import summary
from sim.report import pictures
from sim.report.content import NAME, TEXT, Download, Report, Section, columns
from sim.report.numbers import span
from sim.report.pictures import RESULT
from sim.report.side_by_side import side_by_side
from sim.report.text import csv, json_text
from sim.web.how_made import drawn_figures, reproducible, section_made, versions

if TYPE_CHECKING:
    from sim.outcomes.result import Result
    from sim.scenario import Scenario

#: Of a result: the curves, then what moved.
SHOWN = ("survival", "trajectories")


def mailed_result(result: "Result", manifest: Mapping[str, Any]) -> Report:
    """The page of a result; `manifest` is that of its folder."""
    page = summary(result)
    files = (
        Download("reproduce.json", "application/json", json_text(reproducible(manifest))),
        Download("numbers.csv", "text/csv", csv(result_report(page))),
    )
    built = (_built(manifest, files), _values(result.scenario))
    kinds = [kind for kind in SHOWN if not pictures.left_out(RESULT, kind, result)]
    parts: tuple[Callable[[], Any], ...] = (
        partial(drawn_figures, RESULT, kinds, result),
        partial(typical_stories, result.scenario, result.seed, result.n),
    )
    figures, stories = side_by_side(lambda part: part(), parts)
    return result_report(page, figures, stories=stories, built=built)


def _built(manifest: Mapping[str, Any], files: Sequence[Download]) -> Section:
    facts = (
        ("scenario", f"{manifest['name']}, SHA-256 {manifest['scenario_hash']}"),
        ("seed, runs, engine", f"{manifest['seed']}, {manifest['runs']:,}, {manifest['engine']}"),
        *versions(manifest["version"], manifest),
    )
    return section_made(facts, manifest["command"], files)


def _values(scenario: "Scenario") -> Section:
    """Every value of the scenario as it was run."""
    rows = tuple(
        (row.path, f"{as_toml(row.value)} {row.unit}".strip(), span(row.range), row.source)
        for row in scenario.entries()
    )
    heading = columns(("setting", TEXT), ("value", TEXT), ("range", NAME), ("source", TEXT))
    return Section("The scenario as it was run: every value", (), heading, rows, folded=True)
