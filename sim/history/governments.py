"""Governments without reciprocity: what a model must beat before agreement with the record counts.

Each plays in the scenario itself, all else equal, so that the difference is the governments'.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Scenario

COIN, CONCEDE = "coin flips", "always concede"
_POLICIES: dict[str, dict[str, Any]] = {
    COIN: {"name": "random", "p": 0.5},
    CONCEDE: {"name": "always_concede"},
}
#: In the order of every table.
GOVERNMENTS = tuple(_POLICIES)


def with_governments(scenario: "Scenario", rival: str) -> "Scenario":
    """The scenario with the governments of a rival, whose agencies never slip, as in nulls/."""
    changes: dict[str, Any] = {}
    for side in scenario.sides.ids:
        changes[f"actors.{side}.policy"] = _POLICIES[rival]
        changes |= {f"actors.{side}.{name}": 0.0 for name in ("slip", "slip_fail")}
    return scenario.override(changes)
