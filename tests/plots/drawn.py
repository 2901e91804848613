"""What of a picture is drawn where: texts with their boxes, and the lines that cross them."""

from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

TOUCH = 2.0  # pixels by which boxes may touch: letters leave room at their edges

Drawn = tuple[Text, Bbox]


def size(figure: Figure) -> tuple[int, int]:
    """Draws the figure; its width and height in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas.get_width_height()


def drawn_texts(figure: Figure) -> list[Drawn]:
    """Every text that a reader sees, with its own box (without arrows)."""
    found = [*figure.texts, *(text for axes in figure.axes for text in of_axes(axes))]
    seen = [text for text in found if text.get_visible() and text.get_text().strip()]
    return [(text, Text.get_window_extent(text)) for text in seen]


def of_axes(axes: Axes) -> Iterator[Text]:
    """The texts of one panel: of its ticks only those within its limits."""
    yield from axes.texts
    yield from (axes.title, axes._left_title, axes._right_title)
    if not axes.axison:
        return
    for axis in (axes.xaxis, axes.yaxis):
        yield axis.label
        low, high = sorted(axis.get_view_interval())
        for place, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True):
            if low <= place <= high:
                yield label


def cut_off(figure: Figure) -> list[str]:
    """Texts that are not wholly inside the figure."""
    width, height = size(figure)
    return [
        text.get_text()
        for text, box in drawn_texts(figure)
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]


def over_each_other(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes overlap."""
    size(figure)
    texts = drawn_texts(figure)
    return [
        (one.get_text(), two.get_text())
        for index, (one, a) in enumerate(texts)
        for two, b in texts[:index]
        if min(a.x1, b.x1) - max(a.x0, b.x0) > TOUCH and min(a.y1, b.y1) - max(a.y0, b.y0) > TOUCH
    ]


def over_lines(figure: Figure) -> list[str]:
    """Texts without a background of their own that a line of data runs through."""
    size(figure)
    found = []
    for axes in figure.axes:
        lines = [line for line in axes.lines if line.get_linestyle() != "None"]
        paths = [line.get_path().transformed(line.get_transform()) for line in lines]
        for text in axes.texts:
            box = Text.get_window_extent(text)
            bare = text.get_bbox_patch() is None and box.overlaps(axes.bbox)
            if bare and any(path.intersects_bbox(box, filled=False) for path in paths):
                found.append(text.get_text())
    return found
