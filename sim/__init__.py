"""detente: how often a US-China truce holds, how it breaks, and why.

The public names are loaded when first used, so that the command line answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.engines.exact import solve as solve
    from sim.engines.mesa_agents import Government as Government
    from sim.engines.mesa_model import TruceModel as TruceModel
    from sim.outcomes.simulate import simulate as simulate
    from sim.scenario import Scenario as Scenario
    from sim.studies.study import load as load

_HOMES = {
    "Government": "sim.engines.mesa_agents",
    "Scenario": "sim.scenario",
    "TruceModel": "sim.engines.mesa_model",
    "__version__": "sim.version",
    "load": "sim.studies.study",
    "simulate": "sim.outcomes.simulate",
    "solve": "sim.engines.exact",
}

__all__ = ["Government", "Scenario", "TruceModel", "__version__", "load", "simulate", "solve"]


def __getattr__(name: str) -> Any:
    """Finds a public name where it lives."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
