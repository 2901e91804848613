"""The page to mail of any folder that this program writes, by its kind (sim/outcomes/kinds.py).

The writers import what they need when a folder of their kind is met, so that a result waits for no
other. Each page says how its numbers were made, and holds its pictures.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ExperimentError, ResultError, as_toml, one_of
from sim.outcomes.kinds import KINDS, function
from sim.outcomes.manifest import (
    kind_of,
    library_versions,
    manifest_of,
    read_manifest,
    scenario_in,
)
from sim.report import pictures
from sim.report.content import (
    NAME,
    TEXT,
    Column,
    Download,
    Figure,
    Report,
    Section,
    table,
)
from sim.report.html import svg_url
from sim.report.numbers import span
from sim.report.pictures import COMPARISON, FIT, ODDS, RESPONSE, RESULT
from sim.report.side_by_side import side_by_side
from sim.report.text import csv, json_text
from sim.store.checksums import CHECKSUM, FILES, has_file, intact
from sim.version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

    from sim.outcomes.result import Result
    from sim.studies.pair import Pair
    from sim.studies.pairs import Comparison
    from sim.studies.study import Study

#: Of a result: the curves, then what moved.
SHOWN = ("survival", "trajectories", "settings")
#: Of a manifest, what nobody needs to get the same numbers again.
_NOT_NEEDED = (FILES, CHECKSUM, "spread", "seconds")


def mailed(folder: Path) -> Report:
    """The page of what a folder holds. Raises ResultError for a kind that has no page."""
    kind, words = kind_of(folder), {kind: row.word for kind, row in KINDS.items() if row.word}
    if kind not in words:
        raise ResultError(f"{folder} holds a {kind}, of which there is no page: {one_of(words)}")
    report: Report = function(f"{__name__}.{words[kind]}_page")(folder)
    return report


def result_page(folder: Path) -> Report:
    """As `mailed_result`, of a folder."""
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
    rows = (
        (row.path, f"{as_toml(row.value)} {row.unit}".strip(), span(row.range), row.source)
        for row in result.scenario.entries()
    )
    heads = ("setting", TEXT), ("value", TEXT), ("range", NAME), ("source", TEXT)
    title = "The scenario as it was run: every value"
    built = (how_made(manifest, facts, numbers), table(title, heads, rows, folded=True))
    kinds = [kind for kind in SHOWN if not pictures.left_out(RESULT, kind, result)]
    parts: tuple[Callable[[], Any], ...] = (
        partial(drawn, RESULT, kinds, result),
        partial(typical_stories, result.scenario, result.seed, result.n),
    )
    figures, stories = side_by_side(lambda part: part(), parts)
    return result_report(page, figures, stories=stories, built=built)


def exact_page(folder: Path) -> Report:
    """Solved again, which takes a moment and gives the same numbers."""
    from sim.engines.exact import solve
    from sim.outcomes.exact import exact_report, exact_summary

    manifest = read_manifest(folder)
    solution = solve(scenario_in(folder, manifest))
    return exact_report(exact_summary(solution), command=manifest["command"])


def study_page(folder: Path) -> Report:
    """As `mailed_study`, of a folder."""
    from sim.studies.study import load_study

    return mailed_study(load_study(folder))


def odds_page(folder: Path) -> Report:
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


def fit_page(folder: Path) -> Report:
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


def response_page(folder: Path) -> Report:
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


def mailed_study(study: "Study") -> Report:
    """The page of a study, with the picture that fits; of a tournament, both rankings first."""
    from sim.plots import draw_study
    from sim.store.tables import csv_text
    from sim.studies.answers import answers
    from sim.studies.study import report_of as study_report

    manifest = study.manifest
    plan = manifest["plan"]
    scenarios = plan["scenarios"].items()
    facts = (
        ("scenario", ", ".join(named(name, scenario["hash"]) for name, scenario in scenarios)),
        ("seed, runs a setting", f"{study.seed}, {study.runs:,}"),
        ("design", f"{study.design}, {manifest['points']:,} settings"),
    )
    view = answers(study)
    figures: tuple[Figure, ...] = ()
    if not view.kinds.get(view.fitting):
        shows = pictures.pictures()[view.fitting].shows
        figures = (Figure(view.fitting, shows, inside(draw_study(view, view.fitting))),)
    points = Download("points.csv", "text/csv", csv_text(study.points))
    made = {**manifest, "version": plan["version"]}
    built = how_made(made, facts, points, content=reproducible(manifest))
    report = study_report(study, figures, (built,))
    return replace(report, sections=(*_ranked(study), *report.sections))


def _ranked(study: "Study") -> Iterator[Section]:
    """Both rankings of a study of two policies whose runs were kept; nothing of another one.

    The tables are those of `detente games SCENARIO tournament`. Where all fare alike there is none,
    and why is said.
    """
    from sim.games.analysis import rankings
    from sim.games.bimatrix import UnsolvedError
    from sim.games.pages import ranking_section
    from sim.games.sizes import FIELD, PAYOFF, RESAMPLES
    from sim.games.tournament import KEEP, as_tournament, read_played
    from sim.studies.experiment import experiment_of

    try:
        experiment = as_tournament(experiment_of(study.manifest["plan"]))
    except ExperimentError:
        return  # a study of something else than two policies
    if not {*KEEP} <= {*study.plan["keep"]}:
        return
    field = read_played(experiment, study)
    try:
        ranked_sides = rankings(field, (PAYOFF, PAYOFF), FIELD, None, RESAMPLES, study.seed)
    except UnsolvedError as none:
        yield Section("Ranking", (f"There is none: {none.reason}",))
        return
    score = f"Score: payoff, mean over all policies of the other side; {RESAMPLES:,} resamples."
    for side in field.sides:
        ranks = ranked_sides[side.id]
        first = f"First of {len(ranks)}: {ranks[0].policy}."
        yield ranking_section(side.plain, ranks, (first, score))


def mailed_comparison(
    comparison: "Comparison",
    pair: "Pair",
    content: Mapping[str, Any],
    command: str,
) -> Report:
    """The page of a comparison of two scenarios; `content` is what JSON holds of it."""
    from sim.scenario.sourcing import changed
    from sim.studies.comparison_page import report_of as comparison_report

    picture = pictures.draw(COMPARISON, COMPARISON, comparison, pair.title, pair.captions)
    tables = {"A": pair.first.to_table(), "B": pair.second.to_table()}
    request = {"command": command, "scenarios": tables, **content}
    both = zip("AB", pair.names, pair.hashes, strict=True)
    facts = (
        *((label, named(name, digest)) for label, name, digest in both),
        ("seed, runs of each", f"{comparison.seed}, {comparison.n:,}"),
    )
    made = {"command": command, "version": __version__, "libraries": library_versions()}
    shows = pictures.pictures(COMPARISON)[COMPARISON].shows
    figure = Figure(COMPARISON, shows, inside(picture))
    changes = (replace(each, title=f"{each.title} in B") for each in changed(pair.second.changes))
    built = (*changes, how_made(made, facts, content=request))
    return comparison_report(comparison, pair.title, pair.captions, (figure,), built)


def inside(picture: "Drawn") -> str:
    """A picture as an address that holds it."""
    from sim.plots.style import page_svg

    return svg_url(page_svg(picture))


def drawn(of: str, kinds: Iterable[str], thing: Any) -> tuple[Figure, ...]:
    """Pictures of a thing, each inside its own address; drawn side by side."""
    shows = pictures.pictures(of)

    def figure(kind: str) -> Figure:
        return Figure(kind, shows[kind].shows, inside(pictures.draw(of, kind, thing)))

    return tuple(side_by_side(figure, list(kinds)))


def reproducible(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What is needed to get the same numbers again, and no more."""
    return {key: value for key, value in manifest.items() if key not in _NOT_NEEDED}


def named(name: str, digest: str) -> str:
    """A scenario with the hash of what was played."""
    return f"{name}, SHA-256 {digest}"


def how_made(
    manifest: Mapping[str, Any],
    facts: Iterable[tuple[str, str]],
    *files: Download,
    content: Mapping[str, Any] | None = None,
) -> Section:
    """How a page's numbers were made, with what is needed to make them again.

    manifest: with command, version and libraries; facts come first. content: of the file that
    comes with it, by default what is `reproducible` of the manifest; `files`: others beside it.
    """
    libraries = ", ".join(f"{name} {number}" for name, number in manifest["libraries"].items())
    made = [*facts, ("detente", manifest["version"]), ("with", libraries)]
    if "written" in manifest:
        made.append(("written", manifest["written"]))
    text = json_text(reproducible(manifest) if content is None else content)
    return Section(
        "How this number was built",
        ("The same scenario, seed and version give the same numbers, to the bit.",),
        (Column("what", NAME), Column("value", TEXT)),
        tuple(made),
        code=manifest["command"],
        downloads=(Download("reproduce.json", "application/json", text), *files),
        detail=True,
    )
