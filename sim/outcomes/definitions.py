"""What "the truce holds" means: the four outcomes in words, and when one is not defined."""

from collections.abc import Sequence

import numpy as np

from sim.world.params import NEVER

OUTCOMES = ("standing", "clean", "core", "extended")


def term_of(rules: np.void, horizon: int) -> int | None:
    """The last week of the first term; None without a truce, if open-ended or past the horizon."""
    if not rules["has_truce"] or not 1 <= rules["term"] <= horizon:
        return None
    return int(rules["term"])


def undefined(outcome: str, rules: np.void, horizon: int) -> str | None:
    """Why an outcome is not defined in a scenario with these rules; None if it is."""
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome is {outcome!r}; allowed: {', '.join(OUTCOMES)}")
    if outcome == "clean":
        return None
    if not rules["has_truce"]:
        return "the scenario has no [truce]"
    if outcome == "extended" and rules["term"] == NEVER:
        return "the truce is open-ended"
    if outcome == "extended" and rules["term"] > horizon:
        return f"its term of {rules['term']} weeks is longer than the horizon of {horizon}"
    return None


def definition(outcome: str, rules: np.void, core: Sequence[str] = ()) -> str:
    """What was counted, as the end of a sentence "share of runs with ..."."""
    if outcome == "clean":
        against = (
            "its obligation" if rules["has_truce"] else "what counts, by default its first level"
        )
        return f"no week in which a lever stood above {against}"
    if outcome == "core":
        act = "no act ending the truce"
        return f"no core lever ({', '.join(core)}) above its obligation and {act}" if core else act
    if outcome == "extended":
        return "the first truce extended at the end of its first term"
    return _standing(int(rules["breakdown_after"]), int(rules["unilateral_after"]))


def _standing(mutual: int, unilateral: int) -> str:
    both = f"no {_weeks_in_a_row(mutual)} of violation by both sides"
    one = "" if unilateral >= NEVER else f", no {_weeks_in_a_row(unilateral)} by one,"
    return f"{both}{one} and the truce itself alive (core kept, not lapsed)"


def _weeks_in_a_row(count: int) -> str:
    return "week" if count == 1 else f"{count} weeks in a row"
