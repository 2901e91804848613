"""Whether the plan that a manifest holds is one, so that whoever reads it may rely on its kinds."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import ResultError
from sim.store.checksums import FILES, is_kind

#: What the manifest of a study, or of a part of one, must have to be read.
MANIFEST_KINDS = {
    **dict.fromkeys(("name", "question", "definition"), str),
    **{"points": int, "plan": dict, FILES: dict},
}
_NUMBER = (int, float)
_EXPERIMENT = {"scenario": str, "runs": int, "seed": int, "design": dict, "factors": list}
_EXPERIMENT |= {"keep": list}
_FACTOR = {"name": str, "path": str}
_FACTOR_MAY = {"labels": list, "low": _NUMBER, "high": _NUMBER, "link": str}


def check_plan(path: Path, plan: Mapping[str, Any]) -> None:
    """Raises ResultError with the first place of a plan that is missing or of the wrong kind."""
    wrong = next(_wrong(plan), None)
    if wrong is not None:
        raise ResultError(f"{path} cannot be read: plan.{wrong} is missing or of the wrong kind")


def _wrong(plan: Mapping[str, Any]) -> Iterator[str]:
    yield from _lacks(plan, "", {"experiment": dict, "scenarios": dict})
    experiment, worlds = plan["experiment"], plan["scenarios"]
    yield from _lacks(experiment, "experiment.", _EXPERIMENT)
    yield from _lacks(experiment["design"], "experiment.design.", {"kind": str})
    if not all(isinstance(name, str) for name in experiment["keep"]):
        yield "experiment.keep"
    for number, factor in enumerate(experiment["factors"]):
        place = f"experiment.factors.{number}"
        if not isinstance(factor, dict):
            yield place
            continue
        yield from _lacks(factor, f"{place}.", _FACTOR)
        fields = {key: kind for key, kind in _FACTOR_MAY.items() if key in factor}
        yield from _lacks(factor, f"{place}.", fields)
    until = experiment.get("until")
    if until is not None and not is_kind(until, _NUMBER):
        yield "experiment.until"
    yield from _lacks(worlds, "scenarios.", {experiment["scenario"]: dict})
    yield from _lacks(worlds[experiment["scenario"]], "scenarios.*.", {"table": dict})


def _lacks(table: Mapping[str, Any], place: str, kinds: Mapping[str, Any]) -> Iterator[str]:
    for key, kind in kinds.items():
        if not is_kind(table.get(key), kind):
            yield f"{place}{key}"
