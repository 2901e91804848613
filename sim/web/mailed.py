"""The page to mail of any folder that this program writes: a row for each kind, found by manifest.

The writers import what they need when a folder of their kind is met, so that a result waits for no
other.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError, as_toml, one_of
from sim.outcomes.manifest import manifest_of, read_manifest
from sim.report import pictures
from sim.report.content import (
    NAME,
    TEXT,
    Download,
    Report,
    Section,
    columns,
)
from sim.report.numbers import span
from sim.report.pictures import EXACT, FIT, ODDS, RESPONSE, RESULT, STUDY
from sim.report.side_by_side import side_by_side
from sim.report.text import csv
from sim.store.checksums import has_file, intact
from sim.web.how_made import drawn, how_made, named

if TYPE_CHECKING:
    from sim.outcomes.result import Result

#: Of a result: the curves, then what moved.
SHOWN = ("survival", "trajectories")


def kind_of(folder: Path) -> str:
    """What a folder holds, RESULT where its manifest does not say.

    Raises ResultError without a manifest, or for one that is broken.
    """
    manifest = manifest_of(folder)
    kind = str(manifest.get("kind", RESULT))
    return EXACT if kind == RESULT and manifest.get("engine") == "exact" else kind


def mailed(folder: Path) -> Report:
    """The page of what a folder holds. Raises ResultError for a kind that has no page."""
    kind = kind_of(folder)
    if kind not in WRITERS:
        raise ResultError(f"{folder} holds a {kind}, of which there is no page: {one_of(WRITERS)}")
    return WRITERS[kind](folder)


def _result(folder: Path) -> Report:
    from sim.outcomes.store import load_result

    return mailed_result(load_result(folder), read_manifest(folder))


def mailed_result(result: "Result", manifest: Mapping[str, Any]) -> Report:
    """The page of a result, with every value of its scenario; `manifest` is that of its folder."""
    from sim.explain.render import typical_stories
    from sim.outcomes.page import result_report
    from sim.outcomes.summary import summary

    page = summary(result)
    facts = (
        ("scenario", named(manifest["name"], manifest["scenario_hash"])),
        ("seed, runs, engine", f"{manifest['seed']}, {manifest['runs']:,}, {manifest['engine']}"),
    )
    numbers = Download("numbers.csv", "text/csv", csv(result_report(page)))
    rows = tuple(
        (row.path, f"{as_toml(row.value)} {row.unit}".strip(), span(row.range), row.source)
        for row in result.scenario.entries()
    )
    heading = columns(("setting", TEXT), ("value", TEXT), ("range", NAME), ("source", TEXT))
    title = "The scenario as it was run: every value"
    built = (how_made(manifest, facts, numbers), Section(title, (), heading, rows, folded=True))
    kinds = [kind for kind in SHOWN if not pictures.left_out(RESULT, kind, result)]
    parts: tuple[Callable[[], Any], ...] = (
        partial(drawn, RESULT, kinds, result),
        partial(typical_stories, result.scenario, result.seed, result.n),
    )
    figures, stories = side_by_side(lambda part: part(), parts)
    return result_report(page, figures, stories=stories, built=built)


def _exact(folder: Path) -> Report:
    """Solved again, which takes a moment and gives the same numbers."""
    from sim.engines.exact import solve
    from sim.outcomes.exact import exact_report, exact_summary
    from sim.scenario.scenario import Scenario

    manifest = manifest_of(folder)
    scenario = Scenario.from_table(manifest["scenario"], name=manifest["name"])
    return exact_report(exact_summary(solve(scenario)), command=manifest["command"])


def _study(folder: Path) -> Report:
    from sim.studies.study import load_study
    from sim.web.mailed_study import mailed_study

    return mailed_study(load_study(folder))


def _odds(folder: Path) -> Report:
    """What the command printed, with its picture."""
    from sim.forecast.answer import odds_report
    from sim.forecast.store import load_odds, stored_content

    stored = load_odds(folder)
    made = stored.manifest
    report = odds_report(stored_content(stored), made["title"])
    chances, *others = report.sections
    picture = Section("", figures=drawn(ODDS, ["odds"], stored), detail=True)
    facts = (
        ("scenario", named(made["name"], made["scenario_hash"])),
        ("days", ", ".join(made["days"])),
        ("seed, copies, runs", f"{made['seed']}, {made['particles']:,}, {made['runs']:,}"),
    )
    return replace(report, sections=(chances, picture, *others, how_made(made, facts)))


def _fit(folder: Path) -> Report:
    """What the command printed, with its picture."""
    from sim.forecast.fit_store import read_fit
    from sim.forecast.posterior import command_of, fit_report
    from sim.forecast.store import RECORD

    fit, manifest = read_fit(folder), manifest_of(folder)
    command = command_of(fit, has_file(manifest, RECORD))
    typed = {"version": manifest["plan"]["version"], "command": command}
    facts = (
        ("scenario", "; ".join(named(world.name, world.hash) for world in fit.prior.scenarios)),
        ("record up to", f"{fit.until}"),
        ("seed, points, copies a point", f"{fit.seed}, {fit.plan.points:,}, {fit.copies:,}"),
    )
    report = fit_report(fit)
    picture = Section("", figures=drawn(FIT, ["fit"], fit), detail=True)
    sections = (*report.sections, picture, how_made(manifest | typed, facts))
    return replace(report, sections=sections)


def _response(folder: Path) -> Report:
    """What the command printed, with its picture, and the machine to paste into a scenario."""
    from sim.games.response import MACHINE, read_response, response_report
    from sim.games.response import read_manifest as manifest_of_response

    response, manifest = read_response(folder), manifest_of_response(folder)
    report = response_report(response)
    words, gaps = report.sections
    facts = (
        ("scenario", named(manifest["name"], manifest["scenario_hash"])),
        ("seed, runs", f"{manifest['seed']}, {manifest['runs']:,}"),
    )
    machine = intact(folder, manifest, MACHINE).read_text(encoding="utf-8")
    sections = (
        replace(words, downloads=(Download(MACHINE, "application/toml", machine),)),
        replace(gaps, figures=drawn(RESPONSE, ["gaps"], response)),
        how_made(manifest, facts),
    )
    return replace(report, sections=sections)


WRITERS: Mapping[str, Callable[[Path], Report]] = {
    RESULT: _result,
    EXACT: _exact,
    STUDY: _study,
    ODDS: _odds,
    FIT: _fit,
    RESPONSE: _response,
}
