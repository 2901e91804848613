"""Pictures: a function each, from what was computed to a matplotlib Figure.

`PICTURES` is the table of them all: a picture is in it or does not exist. Command line, store, page
and the conformance test read the table through `sim.report.pictures`, where it is registered.
Pictures compute nothing that a table does not hold.

Read `style` (how all look), then one picture, as `survival`; the others have the same parts in the
same order: what it draws, its notes, its panels. To add one, write its module and its row here, by
its name: modules are imported when their picture is drawn, so that a run imports three of them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.plots.by_name import by_name, when_used
from sim.report.pictures import (
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
    always,
    draw,
    register,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result
    from sim.studies.answers import StudyView


def _no_standing(result: "Result") -> str:
    return result.reason("standing") or ""


def _no_sample(result: "Result") -> str:
    return "" if result.sample is not None else "the result holds no sample of single runs"


def _no_allies(result: "Result") -> str:
    return "" if result.compiled.allies else "the scenario has no allies"


def _row(
    of: str, name: str, shows: str, drawn_by: str = "", left_out: Callable[[Any], str] = always
) -> Picture:
    """A picture by the module and function that draw it, where these are not called as it is."""
    return Picture(name, of, by_name(drawn_by or name), shows, left_out)


PICTURES = (
    _row(RESULT, "trajectories", "Rungs, licences, shortages and leverage."),
    _row(RESULT, "survival", "Shares of runs in which each outcome holds, by date."),
    _row(RESULT, "endings", "What ends the truce, and what would have kept it."),
    _row(RESULT, "raster", "Single runs, a line each: who violates when.", left_out=_no_sample),
    _row(RESULT, "ladder", "One run week by week, with every act."),
    _row(RESULT, "leverage", "Who holds more leverage, and until when."),
    _row(RESULT, "definition", "The truce by what counts as broken.", left_out=_no_standing),
    _row(RESULT, "allies", "When allies join, and their shortages.", left_out=_no_allies),
    _row(EXACT, "exact", "The exact curves of a textbook game.", "exact.exact_survival"),
    _row(STUDY, "line", "The share that holds by the value of one factor.", "study_line.line"),
    _row(STUDY, "map", "The share that holds over a grid of two factors.", "study_map.heat_map"),
    _row(STUDY, "panels", "The share that holds by each of many factors.", "study_panels.panels"),
    _row(SENSITIVITY, "sensitivity", "Which factors matter.", "study_sensitivity.draw_sensitivity"),
    _row(
        DISCOVERY,
        "discovery",
        "Where the truce fails: box and peeling.",
        "study_discovery.draw_discovery",
    ),
    _row(
        COMPARISON,
        "comparison",
        "Two scenarios and their difference.",
        "comparison.comparison_figure",
    ),
    _row(TOURNAMENT, "heat", "A measure for every pair of policies.", "tournament.heat_map"),
    _row(
        TOURNAMENT,
        "ranking",
        "Policies by score, with the ranks left open.",
        "tournament.ranking_dots",
    ),
    _row(REPLICATOR, "simplex", "Replicator paths of three policies.", "replicator.simplex"),
    _row(
        REPLICATOR,
        "shares",
        "Shares of policies of two populations over time.",
        "replicator.shares",
    ),
    _row(RESPONSE, "gaps", "What each policy lacks of the best response.", "best_response.gaps"),
    _row(GAME, "game", "Which game it is, year by year.", "stage_game"),
    _row(SCORED, "scores", "The model's scores against all rivals."),
    _row(
        SCORED,
        "calibration",
        "Reliability and PIT of the model, with counts.",
        "scores.calibration",
    ),
    _row(FIT, "fit", "What the record moved: prior and posterior by setting.", "fit.fit_picture"),
    _row(ODDS, "odds", "The odds as the news came in, and what lies ahead.", "odds.odds_picture"),
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
