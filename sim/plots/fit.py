"""What the record moved: prior and posterior of every setting that it says something about."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from sim.forecast.posterior import WORDS, bits
from sim.plots import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.forecast.fitted import Fit

_ROW, _LABELS, _VALUES = 0.3, 3.1, 1.6  # inches of a setting, its name, its values
_MOST = 30  # settings shown


@style.in_house_style
def fit_picture(fit: "Fit") -> "Figure":
    """A row a setting: where its posterior lies in the shares of its prior, most moved on top.

    Thick: the middle half of the points, thin: 5 to 95 %, against 0 to 1, the whole of what was
    believed. Beside it the median and its 5 and 95 % points in the setting's own unit.
    """
    if fit.cloud is None:
        raise ValueError("the fit has no points yet")
    z, moved = fit.cloud.z, bits(fit.cloud.z)
    laws = [
        coordinate.law is not None for coordinate in fit.prior.coordinates
    ]  # a reading is no scale
    moved_most = [k for k in np.argsort(-moved) if laws[k] and moved[k] >= WORDS[-2][0]][:_MOST]
    notes = _notes(fit, len(moved_most))
    tall = max(1.0, _ROW * len(moved_most))
    truces = ", ".join(truce.name for truce in fit.prior.scenarios)
    title = f"What the record moved, up to {fit.until}"
    figure, foot = style.sheet(title, truces, notes, 1.0 + tall, 0.6)
    left = style.MARGIN + _LABELS
    box = (left, foot, style.WIDTH - left - _VALUES - style.MARGIN, tall)
    axes = style.panel(figure, box, "", "")
    values = fit.prior.values(z)
    for row, place in enumerate(moved_most):
        ends = ndtr(np.quantile(z[:, place], (0.05, 0.25, 0.5, 0.75, 0.95)))
        axes.plot(ends[[0, 4]], [row, row], color=style.BLUE, linewidth=1.4)
        axes.plot(ends[[1, 3]], [row, row], color=style.BLUE, linewidth=4.5)
        axes.plot(ends[2], row, "o", color="white", markeredgecolor=style.BLUE, markersize=5)
        low, mid, high = np.quantile(values[:, place], (0.05, 0.5, 0.95), method="inverted_cdf")
        text = f"{mid:.3g} ({low:.3g} to {high:.3g})"
        style.note(axes, text, (1.0, row), (8, 0), size=8, va="center", annotation_clip=False)
    names = [fit.prior.coordinates[place].name for place in moved_most]
    axes.set_yticks(range(len(moved_most)), names, fontsize=8)
    axes.set_ylim(max(len(moved_most), 1) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.axvline(0.5, color=style.GREY, linewidth=0.8, linestyle=":")
    axes.set_xlabel("share of what was believed that lies below", fontsize=9, color=style.GREY)
    return figure


def _notes(fit: "Fit", moved: int) -> list[str]:
    points = 0 if fit.cloud is None else len(fit.cloud.z)
    return [
        f"{moved} of {fit.prior.size} settings: of the others the record says nothing. Thick: the "
        f"middle half of {points:,} points, thin: 5 to 95 %; a setting that was not moved would "
        f"fill .05 to .95 with its median at .5. Right: median and 5 to 95 % in its own unit.",
        f"Source: detente, fit of {len(fit.prior.scenarios)} scenarios, {fit.plan.stages} stages, "
        f"{fit.copies:,} copies a point, seed {fit.seed}.",
    ]
