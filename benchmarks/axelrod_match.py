"""Turns a second: one core of the batch engine against axelrod.Match, tit for tat, noise .05.

A turn of axelrod is a week of `textbook/tft-noise`: both sides move once. The runs played here
are those after the ones that bands follow: a match draws no bands either.
"""

from collections.abc import Iterator
from importlib.util import find_spec

from benchmarks import clock
from sim.engines.batch import run_batch
from sim.engines.counts import WATCHED_RUNS
from sim.scenario import Scenario

TURNS = 5
RUNS = 400_000
MATCH_TURNS = 20_000


def speeds() -> tuple[list[float], list[float]] | None:
    """Weeks and turns a second, turn by turn; None where axelrod is not installed."""
    if find_spec("axelrod") is None:
        return None
    import axelrod

    params = Scenario.load("textbook/tft-noise").compiled.params
    weeks = RUNS * int(params.rules[0].weeks)

    def match() -> None:
        pair = (axelrod.TitForTat(), axelrod.TitForTat())
        axelrod.Match(pair, turns=MATCH_TURNS, noise=0.05, seed=1).play()

    def batch() -> None:
        run_batch(params, 1, WATCHED_RUNS, RUNS, threads=1)

    work = {"detente": batch, "axelrod": match}
    seconds = clock.by_turns(work, TURNS)
    ours = [weeks / time for time in seconds["detente"]]
    theirs = [MATCH_TURNS / time for time in seconds["axelrod"]]
    return ours, theirs


def measure() -> Iterator[str]:
    """Lines that tell both speeds and their ratio."""
    found = speeds()
    if found is None:
        yield "axelrod is not installed: pip install -r constraints-bench.txt"
        return
    import axelrod

    ours, theirs = found
    yield f"batch engine, one core: {max(ours):,.0f} weeks a second"
    yield f"axelrod {axelrod.__version__} Match: {max(theirs):,.0f} turns a second"
    yield f"ratio {clock.ratio(ours, theirs)} (aim: at least 50)"
