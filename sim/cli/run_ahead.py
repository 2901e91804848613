"""What of a result can be made while its outer loop is computed, by copies of the process.

One copy makes pictures, tables and page, and no other imports what they need: it does so while the
scenario is read and the runs are played. Another plays the run that the result tells.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.report.pictures import HOME
from sim.report.side_by_side import Expecting, meanwhile

if TYPE_CHECKING:
    import numpy as np

    from sim.outcomes.butfor import Share
    from sim.outcomes.result import Result
    from sim.outcomes.sample import Ladder
    from sim.outcomes.simulate import Late
    from sim.outcomes.store import File
    from sim.outcomes.summary import Summary

#: The pictures that a run draws if none are named: each costs a quarter of a second.
DRAWN = ("trajectories", "survival", "endings")


class _Played(NamedTuple):
    """A result without its outer loop, and what its but-for table is made of."""

    result: "Result"
    shares: "list[Share] | None"


class _Filed(NamedTuple):
    """The same with the table, and what is in the files made of it."""

    result: "Result"
    files: "dict[str, File]"


class Written(NamedTuple):
    """A result as it is shown and stored; `files` is None where they are still to be made."""

    result: "Result"
    page: "Summary"
    files: "dict[str, File] | None"


class RunAhead:
    """Begun by `simulate`; `written` then waits for what was begun."""

    def __init__(self, kinds: Sequence[str], formats: Sequence[str]) -> None:
        self.preparing: Expecting | None = None
        if set(kinds) <= set(DRAWN):
            files = partial(_files, kinds=kinds, formats=formats)
            self.preparing = Expecting(partial(_import_all, kinds), files, _page)
        self.ladder: Callable[[], Ladder] | None = None
        self.shares: list[Share] | None = None

    @property
    def has_copy(self) -> bool:
        """Whether a copy makes all that tables are needed for."""
        return self.preparing is not None and self.preparing.copy is not None

    def begin(
        self,
        bar: Any,
        result: "Result",
        rows: "np.ndarray | None",
        shares: "list[Share] | None",
    ) -> "Late | None":
        """Begins, with the result so far, the rows of its runs and its but-for shares.

        A bar, if any, leaves the screen before: it moves by a thread. Gives what returns when a
        copy has drawn the pictures, if one does.
        """
        if bar is not None:
            bar.stop()
        self.shares = shares
        if self.preparing is not None:
            self.preparing.hand_over(_Played(replace(result, runs=None), shares))
        self.ladder = meanwhile(partial(_ladder, result, rows))
        return self.preparing.wait if self.preparing is not None and self.has_copy else None

    def written(self, result: "Result") -> Written:
        """What was begun, of the result as `simulate` gave it."""
        if self.ladder is not None:
            result = replace(result, ladder=self.ladder())
        if self.preparing is None:
            result = _with_shares(result, self.shares)
            return written_here(result)
        self.preparing.hand_over(result.spread)
        page, files = self.preparing.made()
        return Written(result, page, files)


def written_here(result: "Result") -> Written:
    """A result of which nothing was made ahead."""
    from sim.outcomes.summary import summary

    return Written(result, summary(result), None)


def _import_all(kinds: Sequence[str]) -> None:
    """Imports what draws some pictures, and what is only imported or read when it first draws."""
    import pandas  # noqa: F401

    from sim.outcomes import store  # noqa: F401

    if not kinds:
        return
    from sim.plots.style import headings, new_figure

    for kind in kinds:
        import_module(f"{HOME}.{kind}")
    first = new_figure(1.0)
    headings(first, "nothing", "nothing")
    first.savefig(BytesIO())


def _with_shares(result: "Result", shares: "list[Share] | None") -> "Result":
    from sim.outcomes.butfor import but_for_frame

    return replace(result, but_for=None if shares is None else but_for_frame(shares))


def _files(played: _Played, kinds: Sequence[str], formats: Sequence[str]) -> _Filed:
    from sim.outcomes.store import files_of

    result = _with_shares(played.result, played.shares)
    return _Filed(result, files_of(result, kinds, formats))


def _page(filed: _Filed, spread: Any) -> "tuple[Summary, dict[str, File]]":
    from sim.outcomes.store import NUMBERS, numbers_of, with_spread
    from sim.outcomes.summary import summary

    result = replace(filed.result, spread=spread)
    page = summary(result)
    return page, with_spread(result, filed.files) | {NUMBERS: numbers_of(page)}


def _ladder(result: "Result", rows: "np.ndarray | None") -> "Ladder":
    from sim.explain.find import ladder_of_run

    return ladder_of_run(result, None, rows)
