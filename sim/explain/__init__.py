"""One run as a story: its trace, what happened in it, and why.

Read `weeks` (the trace of a run, as values) and `trace` (how it is read off the engine's record),
then `story`, which tells the events of `acts`, `outside` and `truce` in the words of `phrases`.
`framing` is what stands before and after; `render` writes it; `find` chooses a run to tell.
"""

from sim.explain.find import TypicalRun, find_run
from sim.explain.story import Story, tell
from sim.explain.trace import trace_run
from sim.explain.weeks import Trace, Week

__all__ = ["TypicalRun", "Story", "Trace", "Week", "find_run", "tell", "trace_run"]
