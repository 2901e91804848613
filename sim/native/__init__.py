"""The week of docs/model.md a second time, in plain C: it checks the kernel, and it travels.

`week.c` was written from the page before the Python was read; `program` builds it and plays runs.
`wasm.c` makes it callable from a browser, `host.c` from Python; `wasm` (`make wasm`) compiles
`week.wasm` and `host.wasm` of them; `sim/engines/weekly.py` names what they tell week by week.
"""

from sim.engines.host import dump
from sim.native.program import Program, build, player

__all__ = ["Program", "build", "dump", "player"]
