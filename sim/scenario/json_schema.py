"""The JSON Schema of a scenario file, for editors: numbers may be distributions."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from sim.policies import POLICIES, SENSORS, Parameter
from sim.scenario.key_paths import BETA, BOUNDS, NUMBERS
from sim.scenario.loading import EXTENDS
from sim.scenario.parameter import NONE
from sim.scenario.schema import ScenarioSpec
from sim.scenario.tree import EXTEND

NAME = "Distribution"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _numbers(count: int) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "number"}, "minItems": count, "maxItems": count}


#: [low, high], and what else is believed of a number.
PAIR, REFERENCE = _numbers(2), {"$ref": f"#/$defs/{NAME}"}


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file.

    The models, with a distribution allowed wherever a number is, `extends` (and so no key that
    must be there), the named policies with their parameters, and for every list a key that
    extends it, as `+shocks`.
    """
    schema = ScenarioSpec.model_json_schema()
    schema |= {"title": "detente scenario", "$schema": DIALECT, "required": []}
    description = "file whose values this one overrides, as base/us-china.toml"
    schema["properties"][EXTENDS] = {"type": "string", "description": description}
    schema["$defs"]["ActorSpec"]["properties"]["policy"] |= {"anyOf": list(_policies())}
    for table in (schema, *schema["$defs"].values()):
        known = table.get("properties", {})
        lists = {key: value for key, value in known.items() if value.get("type") == "array"}
        known |= {EXTEND + key: value for key, value in lists.items()}
    widened: dict[str, Any] = _widened(schema)
    widened["$defs"][NAME] = distributions()
    ranges = {"type": "object", "additionalProperties": {"anyOf": [PAIR, REFERENCE]}}
    known = widened["properties"]["ranges"]
    known["anyOf"] = [ranges, *(way for way in known["anyOf"] if way.get("type") != "object")]
    return widened


def _policies() -> Iterator[dict[str, Any]]:
    """A policy: one by its name, a machine of its own, or parameters of what is inherited."""
    common = {"sensor": {"enum": list(SENSORS)}, "threshold": {"type": "number"}}
    shared: dict[str, Any] = {}
    for policy in POLICIES.values():
        own = {p.name: _parameter(p) for p in policy.parameters}
        own |= {"parts": {"type": "array"}} if policy.name == "mixture" else {}
        shared |= own
        yield _table({"name": {"const": policy.name}} | common | own, "name")
    yield _table({"machine": {"type": "object"}} | common, "machine")
    yield _table(common | {name: {} for name in shared})


def _parameter(parameter: Parameter) -> dict[str, Any]:
    if parameter.choices:
        return {"enum": list(parameter.choices), "description": parameter.meaning}
    ends = {"minimum": parameter.low, "maximum": parameter.high}
    limits = {key: end for key, end in ends.items() if isfinite(end)}
    kind = "integer" if parameter.integer else "number"
    return {"type": kind, "description": parameter.meaning, **limits}


def _table(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """A table of these keys and no others."""
    table = {"type": "object", "properties": properties, "additionalProperties": False}
    return table | ({"required": list(required)} if required else {})


def distributions() -> dict[str, Any]:
    """What may be believed of a number: a table of one of the kinds."""
    return {"anyOf": [_kind(kind) for kind in NUMBERS]}


def _widened(node: Any) -> Any:
    if isinstance(node, list):
        return [_widened(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "null":  # how a file writes it, for TOML has no null
        return {"const": NONE}
    if node.get("type") in ("number", "integer"):
        limits = ("type", "minimum", "maximum", "exclusiveMinimum")
        number = {key: node[key] for key in limits if key in node}
        rest = {key: value for key, value in node.items() if key not in limits}
        return rest | {"anyOf": [number, REFERENCE]}
    return {key: _widened(value) for key, value in node.items()}


def _kind(kind: str) -> dict[str, Any]:
    """One kind: a table with its numbers and nothing else, but for the bounds of beta."""
    properties = {kind: _numbers(len(NUMBERS[kind]))}
    if kind == BETA:
        properties[BOUNDS] = _numbers(2)
    return _table(properties, kind)
