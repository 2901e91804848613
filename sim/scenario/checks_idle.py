"""Settings that are valid but change nothing, for something else they need is not there."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from sim.errors import KeyPath, Problem, quoted
from sim.scenario.schema import ScenarioSpec
from sim.scenario.schema_lever import LeverSpec

#: Fields of an ally that act through the lever it may join.
OF_JOINING = ("coverage", "h", "psi", "lag_weeks")


def idle_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """A warning for each."""
    yield from _actors(spec)
    for side, levers in spec.levers.items():
        for name, lever in levers.items():
            yield from _lever(("levers", side, name), lever, spec)
    yield from _truce(spec)
    yield from _shocks(spec)
    for name, ally in spec.allies.items():
        if ally.lever is None:
            yield from _idle(("allies", name), ally, OF_JOINING, "a lever that it may join")


def _actors(spec: ScenarioSpec) -> Iterator[Problem]:
    for side, actor in spec.actors.items():
        path = ("actors", side)
        if spec.noise == "flip":
            yield from _idle(path, actor, ("slip_fail",), 'noise = "agency"')
        if actor.lever_choice == "uniform":
            yield from _idle(path, actor, ("temperature",), "a lever_choice other than uniform")


def _lever(path: KeyPath, lever: LeverSpec, spec: ScenarioSpec) -> Iterator[Problem]:
    if lever.control == "licence":
        yield from _idle(path, lever, ("bite",), "a ban or a tariff; a licence acts by its office")
        if spec.talks.boost_weeks == 0:
            yield from _idle(path, lever, ("capacity_after_talks",), "talks.boost_weeks above 0")
    if lever.halving_years is None:
        yield from _idle(path, lever, ("dead_weeks", "induced"), "halving_years beside it")


def _truce(spec: ScenarioSpec) -> Iterator[Problem]:
    if spec.truce is not None and spec.truce.term_weeks is None:
        fields = ("extension_weeks", "quiet_weeks")
        yield from _idle(("truce",), spec.truce, fields, "term_weeks beside it")


def _shocks(spec: ScenarioSpec) -> Iterator[Problem]:
    for index, shock in enumerate(spec.shocks):
        path = ("shocks", str(index))
        if shock.chance == 0:
            found = "0, which never strikes"
            yield Problem.warning((*path, "chance"), found, "a chance above 0, or no shock")
        if shock.change == 0:
            found = "0, which moves nothing"
            yield Problem.warning((*path, "change"), found, "a change other than 0")


def _idle(
    path: KeyPath, table: BaseModel, fields: tuple[str, ...], needs: str
) -> Iterator[Problem]:
    """A warning for every one of the fields that is neither nothing nor what stands unwritten."""
    for field in fields:
        value: Any = getattr(table, field)
        if value and value != type(table).model_fields[field].default:
            found = f"{quoted(value)}, which has no effect"
            yield Problem.warning((*path, field), found, needs)
