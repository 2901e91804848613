"""One outcome of a study at the end of one week: a row a point, and what was varied how."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.definitions import OUTCOMES
from sim.outcomes.errors import ResultError
from sim.scenario.errors import nearest
from sim.studies import design as designs

if TYPE_CHECKING:
    import pandas as pd

#: A column of numbers with no more values than this is shown value by value.
FEW_VALUES = 12


@dataclass(frozen=True)
class Axis:
    """What moves as one in a study: a factor, or several that are linked.

    `codes`, shape (points,): the value of its first factor, or the place of its label among
    `labels` where it has any (choices, truth values, texts). `levels` is how many values the
    file lists for it, 0 for a range; `span` the lowest and the highest code there can be.
    """

    name: str
    columns: tuple[str, ...]
    path: str
    codes: NDArray[np.float64]
    labels: tuple[str, ...] = ()
    whole: bool = False
    levels: int = 0
    span: tuple[float, float] = (0.0, 1.0)

    @property
    def categorical(self) -> bool:
        """Whether its values have no order or distance."""
        return bool(self.labels)

    @cached_property
    def few(self) -> bool:
        """Whether it has so few values that each can be shown."""
        return self.categorical or len(np.unique(self.codes)) <= FEW_VALUES


@dataclass(frozen=True)
class Answers:
    """The share of runs that hold at each point, and where it comes from.

    `frame`: point, a column for each factor, n, holds, p, low, high; sorted by point.
    """

    name: str
    question: str
    scenario: str
    seed: int
    fresh_luck: bool
    design: dict[str, Any]
    factors: tuple[dict[str, Any], ...]
    outcome: str
    week: int
    definition: str
    headline: bool
    frame: "pd.DataFrame"

    @property
    def points(self) -> int:
        """Number of points."""
        return len(self.frame)

    @property
    def p(self) -> NDArray[np.float64]:
        """The share that holds at each point."""
        return self.frame["p"].to_numpy(float)

    @property
    def kind(self) -> str:
        """The kind of design."""
        return str(self.design["kind"])

    @property
    def suffix(self) -> str:
        """What tells files of this outcome and week from those of the headline."""
        return "" if self.headline else f"-{self.outcome}-{self.week}"

    @property
    def runs(self) -> str:
        """Runs at each point, in words."""
        low, high = int(self.frame["n"].min()), int(self.frame["n"].max())
        return f"{low:,}" if low == high else f"{low:,} to {high:,}"

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """What was varied, in the order of the file; linked factors are one."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for index, factor in enumerate(self.factors):
            groups.setdefault(factor.get("link") or f"\0{index}", []).append(factor)
        return tuple(self._axis(group) for group in groups.values())

    def _axis(self, group: Sequence[dict[str, Any]]) -> Axis:
        first = group[0]
        name = " + ".join(factor["name"] for factor in group)
        columns = tuple(factor["name"] for factor in group)
        column, listed = self.frame[first["name"]], first.get("labels", ())
        if column.dtype.kind in "if":
            ends = listed or [first["low"], first["high"]]
            return Axis(
                name,
                columns,
                first["path"],
                column.to_numpy(float),
                whole=column.dtype.kind == "i",
                levels=len(listed),
                span=(float(min(ends)), float(max(ends))),
            )
        labels = tuple(dict.fromkeys(str(label) for label in listed))
        codes = column.astype(str).map({label: place for place, label in enumerate(labels)})
        top = len(labels) - 1.0
        return Axis(
            name,
            columns,
            first["path"],
            codes.to_numpy(float),
            labels,
            False,
            len(listed),
            (0, top),
        )

    @cached_property
    def independent(self) -> NDArray[np.int64]:
        """The rows that are a sample of the ranges: of saltelli the matrices A and B alone."""
        rows = np.arange(self.points)
        if self.kind != designs.SALTELLI:
            return rows
        step = self.points // int(self.design["samples"])
        return rows[(rows % step == 0) | (rows % step == step - 1)]


def chosen(outcomes: "pd.DataFrame", outcome: str, week: int | None) -> "pd.DataFrame":
    """The rows of one outcome at the end of one week (None: its last), sorted by point.

    Raises ResultError, with what there is, for an outcome or a week that the study lacks.
    """
    there = [name for name in OUTCOMES if name in set(outcomes["outcome"])]
    rows = outcomes[outcomes["outcome"] == outcome]
    if rows.empty:
        guess = nearest(outcome, there)
        hint = f"\n  did you mean {guess}?" if guess else ""
        raise ResultError(f"--outcome\n  found:   {outcome}\n  allowed: {', '.join(there)}{hint}")
    weeks = np.unique(rows["week"])
    at = int(weeks[-1]) if week is None else week
    found = rows[rows["week"] == at]
    if found.empty:
        known = f"{weeks[0]}" if len(weeks) == 1 else f"a week from {weeks[0]} to {weeks[-1]}"
        raise ResultError(f"--week\n  found:   {at}\n  allowed: {known} for {outcome}")
    if found["point"].nunique() < outcomes["point"].nunique():
        raise ResultError(f"not every point of the study has {outcome} at the end of week {at}")
    return found.sort_values("point").reset_index(drop=True)
