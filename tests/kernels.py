"""Every kernel that the everyday tests play is compiled once, before the workers start.

Each worker would compile all of them for itself: more than all tests take together.
"""

import subprocess
import sys

from sim.engines.compiling import BLOCK, SECONDS, STAGES, TRACE, missing

#: The filter's, which is the forecasts': a room above the engines.
FOLLOW = "follow.follow"


def compile_all() -> None:
    """Side by side, each in a process of its own; those that lie in the cache are left out."""
    wanted = missing(BLOCK, TRACE, STAGES, FOLLOW)
    module = {FOLLOW: "tests.kernels"}
    started = [
        subprocess.Popen([sys.executable, "-m", module.get(name, "sim.engines.compiling"), name])
        for name in wanted
    ]
    for one in started:
        one.wait(SECONDS)


def compile_follow() -> None:
    """By a copy that follows nothing, for no week."""
    from sim.forecast.filter import Island, new_pool
    from sim.forecast.observations import Observations
    from sim.forecast.tables import UNINFORMATIVE, facts_table
    from sim.scenario import Scenario

    compiled = Scenario.load("textbook/quiet").compiled
    nothing = Observations(compiled.start, 0, compiled.start, ())
    facts = facts_table(compiled, nothing, UNINFORMATIVE)
    Island(compiled.params, facts, new_pool(compiled.params, facts, 1), (0, 0), 0).play_to(0)


if __name__ == "__main__":
    compile_follow()
