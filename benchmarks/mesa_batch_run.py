"""One core of the batch engine against mesa.batch_run on this project's own Mesa model.

The same scenario, the same runs, one process each. Both count or keep every week: the batch
engine its full tallies, Mesa its DataCollector. That the runs are the same bit for bit is tested
in tests/equivalence/test_mesa.py.
"""

from collections.abc import Iterator

from benchmarks import clock
from sim.engines.batch import run_batch
from sim.scenario import Scenario

SCENARIO = "scenarios/geneva-2025.toml"
TURNS = 3
RUNS = 40_000
MODELS = 60


def speeds() -> tuple[list[float], list[float]]:
    """Run-weeks a second of the batch engine and of Mesa, turn by turn."""
    import mesa

    from sim.engines.mesa_model import TruceModel

    scenario = Scenario.load(SCENARIO)
    params = scenario.compiled.params
    weeks = int(params.rules[0].weeks)
    # A Scenario object is read once; a path would be read again for every run.
    runs = {"scenario": [scenario], "seed": 1, "run_index": range(MODELS)}

    def models() -> None:
        mesa.batch_run(TruceModel, runs, number_processes=1, display_progress=False)

    work = {"batch": lambda: run_batch(params, 1, 0, RUNS, threads=1), "mesa": models}
    seconds = clock.by_turns(work, TURNS)
    ours = [RUNS * weeks / time for time in seconds["batch"]]
    theirs = [MODELS * weeks / time for time in seconds["mesa"]]
    return ours, theirs


def measure() -> Iterator[str]:
    """Lines that tell run-weeks a second of both, and their ratio."""
    import mesa

    ours, theirs = speeds()
    yield f"batch engine, one core: {max(ours):,.0f} run-weeks a second ({SCENARIO})"
    yield f"mesa {mesa.__version__} batch_run, one process: {max(theirs):,.0f} run-weeks a second"
    yield f"ratio {clock.ratio(ours, theirs)} (aim: at least 300)"


def main() -> None:
    """Print what was measured."""
    for line in measure():
        print(line)


if __name__ == "__main__":
    main()
