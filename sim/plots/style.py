"""How every picture looks and is saved: colours, fonts, dated axes, a footer that says what it is.

Figures are made without pyplot: no global state, and half the import time. Layouts are fixed
fractions of the figure rather than solved for, which is fast and the same everywhere.
"""

import contextlib
import functools
import io
import os
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from sim.outcomes.result import Result
    from sim.scenario.scenario import Scenario

P = ParamSpec("P")
R = TypeVar("R")

# Okabe and Ito (2008), "Color universal design": told apart with any colour vision
BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
ORANGE, SKY, PURPLE, BLACK = "#E69F00", "#56B4E9", "#CC79A7", "#000000"
#: By the names that the table of outcomes uses.
PALETTE = {"blue": BLUE, "vermillion": VERMILLION, "green": GREEN}
PALETTE |= {"orange": ORANGE, "sky": SKY, "purple": PURPLE, "black": BLACK}
GREY = "#6e6e6e"
LIGHT = "#d9d9d9"
INK = "#333333"  # of words that are read, not only looked up
DASHED: Any = (0, (4, 3))  # a line that marks something
Look = dict[str, Any]  # of what is drawn, as matplotlib calls it
#: Where a note's place is: in data unless it is over, right of, or a share of the panel.
ABOVE, BESIDE, OF_AXES = ("data", "axes fraction"), ("axes fraction", "data"), "axes fraction"

WIDTH = 9.0  # inches; 900 px at 100 a inch, the width of a README
RESOLUTION = 150
MARGIN = 0.3  # inches left of titles and footers
#: Of zlib: a fiftieth larger than at 6, its default, and packed in two thirds of the time.
_COMPRESSION = 3
_FOOTER_COLUMNS = 129
_TITLE_COLUMNS = 76
_LINE = 0.165  # inches of footer a line
#: What this house changes of matplotlib's own defaults. Text is text: a title may cost $5 or $6.
_CHANGED = {
    "svg.hashsalt": "detente",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "text.parse_math": False,
}
#: Settings that say where matplotlib draws, not how it looks.
_ELSEWHERE = ("backend", "interactive", "toolbar", "tk.window_focus", "webagg", "savefig.directory")
_LOOK: Any = {
    name: value
    for name, value in matplotlib.rcParamsDefault.items()
    if not name.startswith(_ELSEWHERE)
} | _CHANGED
_UNDATED: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}
#: In a page text stays text, a fifth of the size; Verdana has the widths of DejaVu Sans.
_IN_A_PAGE = {"svg.fonttype": "none", "font.sans-serif": ["DejaVu Sans", "Verdana"]}
#: matplotlib's own warning, one for each sign that a font lacks: code point and fonts looked in.
_MISSING = re.compile(r"Glyph (\d+) .* missing from font\(s\) (.+)\.$")


@contextlib.contextmanager
def house_style(changed: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Pictures made in here look alike, whatever matplotlibrc the user has."""
    with matplotlib.rc_context(_LOOK | dict(changed or {})), _missing_signs_named():
        yield


@contextlib.contextmanager
def _missing_signs_named() -> Iterator[None]:
    """Say once, for all that is drawn in here, which signs stand as boxes; other warnings pass."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    signs, fonts = set(), set()
    for warning in caught:
        if match := _MISSING.match(str(warning.message)):
            signs.add(chr(int(match[1])))
            fonts.add(match[2])
        else:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )
    if signs:
        _warn_of("".join(sorted(signs)), ", ".join(sorted(fonts)))


@functools.lru_cache(maxsize=64)
def _warn_of(signs: str, fonts: str) -> None:
    """Once a process: pictures of one result share their title."""
    text = f"the font of pictures ({fonts}) has no sign for {signs}: boxes stand in their place"
    warnings.warn(text, UserWarning, stacklevel=4)


def in_house_style(picture: Callable[P, R]) -> Callable[P, R]:
    """Makes what a function draws look like the house's own.

    matplotlib takes fonts, sizes and whether $ means mathematics when a text is made, so the
    style must stand while a picture is made as well as while it is drawn.
    """

    @functools.wraps(picture)
    def styled(*args: P.args, **kwargs: P.kwargs) -> R:
        with house_style():
            return picture(*args, **kwargs)

    return styled


class HouseFigure(Figure):
    """A figure that is drawn in the house's style wherever that happens, with no date in files."""

    changed: Mapping[str, Any] | None = None  # of the style, while it is drawn for a page

    def draw(self, renderer: Any) -> None:
        """Draw as matplotlib does, in the house's style."""
        with house_style(self.changed):
            super().draw(renderer)

    def _repr_png_(self) -> bytes:
        """What a notebook shows, without being told to."""
        file = io.BytesIO()
        self.savefig(file)
        return file.getvalue()

    def savefig(self, fname: Any, **options: Any) -> None:
        """Write a file, png where nothing says another form; the same picture, the same bytes."""
        suffix = Path(fname).suffix[1:] if isinstance(fname, str | os.PathLike) else ""
        form = options.setdefault("format", suffix or "png")
        options.setdefault("metadata", _UNDATED.get(form))
        if form == "png":
            options.setdefault("pil_kwargs", {"compress_level": _COMPRESSION})
        with house_style(self.changed):
            super().savefig(fname, **options)


def page_svg(picture: Figure) -> str:
    """A picture as SVG for a page: of the house's own, text is text."""
    file = io.StringIO()
    picture.changed = _IN_A_PAGE  # type: ignore[attr-defined]  # others' pictures pay no heed
    picture.savefig(file, format="svg")
    picture.changed = None  # type: ignore[attr-defined]
    return file.getvalue()


def new_figure(height: float) -> Figure:
    """An empty figure of the common width, inches."""
    return HouseFigure(figsize=(WIDTH, height), dpi=RESOLUTION, facecolor="white")


def panel(figure: Figure, box: Sequence[float], title: str, unit: str) -> Axes:
    """Axes at (left, bottom, width, height), in inches from the lower left of the figure."""
    width, height = figure.get_size_inches()
    left, bottom, across, up = box
    axes = figure.add_axes((left / width, bottom / height, across / width, up / height))
    # A height of its own: else each drawing looks where the ticks leave room for a title.
    axes.set_title(title, loc="left", fontsize=10.5, fontweight="bold", pad=7, y=1.0)
    axes.set_xlabel("", fontsize=9, color=GREY)
    axes.set_ylabel(unit, fontsize=9, color=GREY)
    axes.tick_params(labelsize=9, color=LIGHT, labelcolor=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(LIGHT)
    axes.grid(axis="y", color=LIGHT, linewidth=0.6)
    axes.set_axisbelow(True)
    return axes


def note(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    off: tuple[float, float],
    of: str | tuple[str, str] = "data",
    colour: str = GREY,
    size: float = 9,
    **look: Any,
) -> None:
    """Words at a place of a panel, so many points off it; `of`: data, ABOVE, BESIDE or OF_AXES."""
    look |= {"xycoords": of, "textcoords": "offset points", "color": colour, "fontsize": size}
    axes.annotate(text, at, off, **look)


def sheet(
    title: str, subtitle: str, notes: Sequence[str], height: float, below: float = 0.5
) -> tuple[Figure, float]:
    """An empty picture with its words: title and subtitle at the head, notes at the foot.

    height: inches of the head and the panels; below: inches between the lowest panel and the notes.
    Also the height, in inches, at which the panels begin.
    """
    foot = footer_height(notes) + below
    figure = new_figure(height + foot)
    headings(figure, title, subtitle)
    footer(figure, notes)
    return figure, foot


def chart(
    title: str,
    subtitle: str,
    notes: Sequence[str],
    room: tuple[float, float, float, float],
    unit: str = "",
    below: float = 0.5,
) -> tuple[Figure, Axes]:
    """A `sheet` of one panel. room: inches left, right and above of it, and its height."""
    left, right, top, tall = room
    figure, foot = sheet(title, subtitle, notes, top + tall, below)
    return figure, panel(figure, (left, foot, WIDTH - left - right, tall), "", unit)


def headings(figure: Figure, title: str, subtitle: str) -> None:
    """Title and subtitle of the whole picture."""
    width, height = figure.get_size_inches()
    at = MARGIN / width
    title = textwrap.shorten(title, _TITLE_COLUMNS, placeholder=" ...")
    figure.text(at, 1 - 0.16 / height, title, fontsize=13, fontweight="bold", va="top")
    figure.text(at, 1 - 0.44 / height, subtitle, fontsize=10, color=GREY, va="top")


def footer_height(texts: Sequence[str]) -> float:
    """Inches that the footer of these paragraphs takes."""
    return 0.16 + _LINE * len(_wrapped(texts))


def footer(figure: Figure, texts: Sequence[str]) -> None:
    """Paragraphs at the foot of the picture."""
    width, height = figure.get_size_inches()
    text = "\n".join(_wrapped(texts))
    at, up = MARGIN / width, 0.1 / height
    figure.text(at, up, text, fontsize=8, color=GREY, va="bottom", linespacing=1.35)


def _wrapped(texts: Sequence[str]) -> list[str]:
    return [line for text in texts for line in textwrap.wrap(text, _FOOTER_COLUMNS)]


def term_note(result: "Result") -> str:
    """What the dashed line of a picture over time is; nothing where there is no term."""
    return " Dashed line: the end of the first term." if result.term else ""


def source(scenario: "Scenario", how: str) -> str:
    """Where a picture comes from: its scenario, and how that was played."""
    return f"Source: detente, scenario {scenario.name} ({scenario.hash[:8]}), {how}."


def origin(result: "Result") -> str:
    """The `source` of a picture of a result: number of runs, seed, engine."""
    how = f"{result.n:,} runs, seed {result.seed}, {result.engine} engine"
    return source(result.scenario, how)
