"""The options of `detente games SCENARIO response`, as typed, and what they ask."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import games_options as options
from sim.cli.failure import refuse, refuse_any
from sim.cli.run_options import FORMATS, MOST_RUNS, MOST_SEEDS, among, load, within, writable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.errors import Problem
    from sim.games.best_response import Question
    from sim.games.lineup import Policies
    from sim.scenario import Scenario

MOST_STATES = 3
DEFAULT_RUNS = 10_000
FEWEST_RUNS = 100
DEFAULT_SEED = 2025


@dataclass(frozen=True)
class Options:
    """The options of one search, as typed."""

    named: str
    side: str | None
    against: str | None
    policies: Path | None
    changes: tuple[str, ...]
    utility: str
    forever: bool
    states: int
    runs: int
    seed: int
    out: Path
    formats: tuple[str, ...]
    threads: int | None

    @property
    def command(self) -> str:
        """The command, for messages."""
        return f"detente games {self.named} response"

    def problems(self) -> "Iterator[Problem]":
        """Everything that is wrong with them."""
        yield from among("--utility", (self.utility,), options.UTILITIES)
        yield from within("--states", self.states, 1, MOST_STATES)
        yield from within("--runs", self.runs, FEWEST_RUNS, MOST_RUNS)
        yield from within("--seed", self.seed, 0, MOST_SEEDS - 2)
        if self.threads is not None:
            yield from within("--threads", self.threads, 1, 4096)
        yield from among("--format", self.formats, FORMATS)
        yield from writable(self.out)


def question(wanted: Options) -> "Question":
    """What is asked, with the policy to answer in its seat. Raises DetenteError for bad input."""
    from sim.games.best_response import Question
    from sim.games.lineup import read_policies, standard
    from sim.scenario.played_policy import machine_of

    world = load(wanted.named, wanted.changes)
    ids = world.sides.ids
    side = ids[0] if wanted.side is None else wanted.side
    refuse_any(wanted.command, among("--side", (side,), ids))
    own: dict[str, Policies] = {one: {} for one in ids}
    if wanted.policies is not None:
        own = read_policies(wanted.policies, ids)
    other = world.sides.other(side).id
    seat, label = _answered(world, other, wanted, own[other])
    named = {**standard(world), **own[side]}
    return Question(
        seat,
        side,
        {name: machine_of(world.spec, side, table) for name, table in named.items()},
        wanted.utility,
        wanted.forever,
        wanted.states,
        label,
    )


def _answered(
    world: "Scenario", other: str, wanted: Options, own: "Policies"
) -> "tuple[Scenario, str]":
    """The scenario with the policy to answer, and what it is called."""
    from sim.games.lineup import own_label, standard

    known = {**standard(world), **own}
    if wanted.against is None:
        return world, own_label(world, other, known) or "as shipped"
    if wanted.against not in known:
        from sim.errors import Problem, nearest

        allowed, near = ", ".join(known), nearest(wanted.against, known)
        refuse(Problem(wanted.command, None, "--against", wanted.against, allowed, near))
    table = known[wanted.against]
    return world.override({f"actors.{other}.policy": table}, "--against"), wanted.against
