"""Every kernel that the everyday tests play is compiled once, before the workers start.

Each worker would compile all of them for itself: more than all tests take together.
"""

import subprocess
import sys

from sim.engines.compiling import BLOCK, SECONDS, STAGES, TRACE, compile_one, missing

#: The filter's, which is the forecasts': a room above the engines.
FOLLOW = "follow.follow"


def compile_all() -> None:
    """In one process, which types and lowers the world once; none that lies in the cache.

    A process for each would end a little sooner on two cores, and take twice the time of them.
    """
    wanted = missing(BLOCK, TRACE, STAGES, FOLLOW)
    if wanted:
        subprocess.run([sys.executable, "-m", __name__, *wanted], timeout=SECONDS, check=True)


def compile_follow() -> None:
    """By a copy that follows nothing, for no week."""
    from sim.forecast.filter import UNINFORMATIVE, Island, facts_table, new_pool
    from sim.forecast.observations import Observations
    from sim.scenario import Scenario

    compiled = Scenario.load("textbook/quiet").compiled
    nothing = Observations(compiled.start, 0, compiled.start, ())
    facts = facts_table(compiled, nothing, UNINFORMATIVE)
    Island(compiled.params, facts, new_pool(compiled.params, facts, 1), (0, 0), 0).play_to(0)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        if name == FOLLOW:
            compile_follow()
        else:
            compile_one(name)
