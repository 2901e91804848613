"""What `detente show` prints, and the JSON Schema for editors."""

from typing import Any, NamedTuple

from sim.scenario.lines import KeyPath
from sim.scenario.loading import EXTENDS
from sim.scenario.registry import ANY_NAME, Entry, entry_at, patterns
from sim.scenario.scenario import Row, Scenario
from sim.scenario.schema import ScenarioSpec
from sim.scenario.shipped import Shipped, list_shipped
from sim.scenario.sourcing import fits
from sim.scenario.tree import EXTEND, path_parts

__all__ = ["Row", "Shipped", "json_schema", "list_shipped", "registry", "rows"]


class Registered(NamedTuple):
    """A field of the registry under its key path, * standing for names."""

    path: str
    entry: Entry


def rows(scenario: Scenario, key: str = "") -> list[Row]:
    """The values of a scenario; with `key`, only those at, below or matching it (* allowed)."""
    wanted: KeyPath = path_parts(key) if key else ()
    return [row for row in scenario.entries() if fits(wanted, path_parts(row.path))]


def registry() -> list[Registered]:
    """Every field a scenario can have, in the order of the schema."""
    return [
        Registered(".".join(pattern), entry)
        for pattern in patterns()
        if (entry := entry_at(pattern)) is not None and pattern[-1] != ANY_NAME
    ]


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file: the resolved table, `extends`, and lists to extend."""
    schema = ScenarioSpec.model_json_schema()
    schema["title"] = "detente scenario"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["required"] = []  # a file that extends another may leave everything out
    properties = schema["properties"]
    description = "file whose values this one overrides, as base/us-china.toml"
    properties[EXTENDS] = {"type": "string", "description": description}
    tables = [schema, *(table for table in schema["$defs"].values() if "properties" in table)]
    for table in tables:
        lists = {k: v for k, v in table["properties"].items() if v.get("type") == "array"}
        table["properties"] |= {EXTEND + name: value for name, value in lists.items()}
    return schema
