"""One run as a story: its trace, what happened in it, and why."""

from sim.explain.find import TypicalRun, find_run
from sim.explain.story import Story, tell
from sim.explain.trace import trace_run
from sim.explain.weeks import Trace, Week

__all__ = ["TypicalRun", "Story", "Trace", "Week", "find_run", "tell", "trace_run"]
