"""Pictures of studies: one function each, from what is shown of a study to a matplotlib Figure.

As with results, a picture is in the table or it does not exist; and none computes anything.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.errors import ResultError
from sim.plots.study_line import line
from sim.plots.study_map import heat_map
from sim.plots.study_panels import panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.studies.shown import Shown

STUDY_PICTURES: "dict[str, Callable[[Shown], Figure]]" = {
    "line": line,
    "map": heat_map,
    "panels": panels,
}


def draw_study(shown: "Shown", kind: str = "") -> "Figure":
    """The picture of that name, by default the one that fits what was varied.

    ResultError for a name that is none, or a picture that this study has nothing for.
    """
    kind = kind or shown.fitting
    if kind not in STUDY_PICTURES:
        allowed = ", ".join(STUDY_PICTURES)
        raise ResultError(f"there is no picture {kind!r} of a study; allowed: {allowed}")
    if why := shown.kinds[kind]:
        raise ResultError(f"{kind} shows nothing of this study: {why}; {shown.fitting} does")
    return STUDY_PICTURES[kind](shown)
