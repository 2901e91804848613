"""A finished study in a few rows: each point with its factors and its headline outcome."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.outcomes.definitions import term_of, undefined
from sim.outcomes.errors import ResultError
from sim.studies.store import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


def headline(world: "Scenario") -> tuple[str, int]:
    """The outcome reported first and the week it is read: standing, at the end of the term."""
    rules = world.compiled.params.rules[0]
    horizon = int(rules["weeks"])
    outcome = "clean" if undefined("standing", rules, horizon) else "standing"
    return outcome, term_of(rules, horizon) or horizon


def headline_rows(folder: Path, outcome: str, week: int) -> "pd.DataFrame":
    """The rows of one outcome at the end of one week, a row a point.

    Raises ResultError if the table cannot be read.
    """
    import pandas as pd

    path = folder / OUTCOMES
    wanted: list[Any] = [("outcome", "==", outcome), ("week", "==", week)]
    try:
        found = pd.read_parquet(path, filters=wanted)
    except (OSError, ValueError) as problem:
        raise ResultError(f"{path} cannot be read: {problem}") from problem
    return found.drop(columns=["outcome", "week"]).reset_index(drop=True)
