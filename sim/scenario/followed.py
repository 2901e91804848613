"""How much is followed week by week: memory must not grow with the horizon."""

#: Bands of the two sides (rung, leverage, shortage, pressure, belief), and of a licence lever.
OF_SIDES, OF_OFFICE = 10, 2
#: Weeks of all bands together that are followed: more would take over 120 MB in each thread.
MOST_FOLLOWED = 60_000


def most_bands(weeks: int) -> int:
    """How many bands are followed at most over a horizon; those of the two sides always are."""
    return MOST_FOLLOWED // (weeks + 1)
