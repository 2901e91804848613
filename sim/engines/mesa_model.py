"""The Mesa engine: one run as a Mesa model, bit for bit the run of the batch engine.

For looking into a run, for Mesa's own tools, and for governments written in Python. The rules are
those of sim/world, called a step at a time (sim/engines/steps.py).
"""

import datetime
from collections.abc import Mapping, Sequence
from functools import partial
from operator import index
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.engines import steps
from sim.engines.counts import ROW, named_row
from sim.engines.mesa_agents import Ally, Government
from sim.engines.setting import scratch, seed_words
from sim.errors import AgentError, Problem, nearest, quoted
from sim.numbers import DEFAULT_SEED
from sim.scenario import Scenario
from sim.scenario.calendar import first_day
from sim.world.outcomes import NAMES, OUTCOMES, OWN_OUTCOMES, Outcome, outcome_of

#: Attributes of the model and of its agents; an agent without one has None.
WEEKLY = ("week", "date", "truce", *(one.name for one in OUTCOMES), "talks")
OF_AGENTS = (
    *("name", "rung", "move", "signal", "state"),
    *("belief", "pressure", "shortage", "leverage", "joined"),
)


class TruceModel(mesa.Model):  # type: ignore[misc] # Mesa has no types
    """Run `run_index` of a scenario under a seed, with agents `Government` and `Ally`.

    scenario: a Scenario, or the path or name of one. seed (or, as later Mesa calls it, rng): a
    whole number from 0 to 2^64 - 1; 2025 unless given. run_index: which run of that seed.
    governments: subclasses of Government by side, as {"cn": MyGovernment}; the other side, and all
    luck, stay what they are. collect: whether `datacollector` keeps the weeks. Its attributes `us`
    and `cn` are the first and the second side, whatever a scenario calls them.

    Raises ScenarioError, AgentError (a government that is none, or does nonsense), ValueError.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path,
        seed: int | None = None,
        run_index: int = 0,
        governments: Mapping[str, type[Government]] | None = None,
        collect: bool = True,
        *,
        rng: int | None = None,
    ) -> None:
        self.run_seed = _seed(seed, rng)
        self.run_index = index(run_index)
        if not 0 <= self.run_index < 2**32:
            raise ValueError(f"a run is a whole number from 0 to 2^32 - 1, not {run_index}")
        key = seed_words(self.run_seed)
        # What Mesa itself draws with: of no effect on the run, but reproducible too.
        super().__init__(seed=self.run_seed << 32 | self.run_index)
        given = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
        self.scenario = given.of_run(self.run_index)
        self.compiled = self.scenario.compiled
        self.params = self.compiled.params
        self.state = scratch(self.params)
        self.weeks = self.compiled.weeks
        self.week = 0
        self._seen = np.zeros((len(self.scenario.sides), steps.LOOKS))
        run = self.state.run[0]
        run.key0, run.key1, run.index = *key, self.run_index
        self.play(steps.START)
        self._people(_checked(governments or {}, self.scenario.sides.ids))
        self.datacollector = week_collector(self.compiled.levers) if collect else None

    def _people(self, governments: Mapping[str, type[Government]]) -> None:
        """Makes the agents: both sides, then the allies in file order."""
        ids = self.scenario.sides.ids
        sides = [governments.get(name, Government)(self, i) for i, name in enumerate(ids)]
        allies = [Ally(self, m, name) for m, name in enumerate(self.compiled.allies)]
        self.us, self.cn = sides
        self.governments = AgentSet(sides, random=self.random)
        self.allies = AgentSet(allies, random=self.random)

    def step(self) -> None:
        """Play the next week: every agent takes each step before the next step begins.

        Raises ValueError after the last week, AgentError for a government that does nonsense.
        """
        if self.week >= self.weeks:
            raise ValueError(f"the run is over: its {self.weeks} weeks have been played")
        self.week += 1
        agents = {"i": self.governments, "m": self.allies}
        for number, whose in steps.ORDER:
            if whose:
                agents[whose].do("take", number)
            else:
                self.play(number)
        if self.datacollector is not None:
            self.datacollector.collect(self)
        self.running = self.week < self.weeks

    def run(self) -> None:
        """Play the weeks that are left."""
        self.run_model()

    def play(self, number: int, who: int = 0) -> None:
        """Take one step of this week by the world's function for it."""
        steps.play(self.params, self.state, self.week, number, who)
        self._looked = False

    def look(self) -> np.ndarray:
        """Rung, leverage, shortage, pressure and belief of us and cn now, float64 (2, 5)."""
        if not self._looked:
            steps.look(self.params, self.state, self.week, self._seen)
            self._looked = True
        return self._seen

    @property
    def outcome(self) -> dict[str, Any]:
        """What came of the run so far: a line of the table of runs, None for a week never come."""
        return named_row(self.run_row, self.run_index, self.compiled)

    @property
    def run_row(self) -> np.record:
        """The same as the engine's ROW record (sim/engines/tally.py)."""
        rows = np.zeros(1, ROW).view(np.recarray)
        steps.write_row(self.state, rows)
        return rows[0]

    @property
    def date(self) -> datetime.date:
        """First day of this week."""
        return first_day(self.compiled.start, self.week)

    @property
    def truce(self) -> bool:
        """Whether a truce is in force, the first or a renewed one."""
        return bool(self.state.run[0].in_force)

    def holds(self, outcome: str) -> bool | None:
        """Whether an outcome holds so far (of one decided once, came about by now).

        None if it needs a truce and the scenario has none. Raises ValueError for an unknown name,
        and for an outcome of one's own, which is counted from whole runs.
        """
        if outcome in OWN_OUTCOMES.added:
            allowed = f"{', '.join(NAMES)}; one's own are counted from whole runs"
            raise ValueError(f"outcome is {outcome!r}; allowed: {allowed}")
        one = outcome_of(outcome)
        if one.needs_truce and not self.params.rules[0].has_truce:
            return None
        return bool(self.state.run[0][one.field]) == one.once

    @property
    def talks(self) -> int:
        """How often the sides have talked so far."""
        return int(self.state.run[0].talks_count)


def _holds(one: Outcome) -> property:
    return property(lambda self: self.holds(one.name), doc=f"TruceModel.holds({one.name!r}).")


for _one in OUTCOMES:
    setattr(TruceModel, _one.name, _holds(_one))


def week_collector(levers: Sequence[str]) -> "WeekCollector":
    """Collects WEEKLY, each lever's level and flow ("flow cn.rare_earths"), and OF_AGENTS."""
    by_lever = {
        f"{field} {name}": partial(_of_lever, field, k)
        for field in ("level", "flow")
        for k, name in enumerate(levers)
    }
    return WeekCollector({name: name for name in WEEKLY} | by_lever, {n: n for n in OF_AGENTS})


class WeekCollector(mesa.DataCollector):  # type: ignore[misc] # Mesa has no types
    """A DataCollector whose agents `mesa.batch_run` finds beside the model of the same week."""

    def collect(self, model: mesa.Model) -> None:
        """Collect the week just played."""
        super().collect(model)
        # batch_run asks for step s - 1 after s steps: position s - 1 of the model's lists, but
        # key s - 1 of the agents' table, where Mesa would have put the week before.
        self._agent_records[model.steps - 1] = self._agent_records.pop(model.steps)


def _of_lever(field: str, k: int, model: Any) -> int | float:
    return model.state.levers[field][k].item()


def _seed(seed: int | None, rng: int | None) -> int:
    """The seed of the run, by either of its names."""
    if seed is not None and rng is not None:
        raise ValueError("seed and rng are two names of one number: give one of them")
    given = seed if seed is not None else rng
    return DEFAULT_SEED if given is None else index(given)


def _checked(
    governments: Mapping[str, Any], ids: tuple[str, str]
) -> Mapping[str, type[Government]]:
    """The same, if every key is a side and every value a kind of Government."""
    problems = []
    for side, kind in governments.items():
        if side not in ids:
            near = nearest(str(side), ids)
            problems.append(_problem("", quoted(side), " or ".join(ids), near))
        if not (isinstance(kind, type) and issubclass(kind, Government)):
            problems.append(_problem(f".{side}", repr(kind), "a subclass of sim.Government"))
    if problems:
        raise AgentError(problems)
    return governments


def _problem(place: str, found: str, allowed: str, near: str | None = None) -> Problem:
    return Problem("TruceModel", None, f"governments{place}", found, allowed, near)
