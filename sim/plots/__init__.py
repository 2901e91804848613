"""Pictures of results: one function each, from a Result to a matplotlib Figure.

A picture is in `PICTURES` or it does not exist: the command line, the store and the
conformance test read this table. Plots compute nothing that a table does not hold.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.errors import ResultError
from sim.plots.allies import allies
from sim.plots.definition import definition
from sim.plots.endings import endings
from sim.plots.ladder import ladder
from sim.plots.leverage import leverage
from sim.plots.raster import raster
from sim.plots.survival import survival
from sim.plots.trajectories import trajectories

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.outcomes.result import Result

PICTURES: dict[str, "Callable[[Result], Figure]"] = {
    "trajectories": trajectories,
    "survival": survival,
    "endings": endings,
    "raster": raster,
    "ladder": ladder,
    "leverage": leverage,
    "definition": definition,
    "allies": allies,
}


def draw(result: "Result", kind: str) -> "Figure":
    """The picture of that name; ResultError with the names there are if there is none.

    Also ResultError for one whose data the result lost.
    """
    if kind not in PICTURES:
        raise ResultError(f"there is no picture {kind!r}; allowed: {', '.join(PICTURES)}")
    return PICTURES[kind](result)


def left_out(result: "Result", kind: str) -> str:
    """Why a picture would show nothing of this result; "" if it shows something."""
    if kind == "definition":
        return result.reason("standing") or ""
    if kind == "allies":
        return "" if result.compiled.allies else "the scenario has no allies"
    if kind == "raster":
        return "" if result.sample is not None else "the result holds no sample of single runs"
    return ""
