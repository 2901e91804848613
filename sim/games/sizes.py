"""What can be asked of a game, and its sizes; light to import, as the command line needs it."""

from sim.world.outcomes import NAMES

PAYOFF, HARM = "payoff", "harm"
#: What a side may be taken to want; of harm as little as possible.
UTILITIES = (PAYOFF, HARM, *NAMES)
#: Whom a ranking is against: all policies of the other side alike, or its equilibrium mix.
FIELD, EQUILIBRIUM = AGAINST = ("field", "equilibrium")
#: Resamples of the runs of a tournament, for its intervals.
RESAMPLES = 1_000
FEWEST_RESAMPLES, MOST_RESAMPLES = 100, 100_000
#: Tables of machines with more states are too many to try one by one.
MOST_STATES = 3
#: Runs of each machine in the first round of a search, the fewest it can choose on.
FIRST_RUNS = 100
