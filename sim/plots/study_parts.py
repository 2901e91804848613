"""What the pictures of studies share: headings, footers, and axes of a factor's values."""

import re
import textwrap
from typing import TYPE_CHECKING

import numpy as np

from sim.plots import style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.studies.answers import Answers, Axis

_LONGEST_TITLE = 74  # characters of a question that fit above a picture
_INCH_A_LETTER = 0.072  # of a label of an axis, at its size
_MOST_TICKS = 12
_LONGEST_LABEL = 20  # letters of a line of a choice
_LINES = 3  # lines of a choice


def sheet(
    answers: "Answers", subtitle: str, texts: "Sequence[str]", height: float, below: float = 0.75
) -> "tuple[Figure, float]":
    """`style.sheet` under the question, or where it is too long the name of the study."""
    question = answers.question
    short = question and len(question) <= _LONGEST_TITLE
    return style.sheet(question if short else answers.name, subtitle, texts, height, below)


def notes(answers: "Answers", *more: str) -> list[str]:
    """The footer: what is counted, what is drawn, the question, and where it comes from."""
    luck = "its own random numbers" if answers.fresh_luck else "common random numbers"
    lines = [f"{answers.outcome}: share of runs with {answers.definition}.", *more]
    for axis in answers.axes:
        if len(axis.columns) > 1 and axis.name == axis.columns[0]:
            lines.append(
                f"With {axis.name} moves {', '.join(axis.columns[1:])}, to the same values."
            )
    if answers.question and len(answers.question) > _LONGEST_TITLE:
        lines.append(f"Question: {answers.question}")
    return [
        *lines,
        f"Source: detente, study {answers.name} of scenario {name(answers)}, {answers.points:,} "
        f"points ({answers.kind}) x {answers.runs} runs, {luck} at each, seed {answers.seed}.",
    ]


def name(answers: "Answers") -> str:
    """The name of the scenario, of a path the last part."""
    return answers.scenario.rsplit("/", 1)[-1].removesuffix(".toml")


def axis_text(axis: "Axis", inches: float, lines: int = 1) -> str:
    """What stands along the axis of a factor: its name, and its meaning if there is room for it."""
    meaning = "" if axis.path.endswith(".policy") else axis.meaning.text  # of numbers, not of rules
    columns = max(14, int(inches / _INCH_A_LETTER))
    wrapped = textwrap.wrap(f"{axis.name}: {meaning}", columns) if meaning else []
    if 0 < len(wrapped) <= lines:
        return "\n".join(wrapped)
    return "\n".join(textwrap.wrap(axis.name, columns, max_lines=lines, placeholder=" ..."))


def value_ticks(axes: "Axes", axis: "Axis", across: bool = True, most: int = _MOST_TICKS) -> None:
    """Ticks at the values of a factor: each label of choices, each of a few numbers.

    Of many numbers round ones, about half of `most`.
    """
    values = np.unique(axis.codes)
    if axis.labels:
        inches = axes.get_position().width * style.WIDTH
        room = int(inches / _INCH_A_LETTER) // len(axis.labels) if across else _LONGEST_LABEL
        texts = [broken(label, min(room, _LONGEST_LABEL)) for label in axis.labels]
        places = np.arange(len(axis.labels), dtype=float)
    elif len(values) <= most and well_spaced(values) and (axis.levels or axis.whole):
        texts, places = [f"{value:g}" for value in values], values
    else:
        axes.locator_params(
            axis="x" if across else "y", nbins=max(4, most // 2), integer=axis.whole
        )
        return
    if across:
        axes.set_xticks(places, texts)
    else:
        axes.set_yticks(places, texts)


def broken(text: str, most: int) -> str:
    """A label in lines of at most so many letters, at most three; a longer one is cut.

    Names in the manner of files are broken after their underscores and dots.

    >>> print(broken("contrite_tit_for_tat", 14))
    contrite_tit_
    for_tat
    """
    room, lines = max(4, most), [""]
    for piece in re.split(r"(?<=[_.])(?=\w)|(?<=\s)", text):
        if lines[-1] and len((lines[-1] + piece).rstrip()) > room:
            lines.append("")
        lines[-1] += piece
    wrapped = [part for line in lines for part in textwrap.wrap(line, room)]
    if len(wrapped) > _LINES:
        wrapped[_LINES - 1 :] = [f"{wrapped[_LINES - 1][: room - 2]}.."]
    return "\n".join(wrapped)


def well_spaced(values: np.ndarray) -> bool:
    """Whether no two neighbours are so near that their labels would touch."""
    if len(values) < 2:
        return True
    return bool(np.diff(values).min() >= 0.06 * np.ptp(values))


def share_axis(axes: "Axes") -> None:
    """A share from 0 to 1, with a line at one half."""
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.axhline(0.5, color=style.GREY, linewidth=0.8, linestyle=style.DASHED)
