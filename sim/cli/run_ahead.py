"""What of a result can be made while its outer loop is computed, by copies of the process.

Pictures that show nothing of the outer loop, and the run that the result tells: half of what one
waits for, while the loop has but one core less.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.cli.run_options import DRAWN, Options
from sim.report.side_by_side import meanwhile

if TYPE_CHECKING:
    from sim.outcomes.ladder import Ladder
    from sim.outcomes.result import Result
    from sim.outcomes.simulate import Ahead
    from sim.outcomes.store import Drawn


class RunAhead:
    """Begun by `simulate`; `drawn` and `with_ladder` then wait for what was begun."""

    def __init__(self, wanted: Options) -> None:
        self.wanted = wanted
        self.drawn: Drawn | None = None
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
        from sim.outcomes.store import drawn_pictures

        self.ladder = meanwhile(partial(typical_ladder, result, rows))
        kinds = self.wanted.pictures
        if set(kinds) <= set(DRAWN):
            self.drawn = meanwhile(partial(drawn_pictures, result, kinds, self.wanted.formats))

    def with_ladder(self, result: "Result") -> "Result":
        """The result with the ladder of a typical run; as it is where none was begun."""
        return result if self.ladder is None else replace(result, ladder=self.ladder())
