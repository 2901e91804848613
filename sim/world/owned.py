"""Whose levers are whose."""

from sim.world.compiled import step


@step
def own_levers(p, i):
    """Indices of the levers of principal i, in file order.

    Never negative, and said so: else the compiler has every table read from its end as well.
    """
    first = max(0, p.actors[i].first_lever)
    return range(first, first + p.actors[i].n_levers)
