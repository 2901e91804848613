"""The pages to mail of a study, a tournament and a comparison: with pictures, and how made."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.outcomes.manifest import library_versions
from sim.plots import draw_study
from sim.report import pictures
from sim.report.content import Download, Figure, Report
from sim.report.pictures import COMPARISON
from sim.report.text import json_text
from sim.scenario.changes import changed
from sim.store.text import csv_text
from sim.studies.answers import StudyView, answers
from sim.studies.comparison_page import report_of as comparison_report
from sim.studies.page import report_of as study_report
from sim.version import __version__
from sim.web.how_made import inside, reproducible, section_made, versions

if TYPE_CHECKING:
    from sim.studies.pair import Pair
    from sim.studies.pairs import Comparison
    from sim.studies.study import Study


def mailed_study(study: "Study") -> Report:
    """The page of a study, or of a tournament's pairs; its picture is the one that fits."""
    manifest = study.manifest
    plan = manifest["plan"]
    worlds = ", ".join(
        f"{name}, SHA-256 {scenario['hash']}" for name, scenario in plan["scenarios"].items()
    )
    files = (
        Download("reproduce.json", "application/json", json_text(reproducible(manifest))),
        Download("points.csv", "text/csv", csv_text(study.points)),
    )
    facts = (
        ("scenario", worlds),
        ("seed, runs a setting", f"{study.seed}, {study.runs:,}"),
        ("design", f"{study.design}, {manifest['points']:,} settings"),
        *versions(plan["version"], manifest),
    )
    return study_report(study, _fitting(study), (section_made(facts, manifest["command"], files),))


def _fitting(study: "Study") -> tuple[Figure, ...]:
    """The picture that fits what was varied; none where there is none."""
    view = StudyView(answers(study))
    if view.kinds.get(view.fitting):
        return ()
    shows = pictures.pictures()[view.fitting].shows
    return (Figure(view.fitting, shows, inside(draw_study(view, view.fitting))),)


def mailed_comparison(
    comparison: "Comparison",
    pair: "Pair",
    content: Mapping[str, Any],
    command: str,
) -> Report:
    """The page of a comparison of two scenarios; `content` is what JSON holds of it."""
    first, second = pair.first, pair.second
    picture = pictures.draw(COMPARISON, COMPARISON, comparison, first.title, pair.captions)
    tables = {"A": first.to_table(), "B": second.to_table()}
    request = {"command": command, "scenarios": tables, **content}
    files = (Download("reproduce.json", "application/json", json_text(request)),)
    facts = (
        *(
            (label, f"{name}, SHA-256 {digest}")
            for label, name, digest in zip("AB", pair.names, pair.hashes, strict=True)
        ),
        ("seed, runs of each", f"{comparison.seed}, {comparison.n:,}"),
        *versions(__version__, {"libraries": library_versions()}),
    )
    shows = pictures.pictures(COMPARISON)["comparison"].shows
    figure = Figure("comparison", shows, inside(picture))
    changes = (replace(each, title=f"{each.title} in B") for each in changed(second.changes))
    built = (*changes, section_made(facts, command, files))
    return comparison_report(comparison, first.title, pair.captions, (figure,), built)
