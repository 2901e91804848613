"""Pictures: a function each, from what was computed to a matplotlib Figure.

`PICTURES` is the table of them all: a picture is in it or does not exist. Command line, store, page
and the conformance test read the table through `sim.report.pictures`, where it is registered.
Pictures compute nothing that a table does not hold.

Read `style` (how all look), then one picture, as `survival`; the others have the same parts in the
same order: what it draws, its notes, its panels. To add one, write its module and its row here.
"""

from typing import TYPE_CHECKING

from sim.errors import ResultError
from sim.plots.allies import allies
from sim.plots.anticipation import anticipation
from sim.plots.best_response import gaps
from sim.plots.comparison import comparison_figure
from sim.plots.definition import definition
from sim.plots.endings import endings
from sim.plots.exact import exact_survival
from sim.plots.fit import fit_picture
from sim.plots.ladder import ladder
from sim.plots.leverage import leverage
from sim.plots.odds import odds_picture
from sim.plots.raster import raster
from sim.plots.replicator import shares, simplex
from sim.plots.scores import calibration, scores
from sim.plots.stage_game import stage_game
from sim.plots.study_discovery import draw_discovery
from sim.plots.study_line import line
from sim.plots.study_map import heat_map as study_map
from sim.plots.study_panels import panels
from sim.plots.study_sensitivity import draw_sensitivity
from sim.plots.survival import survival
from sim.plots.tournament import heat_map, ranking_dots
from sim.plots.trajectories import trajectories
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
from sim.studies.sensitivity import sensitivity

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
    Picture("trajectories", RESULT, trajectories, "Rungs, licences, shortages and leverage."),
    Picture("survival", RESULT, survival, "Shares of runs in which each outcome holds, by date."),
    Picture("endings", RESULT, endings, "What ends the truce, and what would have kept it."),
    Picture("raster", RESULT, raster, "Single runs, a line each: who violates when.", _no_sample),
    Picture("ladder", RESULT, ladder, "One run week by week, with every act."),
    Picture("leverage", RESULT, leverage, "Who holds more leverage, and until when."),
    Picture("definition", RESULT, definition, "The truce by what counts as broken.", _no_standing),
    Picture("allies", RESULT, allies, "When allies join, and their shortages.", _no_allies),
    Picture("exact", EXACT, exact_survival, "The exact curves of a textbook game."),
    Picture("line", STUDY, line, "The share that holds by the value of one factor."),
    Picture("map", STUDY, study_map, "The share that holds over a grid of two factors."),
    Picture("panels", STUDY, panels, "The share that holds by each of many factors."),
    Picture("sensitivity", SENSITIVITY, draw_sensitivity, "Which factors matter."),
    Picture("discovery", DISCOVERY, draw_discovery, "Where the truce fails: box and peeling."),
    Picture("comparison", COMPARISON, comparison_figure, "Two scenarios and their difference."),
    Picture("heat", TOURNAMENT, heat_map, "A measure for every pair of policies."),
    Picture("ranking", TOURNAMENT, ranking_dots, "Policies by score, with the ranks left open."),
    Picture("simplex", REPLICATOR, simplex, "Replicator paths of three policies."),
    Picture("shares", REPLICATOR, shares, "Shares of policies of two populations over time."),
    Picture("gaps", RESPONSE, gaps, "What each policy lacks of the best response."),
    Picture("game", GAME, stage_game, "Which game it is, year by year."),
    Picture("scores", SCORED, scores, "The model's scores against all rivals."),
    Picture("calibration", SCORED, calibration, "Reliability and PIT of the model, with counts."),
    Picture("anticipation", ANTICIPATION, anticipation, "What counting on talks does."),
    Picture("fit", FIT, fit_picture, "What the record moved: prior and posterior by setting."),
    Picture("odds", ODDS, odds_picture, "The odds as the news came in, and what lies ahead."),
)


def draw_study(shown: "StudyView", kind: str = "") -> "Figure":
    """A picture of a study: line, map, panels or sensitivity; by default the one that fits.

    Raises ResultError for a name that is none, or a picture that this study has nothing for.
    """
    kind = kind or shown.fitting
    refuse_unfitting(shown, kind)
    if kind == SENSITIVITY:
        return draw_sensitivity(sensitivity(shown.answers))
    return draw(STUDY, kind, shown)


def refuse_unfitting(shown: "StudyView", kind: str) -> None:
    """Raises ResultError, with what fits, for a picture that a study has nothing for."""
    if why := shown.kinds.get(kind):
        raise ResultError(f"{kind} shows nothing of this study: {why}; {shown.fitting} does")


for _picture in PICTURES:
    register(_picture)
