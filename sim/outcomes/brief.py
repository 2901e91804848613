"""The first lines of a result's page alone: nothing else is computed, and nothing is kept.

The runs end when the headline is decided, no trajectory is followed, and of the outer loop only
the headline's range is read.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.outcomes.calendar import last_day
from sim.outcomes.decomposition import COMMON
from sim.outcomes.definitions import headline, term_of
from sim.outcomes.estimates import estimate
from sim.outcomes.page import lead
from sim.outcomes.spread import (
    POINTS,
    design,
    holding_at,
    quantiles,
    runs_that_hold,
    varied,
    whole_paths,
)
from sim.report.content import Report

if TYPE_CHECKING:
    from sim.scenario import Scenario

#: Runs played at once.
SPELL = 100_000


def brief(
    scenario: "Scenario",
    runs: int,
    seed: int,
    threads: int | None = None,
    spread: bool = True,
    vary_decisions: bool = False,
    luck: str = COMMON,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """What the page of `simulate` with the same arguments begins with, as a report without more.

    Raises ScenarioError, and KeyboardInterrupt on Ctrl-C.
    """
    compiled = scenario.compiled
    rules, horizon = compiled.params.rules[0], compiled.weeks
    name, week = headline(rules, horizon), term_of(rules, horizon)
    holding = 0
    for start in range(0, runs, SPELL):
        count = min(SPELL, runs - start)
        holding += int(runs_that_hold(compiled, seed, start, count, (name,), threads)[name].sum())
        if progress is not None:
            progress(start + count)
    share = estimate(holding, runs)
    over = _over(scenario, name, seed, threads, vary_decisions, luck) if spread else None
    top = {
        "outcome": name,
        "read_at": "the end of the term" if week else "the horizon",
        "week": week or horizon,
        "date": last_day(compiled.start, week or horizon).isoformat(),
        **{"p": share.p, "low": share.low, "high": share.high, "half_width": share.half_width},
        "ranges": over and over["outcome"],
    }
    page = {"headline": top, "runs": runs, "spread": over}
    return Report(title=scenario.title, lead=tuple(lead(page)), data=page)


def _over(
    scenario: "Scenario",
    name: str,
    seed: int,
    threads: int | None,
    vary_decisions: bool,
    luck: str,
) -> dict[str, Any] | None:
    """What the lead says of the outer loop; None where nothing varies."""
    fixed = () if vary_decisions else scenario.decisions()
    believed = varied(scenario, fixed)
    if not believed:
        return None
    points = design(believed, whole_paths(scenario), POINTS, seed)
    holding = holding_at(scenario, points, seed, threads, luck=luck, outcomes=(name,))[name]
    low, _, high = quantiles([float(rows.mean()) for rows in holding])
    return {"ranges": len(believed), "held": fixed, "outcome": {"q05": low, "q95": high}}
