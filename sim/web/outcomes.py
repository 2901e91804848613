"""The outcomes as the page counts them: from tallies, and run by run."""

from typing import Any

from sim.engines.counts import ENDED, FIRST_K, FIRST_ONCE
from sim.outcomes.definitions import defined, definition
from sim.outcomes.result import Result
from sim.outcomes.survival import K_VALUES
from sim.world.outcomes import ONCE, outcome_of
from sim.world.params import NEVER

#: Definitions of standing the page can be asked for: weeks by both sides, and by one (0: never).
MUTUAL, ALONE = range(1, 7), range(27)


def outcomes(result: Result) -> list[dict[str, Any]]:
    """Those defined here, the headline first.

    `ended`: the row of `ended` that tells of it by week, or None for one decided once, at the end
    of the term; `once`: then the place of its count. `field`: that of a run.
    """
    return [
        {
            "name": name,
            "definition": result.definition(name),
            "ended": None if outcome_of(name).once else ENDED.index(name),
            "once": FIRST_ONCE + ONCE.index(outcome_of(name)) if outcome_of(name).once else None,
            "field": outcome_of(name).field,
        }
        for name in defined(result.rules, result.horizon)
    ]


def standing_words(result: Result) -> dict[str, str]:
    """What `standing` counts, by "K/U": weeks in violation by both sides, and by one."""
    rules = result.rules.copy()
    words = {}
    for mutual in MUTUAL:
        for alone in ALONE:
            rules["breakdown_after"], rules["unilateral_after"] = mutual, alone or NEVER
            words[f"{mutual}/{alone or NEVER}"] = definition("standing", rules)
    return words


def k_rows() -> list[list[int]]:
    """[K, row of `ended`] of standing with breakdown_after = K."""
    return [[k, FIRST_K + k - 1] for k in K_VALUES]
