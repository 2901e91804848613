"""What is wrong with a policy: told so that a scenario file can name the place."""

from collections.abc import Iterable
from typing import NamedTuple


class PolicyProblem(NamedTuple):
    """One thing that is wrong.

    `tail` is the key path below the policy ("machine.states.calm.next"; "" for the policy
    itself), `found` what stands there, `allowed` what may stand there, in words, and `choices`
    the valid names when there is a list of them, so that the nearest one can be offered.
    """

    tail: str
    found: str
    allowed: str
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.tail}: " if self.tail else ""
        return f"{place}found {self.found}; allowed: {self.allowed}"


class PolicyError(ValueError):
    """A policy that cannot be built; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[PolicyProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def single(
        cls, tail: str, found: str, allowed: str, choices: Iterable[str] = ()
    ) -> "PolicyError":
        """An error about one place."""
        return cls([PolicyProblem(tail, found, allowed, tuple(choices))])

    def below(self, head: str) -> "PolicyError":
        """The same error with `head` put before every key path."""
        return PolicyError(
            problem._replace(tail=f"{head}.{problem.tail}" if problem.tail else head)
            for problem in self.problems
        )


def one_of(names: Iterable[str]) -> str:
    """The names as a phrase for `allowed`."""
    return ", ".join(names)
