"""Signals while a command is still being imported: 130, one line, no traceback."""

import signal
import subprocess
import sys
from itertools import product

import pytest

from tests.everyday import one_in


def interrupted(module, number, *command, wrapped=False):
    """`detente` with a command; it gets the signal when a module is first looked for.

    wrapped: as a library in C answers it, with an error of its own.
    """
    code = f"""
import os, runpy, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            sys.meta_path.remove(self)
            try:
                os.kill(os.getpid(), {int(number)})
            except KeyboardInterrupt as interrupt:
                if {wrapped}:
                    raise ImportError("initialization failed") from interrupt
                raise

sys.meta_path.insert(0, Interrupting())
sys.argv = ["detente", *{command!r}]
runpy.run_module("sim", run_name="__main__")
"""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=False
    )


NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MODULES = ("typer", "sim.cli.show", "pydantic")


@pytest.mark.parametrize("case", one_in(4, list(product(MODULES, NUMBERS))))
def test_the_first_second_counts_too(case):
    done = interrupted(*case, "show", "geneva-2025")
    assert done.returncode == 130, done.stderr
    assert done.stderr == "interrupted; nothing was kept\n"
    assert done.stdout == ""


@pytest.mark.parametrize("module", MODULES)
def test_an_interrupt_that_a_library_made_an_error_of_is_one(module):
    done = interrupted(module, signal.SIGTERM, "show", "geneva-2025", wrapped=True)
    assert done.returncode == 130, done.stderr
    assert done.stderr == "interrupted; nothing was kept\n"


LOST = """
import os, signal, sys, time
from sim.cli.signals import end_like_ctrl_c, was_interrupted

end_like_ctrl_c()
{ignored}

class Closed:
    def __del__(self):
        os.kill(os.getpid(), {number})
        time.sleep(0)

try:
    Closed()
    was_lost = was_interrupted(ValueError()) if {asked} else True
    if not {asked}:
        time.sleep(40)
except KeyboardInterrupt:
    sys.exit(130)
sys.exit(3 if was_lost else 4)
"""


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("asked", "code"), [(False, 130), (True, 3)])
def test_an_interrupt_where_nothing_can_be_raised_is_not_lost(number, asked, code):
    """Python drops what a destructor, a fork's hook or a compiler's call back raises."""
    ignored = "" if number == signal.SIGINT else "signal.signal(signal.SIGINT, signal.SIG_IGN)"
    script = LOST.format(number=int(number), asked=asked, ignored=ignored)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=False
    )
    assert (done.returncode, done.stderr) == (code, "")
