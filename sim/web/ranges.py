"""What the page says of the range over what is believed of the settings, in the run's words."""

from typing import Any

from sim.outcomes.page import lead
from sim.outcomes.result import Result
from sim.outcomes.summary import headline, known_less_well


def ranges(result: Result) -> dict[str, Any] | None:
    """The sentence of each outcome, and the week that it is read at; None where nothing varies."""
    spread = result.spread
    if spread is None or not spread.ranges:
        return None
    said = {row["outcome"]: known_less_well(row, spread.fixed) for row in spread.outcomes}
    return {"week": result.headline_week, "said": said}


def first_lines(result: Result) -> list[str]:
    """What the run says first: the headline, and both that is not known of it."""
    spread = result.spread
    over = None if spread is None else {"ranges": spread.ranges, "held": spread.fixed}
    return list(lead({"headline": headline(result), "runs": result.n, "spread": over}))
