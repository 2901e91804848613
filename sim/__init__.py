"""detente: how often a US-China truce holds, how it breaks, and why.

The public names are loaded when first used, so that the command line answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.outcomes.simulate import simulate as simulate
    from sim.outcomes.store import load_result as load
    from sim.scenario import Scenario as Scenario

_HOMES = {
    "Scenario": ("sim.scenario", "Scenario"),
    "simulate": ("sim.outcomes.simulate", "simulate"),
    "load": ("sim.outcomes.store", "load_result"),
}

__all__ = ["Scenario", "__version__", "load", "simulate"]


def __getattr__(name: str) -> Any:
    """Finds a public name where it lives."""
    if name == "__version__":
        from importlib.metadata import version

        return version("detente")
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
