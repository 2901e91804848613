"""What is named before it is imported: a run that draws three pictures imports no others."""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
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
