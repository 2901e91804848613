"""The page to mail of any folder that this program writes: a row for each kind, found by manifest.

The writers are imported when a folder of their kind is met, so that a result waits for no other.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from sim.errors import ResultError, one_of
from sim.outcomes.manifest import manifest_of
from sim.report.content import Report, Section
from sim.report.pictures import EXACT, FIT, ODDS, RESPONSE, RESULT, STUDY
from sim.store.checksums import has_file, intact

_EXACT_ENGINE = "exact"


def kind_of(folder: Path) -> str:
    """What a folder holds, RESULT where its manifest does not say.

    Raises ResultError without a manifest, or for one that is broken.
    """
    manifest = manifest_of(folder)
    kind = str(manifest.get("kind", RESULT))
    return EXACT if kind == RESULT and manifest.get("engine") == _EXACT_ENGINE else kind


def mailed(folder: Path) -> Report:
    """The page of what a folder holds. Raises ResultError for a kind that has no page."""
    kind = kind_of(folder)
    if kind not in WRITERS:
        raise ResultError(f"{folder} holds a {kind}, of which there is no page: {one_of(WRITERS)}")
    return WRITERS[kind](folder)


def _result(folder: Path) -> Report:
    from sim.outcomes.manifest import read_manifest
    from sim.outcomes.store import load_result
    from sim.web.mailed import mailed_result

    return mailed_result(load_result(folder), read_manifest(folder))


def _exact(folder: Path) -> Report:
    """Solved again, which takes a moment and gives the same numbers."""
    from sim.engines.exact import solve
    from sim.outcomes.exact import exact_report, exact_summary
    from sim.scenario.scenario import Scenario

    manifest = manifest_of(folder)
    scenario = Scenario.from_table(manifest["scenario"], name=manifest["name"])
    page = exact_summary(solve(scenario))
    return exact_report(page, command=manifest["command"])


def _study(folder: Path) -> Report:
    """A study; a tournament with both its rankings first."""
    from sim.studies.study import load_study
    from sim.web.mailed_study import mailed_study
    from sim.web.ranked import ranked

    study = load_study(folder)
    report = mailed_study(study)
    return replace(report, sections=(*ranked(study), *report.sections))


def _odds(folder: Path) -> Report:
    """What the command printed, with its picture."""
    from sim.forecast.odds_page import odds_report, stored_content
    from sim.forecast.store import load_odds
    from sim.web.how_made import drawn_figures, how_made

    stored = load_odds(folder)
    made = stored.manifest
    report = odds_report(stored_content(stored), made["title"])
    chances, *others = report.sections
    picture = Section("", figures=drawn_figures(ODDS, ["odds"], stored), detail=True)
    facts = (
        ("scenario", f"{made['name']}, SHA-256 {made['scenario_hash']}"),
        ("days", ", ".join(made["days"])),
        ("seed, copies, runs", f"{made['seed']}, {made['particles']:,}, {made['runs']:,}"),
    )
    return replace(report, sections=(chances, picture, *others, how_made(made, facts)))


def _fit(folder: Path) -> Report:
    """What the command printed, with its picture."""
    from sim.forecast.fit_store import read_fit
    from sim.forecast.posterior import command_of, fit_report
    from sim.forecast.store import RECORD
    from sim.web.how_made import drawn_figures, how_made

    fit, manifest = read_fit(folder), manifest_of(folder)
    report = fit_report(fit)
    typed = {
        "version": manifest["plan"]["version"],
        "command": command_of(fit, has_file(manifest, RECORD)),
    }
    worlds = (f"{world.name}, SHA-256 {world.hash}" for world in fit.prior.scenarios)
    facts = (
        ("scenario", "; ".join(worlds)),
        ("record up to", f"{fit.until}"),
        ("seed, points, copies a point", f"{fit.seed}, {fit.plan.points:,}, {fit.copies:,}"),
    )
    picture = Section("", figures=drawn_figures(FIT, ["fit"], fit), detail=True)
    built = how_made(manifest | typed, facts)
    return replace(report, sections=(*report.sections, picture, built))


def _response(folder: Path) -> Report:
    """What the command printed, with its picture, and the machine to paste into a scenario."""
    from sim.games.response import MACHINE, read_manifest, read_response, response_report
    from sim.report.content import Download
    from sim.web.how_made import drawn_figures, how_made

    response, manifest = read_response(folder), read_manifest(folder)
    report = response_report(response)
    words, gaps = report.sections
    facts = (
        ("scenario", f"{manifest['name']}, SHA-256 {manifest['scenario_hash']}"),
        ("seed, runs", f"{manifest['seed']}, {manifest['runs']:,}"),
    )
    machine = intact(folder, manifest, MACHINE).read_text(encoding="utf-8")
    sections = (
        replace(words, downloads=(Download(MACHINE, "application/toml", machine),)),
        replace(gaps, figures=drawn_figures(RESPONSE, ["gaps"], response)),
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
