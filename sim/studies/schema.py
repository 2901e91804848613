"""What an experiment file may hold: its keys, their types and bounds, as pydantic models.

Each key carries what is allowed there in words, which is what a message says of a value that is
not. What concerns several keys at once is in the readers beside this file.
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from sim.errors import KeyPath, Problem, nearest, quoted
from sim.numbers import DEFAULT_RUNS, DEFAULT_SEED, MOST_RUNS, MOST_SEEDS
from sim.scenario.json_schema import DIALECT, PAIR, distributions
from sim.scenario.key_paths import key_lines
from sim.scenario.loading import label
from sim.scenario.parameter import Strict
from sim.studies import design as designs
from sim.studies.tables import ALWAYS, KEPT

MOST_POINTS = 2**32
MOST_LEVELS = 100
MOST_STEPS = 100_000
DEFAULT_LEVELS = 4  # Morris (1991), and the default of SALib
#: The type of an error whose message is what is allowed.
ALLOWED = "allowed"
TABLES = (*ALWAYS, *KEPT)

WAYS = 'values = [...], or choices = { name = ... }, or low and high (with steps in a "grid"), '
WAYS += "or distribution = { ... } where points are spread"
ENDS = "two numbers, the lower first"
ROWS = "rows = [[...], ...], a value for each factor"
CSV = "a CSV file beside the experiment, a column for each factor"
SOME_FACTORS = "at least one [[factors]]"


def key(
    default: Any = ..., *, meaning: str, allowed: str = "", names: Iterable[str] = (), **bounds: Any
) -> Any:
    """A pydantic field that carries what may be written there, in words.

    Of whole numbers within bounds, truth values and texts the words are known. `names` are the
    words of which the nearest may have been meant.
    """
    if not allowed:
        plain = "true or false" if isinstance(default, bool) else "a text"
        whole = "ge" in bounds
        allowed = f"a whole number from {bounds['ge']} to {bounds['le']}" if whole else plain
    words = {"allowed": allowed} | ({"names": list(names)} if names else {})
    return Field(default, description=meaning, json_schema_extra=words, **bounds)  # type: ignore[arg-type]


def _power_of_two(count: int) -> int:
    if count & (count - 1):
        allowed = "a power of two, as 128 or 1024: a Sobol sequence is even only then"
        raise PydanticCustomError(ALLOWED, allowed)
    return count


def _size(kind: str, example: str, least: int = 1) -> Any:
    """The key that says how large a design is."""
    allowed = f'a whole number, as design = {{ kind = "{kind}", {example} }}'
    allowed += f", {least} or more" if least > 1 else ""
    return key(meaning="how many", allowed=allowed, ge=least, le=MOST_POINTS)


Sobol = Annotated[int, AfterValidator(_power_of_two)]


class GridSpec(Strict):
    """Every combination of the values of the factors."""

    kind: Literal["grid"] = "grid"


class ListSpec(Strict):
    """Points one by one: the values of the factors side by side, or rows, or a CSV."""

    kind: Literal["list"]
    rows: list[Annotated[Any, WithJsonSchema({"type": "array"})]] | None = key(
        None, meaning="a value for each factor, point by point", allowed=ROWS, min_length=1
    )
    csv: str | None = key(None, meaning="a file beside this one with those rows", allowed=CSV)


class LatinHypercubeSpec(Strict):
    """Points spread evenly, as many as are asked for (McKay, Beckman and Conover, 1979)."""

    kind: Literal["latin_hypercube"]
    points: int = _size("latin_hypercube", "points = 128")


class SobolSpec(Strict):
    """Points of a Sobol sequence."""

    kind: Literal["sobol"]
    points: Sobol = _size("sobol", "points = 128")


class SaltelliSpec(Strict):
    """Points for Sobol indices (Saltelli, 2002)."""

    kind: Literal["saltelli"]
    samples: Sobol = _size("saltelli", "samples = 128")
    second_order: bool = key(False, meaning="indices of pairs of factors too")


class MorrisSpec(Strict):
    """Trajectories that change one factor at a time (Morris, 1991)."""

    kind: Literal["morris"]
    trajectories: int = _size("morris", "trajectories = 20", least=2)
    levels: int = key(
        DEFAULT_LEVELS,
        meaning="levels of the grid it steps on",
        allowed=f"an even number from 2 to {MOST_LEVELS}: only then is every level as likely",
        ge=2,
        le=MOST_LEVELS,
        multiple_of=2,
    )


AnyDesign = Annotated[
    GridSpec | ListSpec | LatinHypercubeSpec | SobolSpec | SaltelliSpec | MorrisSpec,
    Field(discriminator="kind"),
]
DESIGNS: dict[str, type[BaseModel]] = {
    designs.GRID: GridSpec,
    designs.LIST: ListSpec,
    designs.LATIN_HYPERCUBE: LatinHypercubeSpec,
    designs.SOBOL: SobolSpec,
    designs.SALTELLI: SaltelliSpec,
    designs.MORRIS: MorrisSpec,
}


#: A table of a study.
Kept = Literal[*TABLES]  # type: ignore[valid-type]


def _as_table(value: Any) -> Any:
    """A design by its name alone as a table; a table without a kind is a grid."""
    if isinstance(value, dict):
        return {"kind": designs.GRID} | value
    return value if isinstance(value, BaseModel) else {"kind": value}


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class FactorSpec(Strict):
    """One thing that is varied: a key path of the scenario, and the values it takes."""

    path: str = key(meaning="a key path, or scenario", min_length=1)
    name: str = key("", meaning="how tables call it (default: its path)")
    values: list[Any] | None = key(None, meaning="its values", allowed=WAYS, min_length=1)
    choices: dict[str, Any] | None = key(
        None, meaning="its values by their names", allowed=WAYS, min_length=1
    )
    low: int | float | None = key(None, meaning="its least value", allowed=ENDS)
    high: int | float | None = key(None, meaning="its greatest value", allowed=ENDS)
    steps: int | None = key(
        None, meaning="how many values from low to high, in a grid or a list", ge=2, le=MOST_STEPS
    )
    link: str = key("", meaning="factors of the same link move together")
    distribution: Annotated[Any, WithJsonSchema({"anyOf": [PAIR, distributions()]})] = key(
        None, meaning="what is believed of it, where points are spread", allowed="a distribution"
    )


class ExperimentSpec(Strict):
    """One experiment file."""

    scenario: str = key(
        meaning="what is run",
        allowed='scenario = "..." with a file or a shipped name',
        min_length=1,
    )
    runs: int = key(DEFAULT_RUNS, meaning="runs of each point", ge=1, le=MOST_RUNS)
    seed: int = key(DEFAULT_SEED, meaning="seed of all runs", ge=0, le=MOST_SEEDS - 1)
    design: Annotated[
        AnyDesign,
        BeforeValidator(_as_table, json_schema_input_type=Literal["grid", "list"] | AnyDesign),
    ] = key(GridSpec(), meaning="where the points lie", allowed=", ".join(DESIGNS), names=DESIGNS)
    fresh_luck: bool = key(False, meaning="other random numbers at each point")
    keep: Annotated[
        list[Kept], BeforeValidator(_as_list, json_schema_input_type=Kept | list[Kept])
    ] = key(
        [],
        meaning="tables kept besides the outcomes",
        allowed=f"a list of {', '.join(TABLES)}",
        names=TABLES,
    )
    until: float | None = key(
        None,
        meaning="runs are added until the interval of the headline is as narrow",
        allowed="half the width of an interval, between 0 and 0.5, as 0.01",
        gt=0,
        lt=0.5,
    )
    most_runs: int | None = key(
        None,
        meaning="runs of a point at most, with until",
        allowed=f"a whole number from runs to {MOST_RUNS}",
        ge=1,
        le=MOST_RUNS,
    )
    factors: list[FactorSpec] = key(meaning="what is varied", allowed=SOME_FACTORS, min_length=1)


def json_schema() -> dict[str, Any]:
    """JSON Schema of an experiment file, for editors."""
    return ExperimentSpec.model_json_schema() | {"title": "detente experiment", "$schema": DIALECT}


#: What is wrong with a key: its place, what was found, what is allowed, and what was meant.
Wrong = tuple[KeyPath, str, str, str | None]


class ExperimentFile:
    """One file being read; `problems` gathers what is wrong with it.

    `spec` has defaults where the file is wrong; `spoilt` says at which keys and factors.
    """

    def __init__(self, path: Path, table: dict[str, Any], text: str) -> None:
        self.path = path
        self.text = text
        self.lines = key_lines(text)
        self.problems: list[Problem] = []
        self.spoilt: set[KeyPath] = set()
        try:
            self.spec = ExperimentSpec.model_validate(table)
        except ValidationError as error:
            details = error.errors(include_url=False)
            for wrong in dict.fromkeys(map(_in_words, details)):
                self.wrong(*wrong)
            self.spec = self._rest(table, {_place(detail["loc"])[0] for detail in details})

    def wrong(self, path: KeyPath, found: str, allowed: str, near: str | None = None) -> None:
        """Notes a problem at a key of the file."""
        lines = (self.lines.get(path[:length]) for length in range(len(path), 0, -1))
        line = next((line for line in lines if line is not None), None)
        file = label(self.path)
        self.problems.append(Problem(file, line, ".".join(path), found, allowed, near))

    def _rest(self, table: dict[str, Any], wrong: Collection[KeyPath]) -> ExperimentSpec:
        """What the file says besides what is wrong."""
        rest = {key: value for key, value in table.items() if (key,) not in wrong}
        rest.setdefault("scenario", "?")
        if any(where[0] == "design" for where in wrong) and "design" in rest:
            written = rest["design"] if isinstance(rest["design"], dict) else {}
            kind = written.get("kind", "grid") if written else rest["design"]
            written = written | {"kind": kind}
            rest["design"] = _without(DESIGNS[kind], written, ("design",), wrong)
        self.spoilt = {where[:2] for where in wrong}
        factors = list(rest.get("factors", [None]))
        for index, written in enumerate(factors):
            where = ("factors", str(index))
            if where in self.spoilt or "factors" not in rest:
                self.spoilt.add(where)
                known = written if isinstance(written, dict) else {}
                factors[index] = _without(FactorSpec, known, where, wrong)
        return ExperimentSpec.model_validate(rest | {"factors": factors})


def _without(
    model: type[BaseModel], table: dict[str, Any], where: KeyPath, wrong: Collection[KeyPath]
) -> BaseModel:
    """A table without what is wrong; nothing checks it, for it would be refused."""
    needed = {key: "" for key, field in model.model_fields.items() if field.is_required()}
    good = {key: value for key, value in table.items() if (*where, key) not in wrong}
    return model.model_construct(**needed | good)


def _place(loc: tuple[int | str, ...]) -> tuple[KeyPath, type[BaseModel], str]:
    """The key that an error is about, the model of its table, and its name there."""
    if loc[0] == "design" and len(loc) > 2:
        return ("design", str(loc[2])), DESIGNS[str(loc[1])], str(loc[2])
    if loc[0] == "factors" and len(loc) > 2:
        return ("factors", str(loc[1]), str(loc[2])), FactorSpec, str(loc[2])
    listed = loc[0] == "factors" and len(loc) > 1
    return tuple(map(str, loc[: 1 + listed])), ExperimentSpec, str(loc[0])


def _in_words(detail: Any) -> Wrong:
    """An error of pydantic in the words of the key it is about."""
    where, model, name = _place(detail["loc"])
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return where, *_no_such_key(name, model, value)
    words: Any = model.model_fields[name].json_schema_extra
    if kind == "model_type":
        return where, quoted(value), "a table, as [[factors]]", None
    if kind == "missing":
        return where, f"no {name}", words["allowed"], None
    if kind == "union_tag_invalid":
        value = value["kind"]
    near = nearest(value, words.get("names", ())) if isinstance(value, str) else None
    return where, quoted(value), detail["msg"] if kind == ALLOWED else words["allowed"], near


def _no_such_key(key: str, model: type[BaseModel], value: Any) -> tuple[str, str, str | None]:
    """What is said of a key that is none, or that belongs to another kind of design."""
    others = [kind for kind, design in DESIGNS.items() if key in design.model_fields]
    if model not in DESIGNS.values() or not others:
        return "no such key", ", ".join(model.model_fields), nearest(key, model.model_fields)
    kind = next(kind for kind, design in DESIGNS.items() if design is model)
    _, *sizes = model.model_fields
    if key == "points":
        settled = "its factors" if kind in ("grid", "list") else " and ".join(sizes)
        return quoted(value), f"no points: a {kind} has as many as {settled} make", None
    return f"{key} in a {kind}", f"{key} only in: {', '.join(others)}", None
