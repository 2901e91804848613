"""A study again: its experiment made of the plan in its manifest, and every point played."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.store.files import MANIFEST

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.studies.design import Design, Factor
    from sim.studies.experiment import Experiment


def read_study(folder: Path) -> dict[str, Any]:
    """The manifest of a study. Raises ResultError as `load_study` does."""
    from sim.studies.study import load_study

    return load_study(folder).manifest


def study_again(_: Path, manifest: Mapping[str, Any], place: Path, threads: int | None) -> Path:
    """The folder of the study played again, below `place`.

    Raises ResultError if its plan, read by this version, means other points or scenarios.
    """
    from sim.studies.plan import check_points, plan_table
    from sim.studies.runner import run_study
    from sim.studies.store import StudyFolder

    experiment = experiment_of(manifest["plan"])
    plan = plan_table(experiment)
    for part in ("experiment", "scenarios"):
        if plan[part] != manifest["plan"][part]:
            raise ResultError(f"{MANIFEST}: its {part} cannot be read back by this version")
    folder = StudyFolder(place, experiment.name, plan)
    run_study(experiment, check_points(experiment), folder, threads)
    return folder.path


def experiment_of(plan: Mapping[str, Any]) -> "Experiment":
    """The experiment that a plan was made of (`plan_table`)."""
    from sim.scenario import Scenario
    from sim.studies.experiment import MOST_RUNS_A_POINT, Experiment

    written = plan["experiment"]
    worlds = {
        name: Scenario.from_table(world["table"], name=Path(name).stem)
        for name, world in plan["scenarios"].items()
    }
    return Experiment(
        name=written["name"],
        file=MANIFEST,
        question="",
        base=written["scenario"],
        worlds=worlds,
        runs=written["runs"],
        seed=written["seed"],
        design=_design(written["design"]),
        factors=tuple(_factor(table, worlds[written["scenario"]]) for table in written["factors"]),
        fresh_luck=written["fresh_luck"],
        keep=tuple(written["keep"]),
        until=written["until"],
        limit=written["limit"] or MOST_RUNS_A_POINT,
    )


def _design(table: Mapping[str, Any]) -> "Design":
    from sim.studies.design import LATIN_HYPERCUBE, SOBOL, Design

    counted = table["kind"] in (LATIN_HYPERCUBE, SOBOL)
    more = {name: value for name, value in table.items() if name not in ("kind", "points")}
    return Design(table["kind"], points=table["points"] if counted else None, **more)


def _factor(table: Mapping[str, Any], world: "Scenario") -> "Factor":
    from sim.outcomes.spread import whole_paths
    from sim.scenario.distribution import read_distribution
    from sim.studies.design import Factor, Level

    law = table.get("distribution")
    labels, values = table.get("labels", ()), table.get("values", ())
    return Factor(
        name=table["name"],
        path=table["path"],
        levels=tuple(Level(a, b) for a, b in zip(labels, values, strict=True)),
        low=table.get("low"),
        high=table.get("high"),
        whole=table["path"] in whole_paths(world),
        link=table.get("link", ""),
        distribution=None if law is None else read_distribution(law),
    )
