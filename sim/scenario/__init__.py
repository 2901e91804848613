"""What a user writes: scenarios, their registry of fields, and messages about what is wrong.

Read `scenario`, then the way of a file to it: `loading` (files and names), `tree` and `key_paths`
(the raw table), `validating` by the models `schema`, `schema_actor`, `schema_lever`,
`schema_world` (their fields are of `parameter`), `checks` and `checks_levers`. `registry` reads
every value off the models, `json_schema` is for editors, `sides` names the two. Values:
`overrides` writes them, `distribution`, `ranges` and `inert` say what is believed of them,
`sourcing` what they rest on, `template` writes a file of one's own; `calendar` counts the weeks.
To the world's tables: `compile`, with `compile_actors`, `compile_levers`, `compile_bands`,
`draw_tables`, `records`; `kept` holds what took long.
"""

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
