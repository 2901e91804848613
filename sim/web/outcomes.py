"""The outcomes as the page counts them: from tallies, and run by run."""

from typing import Any

from sim.outcomes.definitions import OUTCOMES, definition
from sim.outcomes.result import Result
from sim.outcomes.survival import ENDED_ROWS, FIRST_K_ROW, K_VALUES
from sim.world.params import NEVER

#: Definitions of standing the page can be asked for: weeks by both sides, and by one (0: never).
MUTUAL, ALONE = range(1, 7), range(27)


def outcomes(result: Result) -> list[dict[str, Any]]:
    """Those defined here: name, definition, row of `ended` and field of a run that tell of each.

    An outcome decided once, at the end of the term, has no row of `ended`.
    """
    return [
        {
            "name": name,
            "definition": result.definition(name),
            "ended": ENDED_ROWS.get(name),
            "field": f"{name}_week" if name in ENDED_ROWS else name,
        }
        for name in OUTCOMES
        if result.reason(name) is None
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
    return [[k, FIRST_K_ROW + k - 1] for k in K_VALUES]
