"""One run by the world as plain Python, in a process of its own that has no compiler.

A result tells one run of its own with everything kept: to compile the kernel that keeps it takes a
minute, to play it so half a second. Other processes take turns; what they share is only a pipe.
"""

import os
import pickle
import subprocess
import sys
from multiprocessing import current_process
from pathlib import Path

from sim.engines.record import Record
from sim.errors import ResultError
from sim.world.params import Params

#: Longer than any single run takes.
SECONDS = 600


def is_quicker() -> bool:
    """Whether a run kept whole would wait for the compiler, or for its library to be loaded."""
    trace = sys.modules.get("sim.engines.trace")
    return trace is None or trace.needs_compiling()


def record_plainly(params: Params, seed: int, run: int) -> Record:
    """`record_run` (sim/engines/trace.py) without the compiler: the same steps and luck.

    Payoffs may differ in the last bit. Raises ResultError if the other process fails.
    """
    if _is_a_copy():
        from sim.engines.trace import record_run

        return record_run(params, seed, run)
    root = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "sim.engines.plain"],
        input=pickle.dumps((tuple(params), seed, run)),
        capture_output=True,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": paths},
        timeout=SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise ResultError(f"run {run} could not be played: {done.stderr.decode()[-500:]}")
    return Record(*pickle.loads(done.stdout))


def _is_a_copy() -> bool:
    """Whether this is a copy of a process, for one piece of work, that has no compiler yet.

    It then goes without one: no other process is needed.
    """
    if not current_process().daemon or "sim.world.compiled" in sys.modules:
        return False
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    return True


def main() -> None:
    """Plays the run that comes in on the standard input, and writes its record."""
    from sim.engines.trace import record_run

    tables, seed, run = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(tuple(record_run(Params(*tables), seed, run))))


if __name__ == "__main__":
    main()
