"""The pages to mail of a study, a tournament and a comparison: with pictures, and how made."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.errors import ExperimentError, GameError
from sim.games.analysis import FIELD, rankings
from sim.games.ranking import RANKS
from sim.games.tournament import KEEP, PAYOFF, as_tournament, read_played
from sim.outcomes.manifest import library_versions
from sim.plots import draw_study
from sim.report import pictures
from sim.report.content import NAME, Download, Figure, Report, Section, columns
from sim.report.numbers import ends
from sim.report.pictures import COMPARISON
from sim.scenario.changes import changed
from sim.store.tables import csv_text
from sim.studies.answers import answers
from sim.studies.comparison_page import report_of as comparison_report
from sim.studies.experiment import experiment_of
from sim.studies.study import report_of as study_report
from sim.version import __version__
from sim.web.how_made import how_made, inside, named, reproducible

if TYPE_CHECKING:
    from sim.studies.pair import Pair
    from sim.studies.pairs import Comparison
    from sim.studies.study import Study

#: As `detente games tournament` resamples by itself.
RESAMPLES = 1_000
_HEADING = columns("rank", ("policy", NAME), "payoff (95 % interval)", "best in", RANKS)
_NOTE = (
    "Payoff: mean over all policies of the other side. Best in: share of "
    f"{RESAMPLES:,} bootstrap resamples in which none is better. R{RANKS[1:]}: the ranks "
    "that the runs leave open, of all policies at once with 95 % confidence (Holm 1979)."
)


def mailed_study(study: "Study") -> Report:
    """The page of a study, with the picture that fits; of a tournament, both rankings first."""
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

    Where all fare alike there is none, and why is said.
    """
    try:
        experiment = as_tournament(experiment_of(study.manifest["plan"]))
    except ExperimentError:
        return  # a study of something else than two policies
    if not {*KEEP} <= {*study.plan["keep"]}:
        return
    field = read_played(experiment, study)
    try:
        ranked_sides = rankings(field, (PAYOFF, PAYOFF), FIELD, None, RESAMPLES, study.seed)
    except GameError as none:
        yield Section("Ranking", (f"There is none: {none}",))
        return
    for side in field.sides:
        ranks = ranked_sides[side.id]
        first = f"First of {len(ranks)}: {ranks[0].policy}."
        title = f"Ranking of the policies of {side.plain}"
        rows = tuple(
            (str(r.rank), r.policy, ends(r.score, r.low, r.high), f"{r.best:.3f}", r.open_ranks)
            for r in ranks
        )
        yield Section(title, (first,), _HEADING, rows, (_NOTE,))


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
    both = zip("AB", pair.names, pair.hashes, strict=True)
    facts = (
        *((label, named(name, digest)) for label, name, digest in both),
        ("seed, runs of each", f"{comparison.seed}, {comparison.n:,}"),
    )
    made = {"command": command, "version": __version__, "libraries": library_versions()}
    shows = pictures.pictures(COMPARISON)[COMPARISON].shows
    figure = Figure(COMPARISON, shows, inside(picture))
    changes = (replace(each, title=f"{each.title} in B") for each in changed(second.changes))
    built = (*changes, how_made(made, facts, content=request))
    return comparison_report(comparison, first.title, pair.captions, (figure,), built)
