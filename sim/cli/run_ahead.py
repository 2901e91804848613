"""What of a result can be made while its outer loop is computed, by copies of the process.

Pictures that show nothing of the outer loop, and the run that the result tells: half of what one
waits for, while the loop has but one core less.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.cli.run_options import DRAWN, Options
from sim.report.pictures import STYLE
from sim.report.side_by_side import expecting, meanwhile

if TYPE_CHECKING:
    from sim.outcomes.ladder import Ladder
    from sim.outcomes.result import Result
    from sim.outcomes.simulate import Ahead
    from sim.outcomes.store import Drawn


class RunAhead:
    """Begun by `simulate`; `drawn` and `with_ladder` then wait for what was begun.

    What draws is imported while the runs are played.
    """

    def __init__(self, options: Options) -> None:
        self.drawn: Drawn | None = None
        self.draw: Callable[[Result], Drawn] | None = None
        if options.pictures and set(options.pictures) <= set(DRAWN):
            from sim.outcomes.store import drawn_pictures

            draw = partial(drawn_pictures, kinds=options.pictures, formats=options.formats)
            self.draw = expecting(partial(import_module, STYLE), draw)
        self.ladder: Callable[[], Ladder] | None = None

    def after(self, bar: Any) -> "Ahead":
        """What begins it all, once a bar (if any) has left the screen: it moves by a thread."""

        def begin(result: "Result", rows: np.ndarray | None) -> None:
            if bar is not None:
                bar.leave()
            self.begin(result, rows)

        return begin

    def begin(self, result: "Result", rows: np.ndarray | None) -> None:
        """Begins, with the result so far and the rows of its runs."""
        from sim.explain.ladder import typical_ladder

        if self.draw is not None:
            self.drawn = self.draw(result)
        self.ladder = meanwhile(partial(typical_ladder, result, rows))

    def with_ladder(self, result: "Result") -> "Result":
        """The result with the ladder of a typical run; as it is where none was begun."""
        return result if self.ladder is None else replace(result, ladder=self.ladder())
