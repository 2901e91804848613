"""One outcome of a study at the end of one week: a row a point, and what was varied how."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, ResultError, nearest
from sim.scenario.sides import DEFAULT, Sides
from sim.studies import design as designs
from sim.studies.comparability import counted
from sim.studies.factors import Meaning, meaning
from sim.world.outcomes import NAMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.study import Study, StudyFactor

#: A column of numbers with no more values than this is shown value by value.
FEW_VALUES = 12


@dataclass(frozen=True)
class Axis:
    """What moves as one in a study: a factor, or several that are linked.

    `name` is that of the first factor if all have the same values, else of all.
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
    sides: Sides = DEFAULT

    @property
    def categorical(self) -> bool:
        """Whether its values have no order or distance."""
        return bool(self.labels)

    @cached_property
    def meaning(self) -> Meaning:
        """What its first factor means, from the registry."""
        return meaning(self.path, self.sides)

    @cached_property
    def few(self) -> bool:
        """Whether it has so few values that each can be shown."""
        return self.categorical or len(np.unique(self.codes)) <= FEW_VALUES


@dataclass(frozen=True)
class Answers:
    """The share of runs that hold at each point, and where it comes from.

    `frame`: point, a column for each factor, n, holds, p, low, high; sorted by point. `week` is
    None where points have terms of several lengths and each is read at the end of its own.
    """

    name: str
    question: str
    scenario: str
    seed: int
    fresh_luck: bool
    design: dict[str, Any]
    factors: "tuple[StudyFactor, ...]"
    outcome: str
    week: int | None
    definition: str
    headline: bool
    frame: "pd.DataFrame"
    sides: Sides = DEFAULT

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
    def when(self) -> str:
        """When the outcome is read, in words."""
        if self.week is None:
            return "at the end of each point's term"
        return f"at the end of week {self.week}"

    @property
    def runs(self) -> str:
        """Runs at each point, in words."""
        low, high = int(self.frame["n"].min()), int(self.frame["n"].max())
        return f"{low:,}" if low == high else f"{low:,} to {high:,}"

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """What was varied, in the order of the file; linked factors are one."""
        groups: dict[str, list[StudyFactor]] = {}
        for index, factor in enumerate(self.factors):
            groups.setdefault(factor.link or f"\0{index}", []).append(factor)
        return tuple(self._axis(group) for group in groups.values())

    def _axis(self, group: "Sequence[StudyFactor]") -> Axis:
        first = group[0]
        columns = tuple(factor.name for factor in group)
        column, listed = self.frame[first.name], first.labels
        same_column = all((self.frame[other] == column).all() for other in columns[1:])
        name = first.name if same_column else " + ".join(columns)
        if column.dtype.kind in "if":
            ends = listed or (first.low, first.high)
            return Axis(
                name,
                columns,
                first.path,
                column.to_numpy(float),
                whole=column.dtype.kind == "i",
                levels=len(listed),
                span=(float(min(ends)), float(max(ends))),
                sides=self.sides,
            )
        labels = tuple(dict.fromkeys(str(label) for label in listed))
        places = {label: place for place, label in enumerate(labels)}
        codes = np.array([places[str(label)] for label in column], float)
        top = len(labels) - 1.0
        span = (0, top)
        return Axis(name, columns, first.path, codes, labels, False, len(listed), span, self.sides)

    @cached_property
    def independent(self) -> NDArray[np.int64]:
        """The rows that are a sample of the ranges: of saltelli the matrices A and B alone."""
        rows = np.arange(self.points)
        if self.kind != designs.SALTELLI:
            return rows
        step = self.points // int(self.design["samples"])
        return rows[(rows % step == 0) | (rows % step == step - 1)]


def answers(study: "Study", outcome: str | None = None, week: int | None = None) -> Answers:
    """One outcome of a study at the end of one week; by default its headline.

    The headline is read at the end of each point's own term; any other outcome at `week`, by
    default the last. Raises ResultError, with what there is, for one that the study lacks.
    """
    if outcome is None and week is None:
        rows = study.points
        outcomes, weeks = set(rows["outcome"]), set(rows["week"].astype(int))
        if len(outcomes) > 1:
            raise ResultError(f"the headline differs between points ({', '.join(outcomes)})")
        return _answers_from(
            study, rows, outcomes.pop(), weeks.pop() if len(weeks) == 1 else None, True
        )
    first = str(study.points["outcome"].iloc[0])
    rows, at = _rows(study, first if outcome is None else outcome, week)
    return _answers_from(study, rows, first if outcome is None else outcome, at, False)


def _answers_from(
    study: "Study", rows: "pd.DataFrame", outcome: str, week: int | None, headline: bool
) -> Answers:
    names = [factor.name for factor in study.factors]
    columns = ["point", *names, "n", "holds", "p", "low", "high"]
    plan = study.plan
    return Answers(
        name=study.name,
        question=study.question,
        scenario=str(plan["scenario"]),
        seed=study.seed,
        fresh_luck=bool(plan["fresh_luck"]),
        design=dict(plan["design"]),
        factors=study.factors,
        outcome=outcome,
        week=week,
        definition=study.definition if headline else _definition(study, outcome),
        headline=headline,
        frame=rows.sort_values("point").reset_index(drop=True)[columns],
    )


def _definition(study: "Study", outcome: str) -> str:
    """What an outcome counts as holding in the base scenario, in words."""
    from sim.scenario import Scenario

    stored = study.manifest["plan"]["scenarios"][study.plan["scenario"]]
    return counted(Scenario.from_table(stored["table"], name=study.name).compiled, outcome)


def _rows(study: "Study", outcome: str, week: int | None) -> tuple["pd.DataFrame", int]:
    """The rows of one outcome at the end of one week (None: its last)."""
    table = study.table("outcomes", columns=["outcome", "week"]).drop_duplicates()
    weeks = np.sort(table["week"][table["outcome"] == outcome].to_numpy(int))
    if not weeks.size:
        names = [name for name in NAMES if name in set(table["outcome"])]
        raise _wrong("--outcome", outcome, ", ".join(names), nearest(outcome, names))
    at = int(weeks[-1]) if week is None else week
    if at not in weeks:
        weeks_there = (
            f"a week from {weeks[0]} to {weeks[-1]}" if weeks.size > 1 else f"week {weeks[0]}"
        )
        raise _wrong("--week", str(at), f"{weeks_there} of {outcome}")
    rows = study.table("outcomes", filters=[("outcome", "==", outcome), ("week", "==", at)])
    if len(rows) < len(study.points):
        found = f"{outcome} at week {at}, which {len(study.points) - len(rows)} points do not have"
        raise _wrong("--week", found, "an outcome and a week that every point has")
    return rows, at


def _wrong(place: str, found: str, allowed: str, near: str | None = None) -> ResultError:
    return ResultError(str(Problem("detente", None, place, found, allowed, near)))
