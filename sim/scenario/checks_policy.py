"""Checks of the policies, which the policy library makes."""

from collections.abc import Iterator

from sim.policies.errors import PolicyError
from sim.policies.library import build_policy
from sim.scenario.errors import nearest
from sim.scenario.findings import Finding, warning
from sim.scenario.schema import ScenarioSpec


def policy_findings(spec: ScenarioSpec) -> Iterator[Finding]:
    """Policies that cannot be built, and states that no run can reach (a warning)."""
    for side, actor in spec.actors.items():
        path = ("actors", side, "policy")
        try:
            machine = build_policy(actor.policy)
        except PolicyError as error:
            for problem in error.problems:
                tail = tuple(problem.tail.split(".")) if problem.tail else ()
                here = (*path, *tail)
                quoted = problem.found[:1] in ("'", '"')  # a value, else the key itself is wrong
                guess = nearest(problem.found[1:-1] if quoted else here[-1], problem.choices)
                yield Finding(here, problem.found, problem.allowed, guess)
            continue
        for state in machine.unreached:
            here = (*path, "machine", "states", state) if "machine" in actor.policy else path
            yield warning(
                here, f'state "{state}" is never reached', "a way to it, or no such state"
            )
