"""The whole scenario as one validated table: the root of the registry.

Attribute names are the keys of a scenario file. Structure, types and hard bounds are checked
here; what concerns several fields at once is in `checks.py`.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from sim.scenario.distribution import is_finite_number
from sim.scenario.parameter import SIDES, Date, Loose, Name, Side, Table, parameter
from sim.scenario.schema_actor import ActorSpec
from sim.scenario.schema_lever import LeverSpec, PastLevel
from sim.scenario.schema_supply import Programme
from sim.scenario.schema_truce import TalksSpec, TruceSpec
from sim.scenario.schema_world import (
    AllySpec,
    DealSpec,
    DealTerm,
    ReadingSpec,
    ShockSpec,
    StageMatrix,
    StageRow,
)

__all__ = [
    "ActorSpec",
    "AllySpec",
    "DealSpec",
    "DealTerm",
    "LeverSpec",
    "PastLevel",
    "Programme",
    "ScenarioSpec",
    "ShockSpec",
    "StageMatrix",
    "StageRow",
    "TalksSpec",
    "TruceSpec",
]

Noise = Literal["agency", "flip"]


def pair(value: Any) -> Any:
    """Two numbers as a tuple of two; anything else as it is, for the checks to read."""
    if isinstance(value, list | tuple) and len(value) == 2 and all(map(is_finite_number, value)):
        return float(value[0]), float(value[1])
    return value


#: [low, high] or a table that `distribution.read_distribution` reads.
Believed = Annotated[Any, BeforeValidator(pair)]


def both_sides(value: Any) -> Any:
    """Gives a table of sides both of them, us first, whatever the file wrote."""
    if not isinstance(value, dict):
        return value
    others = {key: table for key, table in value.items() if key not in SIDES}
    return {side: value.get(side, {}) for side in SIDES} | others


def us_then_cn(value: Any) -> Any:
    """Puts a table of sides in the order us, cn, without adding one."""
    if not isinstance(value, dict):
        return value
    return {key: value[key] for key in sorted(value, key=lambda key: key != "us")}


def default_actors() -> dict[Side, ActorSpec]:
    """Both governments at the registry's defaults."""
    return {side: ActorSpec() for side in SIDES}


def default_levers() -> dict[Side, dict[str, LeverSpec]]:
    """Both governments without a lever."""
    return {side: {} for side in SIDES}


#: The longest horizon, a judgement: a century. Nothing a scenario describes lasts so long, and a
#: mistyped number of weeks is said instead of played for hours.
MOST_WEEKS = 5_200


class ScenarioSpec(Table):
    """One world and its policies, as resolved from files and overrides."""

    title: str = parameter(meaning="one line that names the scenario", source="the file")
    description: str = parameter("", meaning="what it is for", source="the file")
    start: Date = parameter(meaning="first day of week 1", source="the file")
    as_of: Date | None = parameter(
        None,
        meaning="day of the knowledge used (default: start); later values are warned about",
        source="judgement, sources.md, defaults",
    )
    weeks: int = parameter(
        26, symbol="H", unit="weeks", meaning="horizon", source="judgement", ge=1, le=MOST_WEEKS
    )
    noise: Noise = parameter(
        "agency",
        meaning="agency: agencies act on their own; flip: the textbook's opposite act",
        source="judgement from claim 7; model.md, step 3",
    )
    heat: float = parameter(
        0.0,
        unit="variance",
        meaning="variance over runs of a multiplier, of mean 1, on slips and false alarms; 0: off",
        source="judgement; Greenwood and Yule 1920; off by default",
        ge=0,
        le=100,
    )
    truce: TruceSpec | None = parameter(
        None,
        meaning="what was agreed (default: no truce)",
        source="judgement, model.md, outcomes",
    )
    talks: TalksSpec = parameter(
        factory=TalksSpec, meaning="when leaders meet", source="judgement, model.md, step 10"
    )
    actors: Annotated[dict[Side, ActorSpec], BeforeValidator(both_sides)] = parameter(
        factory=default_actors,
        meaning="the two principals",
        source="judgement, model.md, entities",
    )
    levers: Annotated[dict[Side, dict[Name, LeverSpec]], BeforeValidator(both_sides)] = parameter(
        factory=default_levers,
        meaning="levers by owner and name",
        source="judgement, model.md, entities",
    )
    allies: dict[Name, AllySpec] = parameter(
        factory=dict, meaning="third parties by name", source="judgement from claims 21, 22"
    )
    shocks: Annotated[tuple[ShockSpec, ...], Loose] = parameter(
        (), meaning="dated or chance events", source="judgement, model.md, step 1"
    )
    deals: Annotated[tuple[DealSpec, ...], Loose] = parameter(
        (), meaning="packages struck at talks", source="judgement, model.md, step 10"
    )
    stage_payoffs: Annotated[dict[Side, StageMatrix] | None, BeforeValidator(us_then_cn)] = (
        parameter(
            None,
            meaning="textbook payoffs that replace the additive ones (default: none)",
            source="judgement, model.md, step 5",
        )
    )
    readings: dict[Name, ReadingSpec] | None = parameter(
        None,
        meaning="ways to read what the sources leave open, each with its share of the runs "
        "(default: none)",
        source="judgement from claim 17: whether licences are slow by capacity or by design",
    )
    ranges: dict[str, Believed] | Literal["none"] = parameter(
        factory=dict,
        meaning="outer loop: path -> [low, high] or a distribution, beside the registry's; "
        '"none": no outer loop',
        source="judgement, model.md, outcomes",
    )
    sources: dict[str, str] = parameter(
        factory=dict,
        meaning="where values come from: path, * for any part -> text",
        source="the file",
    )
