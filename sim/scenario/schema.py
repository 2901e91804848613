"""The whole scenario as one validated table: the root of the registry.

Attribute names are the keys of a scenario file. Structure, types and hard bounds are checked
here; what concerns several fields at once is in `checks.py`.
"""

from sys import intern
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.distribution import is_finite_number
from sim.scenario.parameter import Date, Loose, Name, Table, parameter
from sim.scenario.schema_actor import ActorSpec
from sim.scenario.schema_lever import LeverSpec
from sim.scenario.schema_world import (
    SLOTS,
    AllySpec,
    DealSpec,
    ReadingSpec,
    ShockSpec,
    Slots,
    StageMatrix,
    TalksSpec,
    TruceSpec,
)
from sim.scenario.sides import DEFAULT, FIRST, ID_WORDS, TABLE, Sides, ids_in, sides_of
from sim.world.state import MOST_LEVERS

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


HERE = "judgement: the user's own"


class SideSpec(Table):
    """Who one side is, for the reader: nothing of it changes a number."""

    id: str = parameter().means(f"name in key paths and columns: {ID_WORDS}", HERE)
    name: str = parameter().means('name in sentences, as "the United States"', HERE)
    short: str | None = parameter(None).means(
        'name where room is scarce, as "the US" (default: the name)', HERE
    )
    adjective: str | None = parameter(None).means(
        'as "American" (default: the name without its article)', HERE
    )
    colour: str | None = parameter(None).means(
        'in pictures, as "#0072B2" (default: blue for the first, vermillion for the other)', HERE
    )


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

    title: str = parameter().means("one line that names the scenario", "the file")
    description: str = parameter("").means("what it is for", "the file")
    sides: Annotated[tuple[SideSpec, ...], Loose] = parameter(()).means(
        "who the two sides are, the first first (default: us and cn)",
        "judgement: the world the defaults describe",
    )
    start: Date = parameter().means("first day of week 1", "the file")
    as_of: Date | None = parameter(None).means(
        "day of the knowledge used (default: start); later values are warned about",
        "judgement, sources.md, defaults",
    )
    weeks: int = parameter(26, "weeks", "H", limits=(1, MOST_WEEKS)).means("horizon")
    noise: Noise = parameter("agency").means(
        "agency: agencies act on their own; flip: the textbook's opposite act",
        "judgement from claim 7; model.md, step 3",
    )
    heat: float = parameter(0.0, "variance", limits=(0, 100)).means(
        "variance over runs of a multiplier, of mean 1, on slips and false alarms; 0: off",
        "judgement; Greenwood and Yule 1920; off by default",
    )
    truce: TruceSpec | None = parameter(None).means(
        "what was agreed (default: no truce)", "judgement, model.md, outcomes"
    )
    talks: TalksSpec = parameter(factory=TalksSpec).means(
        "when leaders meet", "judgement, model.md, step 10"
    )
    actors: Annotated[dict[SideId, ActorSpec], BeforeValidator(both_sides)] = parameter(
        factory=dict
    ).means("the two principals", "judgement, model.md, entities")
    levers: Annotated[dict[SideId, dict[Name, LeverSpec]], BeforeValidator(both_sides)] = parameter(
        factory=dict
    ).means(
        f"levers by owner and name, at most {MOST_LEVERS} of both sides together",
        "judgement, model.md, entities",
    )
    allies: dict[Name, AllySpec] = parameter(factory=dict).means(
        "third parties by name", "judgement from claims 21, 22"
    )
    shocks: Annotated[tuple[ShockSpec, ...], Loose] = parameter(()).means(
        "dated or chance events", "judgement, model.md, step 1"
    )
    deals: Annotated[tuple[DealSpec, ...], Loose] = parameter(()).means(
        "packages struck at talks", "judgement, model.md, step 10"
    )
    stage_payoffs: Annotated[
        dict[SideId, StageMatrix] | None, BeforeValidator(first_side_first)
    ] = parameter(None).means(
        "textbook payoffs that replace the additive ones (default: none)",
        "judgement, model.md, step 5",
    )
    readings: dict[Name, ReadingSpec] | None = parameter(None).means(
        "ways to read what the sources leave open, each with its share of the runs (default: none)",
        "judgement from claim 17: whether licences are slow by capacity or by design",
    )
    ranges: dict[str, Believed] | Literal["none"] = parameter(factory=dict).means(
        "outer loop: path -> [low, high] or a distribution, beside the registry's; "
        '"none": no outer loop',
        "judgement, model.md, outcomes",
    )
    sources: dict[str, str] = parameter(factory=dict).means(
        "where values come from: path, * for any part -> text", "the file"
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

    @property
    def levers_by_name(self) -> dict[str, LeverSpec]:
        """Every lever by the way references spell it: us.chips; the same text for the same one."""
        owned = ((side, self.levers.get(side, {})) for side in self.ids)
        return {intern(f"{s}.{name}"): row for s, levers in owned for name, row in levers.items()}

    @property
    def slots(self) -> dict[str, Slots]:
        """The runs of each reading, in the order written: as many hundredths as its weight."""
        slots, first = {}, 0
        for name, reading in (self.readings or {}).items():
            last = first + round(reading.weight * SLOTS)
            slots[name] = Slots(first, last)
            first = last
        return slots
