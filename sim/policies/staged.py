"""Policies that are made for the payoffs of one stage game: which ones, and whose payoffs."""

from collections.abc import Mapping
from typing import Any

from sim.errors import PolicyError, Problem, quoted

#: What their functions call the payoffs T, R, P and S.
PAYOFFS = ("temptation", "reward", "punishment", "sucker")
STAGED = ("zero_determinant", "equalizer")

Payoffs = Mapping[str, float]  # by PAYOFFS


def with_payoffs(
    table: Mapping[str, Any], mine: Payoffs | None, other: Payoffs | None
) -> dict[str, Any]:
    """A policy table with the payoffs of the scenario's stage game, also in a mixture.

    mine, other: those of the side and of the other side; None where the scenario has no stage
    game. What a zero-determinant policy enforces is about these numbers alone (Press and Dyson
    2012), and its formulas are of games that are alike for both. Raises PolicyError where there
    are none and the table does not give all four, where the sides' differ, or where it gives
    another number.
    """
    if isinstance(parts := table.get("parts"), list):
        return {**table, "parts": [_part(part, n, mine, other) for n, part in enumerate(parts)]}
    if table.get("name") not in STAGED:
        return dict(table)
    if mine is None or other is None:
        if all(name in table for name in PAYOFFS):
            return dict(table)
        found = f"{table['name']}, which needs the payoffs of a stage game; this scenario has none"
        allowed = f"a policy of another name; or {', '.join(PAYOFFS)} given; or [stage_payoffs]"
        raise PolicyError.single(("name",), found, allowed)
    problems = [
        Problem.at(
            (name,), quoted(table[name]), f"{mine[name]:g}, as in stage_payoffs; or left out"
        )
        for name in PAYOFFS
        if name in table and table[name] != mine[name]
    ]
    if dict(mine) != dict(other):
        found = f"{table['name']}, where the two sides' stage_payoffs differ"
        problems.append(Problem.at(("name",), found, "stage_payoffs that are alike for both"))
    if problems:
        raise PolicyError(problems)
    return {**table, **mine}


def _part(part: Any, place: int, mine: Payoffs | None, other: Payoffs | None) -> Any:
    """A part of a mixture; one that is not well formed is left to what builds it."""
    if not isinstance(part, Mapping) or not isinstance(part.get("policy"), Mapping):
        return part
    try:
        return {**part, "policy": with_payoffs(part["policy"], mine, other)}
    except PolicyError as error:
        raise error.below("parts", str(place), "policy") from None
