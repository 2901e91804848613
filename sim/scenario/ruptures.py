"""How high the two sides can climb, and the rungs by which standing is counted."""

from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec
from sim.scenario.schema_world import TruceSpec

#: Rungs of the table over definitions: judgement, around the grades 1 to 5 of acts on record.
RUNGS = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0)


def highest_rung(spec: ScenarioSpec, side: str) -> float:
    """The rung of a side with every lever at its top and the least that may ever be agreed."""
    levers = spec.levers.get(side, {})
    return sum(
        lever.severity * (lever.top - lowest_agreed(spec, f"{side}.{name}", lever))
        for name, lever in levers.items()
    )


def lowest_agreed(spec: ScenarioSpec, name: str, lever: LeverSpec) -> int:
    """The lowest level that is ever agreed for a lever: initial, owed or set in a deal."""
    agreed = [term.level for deal in spec.deals for term in deal.levers if term.lever == name]
    return min(lever.level, lever.final_obligation, *agreed)


def rupture_rung(spec: ScenarioSpec) -> float:
    """The rung of a rupture, 0 for any dispute; without a truce the default, never read."""
    return float((spec.truce or TruceSpec()).rupture_rung)


def thresholds(spec: ScenarioSpec) -> tuple[float, ...]:
    """Rungs by which standing is counted: any violation (0), RUNGS, and last its own.

    As many in every scenario, so that tallies of scenarios that differ can be merged.
    """
    return 0.0, *RUNGS, rupture_rung(spec)


def reached_thresholds(spec: ScenarioSpec) -> tuple[float, ...]:
    """Those that both sides can reach, and its own, from 0 up."""
    reached = min(highest_rung(spec, side) for side in spec.ids)
    return tuple(sorted({0.0, rupture_rung(spec), *(rung for rung in RUNGS if rung <= reached)}))
