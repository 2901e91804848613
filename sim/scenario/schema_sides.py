"""The table of one side of a scenario (sides.py says what it is checked for)."""

from sim.scenario.parameter import Table, parameter
from sim.scenario.sides import ID_WORDS

HERE = "judgement: the user's own"


class SideSpec(Table):
    """Who one side is, for the reader: nothing of it changes a number."""

    id: str = parameter(meaning=f"name in key paths and columns: {ID_WORDS}", source=HERE)
    name: str = parameter(meaning='name in sentences, as "the United States"', source=HERE)
    short: str | None = parameter(
        None, meaning='name where room is scarce, as "the US" (default: the name)', source=HERE
    )
    adjective: str | None = parameter(
        None, meaning='as "American" (default: the name without its article)', source=HERE
    )
    colour: str | None = parameter(
        None,
        meaning='in pictures, as "#0072B2" (default: blue for the first, vermillion for the other)',
        source=HERE,
    )
