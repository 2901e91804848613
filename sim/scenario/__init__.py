"""What a user writes: scenarios, their registry of fields, and messages about what is wrong."""

from typing import TYPE_CHECKING, Any

from sim.errors import DetenteError, ExperimentError, Problem, ScenarioError

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

__all__ = ["DetenteError", "ExperimentError", "Problem", "Scenario", "ScenarioError"]


def __getattr__(name: str) -> Any:
    """Brings `Scenario` in when it is first asked for: pydantic and numpy take a while."""
    if name == "Scenario":
        from sim.scenario.scenario import Scenario

        return Scenario
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
