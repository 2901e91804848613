"""What a study is about to do: points checked, cost known, and what must not change under it."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import ExperimentError, Problem, ResultError, ScenarioError, nearest
from sim.extensions import fingerprint
from sim.scenario.overrides import known_paths
from sim.store.checksums import FILES, is_kind, lacking
from sim.store.digests import package_digest, short_key
from sim.studies.design import SCENARIO, Point
from sim.studies.experiment import BY_EXPERIMENT, Experiment
from sim.studies.tables import size_on_disk

FORMAT = 4
#: A design beyond one of these is run only if it is confirmed.
MOST_POINTS = 10_000
MOST_RUN_WEEKS = 20_000_000_000
#: More points than this are not made at all.
MOST_POINTS_AT_ALL = 10_000_000
MOST_PROBLEMS = 20
TRIAL_RUN_WEEKS = 50_000
#: Run-weeks a second of one thread, where it cannot be measured first.
USUAL_RATE = 1_500_000
#: What the manifest of a study, or of a part of one, must have to be read.
MANIFEST_KINDS: dict[str, Any] = dict.fromkeys(("name", "question", "definition"), str)
MANIFEST_KINDS |= {"points": int, "plan": dict, FILES: dict}
_NUMBER = (int, float)
_EXPERIMENT: dict[str, Any] = {"scenario": str, "runs": int, "seed": int}
_EXPERIMENT |= {"design": dict, "factors": list, "keep": list}
_FACTOR: dict[str, Any] = {"name": str, "path": str}
_FACTOR_MAY = {"labels": list, "low": _NUMBER, "high": _NUMBER, "link": str}


@dataclass(frozen=True)
class Cost:
    """How much there is to do: run-weeks, seconds (measured, or usual) and bytes on disk."""

    points: int
    run_weeks: int
    seconds: float
    measured: bool
    bytes: int


def plan_table(experiment: Experiment) -> dict[str, Any]:
    """All that must be the same for parts to belong together."""
    from sim.version import __version__

    worlds = {
        name: {"hash": world.hash, "table": world.to_table()}
        for name, world in experiment.worlds.items()
    }
    table = {
        "format": FORMAT,
        "version": __version__,
        "code": code_hash(),
        "experiment": experiment.to_table(),
        "scenarios": worlds,
    }
    return json.loads(json.dumps(table))


#: The rooms that a study's numbers come from; a test follows the imports.
SOURCES = tuple(
    f"{room}*.py"
    for room in ("", "world/", "policies/", "scenario/", "engines/", "outcomes/", "studies/")
)


def code_hash(sources: tuple[str, ...] = SOURCES) -> str:
    """Sixteen hex digits of all code that decides what the tables of a study hold.

    The package's own, by patterns, and the extensions that were loaded.
    """
    return hashlib.sha256((package_digest(sources) + fingerprint()).encode()).hexdigest()[:16]


def plan_hash(plan: dict[str, Any]) -> str:
    """Eight hex digits of a plan."""
    return short_key(json.dumps(plan, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def check_plan(path: Path, plan: Mapping[str, Any]) -> None:
    """Raises ResultError with the first place of a plan that is missing or of the wrong kind."""
    wrong = next(_wrong(plan), None)
    if wrong is not None:
        raise ResultError(f"{path} cannot be read: plan.{wrong} is missing or of the wrong kind")


def _wrong(plan: Mapping[str, Any]) -> Iterator[str]:
    yield from lacking(plan, {"experiment": dict, "scenarios": dict})
    experiment, worlds = plan["experiment"], plan["scenarios"]
    yield from lacking(experiment, _EXPERIMENT, "experiment.")
    yield from lacking(experiment["design"], {"kind": str}, "experiment.design.")
    if not all(isinstance(name, str) for name in experiment["keep"]):
        yield "experiment.keep"
    for number, factor in enumerate(experiment["factors"]):
        place = f"experiment.factors.{number}"
        if not isinstance(factor, dict):
            yield place
            continue
        there = {key: kind for key, kind in _FACTOR_MAY.items() if key in factor}
        yield from lacking(factor, _FACTOR | there, f"{place}.")
    until = experiment.get("until")
    if until is not None and not is_kind(until, _NUMBER):
        yield "experiment.until"
    yield from lacking(worlds, {experiment["scenario"]: dict}, "scenarios.")
    yield from lacking(worlds[experiment["scenario"]], {"table": dict}, "scenarios.*.")


def check_size(experiment: Experiment, confirmed: bool) -> None:
    """Raises ExperimentError for a design that is too large, or only with --yes."""
    points, run_weeks = experiment.size, experiment.run_weeks
    found = f"{points:,} points, {run_weeks:,} run-weeks"
    if points > MOST_POINTS_AT_ALL:
        allowed = f"at most {MOST_POINTS_AT_ALL:,} points"
    elif not confirmed and (points > MOST_POINTS or run_weeks > MOST_RUN_WEEKS):
        allowed = f"up to {MOST_POINTS:,} points and {MOST_RUN_WEEKS:,} run-weeks without --yes"
    else:
        return
    raise ExperimentError([Problem(experiment.file, None, "design", found, allowed)])


def check_points(
    experiment: Experiment, progress: Callable[[int], None] | None = None
) -> list[Point]:
    """All points, each resolved and found to make sense, else ExperimentError with the reasons."""
    problems: dict[tuple[str, str], Problem] = {}
    points = []
    for number, point in enumerate(experiment.points()):
        points.append(point)
        try:
            experiment.scenario_at(point)
        except ScenarioError as error:
            for problem in error.problems:
                wrong = _placed(experiment, point, number, problem)
                problems.setdefault((wrong.path, wrong.allowed), wrong)
        if len(problems) >= MOST_PROBLEMS:
            break
        if progress is not None:
            progress(number + 1)
    if problems:
        raise ExperimentError(list(problems.values()))
    return points


def _placed(experiment: Experiment, point: Point, number: int, problem: Problem) -> Problem:
    """A point's problem, with the line of the factor that causes it and the point's values."""
    line = next((f.line for f in experiment.factors if problem.path.startswith(f.path)), None)
    file = experiment.file if problem.file in (BY_EXPERIMENT, "") else problem.file
    if file == experiment.file and "no such key" in problem.found:
        known = known_paths(experiment.worlds[experiment.base].tree.table)
        near = problem.nearest or nearest(problem.path, known)
        return replace(problem, file=file, line=line, found="no such key", nearest=near)
    values = ", ".join(
        f"{factor.name} = {level.label}"
        for factor, level in zip(experiment.factors, point, strict=True)
    )
    found = f"{problem.found} (first at point {number}: {values})"
    return replace(problem, file=file, line=line or problem.line, found=found)


def cost(experiment: Experiment, points: list[Point], threads: int) -> Cost:
    """What the points cost; the time from a short trial, unless the kernel must be compiled."""
    from sim.engines.batch import needs_compiling

    if any(factor.path in ("weeks", SCENARIO) for factor in experiment.factors):
        weeks = sum(experiment.scenario_at(point).spec.weeks for point in points)
    else:
        weeks = experiment.weeks * len(points)
    run_weeks = weeks * experiment.most_runs
    measured = not needs_compiling()
    rate = threads * (_trial(experiment, points) if measured else USUAL_RATE)
    size = size_on_disk(experiment.keep, len(points) * experiment.most_runs, weeks)
    return Cost(len(points), run_weeks, run_weeks / rate, measured, size)


def _trial(experiment: Experiment, points: list[Point]) -> float:
    """Run-weeks a second of one thread, over the first, the middle and the last point."""
    from sim.engines.batch import run_parts

    played, seconds = 0, 0.0
    for point in {0: points[0], 1: points[len(points) // 2], 2: points[-1]}.values():
        world = experiment.compiled_at(point)
        runs = max(1, TRIAL_RUN_WEEKS // world.weeks)
        run_parts(world.parts, experiment.seed, 0, 1, threads=1)
        begun = time.perf_counter()
        run_parts(world.parts, experiment.seed, 0, runs, threads=1)
        seconds += time.perf_counter() - begun
        played += runs * world.weeks
    return played / max(seconds, 1e-9)
