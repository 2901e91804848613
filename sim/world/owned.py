"""Places in tables: the levers of a side, and a level of a lever.

Neither is ever negative, and that is said where the compiler reads it: else it has every table read
from its end as well, as Python would, at each of the thousand look-ups of a week.
"""

import numpy as np

from sim.world.compiled import step


@step
def own_levers(p, i):
    """Indices of the levers of principal i, in file order."""
    first = max(0, p.actors[i].first_lever)
    return range(first, first + p.actors[i].n_levers)


@step
def at(level):
    """A level as the place of its column in a table by level."""
    return np.uint32(level)
