"""The whole scenario as one validated table: the root of the registry.

Attribute names are the keys of a scenario file. Structure, types and hard bounds are checked
here; what concerns several fields at once is in `checks.py`.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.distribution import is_finite_number
from sim.scenario.parameter import Date, Loose, Name, Table, parameter
from sim.scenario.schema_actor import ActorSpec
from sim.scenario.schema_lever import LeverSpec, PastLevel
from sim.scenario.schema_sides import SideSpec
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
from sim.scenario.sides import DEFAULT, FIRST, TABLE, Sides, ids_in, sides_of
from sim.world.state import MOST_LEVERS

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


#: How an error of a key that is no side's is known.
NO_SIDE = "no_side"


def _of_rows(rows: tuple[SideSpec, ...]) -> Sides:
    return sides_of([row.model_dump() for row in rows]) if rows else DEFAULT


def _ids(info: ValidationInfo) -> tuple[str, str]:
    """The ids of the two sides of the scenario that is read."""
    return _of_rows(info.data.get(TABLE, ())).ids


def of_a_side(key: str, info: ValidationInfo) -> str:
    """A key that must be the id of a side."""
    if key not in _ids(info):
        raise PydanticCustomError(NO_SIDE, "no side")
    return key


def both_sides(value: Any, info: ValidationInfo) -> Any:
    """Gives a table of sides both of them, the first first, whatever the file wrote."""
    if not isinstance(value, dict):
        return value
    ids = _ids(info)
    others = {key: table for key, table in value.items() if key not in ids}
    return {side: value.get(side, {}) for side in ids} | others


def first_side_first(value: Any, info: ValidationInfo) -> Any:
    """Puts a table of sides in their order, without adding one."""
    if not isinstance(value, dict):
        return value
    first = _ids(info)[0]
    return {key: value[key] for key in sorted(value, key=lambda key: key != first)}


#: The id of one of the two sides.
SideId = Annotated[str, AfterValidator(of_a_side)]


#: The longest horizon, a judgement: a century. Nothing a scenario describes lasts so long, and a
#: mistyped number of weeks is said instead of played for hours.
MOST_WEEKS = 5_200


class ScenarioSpec(Table):
    """One world and its policies, as resolved from files and overrides."""

    title: str = parameter(meaning="one line that names the scenario", source="the file")
    description: str = parameter("", meaning="what it is for", source="the file")
    sides: Annotated[tuple[SideSpec, ...], Loose] = parameter(
        (),
        meaning="who the two sides are, the first first (default: us and cn)",
        source="judgement: the world the defaults describe",
    )
    start: Date = parameter(meaning="first day of week 1", source="the file")
    as_of: Date | None = parameter(
        None,
        meaning="day of the knowledge used (default: start); later values are warned about",
        source="judgement, sources.md, defaults",
    )
    weeks: int = parameter(
        26, symbol="H", unit="weeks", meaning="horizon", source="judgement", limits=(1, MOST_WEEKS)
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
        limits=(0, 100),
    )
    truce: TruceSpec | None = parameter(
        None,
        meaning="what was agreed (default: no truce)",
        source="judgement, model.md, outcomes",
    )
    talks: TalksSpec = parameter(
        factory=TalksSpec, meaning="when leaders meet", source="judgement, model.md, step 10"
    )
    actors: Annotated[dict[SideId, ActorSpec], BeforeValidator(both_sides)] = parameter(
        factory=dict,
        meaning="the two principals",
        source="judgement, model.md, entities",
    )
    levers: Annotated[dict[SideId, dict[Name, LeverSpec]], BeforeValidator(both_sides)] = parameter(
        factory=dict,
        meaning=f"levers by owner and name, at most {MOST_LEVERS} of both sides together",
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
    stage_payoffs: Annotated[
        dict[SideId, StageMatrix] | None, BeforeValidator(first_side_first)
    ] = parameter(
        None,
        meaning="textbook payoffs that replace the additive ones (default: none)",
        source="judgement, model.md, step 5",
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

    @model_validator(mode="before")
    @classmethod
    def at_the_sides(cls, data: Any) -> Any:
        """Both sides have a place; the one that delivers first is the second, unless given."""
        if not isinstance(data, dict):
            return data
        table: dict[str, Any] = {"actors": {}, "levers": {}} | data
        talks = table.get("talks", {})
        if isinstance(talks, dict) and ids_in(table) != DEFAULT.ids:
            table["talks"] = {"sequencing": f"{ids_in(table)[1]}{FIRST}"} | talks
        return table

    @property
    def who(self) -> Sides:
        """The two sides by index, id and name."""
        return _of_rows(self.sides)

    @property
    def ids(self) -> tuple[str, str]:
        """The ids of the two sides, in order."""
        return self.who.ids
