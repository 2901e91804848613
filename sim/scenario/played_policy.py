"""The policy of a side as it is played, with what the scenario says about it; whether it can be."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sim.errors import PolicyError, Problem
from sim.policies.library import PAYOFFS, build_policy, with_payoffs
from sim.policies.machine import Machine
from sim.scenario.lines import KeyPath
from sim.scenario.schema import ScenarioSpec


def machine_of(spec: ScenarioSpec, side: str, policy: Mapping[str, Any] | None = None) -> Machine:
    """The machine of a side's policy, or of another in its seat. Raises PolicyError."""
    table = spec.actors[side].policy if policy is None else policy
    plain = table if isinstance(table, Mapping) else table.model_dump(exclude_unset=True)
    other = spec.who.other(side).id
    return build_policy(with_payoffs(plain, _payoffs(spec, side), _payoffs(spec, other)))


def can_play(spec: ScenarioSpec, side: str, policy: Mapping[str, Any]) -> bool:
    """Whether a policy can be played in a side's seat of this scenario."""
    try:
        machine_of(spec, side, policy)
    except PolicyError:
        return False
    return True


def policy_findings(
    spec: ScenarioSpec, changed: Collection[KeyPath] | None = None
) -> Iterator[Problem]:
    """Policies that cannot be built, and states that no run can reach (a warning).

    changed: only those of the actors among these paths.
    """
    for side, actor in spec.actors.items():
        if changed is not None and ("actors", side) not in changed:
            continue
        path = ("actors", side, "policy")
        try:
            machine = machine_of(spec, side)
        except PolicyError as error:
            yield from error.below(*path).problems
            continue
        for state in machine.unreached:
            here = (*path, "machine", "states", state) if "machine" in actor.policy else path
            yield Problem.warning(
                here, f'state "{state}" is never reached', "a way to it, or no such state"
            )


def _payoffs(spec: ScenarioSpec, side: str) -> dict[str, float] | None:
    """T, R, P and S of a side; None where the scenario has no stage game."""
    if spec.stage_payoffs is None or side not in spec.stage_payoffs:
        return None
    of = spec.stage_payoffs[side]
    values = (of.bad.good, of.good.good, of.bad.bad, of.good.bad)
    return dict(zip(PAYOFFS, values, strict=True))
