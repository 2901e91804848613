"""PRIM of ema_workbench, without the rest of that package."""

import inspect
import warnings
from types import FrameType
from typing import Any

from sim.extras import need, part, replaced


def prim() -> Any:
    """The module. Raises MissingPackageError if it is not installed."""
    need("ema_workbench", "discovery")
    with warnings.catch_warnings(), replaced(inspect, "getouterframes", _callers):
        # on import it tells which of its optional parts (ipyparallel, altair) are missing
        warnings.filterwarnings("ignore", message=".*(ipyparallel|altair)")
        return part("ema_workbench", "analysis.prim")


def _callers(frame: FrameType | None, _: int = 1) -> list[tuple[FrameType, str, int, str]]:
    """Who calls whom, as `inspect` tells it, but without reading everybody's source.

    ema_workbench asks for each of its methods, and takes a name.
    """
    callers = []
    while frame is not None:
        callers.append((frame, frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back
    return callers
