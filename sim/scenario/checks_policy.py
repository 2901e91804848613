"""Checks of the policies, which the policy library makes."""

from collections.abc import Collection, Iterator

from sim.errors import PolicyError, Problem
from sim.scenario.lines import KeyPath
from sim.scenario.played_policy import machine_of
from sim.scenario.schema import ScenarioSpec


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
