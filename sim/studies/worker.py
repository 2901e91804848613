"""What a local Dask worker does when it starts: it leaves Ctrl-C to the process that began it.

A terminal sends Ctrl-C to all of its processes. The one that writes the folder answers and then
ends its workers; were they to end by themselves, each would tell so in twenty lines.
"""

import signal
from typing import Any


def dask_setup(worker: Any) -> None:
    """Called by Dask, by this name, in the main thread of the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
