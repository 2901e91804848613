"""Checks of the policies, which the policy library makes."""

from collections.abc import Iterator

from sim.errors import PolicyError, Problem
from sim.policies.library import build_policy
from sim.scenario.schema import ScenarioSpec


def policy_findings(spec: ScenarioSpec) -> Iterator[Problem]:
    """Policies that cannot be built, and states that no run can reach (a warning)."""
    for side, actor in spec.actors.items():
        path = ("actors", side, "policy")
        try:
            machine = build_policy(actor.policy)
        except PolicyError as error:
            yield from error.below(*path).problems
            continue
        for state in machine.unreached:
            here = (*path, "machine", "states", state) if "machine" in actor.policy else path
            yield Problem.warning(
                here, f'state "{state}" is never reached', "a way to it, or no such state"
            )
