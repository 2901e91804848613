"""The sensitivity of a study: which method its design allows, its indices and their limits."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import ResultError
from sim.studies import design as designs
from sim.studies import indices
from sim.studies.answers import Answers
from sim.studies.variance import MOST_CHANCE, Variance, variance

if TYPE_CHECKING:
    import pandas as pd

METHODS = {
    designs.SALTELLI: "Sobol indices by Saltelli's design",
    designs.MORRIS: "elementary effects (Morris)",
    designs.GRID: "Sobol indices over the grid",
    designs.LATIN_HYPERCUBE: "first-order indices from the points as given",
    designs.SOBOL: "first-order indices from the points as given",
}
NEEDED = 'design = { kind = "saltelli", samples = 256 } or { kind = "morris", trajectories = 20 }'


@dataclass(frozen=True)
class Sensitivity:
    """`indices`: a row a factor, columns as the method's function in indices.py says;
    `pairs`: second-order indices if they were sampled."""

    answers: Answers
    variance: Variance
    indices: "pd.DataFrame"
    pairs: "pd.DataFrame | None"
    notes: tuple[str, ...]

    @property
    def method(self) -> str:
        """What was computed, in words."""
        return METHODS[self.answers.kind]

    @property
    def main(self) -> str:
        """The index that factors are ranked by."""
        return next(name for name in ("mu_star", "total", "first") if name in self.indices)


def sensitivity(answers: Answers) -> Sensitivity:
    """The indices that the design of a study allows.

    Raises ResultError for a design that allows none, or if nothing varies.
    """
    kind = answers.kind
    if kind not in METHODS:
        raise ResultError(
            f"a {kind} was chosen by hand, so its points stand for no ranges and have no "
            f"sensitivity indices; allowed: {NEEDED}, or grid, latin_hypercube, sobol"
        )
    chance, pairs = variance(answers), None
    if kind == designs.SALTELLI:
        table, pairs = indices.saltelli(answers, chance)
    elif kind == designs.MORRIS:
        table = indices.morris(answers)
    elif kind == designs.GRID:
        table = indices.grid(answers, chance)
    else:
        table = indices.given_data(answers, chance)
    return Sensitivity(answers, chance, table, pairs, tuple(_notes(answers, chance)))


def _notes(answers: Answers, chance: Variance) -> list[str]:
    """What a reader must know to read the indices."""
    share = f"{100 * chance.share:.1f} %"
    notes = []
    if chance.noisy:
        notes.append(
            f"warning: chance may be {share} of the variance, more than {100 * MOST_CHANCE:.0f} %: "
            f"about {chance.needed:,} runs at each point would do"
        )
    if answers.kind == designs.MORRIS:
        notes.append(
            "chance: the mu* that independent chance alone would show; no mu* is corrected"
        )
    elif answers.fresh_luck:
        notes.append(
            f"corrected for chance, {share} of the variance (fresh random numbers at every point)"
        )
    else:
        notes.append(
            f"not corrected: with common random numbers what moves all points together "
            f"cancels; at most, a total is too high by {chance.share:.3f} and a first too low by "
            f"{share} of itself"
        )
    if answers.kind in (designs.LATIN_HYPERCUBE, designs.SOBOL):
        notes.append(f"what factors do together is in no first-order index: for totals {NEEDED}")
    return notes


def long_table(sensitivity: Sensitivity) -> "pd.DataFrame":
    """All indices one below the other: outcome, week, factor, other, index, value, low, high."""
    import pandas as pd

    rows = []
    for row in sensitivity.indices.to_dict("records"):
        for name in ("first", "total", "mu_star", "mu", "sigma", "chance"):
            if name in row:
                ends = (row.get(f"{name}_{end}", float("nan")) for end in ("low", "high"))
                rows.append((row["factor"], "", name, row[name], *ends))
    pair = ("second", "low", "high")
    if sensitivity.pairs is not None:
        for row in sensitivity.pairs.to_dict("records"):
            rows.append((row["factor"], row["other"], "second", *(row[k] for k in pair)))
    columns = ["factor", "other", "index", "value", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    table.insert(0, "outcome", sensitivity.answers.outcome)
    table.insert(1, "week", sensitivity.answers.week)
    return table
