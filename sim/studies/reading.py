"""Reading an experiment file: everything that is wrong with it at once, with its lines."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import ExperimentError, KeyPath, Problem, ScenarioError, nearest, quoted
from sim.extras import installed, line_for
from sim.numbers import MOST_RUNS
from sim.scenario import Scenario
from sim.scenario.loading import FOLDER, SUFFIX, label, parse, read_text, shipped_folder
from sim.studies import design as designs
from sim.studies.design import SCENARIO, Design, Factor
from sim.studies.experiment import MOST_RUNS_A_POINT, Experiment
from sim.studies.factor_reading import FactorReader
from sim.studies.schema import ListSpec
from sim.studies.tables import ALWAYS, KEPT, columns_of

EXPERIMENTS = "experiments"


def shipped_experiments() -> dict[str, Path]:
    """Shipped experiments by name, sorted."""
    return {path.stem: path for path in sorted(shipped_folder(EXPERIMENTS).glob("*" + SUFFIX))}


def question_of(text: str) -> str:
    """The first line of a file, which is its question, without the mark of a comment."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    return first.lstrip("#").strip() if first.startswith("#") else ""


def find_experiment(name: str | Path) -> Path:
    """The file meant by a path or by the name of a shipped experiment. Raises ExperimentError."""
    path = Path(name)
    shipped = shipped_experiments()
    plain = path.with_suffix("").as_posix().removeprefix(EXPERIMENTS + "/") if path.name else ""
    for candidate in (path, Path(f"{path}{SUFFIX}"), shipped.get(plain)):
        if candidate is not None and candidate.is_file():
            return candidate.absolute()
    allowed = f"an experiment file, or one of the shipped: {', '.join(shipped)}"
    found = "a folder" if path.is_dir() else "no such file"
    raise ExperimentError([Problem(str(name), None, "", found, allowed, nearest(plain, shipped))])


def read_experiment(name: str | Path) -> Experiment:
    """The experiment of a file. Raises ExperimentError, or ScenarioError for its scenarios."""
    path = find_experiment(name)
    text = read_text(path, ExperimentError)
    table = parse(text, label(path), ExperimentError)
    return ExperimentReader(path, table, text).experiment()


class ExperimentReader(FactorReader):
    """One file being read."""

    def experiment(self) -> Experiment:
        """The experiment, or ExperimentError with everything that is wrong."""
        spec = self.spec
        keep = tuple(name for name in KEPT if name in spec.keep)
        limit = self.limit()
        design = Design(**spec.design.model_dump(exclude={"rows", "csv"}, warnings=False))
        columns = self.listed_columns()
        worlds = self.worlds(columns)
        factors: tuple[Factor, ...] = ()
        if spec.scenario in worlds:
            base = worlds[spec.scenario]
            factors = tuple(self.factors(base, columns))
            self.together(factors, design)
            self.free_names(factors, keep, base.sides.ids)
            self.same_sides(base, worlds)
        if self.problems:
            raise ExperimentError(self.problems)
        return Experiment(
            self.path.stem,
            label(self.path),
            question_of(self.text),
            spec.scenario,
            worlds,
            spec.runs,
            spec.seed,
            design,
            factors,
            fresh_luck=spec.fresh_luck,
            keep=keep,
            until=spec.until,
            limit=limit,
        )

    def limit(self) -> int:
        """The most runs that a point may take for its headline to be as precise as asked."""
        runs, limit = self.spec.runs, self.spec.most_runs
        if limit is not None and limit < runs:
            allowed = f"a whole number from {runs} to {MOST_RUNS}"
            self.wrong(("most_runs",), quoted(limit), allowed)
        limited = limit is not None or ("most_runs",) in self.spoilt
        if limited and self.spec.until is None and ("until",) not in self.spoilt:
            self.wrong(("most_runs",), "most_runs without until", "until = 0.01 beside it")
        return MOST_RUNS_A_POINT if limit is None else limit

    def listed_columns(self) -> list[list[Any]] | None:
        """The values of each factor where the points are listed one by one."""
        design = self.spec.design
        if design.kind in (designs.SALTELLI, designs.MORRIS) and not installed("SALib"):
            found = f"{design.kind}, which needs SALib, and SALib is not installed"
            self.wrong(("design",), found, f"{line_for('SALib')}, or sobol")
        if {("design", "rows"), ("design", "csv")} & self.spoilt:
            return [[]] * len(self.spec.factors)
        if isinstance(design, ListSpec) and (design.rows, design.csv) != (None, None):
            return self.listed(design)
        return None

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

    def worlds(self, columns: list[list[Any]] | None) -> dict[str, Scenario]:
        """The scenarios the file names, by the name it uses."""
        scenarios: dict[str, Scenario] = {}
        for name, where in self._world_names(columns):
            if not isinstance(name, str):
                self.wrong(where, quoted(name), "a scenario file or the name of a shipped one")
            elif name not in scenarios:
                self._load(name, where, scenarios)
        return scenarios

    def _world_names(self, columns: list[list[Any]] | None) -> Iterator[tuple[Any, KeyPath]]:
        if ("scenario",) not in self.spoilt:
            yield self.spec.scenario, ("scenario",)
        for index, factor in enumerate(self.spec.factors):
            if factor.path == SCENARIO:
                listed = columns[index] if columns else factor.values or ()
                names: Iterable[Any] = factor.choices.values() if factor.choices else listed
                for name in names:
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
