"""What of a picture is drawn where: texts with their boxes, and the lines that cross them."""

from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

TOUCH = 2.0  # pixels by which boxes may touch: letters leave room at their edges


class Drawn:
    """A figure, drawn: every text that a reader sees, with its own box (without arrows)."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        canvas = FigureCanvasAgg(figure)
        figure.draw_without_rendering()  # where all is, without its pixels: half the time
        self.width, self.height = canvas.get_width_height()
        found = [*figure.texts, *(text for axes in figure.axes for text in _of_axes(axes))]
        seen = [text for text in found if text.get_visible() and text.get_text().strip()]
        self.texts: list[tuple[Text, Bbox]] = [(t, Text.get_window_extent(t)) for t in seen]

    def cut_off(self) -> list[str]:
        """Texts that are not wholly inside the figure."""
        width, height = self.width + 1, self.height + 1
        return [
            text.get_text()
            for text, box in self.texts
            if box.x0 < -1 or box.y0 < -1 or box.x1 > width or box.y1 > height
        ]

    def over_each_other(self) -> list[tuple[str, str]]:
        """Pairs of texts whose boxes overlap."""
        return [
            (one.get_text(), two.get_text())
            for index, (one, a) in enumerate(self.texts)
            for two, b in self.texts[:index]
            if _overlap(a, b)
        ]

    def over_lines(self) -> list[str]:
        """Texts without a background of their own that a line of data runs through."""
        found = []
        for axes in self.figure.axes:
            lines = [line for line in axes.lines if line.get_linestyle() != "None"]
            paths = [line.get_path().transformed(line.get_transform()) for line in lines]
            for text in axes.texts:
                box = Text.get_window_extent(text)
                bare = text.get_bbox_patch() is None and box.overlaps(axes.bbox)
                if bare and any(path.intersects_bbox(box, filled=False) for path in paths):
                    found.append(text.get_text())
        return found


def _overlap(a: Bbox, b: Bbox) -> bool:
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    return across > TOUCH and min(a.y1, b.y1) - max(a.y0, b.y0) > TOUCH


def _of_axes(axes: Axes) -> Iterator[Text]:
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
