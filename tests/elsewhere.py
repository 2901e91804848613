"""A script in a process of its own, whose world is plain Python: no compiling."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

SECONDS = 300


def told_by(code: str, *arguments: object, options: Sequence[str] = (), seed: str = "0") -> Any:
    """What a script prints, as JSON. options: of Python; seed: of its hashes."""
    done = subprocess.run(
        [sys.executable, *options, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONHASHSEED": seed},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
