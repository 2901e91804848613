"""Tests of a copy of the project, each time in a fork of a process that has the libraries already.

To import them takes longer than to catch a bug. Run as a script this is that process: a line of
words for pytest in, its exit code out; what pytest prints goes to the file of the first word.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

#: What the tests and the project import and no bug changes.
LIBRARIES = ("pytest", "hypothesis", "numba", "numpy", "pydantic")


class Forks:
    """Runs pytest in a folder, with the compiler off."""

    def __init__(self, folder: Path, seconds: float) -> None:
        """seconds: after which a run is killed, and this process with it."""
        self.folder, self.seconds = folder, seconds
        kept = {name: one for name, one in os.environ.items() if not name.startswith("PYTEST_")}
        self.process = subprocess.Popen(
            [sys.executable, "-B", __file__],
            cwd=folder,
            env=kept | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def pytest(self, *words: str) -> tuple[int, str]:
        """Its exit code and all that it prints."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        told = self.folder / "told.txt"
        print(json.dumps([str(told), *words]), file=self.process.stdin, flush=True)
        late = Timer(self.seconds, os.killpg, (self.process.pid, 9))
        late.start()
        code = self.process.stdout.readline()
        late.cancel()
        return int(code), told.read_text(encoding="utf-8")

    def close(self) -> None:
        """Ends the process."""
        self.process.communicate(timeout=10)


def forked(told: str, words: list[str]) -> int:
    """The exit code of pytest in a fork of this process."""
    import pytest

    number = os.fork()
    if number:
        return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    with Path(told).open("wb", buffering=0) as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    code = pytest.main(words)
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    sys.path.remove(str(Path(__file__).parent))
    for library in LIBRARIES:
        __import__(library)
    for line in sys.stdin:
        told, *words = json.loads(line)
        print(forked(told, words), flush=True)
