"""The outcomes as the page counts them: from tallies, and run by run."""

from typing import Any

from sim.engines.counts import ENDED, FIRST_ONCE
from sim.outcomes.definitions import defined, definition
from sim.outcomes.page import rung_words
from sim.outcomes.result import Result
from sim.outcomes.survival import K_VALUES
from sim.world.outcomes import ONCE, outcome_of
from sim.world.params import NEVER

#: Weeks in a row the page can be asked for: by both sides, and by one (0: never).
MUTUAL, ALONE = range(1, 7), range(27)


def outcomes(result: Result) -> list[dict[str, Any]]:
    """Those defined here, the headline first.

    `ended`: the row of `ended` that gives it by week, or None for one decided once, at the end
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


def definitions_by_weeks(result: Result) -> dict[str, dict[str, str]]:
    """What `standing` and `undisputed` count, by "K/U": weeks in a row by both, and by one."""
    return {name: _by_weeks(result, name) for name in ("standing", "undisputed")}


def _by_weeks(result: Result, name: str) -> dict[str, str]:
    rules = result.rules.copy()
    words = {}
    for mutual in MUTUAL:
        for alone in ALONE:
            rules["breakdown_after"], rules["unilateral_after"] = mutual, alone or NEVER
            words[f"{mutual}/{alone or NEVER}"] = definition(name, rules)
    return words


def rungs(result: Result) -> dict[str, Any]:
    """The rungs by which standing is counted: [words, row of `by_definition`]; which is its own."""
    counted = result.compiled.params.thresholds.tolist()
    return {
        "rows": [[rung_words(rung), counted.index(rung)] for rung in result.thresholds],
        "here": counted.index(float(result.rules["rupture_rung"])),
        "weeks": list(K_VALUES),
    }
