"""Reading an experiment file: everything that is wrong with it at once, with its lines."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import ExperimentError, ScenarioError, nearest, quoted
from sim.scenario import Scenario
from sim.scenario.lines import KeyPath
from sim.scenario.loading import parse, read_text
from sim.scenario.shipped import FOLDER, SUFFIX, label
from sim.studies import design as designs
from sim.studies.design import Design
from sim.studies.design_reading import COLUMN, DesignReader
from sim.studies.experiment import MOST_RUNS_A_POINT, Experiment
from sim.studies.experiment_file import ExperimentFile
from sim.studies.factor_reading import FactorReader
from sim.studies.factors import SCENARIO, Factor
from sim.studies.shipped import find_experiment, question_of
from sim.studies.study_tables import ALWAYS, KEPT, columns_of

KEYS = (
    "scenario",
    "runs",
    "seed",
    "design",
    "fresh_luck",
    "keep",
    "until",
    "most_runs",
    "factors",
)
MOST_RUNS = 2**32
MOST_SEEDS = 2**64
DEFAULT_RUNS = 10_000
DEFAULT_SEED = 2025


def read_experiment(name: str | Path) -> Experiment:
    """The experiment of a file. Raises ExperimentError, or ScenarioError for its scenarios."""
    path = find_experiment(name)
    text = read_text(path, ExperimentError)
    table = parse(text, label(path), ExperimentError)
    return ExperimentReader(path, table, text).experiment()


class ExperimentReader(ExperimentFile):
    """One file being read."""

    def experiment(self) -> Experiment:
        """The experiment, or ExperimentError with everything that is wrong."""
        self.known(self.table, KEYS, ())
        runs = self.whole("runs", DEFAULT_RUNS, 1, MOST_RUNS)
        seed = self.whole("seed", DEFAULT_SEED, 0, MOST_SEEDS - 1)
        fresh = self.table.get("fresh_luck", False)
        if not isinstance(fresh, bool):
            self.wrong(("fresh_luck",), quoted(fresh), "true or false")
        keep = tuple(self.keep())
        until, limit = self.until(runs)
        design = DesignReader(self).design()
        worlds = self.worlds()
        base = str(self.table.get("scenario"))
        factors: tuple[Factor, ...] = ()
        if base in worlds:
            factors = tuple(FactorReader(self, worlds[base], design).factors())
            self.together(factors, design)
            self.free_names(factors, keep, worlds[base].sides.ids)
            self.same_sides(worlds[base], worlds)
        if self.problems:
            raise ExperimentError(self.problems)
        question = question_of(self.text)
        file, name = label(self.path), self.path.stem
        return Experiment(
            name,
            file,
            question,
            base,
            worlds,
            runs,
            seed,
            design,
            factors,
            fresh_luck=bool(fresh),
            keep=keep,
            until=until,
            limit=limit,
        )

    def keep(self) -> Iterator[str]:
        """The tables to keep besides the outcomes, in the order of KEPT."""
        listed = self.table.get("keep", [])
        names = listed if isinstance(listed, list) else [listed]
        known = (*ALWAYS, *KEPT)
        for name in names:
            if name not in known:
                near = nearest(name, known) if isinstance(name, str) else None
                self.wrong(("keep",), quoted(name), f"a list of {', '.join(known)}", near)
        yield from (name for name in KEPT if name in names)

    def until(self, runs: int) -> tuple[float | None, int]:
        """How precise each headline shall be, and the most runs a point may take for it."""
        precision, limit = self.table.get("until"), MOST_RUNS_A_POINT
        if "most_runs" in self.table:
            limit = self.whole("most_runs", limit, runs, MOST_RUNS)
            if precision is None:
                self.wrong(("most_runs",), "most_runs without until", "until = 0.01 beside it")
        if precision is None:
            return None, limit
        problem = until_problem(precision)
        if problem:
            self.wrong(("until",), quoted(precision), problem)
            return None, limit
        return float(precision), limit

    def free_names(
        self, factors: tuple[Factor, ...], keep: tuple[str, ...], ids: tuple[str, str]
    ) -> None:
        """A factor is a column of every table, so its name must be that of no other."""
        for index, factor in enumerate(factors):
            for table in (*ALWAYS, *keep):
                if factor.name in columns_of(table, ids):
                    found = f"{quoted(factor.name)}, a column of the table {table}"
                    where = ("factors", str(index), "name")
                    self.wrong(where, found, "a name that no other column has")

    def same_sides(self, base: Scenario, worlds: Mapping[str, Scenario]) -> None:
        """The two sides have the same ids in every scenario: they head the columns."""
        for name, world in worlds.items():
            if world.sides.ids != base.sides.ids:
                found = f"{quoted(name)}, with the sides {' and '.join(world.sides.ids)}"
                allowed = f"scenarios with the sides {' and '.join(base.sides.ids)}"
                self.wrong(("factors",), found, allowed)

    def worlds(self) -> dict[str, Scenario]:
        """The scenarios the file names, by the name it uses."""
        if "scenario" not in self.table:
            self.wrong((), "no scenario", 'scenario = "..." with a file or a shipped name')
        scenarios: dict[str, Scenario] = {}
        for name, where in self._world_names():
            if not isinstance(name, str):
                self.wrong(where, quoted(name), "a scenario file or the name of a shipped one")
            elif name not in scenarios:
                self._load(name, where, scenarios)
        return scenarios

    def _world_names(self) -> Iterator[tuple[Any, KeyPath]]:
        if "scenario" in self.table:
            yield self.table["scenario"], ("scenario",)
        factors = self.table.get("factors")
        for index, factor in enumerate(factors if isinstance(factors, list) else []):
            if isinstance(factor, dict) and factor.get("path") == SCENARIO:
                values = factor.get("choices", factor.get(COLUMN, factor.get("values")))
                listed = values.values() if isinstance(values, dict) else values
                for name in (
                    listed if isinstance(listed, Collection) and not isinstance(listed, str) else ()
                ):
                    yield name, ("factors", str(index), "values")

    def _load(self, name: str, where: KeyPath, scenarios: dict[str, Scenario]) -> None:
        path = self.path.parent / name
        choices = (path, Path(f"{path}{SUFFIX}"), self.path.parent.parent / FOLDER / name)
        target = next((file for file in choices if file.is_file()), Path(name))
        try:
            scenarios[name] = Scenario.load(target)
        except ScenarioError as error:
            for problem in error.problems:
                if problem.path or problem.line:
                    self.problems.append(problem)
                else:
                    self.wrong(where, f"{name}: {problem.found}", problem.allowed, problem.nearest)

    def together(self, factors: tuple[Factor, ...], design: Design) -> None:
        """Factors that move together need as many values as each other."""
        for axis in designs.axes(factors, design) if factors else []:
            lengths = {len(factors[index].levels) for index in axis}
            if design.kind in designs.SAMPLED:
                lengths -= {0}  # a range takes any share of the way
            if len(axis) > 1 and len(lengths) > 1:
                counts = ", ".join(
                    f"{factors[index].name} {len(factors[index].levels)}" for index in axis
                )
                self.wrong(("factors",), counts, "as many values of each, as they move together")


def until_problem(value: Any) -> str:
    """What a precision should be, if it is not."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    good = number and 0 < value < 0.5
    return "" if good else "half the width of an interval, between 0 and 0.5, as 0.01"
