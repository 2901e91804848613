"""The options of `detente games SCENARIO response`, as typed, and what they ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import games_options as options
from sim.cli.failure import refuse, refuse_any
from sim.cli.run_options import among, load, within, writable, wrong_threads
from sim.errors import Problem, nearest
from sim.numbers import MOST_RUNS, MOST_SEEDS
from sim.report.pictures import FORMATS

if TYPE_CHECKING:
    from sim.games.lineup import Policies
    from sim.games.responding import Question
    from sim.scenario import Scenario

MOST_STATES = 3
DEFAULT_RUNS = 10_000
FEWEST_RUNS = 100


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

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with them."""
        yield from among("--utility", (self.utility,), options.UTILITIES)
        yield from within("--states", self.states, 1, MOST_STATES)
        yield from within("--runs", self.runs, FEWEST_RUNS, MOST_RUNS)
        yield from within("--seed", self.seed, 0, MOST_SEEDS - 2)
        yield from wrong_threads(self.threads)
        yield from among("--format", self.formats, FORMATS)
        yield from writable(self.out)


def question(options: Options) -> "Question":
    """What is asked, with the policy to answer in its seat. Raises DetenteError for bad input."""
    from sim.games.lineup import read_policies, standard
    from sim.games.responding import Question
    from sim.scenario.compile_actors import machine_of

    world = load(options.named, options.changes)
    ids = world.sides.ids
    side = ids[0] if options.side is None else options.side
    refuse_any(options.command, among("--side", (side,), ids))
    from_file: dict[str, Policies] = {who: {} for who in ids}
    if options.policies is not None:
        from_file = read_policies(options.policies, ids)
    other = world.sides.other(side).id
    seat, label = _answered(world, other, options, from_file[other])
    machines = {**standard(world), **from_file[side]}
    return Question(
        seat,
        side,
        {name: machine_of(world.spec, side, table) for name, table in machines.items()},
        options.utility,
        options.forever,
        options.states,
        label,
    )


def _answered(
    world: "Scenario", other: str, options: Options, from_file: "Policies"
) -> "tuple[Scenario, str]":
    """The scenario with the policy to answer, and what it is called."""
    from sim.games.lineup import own_label, standard

    policies_known = {**standard(world), **from_file}
    if options.against is None:
        return world, own_label(world, other, policies_known) or "as shipped"
    if options.against not in policies_known:
        allowed, near = ", ".join(policies_known), nearest(options.against, policies_known)
        refuse(Problem(options.command, None, "--against", options.against, allowed, near))
    table = policies_known[options.against]
    return world.override({f"actors.{other}.policy": table}, "--against"), options.against
