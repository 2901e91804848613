"""Pictures: a function each, from what was computed to a matplotlib Figure.

`PICTURES` is the table of them all: a picture is in it or does not exist. Command line, store,
page and the conformance test read the table through `sim.report.pictures`, where it is
registered. Pictures compute nothing that a table does not hold.

Read `style` (how all look) and `curves` (what they share), then one module, as `survival`; the
others have the same parts in the same order: what a picture draws, its notes, its panels. Of
runs: `trajectories`, `endings`, `settings`, `runs`; of several scenarios: `study`,
`study_findings`, `games`; of the record: `record`, `forecasts`. To add one, write its function and
its row here, by its name: modules are imported when a picture of theirs is drawn, so that a run
imports three of them.
"""

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.report.pictures import (
    COMPARISON,
    DISCOVERY,
    EXACT,
    FIT,
    GAME,
    HOME,
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
    ship,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from sim.outcomes.result import Result
    from sim.studies.answers import Answers


def _no_standing(result: "Result") -> str:
    return result.reason("standing") or ""


def _no_sample(result: "Result") -> str:
    return "" if result.sample is not None else "the result holds no sample of single runs"


def _no_settings(result: "Result") -> str:
    if result.spread is None:
        return "the result has no plausible ranges: they were off, or nothing is believed to vary"
    return "" if result.spread.shares else "the result, of an older version, does not hold them"


def _no_allies(result: "Result") -> str:
    return "" if result.compiled.allies else "the scenario has no allies"


def _row(
    name: str, of: str, module: str, shows: str, left_out: "Callable[[Any], str]" = always
) -> Picture:
    """A picture by its function in a module, which is imported when it first draws.

    module: the function has the name of the picture, unless another follows the module's after a
    dot.
    """
    home, _, function = module.partition(".")

    def drawn(*things: Any) -> "Figure":
        figure: Figure = getattr(import_module(f"{HOME}.{home}"), function or name)(*things)
        return figure

    return Picture(name, of, drawn, shows, left_out)


PICTURES = (
    _row("trajectories", RESULT, "trajectories", "Rungs, licences, shortages and leverage."),
    _row("survival", RESULT, "survival", "Shares of runs in which each outcome holds, by date."),
    _row("endings", RESULT, "endings", "What ends the truce, and what would have kept it."),
    _row("raster", RESULT, "runs", "Single runs, a line each: who violates when.", _no_sample),
    _row("ladder", RESULT, "runs", "One run week by week, with every act."),
    _row("leverage", RESULT, "trajectories", "Who holds more leverage, and until when."),
    _row("definition", RESULT, "endings", "The truce by what counts as broken.", _no_standing),
    _row("allies", RESULT, "trajectories", "When allies join, and their shortages.", _no_allies),
    _row("settings", RESULT, "settings", "The headline over plausible settings.", _no_settings),
    _row("exact", EXACT, "survival", "The exact curves of a textbook game."),
    _row("line", STUDY, "study", "The share that holds by the value of one factor."),
    _row("map", STUDY, "study.heat_map", "The share that holds over a grid of two factors."),
    _row("panels", STUDY, "study", "The share that holds by each of many factors."),
    _row("sensitivity", SENSITIVITY, "study_findings", "Which factors matter."),
    _row("discovery", DISCOVERY, "study_findings", "Where the truce fails: box and peeling."),
    _row("comparison", COMPARISON, "survival", "Two scenarios and their difference."),
    _row("heat", TOURNAMENT, "games", "A measure for every pair of policies."),
    _row("ranking", TOURNAMENT, "games", "Policies by score, with the ranks left open."),
    _row("simplex", REPLICATOR, "games", "Replicator paths of three policies."),
    _row("shares", REPLICATOR, "games", "Shares of policies of two populations over time."),
    _row("gaps", RESPONSE, "games", "What each policy lacks of the best response."),
    _row("game", GAME, "games", "Which game it is, year by year."),
    _row("scores", SCORED, "forecasts", "The model's scores against all rivals."),
    _row("calibration", SCORED, "forecasts", "Reliability and PIT of the model, with counts."),
    _row("fit", FIT, "forecasts", "What the record moved: prior and posterior by setting."),
    _row("odds", ODDS, "forecasts", "The odds as the news came in, and what lies ahead."),
)


def draw_study(answers: "Answers", kind: str = "") -> "Figure":
    """A picture of a study: line, map, panels or sensitivity; by default the one that fits.

    Raises ResultError for a name that is none, or a picture that this study has nothing for.
    """
    kind = kind or answers.fitting
    refuse_unfitting(answers, kind)
    if kind == SENSITIVITY:
        from sim.studies.sensitivity import sensitivity

        return draw(SENSITIVITY, SENSITIVITY, sensitivity(answers))
    return draw(STUDY, kind, answers)


def refuse_unfitting(answers: "Answers", kind: str) -> None:
    """Raises ResultError, with what fits, for a picture that a study has nothing for."""
    if why := answers.kinds.get(kind):
        raise ResultError(f"{kind} shows nothing of this study: {why}; {answers.fitting} does")


class _WhenUsed(ModuleType):
    """A module that is run when something is looked up in it that is not there yet."""

    def __getattr__(self, name: str) -> Any:
        self.__class__ = ModuleType  # type: ignore[assignment]
        spec = self.__spec__
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module(self)
        return getattr(self, name)


def when_used(name: str) -> None:
    """Lets a module of others, when they import it, be run only once it is used.

    `importlib.util.LazyLoader` would run it at the first `import` of its name.
    """
    spec = None if name in sys.modules else find_spec(name)
    if spec is None or spec.loader is None:
        return
    module = module_from_spec(spec)
    module.__class__ = _WhenUsed
    sys.modules[name] = module
    package, _, last = name.rpartition(".")
    if package:
        setattr(import_module(package), last, module)


ship(PICTURES)

# What draws imports it only to set TeX, which is not done here: a tenth of a second saved.
when_used("fontTools.agl")
