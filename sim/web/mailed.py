"""The page to mail: a report with its pictures, stories and how it was made, in one HTML file."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.explain.page import typical_stories
from sim.outcomes.manifest import library_versions
from sim.outcomes.page import result_report
from sim.outcomes.summary import summary
from sim.plots import draw_study
from sim.plots.comparison import comparison_figure
from sim.report import pictures
from sim.report.content import NAME, TEXT, Column, Download, Figure, Report, Section, columns
from sim.report.html import data_url
from sim.report.pictures import COMPARISON, RESULT
from sim.report.plain import csv, json_text
from sim.scenario.page import changed
from sim.store.text import csv_text
from sim.studies.answers import answers
from sim.studies.comparison_page import comparison_report
from sim.studies.page import study_report
from sim.studies.study_view import shown
from sim.version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

    from sim.outcomes.result import Result
    from sim.scenario import Scenario
    from sim.studies.pair import Pair
    from sim.studies.pairs import Comparison
    from sim.studies.study import Study

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


def mailed_study(study: "Study") -> Report:
    """The page of a study, or of a tournament's pairs; its picture is the one that fits."""
    manifest = study.manifest
    plan = manifest["plan"]
    worlds = ", ".join(f"{name}, SHA-256 {one['hash']}" for name, one in plan["scenarios"].items())
    files = (
        Download("reproduce.json", "application/json", json_text(_reproducible(manifest))),
        Download("points.csv", "text/csv", csv_text(study.points)),
    )
    facts = (
        ("scenario", worlds),
        ("seed, runs a setting", f"{study.seed}, {study.runs:,}"),
        ("design", f"{study.design}, {manifest['points']:,} settings"),
        *_versions(plan["version"], manifest),
    )
    return study_report(study, _fitting(study), (_made(facts, manifest["command"], files),))


def _fitting(study: "Study") -> tuple[Figure, ...]:
    """The picture that fits what was varied; none where there is none."""
    made = shown(answers(study))
    if made.kinds.get(made.fitting):
        return ()
    shows = pictures.pictures()[made.fitting].shows
    return (Figure(made.fitting, shows, inside(draw_study(made, made.fitting))),)


def mailed_comparison(
    comparison: "Comparison",
    pair: "Pair",
    content: Mapping[str, Any],
    command: str,
) -> Report:
    """The page of a comparison of two scenarios; `content` is what JSON holds of it."""
    first, second = pair.first, pair.second
    picture = comparison_figure(comparison, first.title, pair.told)
    tables = {"A": first.to_table(), "B": second.to_table()}
    told = {"command": command, "scenarios": tables, **content}
    files = (Download("reproduce.json", "application/json", json_text(told)),)
    facts = (
        *(
            (label, f"{name}, SHA-256 {digest}")
            for label, name, digest in zip("AB", pair.names, pair.hashes, strict=True)
        ),
        ("seed, runs of each", f"{comparison.seed}, {comparison.n:,}"),
        *_versions(__version__, {"libraries": library_versions()}),
    )
    shows = pictures.pictures(COMPARISON)["comparison"].shows
    figure = Figure("comparison", shows, inside(picture))
    built = (*_changed_in(second), _made(facts, command, files))
    return comparison_report(comparison, first.title, pair.told, (figure,), built)


def _changed_in(scenario: "Scenario") -> Iterator[Section]:
    """What B changes of the scenario it extends."""
    for section in changed(scenario.changes):
        yield replace(section, title=f"{section.title} in B")


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
    facts = (
        ("scenario", f"{manifest['name']}, SHA-256 {manifest['scenario_hash']}"),
        ("seed, runs, engine", f"{manifest['seed']}, {manifest['runs']:,}, {manifest['engine']}"),
        *_versions(manifest["version"], manifest),
    )
    return _made(facts, manifest["command"], files)


def _versions(version: str, manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "detente", version
    yield "with", ", ".join(f"{name} {number}" for name, number in manifest["libraries"].items())
    if "written" in manifest:
        yield "written", manifest["written"]


def _made(facts: Iterable[tuple[str, str]], command: str, files: Sequence[Download]) -> Section:
    """How a page's numbers were made, with what is needed to make them again."""
    return Section(
        "How this number was built",
        ("The same scenario, seed and version give the same numbers, to the bit.",),
        (Column("what", NAME), Column("value", TEXT)),
        tuple(facts),
        code=command,
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
