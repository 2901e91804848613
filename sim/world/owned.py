"""Places in tables: the levers of a side, and a level of a lever.

Neither is ever negative, and that is said where the compiler reads it: else it has every table read
from its end as well, as Python would, at each of the thousand look-ups of a week.

Loops over levers do without branches on what changes from run to run, where they can: sums take
what is 0 along, and `a if b else c` chooses among numbers that are there already. A third of the
week's time went into such branches guessed wrongly.
"""

import numpy as np

from sim.world.compiled import step


@step
def own_levers(p, i):
    """Indices of the levers of principal i, in file order."""
    first = max(0, p.actors[i].first_lever)
    return range(first, first + p.actors[i].n_levers)


@step
def office(p, i, j):
    """The j-th licence lever of principal i, j from 1 to p.offices[i, 0]."""
    return np.uint32(p.offices[i, j])


@step
def sum_of(p, s, column, i):
    """Sum of a column over the levers of principal i, in file order."""
    row = s.rows[at(column)]
    total = 0.0
    for k in own_levers(p, i):
        total += row[at(k)]
    return total


#: The first of eight lanes whose bit is set in a byte.
FIRST = np.array([0] + [(byte & -byte).bit_length() - 1 for byte in range(1, 256)], np.uint8)


@step
def first_lane(lanes):
    """The first lane of those named by the bits of a number, which are not all 0."""
    return int(FIRST[at(lanes)])


@step
def groups(s):
    """Indices of the groups of levers that lie side by side."""
    return range(s.curve.shape[1])


@step
def at(place):
    """A level, a state or an index as a place in a table."""
    return np.uint32(place)
