"""`detente games SCENARIO response`: the best answer to the other side's policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sim.cli import checks
from sim.cli.complete import sided_policies
from sim.cli.failure import refuse_any, stop, warn_of
from sim.cli.finding import load
from sim.cli.games_played import UTILITIES, Meeting
from sim.cli.options import flag, forms, option, typed_command
from sim.cli.signals import INTERRUPTED
from sim.cli.telling import bar, compile_first, tell_written
from sim.errors import Problem, nearest
from sim.numbers import DEFAULT_SEED, MOST_RUNS, MOST_SEEDS
from sim.report.pictures import RESPONSE, draw, write_pictures

if TYPE_CHECKING:
    from sim.games.best_response import Response as Found
    from sim.games.lineup import Policies
    from sim.games.responding import Question
    from sim.scenario import Scenario

MOST_STATES = 3
DEFAULT_RUNS = 10_000
FEWEST_RUNS = 100


@dataclass(kw_only=True)
class Response(Meeting):
    """Find the best answer to the other side's policy, and what named policies lack of it."""

    side: str | None = option("us|cn", "Whose best response; default: the first side's.")
    against: str | None = option(
        "LABEL",
        "The other side's policy: of the library, or of --policies. Default: as shipped.",
        autocompletion=sided_policies,
    )
    utility: str = option("NAME", "What this side wants: " + ", ".join(UTILITIES), "payoff")
    forever: bool = flag("--forever", "Exact games: payoffs of all weeks to come.")
    states: int = option("S", "Search every signal-only machine of 1 to S states.", MOST_STATES)
    runs: int = option("N", "Runs of the last choice, and of the report.", DEFAULT_RUNS)
    seed: int = option("S", "The seed of the choice; the report has the next.", DEFAULT_SEED)

    order = (
        "ctx side against policies changes utility forever states runs seed "
        "out json formats no_pictures threads"
    )

    def _problems(self) -> Iterator[Problem]:
        yield from checks.among("--utility", (self.utility,), UTILITIES)
        yield from checks.within("--states", self.states, 1, MOST_STATES)
        yield from checks.within("--runs", self.runs, FEWEST_RUNS, MOST_RUNS)
        yield from checks.within("--seed", self.seed, 0, MOST_SEEDS - 2)
        yield from checks.threads(self.threads)
        yield from checks.formats(self.formats)
        yield from checks.writable(self.out)

    def _act(self) -> None:
        from sim.games.response import response_report, write_response

        best = self._best(self._question())
        folder = write_response(best, self.runs, self.out, typed_command())
        if not self.no_pictures:
            drawing = "gaps", partial(draw, RESPONSE, "gaps", best)
            write_pictures(folder / "figures", [drawing], forms(self.formats))
        note = " (machine.toml can be pasted into a scenario)"
        tell_written(response_report(best), self.json, folder, note)

    def _question(self) -> "Question":
        """What is asked, with the policy to answer in its seat. Raises DetenteError."""
        from sim.games.lineup import read_policies, standard
        from sim.games.responding import Question
        from sim.scenario.compile_actors import machine_of

        world = load(self.ctx.obj, self.changes)
        ids = world.sides.ids
        side = ids[0] if self.side is None else self.side
        refuse_any(self.command, checks.among("--side", (side,), ids))
        from_file: dict[str, Policies] = {who: {} for who in ids}
        if self.policies is not None:
            from_file = read_policies(self.policies, ids)
        other = world.sides.other(side).id
        seat, label = self._answered(world, other, {**standard(world), **from_file[other]})
        machines = {**standard(world), **from_file[side]}
        return Question(
            seat,
            side,
            {name: machine_of(world.spec, side, table) for name, table in machines.items()},
            self.utility,
            self.forever,
            self.states,
            label,
        )

    def _answered(self, world: "Scenario", other: str, known: "Policies") -> "tuple[Scenario, str]":
        """The scenario with the policy to answer, and what it is called."""
        from sim.games.lineup import own_label

        against = self.against
        if against is None:
            return world, own_label(world, other, known) or "as shipped"
        if against not in known:
            self.refuse("--against", against, ", ".join(known), nearest(against, known))
        return world.override({f"actors.{other}.policy": known[against]}, "--against"), against

    def _best(self, question: "Question") -> "Found":
        """The best response; on Ctrl-C ends the command with the best so far."""
        from sim.engines.compiling import BLOCK
        from sim.games.best_response import best_response
        from sim.games.searches import Watcher
        from sim.policies.words import sentences

        warn_of(question.scenario)
        compile_first(BLOCK)
        with bar("StepProgress", "") as shown:
            watcher = Watcher(shown)
            try:
                return best_response(question, self.runs, self.seed, watcher, self.threads)
            except KeyboardInterrupt:
                best = watcher.leader
                best_text = "none yet" if best is None else " ".join(sentences(best))
                stop(f"interrupted; nothing is written; best so far: {best_text}", INTERRUPTED)
