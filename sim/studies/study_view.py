"""What a picture of a study shows: one factor as a line, two as a map, many side by side."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.studies import design as designs
from sim.studies.answers import Answers, Axis
from sim.studies.indices import binned

if TYPE_CHECKING:
    import pandas as pd

LINE, MAP, PANELS, SENSITIVITY = "line", "map", "panels", "sensitivity"
#: Panels of one picture; of more factors those whose means differ most.
MOST_PANELS = 12


@dataclass(frozen=True)
class StudyView:
    """One outcome of a study, ready to be drawn.

    `margins`, one for each axis in the order of the file: a row a value or bin with x (the mean
    code), points, mean of the share, and q05, q95 of the points.
    """

    answers: Answers
    margins: "tuple[pd.DataFrame, ...]"

    @property
    def fitting(self) -> str:
        """The kind of picture that fits what was varied."""
        axes = self.answers.axes
        if self.answers.kind == designs.MORRIS:
            return SENSITIVITY
        if len(axes) == 1:
            return PANELS if self._repeats else LINE
        return MAP if len(axes) == 2 and self.answers.kind == designs.GRID else PANELS

    @property
    def _repeats(self) -> bool:
        """Whether several points have the same value of the first factor."""
        codes = self.answers.axes[0].codes
        return len(np.unique(codes)) < len(codes)

    @property
    def kinds(self) -> dict[str, str]:
        """Every kind of picture, with why it shows nothing of this study ("" if it does).

        The walks of a Morris design are few and their points are not spread evenly, so that the
        mean of the points with one value says nothing.
        """
        walks = self.answers.kind == designs.MORRIS
        reason = "several points have the same value" if self._repeats else ""
        reason = reason if len(self.answers.axes) == 1 else "more than one factor was varied"
        two = "" if self.fitting == MAP else "a map needs a grid of two factors"
        few = "the walks of a morris are no even sample" if walks else ""
        return {LINE: few or reason, MAP: two, PANELS: few}

    def ranked(self) -> list[int]:
        """The axes in panels, the first MOST_PANELS by how far their means lie apart."""
        spread = [float(np.ptp(table["mean"])) for table in self.margins]
        order = sorted(range(len(spread)), key=lambda place: -spread[place])
        return order[:MOST_PANELS]

    def crossed(self) -> "tuple[Axis, Axis, NDArray[np.float64]]":
        """The two axes of a grid (across, down) and the share, shape (down, across)."""
        down, across = self.answers.axes
        return across, down, self.answers.p.reshape(down.levels, across.levels)


def study_view(answers: Answers) -> StudyView:
    """One outcome of a study, ready to be drawn."""
    return StudyView(answers, tuple(_margin(answers, axis) for axis in answers.axes))


def _margin(answers: Answers, axis: Axis) -> "pd.DataFrame":
    """The points by value or bin of one axis, whatever the others are."""
    import pandas as pd

    table = pd.DataFrame({"bin": binned(axis), "x": axis.codes, "p": answers.p})
    groups = table.groupby("bin")
    return pd.DataFrame(
        {
            "x": groups["x"].mean(),
            "points": groups.size(),
            "mean": groups["p"].mean(),
            "q05": groups["p"].quantile(0.05),
            "q95": groups["p"].quantile(0.95),
        }
    ).reset_index(drop=True)
