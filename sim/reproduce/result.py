"""One result again: the same scenario, seed, runs and engine, with the parts that it has."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ResultError
from sim.store.checksums import has_file
from sim.store.files import MANIFEST

if TYPE_CHECKING:
    from sim.outcomes.result import Result
    from sim.scenario import Scenario

EXACT = "exact"
LADDER, RUNS, BUT_FOR = "ladder.json", "runs.parquet", "butfor.parquet"


def result_again(_: Path, manifest: Mapping[str, Any], place: Path, threads: int | None) -> Path:
    """The folder of the result played again, below `place`.

    Raises ResultError if the scenario of the manifest is another than its hash says.
    """
    scenario = scenario_of(manifest)
    if manifest["engine"] == EXACT:
        from sim.engines.exact import solve
        from sim.outcomes.exact import write_exact

        return write_exact(solve(scenario), place, "", False)
    from sim.outcomes.store import write_result

    return write_result(_run_again(scenario, manifest, threads), place, pictures=())


def scenario_of(manifest: Mapping[str, Any]) -> "Scenario":
    """The scenario that a manifest holds. Raises ResultError if its hash is another."""
    from sim.scenario import Scenario

    scenario = Scenario.from_table(manifest["scenario"], name=manifest["name"])
    if scenario.hash != manifest["scenario_hash"]:
        raise ResultError(
            f"{MANIFEST} does not fit itself: read by this version, its scenario has the hash "
            f"{scenario.hash}, not {manifest['scenario_hash']}"
        )
    return scenario


def _run_again(scenario: "Scenario", manifest: Mapping[str, Any], threads: int | None) -> "Result":
    from sim.explain.ladder import with_ladder
    from sim.outcomes.simulate import simulate

    result = simulate(
        scenario,
        runs=manifest["runs"],
        seed=manifest["seed"],
        keep_runs=has_file(manifest, RUNS),
        but_for=has_file(manifest, BUT_FOR),
        threads=threads,
        engine=manifest["engine"],
    )
    return with_ladder(result) if has_file(manifest, LADDER) else replace(result, ladder=None)
