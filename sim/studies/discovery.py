"""Scenario discovery: the boxes of a study's ranges in which the truce fails (PRIM).

Patient rule induction (Friedman and Fisher, 1999) as scenario discovery uses it (Bryant and
Lempert, 2010): on one half of the points a box is peeled, limit by limit, until failures fill
it; the other half, which the box has never seen, says how well it holds.
"""

import inspect
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.setting import seed_words
from sim.errors import ResultError
from sim.extras import need, part, replaced
from sim.outcomes.estimates import Estimate, estimate
from sim.studies import design as designs
from sim.studies.answers import Answers, Axis
from sim.studies.sizes import DENSITY, THRESHOLD
from sim.world.philox import order
from sim.world.purposes import HALF

if TYPE_CHECKING:
    import pandas as pd


Mask = NDArray[np.bool_]  # shape (points,)

MOST_BOXES = 3  # judgement: more are no longer a summary
MOST_LIMITS = 4  # of a box, for the same reason
FEWEST_FAILURES = 10  # in each half
LEAST_COVERAGE = 0.05
_IDLE = 0.02  # what a limit must add to the density, or it is left out: judgement
_PEEL = 0.05  # of the points in a box, at each step; the default of Friedman and Fisher
_LEAST_MASS = 0.05
_SAID = {
    designs.LIST: "the points are a list: shares are of that list, not of ranges",
    designs.GRID: "the points are a grid: limits fall on its values",
}


@dataclass(frozen=True)
class Limit:
    """What a box asks of one axis: from `low` to `high` (None: no limit), or one of `labels`."""

    axis: Axis
    low: float | None = None
    high: float | None = None
    labels: tuple[str, ...] = ()

    def holds(self) -> Mask:
        """Which points keep to it, shape (points,)."""
        codes = self.axis.codes
        if self.labels:
            return np.isin(codes, [self.axis.labels.index(label) for label in self.labels])
        low = -np.inf if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        return (codes >= low) & (codes <= high)


@dataclass(frozen=True)
class BoxScore:
    """How well a box does on some points: of those in it, how many fail (`density`); of those
    that fail, how many are in it (`coverage`)."""

    density: Estimate
    coverage: Estimate


@dataclass(frozen=True)
class Box:
    """One box; `path` holds coverage and density, fitted and held out, of each step of peeling,
    and `chosen` is the step that was taken (less its idle limits)."""

    limits: tuple[Limit, ...]
    fitted: BoxScore
    held_out: BoxScore
    path: "pd.DataFrame"
    chosen: int

    @property
    def reached(self) -> float:
        """The density of the step that was taken, on the half fitted to."""
        return float(self.path["density"][self.chosen])

    def holds(self) -> Mask:
        """Which points of the study are in it, shape (points,)."""
        return within(self.limits)


@dataclass(frozen=True)
class Discovery:
    """Boxes found; `rows` are the points used, of saltelli the matrices A and B alone.

    `fails`, shape (points,): fewer than `threshold` of the runs hold; `fit`, shape (points,):
    the half that boxes were fitted to. The interval of `near` of the points used holds the
    threshold: they may lie on its other side.
    """

    answers: Answers
    threshold: float
    density: float
    rows: NDArray[np.int64]
    fails: Mask
    fit: Mask
    near: int
    boxes: tuple[Box, ...]
    notes: tuple[str, ...]

    @property
    def base(self) -> Estimate:
        """The share of all points used that fail."""
        return estimate(int(self.fails[self.rows].sum()), len(self.rows))


def discover(
    answers: Answers,
    threshold: float = THRESHOLD,
    density: float = DENSITY,
    most: int = MOST_BOXES,
    progress: Callable[[int], None] | None = None,
) -> Discovery:
    """Boxes in which fewer than `threshold` of the runs hold, until failures run out.

    `density`: the share of failures that a box should reach on the half it is fitted to; where
    failures are common, at least half way from their share of all points to 1.
    Raises ResultError for a design or a number of failures that cannot show boxes.
    """
    rows, fails = answers.independent, answers.p < threshold
    used = np.isin(np.arange(answers.points), rows)
    fails &= used
    fit = np.zeros(answers.points, dtype=bool)  # half of those used, by the study's seed
    shuffled = order(seed_words(answers.study.seed), len(rows), HALF)
    fit[rows[shuffled[: (len(rows) + 1) // 2]]] = True
    _check(answers, fails, fit, threshold)
    density = max(density, (1 + float(fails[fit].mean())) / 2)
    boxes: list[Box] = []
    left = used
    while len(boxes) < most:
        box = _box(answers, fails, fit, left, density)
        if box is None or (
            boxes and (box.reached < density or box.fitted.coverage.p < LEAST_COVERAGE)
        ):
            break
        boxes.append(box)
        left = left & ~box.holds()
        if progress is not None:
            progress(len(boxes))
    if not boxes:
        raise ResultError("no box separates failures from the rest: they lie all over the ranges")
    near = answers.frame["low"].lt(threshold) & answers.frame["high"].gt(threshold)
    straddling = int(near.to_numpy()[rows].sum())
    notes = [_SAID[answers.kind]] if answers.kind in _SAID else []
    notes += [
        f"box {number} falls short of the density asked for ({density:.2g}): it is the densest "
        f"that its peeling came to, {box.reached:.2g}"
        for number, box in enumerate(boxes, start=1)
        if box.reached < density
    ]
    found = tuple(boxes), tuple(notes)
    return Discovery(answers, threshold, density, rows, fails, fit, straddling, *found)


def _check(answers: Answers, fails: Mask, fit: Mask, threshold: float) -> None:
    if answers.kind == designs.MORRIS:
        raise ResultError(
            "the walks of a morris design do not fill its ranges: discovery needs "
            'design = { kind = "latin_hypercube", points = 1000 }, or grid, sobol, saltelli'
        )
    rows = answers.independent
    count, whole = int(fails[rows].sum()), len(rows)
    p = answers.p[rows]
    if p.min() == p.max():
        raise ResultError(
            f"{answers.outcome} holds in {p.min():.3f} of the runs at every one of {whole} points: "
            f"nothing varies, so that there is nothing to discover"
        )
    if min(count, whole - count) == 0:
        where = "every point" if count else "no point"
        raise ResultError(
            f"{answers.outcome} in fewer than {threshold:g} of the runs: so at {where} of {whole}; "
            f"allowed: a --threshold between {p.min():.3f} and {p.max():.3f}"
        )
    if min(int(fails[fit].sum()), int(fails[~fit].sum())) < FEWEST_FAILURES:
        raise ResultError(
            f"{count} of {whole:,} points fail: too few to fit boxes to one half and check them on "
            f"the other (at least {FEWEST_FAILURES} in each); allowed: more points, or another "
            f"--threshold between {p.min():.3f} and {p.max():.3f}"
        )


def _box(answers: Answers, fails: Mask, fit: Mask, left: Mask, density: float) -> Box | None:
    """The next box, fitted to what is `left` of one half; None where nothing tells more apart.

    Of the steps of the peeling the one with the best harmonic mean of coverage and density
    among those that reach `density`; the densest if none does.
    """
    region = left & fit
    if min(int(fails[region].sum()), int((~fails)[region].sum())) == 0:
        return None
    peeling = _peeled(answers, fails, region)
    steps = [list(_limits(answers, limits, peeling.box_lims[0])) for limits in peeling.box_lims]
    path = _path(steps, fails, fit, left)
    good = path[(path["limits"] > 0) & (path["limits"] <= MOST_LIMITS)]
    if good.empty:
        return None
    dense = good[good["density"] >= density]
    both = dense["coverage"] * dense["density"] / (dense["coverage"] + dense["density"])
    chosen = int(both.idxmax() if len(dense) else good["density"].idxmax())
    limits = _needed(steps[chosen], fails, region)
    inside = within(limits) & left
    return Box(limits, _score(inside, fails, fit), _score(inside, fails, ~fit), path, chosen)


def _peeled(answers: Answers, fails: Mask, left: Mask) -> Any:
    """PRIM's box with all the steps of its peeling, from ema_workbench.

    It gets a column a<k> for axis k: numbers, or labels as text.
    """
    import pandas as pd

    columns = {}
    for place, axis in enumerate(answers.axes):
        labels = np.array(axis.labels, dtype=object)
        columns[f"a{place}"] = labels[axis.codes.astype(int)] if axis.labels else axis.codes
    induction = prim().Prim(
        pd.DataFrame(columns).loc[left].reset_index(drop=True),
        fails[left].astype(int),
        threshold=1e-6,  # any box: which step of it is good enough is decided here
        peel_alpha=_PEEL,
        mass_min=_LEAST_MASS,
    )
    return induction.find_box()


def _limits(answers: Answers, box: "pd.DataFrame", whole: "pd.DataFrame") -> Iterator[Limit]:
    """What a box of PRIM (rows lower and upper, a column an axis) asks of each axis it limits."""
    for place, axis in enumerate(answers.axes):
        name = f"a{place}"
        if name not in box:
            continue  # one label at every point left
        first, last = box[name]
        if axis.labels:
            if len(first) < len(axis.labels):
                yield Limit(axis, labels=tuple(x for x in axis.labels if x in first))
            continue
        low = float(first) if first > whole[name][0] else None
        high = float(last) if last < whole[name][1] else None
        if low is not None or high is not None:
            yield Limit(axis, low, high)


def _needed(step: list[Limit], fails: Mask, region: Mask) -> tuple[Limit, ...]:
    """The limits without which failures would fill the box less, one by one, the idlest first.

    A limit goes if without it the share of failures among the points `region` falls by less than
    _IDLE: the box then says the same in fewer words.
    """
    halves = [half for limit in step for half in _ends(limit)]
    density = _density(halves, fails, region)
    while len(halves) > 1:
        others = [[*halves[:k], *halves[k + 1 :]] for k in range(len(halves))]
        best = max(others, key=lambda limits: _density(limits, fails, region))
        if _density(best, fails, region) < density - _IDLE:
            break
        halves = best
    by_axis: dict[str, Limit] = {}
    for limit in halves:
        other = by_axis.get(limit.axis.name, Limit(limit.axis))
        low = other.low if limit.low is None else limit.low
        high = other.high if limit.high is None else limit.high
        by_axis[limit.axis.name] = Limit(limit.axis, low, high, limit.labels)
    return tuple(by_axis.values())


def _ends(limit: Limit) -> Iterator[Limit]:
    """A limit from below and one from above, as two."""
    if limit.labels:
        yield limit
    if limit.low is not None:
        yield Limit(limit.axis, low=limit.low)
    if limit.high is not None:
        yield Limit(limit.axis, high=limit.high)


def _density(limits: list[Limit], fails: Mask, region: Mask) -> float:
    inside = within(limits) & region
    return float(fails[inside].mean()) if inside.any() else 0.0


def within(limits: Iterable[Limit]) -> Mask:
    """Which points keep to all of the limits."""
    inside: Mask = np.logical_and.reduce([limit.holds() for limit in limits])
    return inside


def _score(inside: Mask, fails: Mask, half: Mask) -> BoxScore:
    both = int((inside & fails & half).sum())
    density = estimate(both, int((inside & half).sum()), "points of the box that fail")
    coverage = estimate(both, int((fails & half).sum()), "failures that are in the box")
    return BoxScore(density, coverage)


def _path(steps: list[list[Limit]], fails: Mask, fit: Mask, left: Mask) -> "pd.DataFrame":
    """Coverage and density at each step: of the half fitted to, and of the half held out."""
    import pandas as pd

    rows = []
    for step in steps:
        inside = within(step) & left
        scores = (_score(inside, fails, half) for half in (fit, ~fit))
        shares = (share.p for score in scores for share in (score.coverage, score.density))
        rows.append((len(step), *shares))
    columns = ["limits", "coverage", "density", "held_coverage", "held_density"]
    return pd.DataFrame(rows, columns=columns)


def prim() -> Any:
    """The module. Raises MissingPackageError if it is not installed."""
    need("ema_workbench", "discovery")
    with warnings.catch_warnings(), replaced(inspect, "getouterframes", _callers):
        # on import it tells which of its optional parts (ipyparallel, altair) are missing
        warnings.filterwarnings("ignore", message=".*(ipyparallel|altair)")
        return part("ema_workbench", "analysis.prim")


def _callers(frame: FrameType | None, _: int = 1) -> list[tuple[FrameType, str, int, str]]:
    """Who calls whom, as `inspect` tells it, but without reading everybody's source.

    ema_workbench asks for each of its methods, and takes a name.
    """
    callers = []
    while frame is not None:
        callers.append((frame, frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back
    return callers
