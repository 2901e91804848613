"""Which pictures there are: one row each, and how they are drawn and written.

The rows come from `sim.plots`, which is loaded by its name when they are first asked for: rooms
below it (results, stores) draw and list pictures without importing what draws them. Users add rows
of their own with `register`.
"""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import ExtensionError, Problem, ResultError, nearest, one_of, quoted
from sim.extensions import UNPLACED, Registry
from sim.report.side_by_side import side_by_side
from sim.store.files import sweep, whole_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: The room whose import registers the pictures that come with the package.
HOME = "sim.plots"
#: How all look; its import is that of the library which draws.
STYLE = f"{HOME}.style"
RESULT, EXACT, STUDY = "result", "exact solution", "study"
SENSITIVITY, DISCOVERY, COMPARISON = "sensitivity", "discovery", "comparison"
TOURNAMENT, REPLICATOR, RESPONSE = "tournament", "replicator dynamics", "best response"
GAME, ODDS, FIT = "game", "odds", "fit"
SCORED = "scores of forecasts"
KINDS = (
    *(RESULT, EXACT, STUDY, SENSITIVITY, DISCOVERY, COMPARISON, TOURNAMENT, REPLICATOR),
    *(RESPONSE, GAME, ODDS, FIT, SCORED),
)
FORMATS = ("png", "svg", "pdf")


#: A picture to be drawn: the name of its file, and what draws it.
Drawing = tuple[str, "Callable[[], Figure]"]


class PictureWarning(UserWarning):
    """A picture that could not be drawn, or that lacks letters; the numbers are not touched."""


def always(_: Any) -> str:
    """Why a picture that shows something of everything would show nothing."""
    return ""


@dataclass(frozen=True)
class Picture:
    """One kind of picture.

    name: what users call it, as in `--kind`; unique among all pictures.
    of: what it is drawn from, one of the words of this module (RESULT, STUDY, ...).
    draw: from that thing, and what else its caller must say of it, to a matplotlib Figure.
    shows: what one sees, in a line.
    left_out: why it would show nothing of a thing; "" if it shows something.
    """

    name: str
    of: str
    draw: "Callable[..., Figure]"
    shows: str
    left_out: Callable[[Any], str] = always


_SHIPPED: dict[str, Picture] = {}
_ROWS = Registry("picture", _SHIPPED, hyphens=True)


def ship(rows: Sequence[Picture]) -> None:
    """Adds the pictures that come with the package."""
    _SHIPPED.update((row.name, row) for row in rows)


def register(picture: Picture) -> None:
    """Add a picture of one's own; as it is written into a file of its name, that is a plain one.

    Raises ExtensionError if another one has its name, or nothing has pictures of its kind.

    >>> from sim.report.pictures import RESULT, Picture, register
    >>> def weeks(result):
    ...     return result.plot("survival")
    >>> register(Picture("doctest-weeks", RESULT, weeks, "The survival curve once more."))
    """
    import_module(HOME)  # whose names are taken
    if picture.of not in KINDS:
        place = f"what the picture {quoted(picture.name)} is of"
        near = nearest(str(picture.of), KINDS)
        found = quoted(picture.of)
        raise ExtensionError([Problem(UNPLACED, None, place, found, one_of(KINDS), near)])
    _ROWS.register(picture)


def pictures(of: str | None = None) -> dict[str, Picture]:
    """The pictures of one kind of thing by name, or all of them, in the order of the table."""
    import_module(HOME)
    return {name: row for name, row in _ROWS.items() if of in (None, row.of)}


def draw(of: str, name: str, thing: Any, *details: Any) -> "Figure":
    """Draw one picture of a thing. Raises ResultError with those there are for a wrong name."""
    rows = pictures(of)
    if name not in rows:
        raise ResultError(f"there is no picture {name!r} of a {of}; allowed: {', '.join(rows)}")
    return rows[name].draw(thing, *details)


def left_out(of: str, name: str, thing: Any) -> str:
    """Why a picture would show nothing of this thing; "" if it shows something."""
    return pictures(of)[name].left_out(thing)


def write_pictures(
    folder: Path, drawings: Iterable[Drawing], forms: Sequence[str] = ("png",)
) -> list[Path]:
    """Draw each and write it into a folder as name.form; returns the files in order.

    One that cannot be drawn costs only itself: a PictureWarning says which and why.
    Raises ResultError where a thing has no such picture, OSError if a file cannot be written.
    """
    sweep(folder)
    import_module(STYLE)  # once, before copies of this process draw: what takes longest to import

    def write(pair: Drawing) -> list[Path]:
        name, drawing = pair
        try:
            figure = drawing()
            folder.mkdir(parents=True, exist_ok=True)
            return [save(figure, folder / f"{name}.{form}") for form in forms]
        except (ResultError, OSError):  # of what was asked for, or of the disk
            raise
        except Exception as why:
            text = f"the picture {name} could not be drawn: {type(why).__name__}: {why}"
            warnings.warn(text, PictureWarning, stacklevel=2)
            return []

    return [file for files in side_by_side(write, list(drawings)) for file in files]


def save(figure: "Figure", path: Path) -> Path:
    """Write a picture as png, svg or pdf by its suffix, whole or not at all; returns the path."""
    with whole_file(path) as draft:
        figure.savefig(draft)
    return path
