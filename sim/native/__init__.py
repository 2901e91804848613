"""The week of docs/model.md a second time, in plain C: it checks the kernel, and it travels.

`week.c` was written from the page before the Python was read; `wasm.c` makes it callable from a
browser, and `week.wasm` is what `make wasm` compiles of the two.
"""

from sim.native.program import Program, build, player
from sim.native.tables import dump

__all__ = ["Program", "build", "dump", "player"]
