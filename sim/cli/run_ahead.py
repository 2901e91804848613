"""What of a result can be made while its outer loop is computed, by copies of the process.

Pictures that show nothing of the outer loop, and the run that the result tells: half of what one
waits for. The copy that draws is made first of all, so that it imports what it needs while the
scenario is read and the runs are played.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.cli.run_options import DRAWN, Options
from sim.report.pictures import HOME
from sim.report.side_by_side import Made, expecting, meanwhile

if TYPE_CHECKING:
    import numpy as np

    from sim.outcomes.butfor import Share
    from sim.outcomes.ladder import Ladder
    from sim.outcomes.result import Result
    from sim.outcomes.simulate import Ahead, Late
    from sim.outcomes.store import Drawn


class _ToDraw(NamedTuple):
    """A result so far, and what its but-for table will be made of."""

    result: "Result"
    shares: "list[Share] | None"


class RunAhead:
    """Begun by `simulate`; `drawn` and `with_ladder` then wait for what was begun."""

    def __init__(self, options: Options) -> None:
        self.drawn: Drawn | None = None
        self.draw: Callable[[_ToDraw], Drawn] | None = None
        if options.pictures and set(options.pictures) <= set(DRAWN):
            draw = partial(_drawn, kinds=options.pictures, formats=options.formats)
            self.draw = expecting(partial(_import_all, options.pictures), draw)
        self.ladder: Callable[[], Ladder] | None = None

    def after(self, bar: Any) -> "Ahead":
        """What begins it all, once a bar (if any) has left the screen: it moves by a thread."""

        def begin(
            result: "Result", rows: "np.ndarray | None", shares: "list[Share] | None"
        ) -> "Late | None":
            if bar is not None:
                bar.leave()
            return self.begin(result, rows, shares)

        return begin

    def begin(
        self, result: "Result", rows: "np.ndarray | None", shares: "list[Share] | None"
    ) -> "Late | None":
        """Begins, with the result so far, the rows of its runs and its but-for shares.

        Gives what returns when the pictures are drawn, if a copy draws them.
        """
        if self.draw is not None:
            self.drawn = self.draw(_ToDraw(result, shares))
        self.ladder = meanwhile(partial(_ladder, result, rows))
        return self.drawn.wait if isinstance(self.drawn, Made) else None

    def with_ladder(self, result: "Result") -> "Result":
        """The result with the ladder of a typical run; as it is where none was begun."""
        return result if self.ladder is None else replace(result, ladder=self.ladder())


def _import_all(kinds: Sequence[str]) -> None:
    """Imports what draws some pictures, and what is only imported or read when it first draws."""
    import pandas  # noqa: F401

    from sim.outcomes import store  # noqa: F401
    from sim.plots.style import headings, new_figure

    for kind in kinds:
        import_module(f"{HOME}.{kind}")
    first = new_figure(1.0)
    headings(first, "nothing", "nothing")
    first.savefig(BytesIO())


def _drawn(thing: _ToDraw, kinds: Sequence[str], formats: Sequence[str]) -> dict[str, bytes]:
    from sim.outcomes.butfor import but_for_frame
    from sim.outcomes.store import drawn_pictures

    frame = None if thing.shares is None else but_for_frame(thing.shares)
    return drawn_pictures(replace(thing.result, but_for=frame), kinds, formats)


def _ladder(result: "Result", rows: "np.ndarray | None") -> "Ladder":
    from sim.explain.ladder import typical_ladder

    return typical_ladder(result, rows)
