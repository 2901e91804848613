"""Pictures: a function each, from what was computed to a matplotlib Figure.

`PICTURES` is the table of them all: a picture is in it or does not exist. Command line, store, page
and the conformance test read the table through `sim.report.pictures`, where it is registered.
Pictures compute nothing that a table does not hold.

Read `style` (how all look), then one picture, as `survival`; the others have the same parts in the
same order: what it draws, its notes, its panels. To add one, write its module and its row here, by
its name: modules are imported when their picture is drawn, so that a run imports three of them.
"""

from typing import TYPE_CHECKING

from sim.errors import ResultError
from sim.plots.by_name import by_name, when_used
from sim.report.pictures import (
    ANTICIPATION,
    COMPARISON,
    DISCOVERY,
    EXACT,
    FIT,
    GAME,
    ODDS,
    REPLICATOR,
    RESPONSE,
    RESULT,
    SCORED,
    SENSITIVITY,
    STUDY,
    TOURNAMENT,
    Picture,
    draw,
    register,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result
    from sim.studies.study_view import StudyView


def _no_standing(result: "Result") -> str:
    return result.reason("standing") or ""


def _no_sample(result: "Result") -> str:
    return "" if result.sample is not None else "the result holds no sample of single runs"


def _no_allies(result: "Result") -> str:
    return "" if result.compiled.allies else "the scenario has no allies"


PICTURES = (
    Picture(
        "trajectories", RESULT, by_name("trajectories"), "Rungs, licences, shortages and leverage."
    ),
    Picture(
        "survival",
        RESULT,
        by_name("survival"),
        "Shares of runs in which each outcome holds, by date.",
    ),
    Picture(
        "endings", RESULT, by_name("endings"), "What ends the truce, and what would have kept it."
    ),
    Picture(
        "raster",
        RESULT,
        by_name("raster"),
        "Single runs, a line each: who violates when.",
        _no_sample,
    ),
    Picture("ladder", RESULT, by_name("ladder"), "One run week by week, with every act."),
    Picture("leverage", RESULT, by_name("leverage"), "Who holds more leverage, and until when."),
    Picture(
        "definition",
        RESULT,
        by_name("definition"),
        "The truce by what counts as broken.",
        _no_standing,
    ),
    Picture(
        "allies", RESULT, by_name("allies"), "When allies join, and their shortages.", _no_allies
    ),
    Picture(
        "exact", EXACT, by_name("exact.exact_survival"), "The exact curves of a textbook game."
    ),
    Picture(
        "line",
        STUDY,
        by_name("study_line.line"),
        "The share that holds by the value of one factor.",
    ),
    Picture(
        "map",
        STUDY,
        by_name("study_map.heat_map"),
        "The share that holds over a grid of two factors.",
    ),
    Picture(
        "panels",
        STUDY,
        by_name("study_panels.panels"),
        "The share that holds by each of many factors.",
    ),
    Picture(
        "sensitivity",
        SENSITIVITY,
        by_name("study_sensitivity.draw_sensitivity"),
        "Which factors matter.",
    ),
    Picture(
        "discovery",
        DISCOVERY,
        by_name("study_discovery.draw_discovery"),
        "Where the truce fails: box and peeling.",
    ),
    Picture(
        "comparison",
        COMPARISON,
        by_name("comparison.comparison_figure"),
        "Two scenarios and their difference.",
    ),
    Picture(
        "heat", TOURNAMENT, by_name("tournament.heat_map"), "A measure for every pair of policies."
    ),
    Picture(
        "ranking",
        TOURNAMENT,
        by_name("tournament.ranking_dots"),
        "Policies by score, with the ranks left open.",
    ),
    Picture(
        "simplex", REPLICATOR, by_name("replicator.simplex"), "Replicator paths of three policies."
    ),
    Picture(
        "shares",
        REPLICATOR,
        by_name("replicator.shares"),
        "Shares of policies of two populations over time.",
    ),
    Picture(
        "gaps",
        RESPONSE,
        by_name("best_response.gaps"),
        "What each policy lacks of the best response.",
    ),
    Picture("game", GAME, by_name("stage_game"), "Which game it is, year by year."),
    Picture("scores", SCORED, by_name("scores"), "The model's scores against all rivals."),
    Picture(
        "calibration",
        SCORED,
        by_name("scores.calibration"),
        "Reliability and PIT of the model, with counts.",
    ),
    Picture("anticipation", ANTICIPATION, by_name("anticipation"), "What counting on talks does."),
    Picture(
        "fit",
        FIT,
        by_name("fit.fit_picture"),
        "What the record moved: prior and posterior by setting.",
    ),
    Picture(
        "odds",
        ODDS,
        by_name("odds.odds_picture"),
        "The odds as the news came in, and what lies ahead.",
    ),
)


def draw_study(view: "StudyView", kind: str = "") -> "Figure":
    """A picture of a study: line, map, panels or sensitivity; by default the one that fits.

    Raises ResultError for a name that is none, or a picture that this study has nothing for.
    """
    kind = kind or view.fitting
    refuse_unfitting(view, kind)
    if kind == SENSITIVITY:
        from sim.studies.sensitivity import sensitivity

        return draw(SENSITIVITY, SENSITIVITY, sensitivity(view.answers))
    return draw(STUDY, kind, view)


def refuse_unfitting(view: "StudyView", kind: str) -> None:
    """Raises ResultError, with what fits, for a picture that a study has nothing for."""
    if why := view.kinds.get(kind):
        raise ResultError(f"{kind} shows nothing of this study: {why}; {view.fitting} does")


for _picture in PICTURES:
    register(_picture)

# What draws imports it only to set TeX, which is not done here: a tenth of a second saved.
when_used("fontTools.agl")
