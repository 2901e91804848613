"""Pictures named before they are imported: a run that draws three does not import all others."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: The room of the pictures.
HOME = "sim.plots"


def by_name(name: str) -> "Callable[..., Figure]":
    """What draws a picture, imported when it first does.

    name: its module and its function, as "scores.calibration"; one word where both have one name.
    """
    module, _, function = name.partition(".")

    def draw(*things: Any) -> "Figure":
        figure: Figure = getattr(import_module(f"{HOME}.{module}"), function or module)(*things)
        return figure

    return draw
