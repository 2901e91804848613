"""One outcome of a study at the end of one week: a row a point, and what was varied how."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, ResultError, nearest
from sim.outcomes.definitions import counted
from sim.scenario.sides import DEFAULT, Sides
from sim.studies import design as designs
from sim.studies.design import Meaning, meaning
from sim.studies.study import Study, StudyFactor, runs_in_words
from sim.world.outcomes import all_names

if TYPE_CHECKING:
    import pandas as pd


LINE, MAP, PANELS, SENSITIVITY = "line", "map", "panels", "sensitivity"
#: Panels of one picture; of more factors those whose means differ most.
MOST_PANELS = 12
#: A column of numbers with no more values than this is shown value by value.
FEW_VALUES = 12
_MOST_BINS = 20
_POINTS_A_BIN = 15


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

    @cached_property
    def meaning(self) -> Meaning:
        """What its first factor means, from the registry."""
        return meaning(self.path, self.sides)

    @cached_property
    def few(self) -> bool:
        """Whether it has so few values that each can be shown."""
        return bool(self.labels) or len(np.unique(self.codes)) <= FEW_VALUES

    @property
    def bins(self) -> NDArray[np.int64]:
        """The bin of each point: one for each of a few values, else of equal numbers of points."""
        if self.few:
            return np.unique(self.codes, return_inverse=True)[1].astype(np.int64)
        count = min(_MOST_BINS, max(2, len(self.codes) // _POINTS_A_BIN))
        edges = np.quantile(self.codes, np.arange(1, count) / count)
        return np.searchsorted(edges, self.codes, side="right").astype(np.int64)


@dataclass(frozen=True)
class Answers:
    """The share of runs that hold at each point of a study; ready to be drawn.

    `frame`: point, a column for each factor, n, holds, p, low, high; sorted by point. `week` is
    None where points have terms of several lengths and each is read at the end of its own.
    """

    study: Study
    outcome: str
    week: int | None
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
        return self.study.design

    @property
    def design(self) -> dict[str, Any]:
        """The kind of design, and what made its number of points."""
        return dict(self.study.plan["design"])

    @property
    def fresh_luck(self) -> bool:
        """Whether each point has random numbers of its own."""
        return bool(self.study.plan["fresh_luck"])

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
        return runs_in_words(self.frame)

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """What was varied, in the order of the file; linked factors are one."""
        groups: dict[str, list[StudyFactor]] = {}
        for index, factor in enumerate(self.study.factors):
            groups.setdefault(factor.link or f"\0{index}", []).append(factor)
        return tuple(self._axis(group) for group in groups.values())

    @property
    def axis_names(self) -> list[str]:
        """What was varied, by name."""
        return [axis.name for axis in self.axes]

    def _axis(self, group: Sequence[StudyFactor]) -> Axis:
        first = group[0]
        columns = tuple(factor.name for factor in group)
        column, listed = self.frame[first.name], first.labels
        labels: tuple[str, ...] = ()
        same_column = all((self.frame[other] == column).all() for other in columns[1:])
        name = first.name if same_column else " + ".join(columns)
        if column.dtype.kind in "if":
            ends = listed or (first.low, first.high)
            codes, whole = column.to_numpy(float), column.dtype.kind == "i"
            span = float(min(ends)), float(max(ends))
        else:
            labels, whole = tuple(dict.fromkeys(map(str, listed))), False
            places = {label: place for place, label in enumerate(labels)}
            codes = np.array([places[str(label)] for label in column], float)
            span = 0, len(labels) - 1.0
        levels, sides = len(listed), self.study.sides
        return Axis(name, columns, first.path, codes, labels, whole, levels, span, sides)

    @cached_property
    def independent(self) -> NDArray[np.int64]:
        """The rows that are a sample of the ranges: of saltelli the matrices A and B alone."""
        rows = np.arange(self.points)
        if self.kind != designs.SALTELLI:
            return rows
        step = self.points // int(self.design["samples"])
        return rows[(rows % step == 0) | (rows % step == step - 1)]

    @cached_property
    def margins(self) -> "list[pd.DataFrame]":
        """The points by value or bin of each axis, whatever the others are, in the file's order.

        A row a value or bin with x (the mean code), points, mean of the share, and q05, q95 of
        the points.
        """
        import pandas as pd

        tables = []
        for axis in self.axes:
            table = pd.DataFrame({"bin": axis.bins, "x": axis.codes, "p": self.p})
            groups = table.groupby("bin")
            columns = {"x": groups["x"].mean(), "points": groups.size(), "mean": groups["p"].mean()}
            columns |= {f"q{q:02}": groups["p"].quantile(q / 100) for q in (5, 95)}
            tables.append(pd.DataFrame(columns).reset_index(drop=True))
        return tables

    @property
    def fitting(self) -> str:
        """The kind of picture that fits what was varied."""
        axes = self.axes
        if self.kind == designs.MORRIS:
            return SENSITIVITY
        if len(axes) == 1:
            return PANELS if self._repeats else LINE
        return MAP if len(axes) == 2 and self.kind == designs.GRID else PANELS

    @property
    def _repeats(self) -> bool:
        """Whether several points have the same value of the first factor."""
        codes = self.axes[0].codes
        return len(np.unique(codes)) < len(codes)

    @property
    def kinds(self) -> dict[str, str]:
        """Every kind of picture, with why it shows nothing of this study ("" if it does).

        The walks of a Morris design are few and their points are not spread evenly, so that the
        mean of the points with one value says nothing.
        """
        reason = "several points have the same value" if self._repeats else ""
        reason = reason if len(self.axes) == 1 else "more than one factor was varied"
        two = "" if self.fitting == MAP else "a map needs a grid of two factors"
        walks = self.kind == designs.MORRIS
        few = "the walks of a morris are no even sample" if walks else ""
        return {LINE: few or reason, MAP: two, PANELS: few}

    def ranked(self) -> list[int]:
        """The axes in panels, the first MOST_PANELS by how far their means lie apart."""
        spread = [-float(np.ptp(table["mean"])) for table in self.margins]
        return sorted(range(len(spread)), key=spread.__getitem__)[:MOST_PANELS]

    def crossed(self) -> tuple[Axis, Axis, NDArray[np.float64]]:
        """The two axes of a grid (across, down) and the share, shape (down, across)."""
        down, across = self.axes
        return across, down, self.p.reshape(down.levels, across.levels)


def answers(study: Study, outcome: str | None = None, week: int | None = None) -> Answers:
    """One outcome of a study at the end of one week; by default its headline.

    The headline is read at the end of each point's own term; any other outcome at `week`, by
    default the last. Raises ResultError, with what there is, for one that the study lacks.
    """
    from sim.scenario import Scenario

    rows, at = study.points, week
    name = str(rows["outcome"].iloc[0]) if outcome is None else outcome
    headline = outcome is None and week is None
    if headline:
        outcomes, weeks = set(rows["outcome"]), set(rows["week"].astype(int))
        if len(outcomes) > 1:
            raise ResultError(f"the headline differs between points ({', '.join(outcomes)})")
        at, definition = weeks.pop() if len(weeks) == 1 else None, study.definition
    else:
        rows, at = _rows(study, name, week)
        base = study.manifest["plan"]["scenarios"][study.plan["scenario"]]["table"]
        definition = counted(Scenario.from_table(base, name=study.name).compiled, name)
    columns = ["point", *(f.name for f in study.factors), "n", "holds", "p", "low", "high"]
    frame = rows.sort_values("point").reset_index(drop=True)[columns]
    return Answers(study, name, at, definition, headline, frame)


def _rows(study: Study, outcome: str, week: int | None) -> tuple["pd.DataFrame", int]:
    """The rows of one outcome at the end of one week (None: its last)."""
    table = study.table("outcomes", columns=["outcome", "week"]).drop_duplicates()
    weeks = np.sort(table["week"][table["outcome"] == outcome].to_numpy(int))
    if not weeks.size:
        names = [name for name in all_names() if name in set(table["outcome"])]
        raise _wrong("--outcome", outcome, ", ".join(names), nearest(outcome, names))
    at = int(weeks[-1]) if week is None else week
    if at not in weeks:
        several = f"a week from {weeks[0]} to {weeks[-1]}"
        there = several if weeks.size > 1 else f"week {weeks[0]}"
        raise _wrong("--week", str(at), f"{there} of {outcome}")
    rows = study.table("outcomes", filters=[("outcome", "==", outcome), ("week", "==", at)])
    if len(rows) < len(study.points):
        found = f"{outcome} at week {at}, which {len(study.points) - len(rows)} points do not have"
        raise _wrong("--week", found, "an outcome and a week that every point has")
    return rows, at


def _wrong(place: str, found: str, allowed: str, near: str | None = None) -> ResultError:
    return ResultError(str(Problem("detente", None, place, found, allowed, near)))
