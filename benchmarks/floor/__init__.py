"""The floor: docs/model.md a second time, in plain C, to check the kernel and to time it."""

from benchmarks.floor.program import Program, build, player

__all__ = ["Program", "build", "player"]
