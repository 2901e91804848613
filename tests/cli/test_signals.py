"""Signals while a command is still being imported: 130, one line, no traceback."""

import signal
import subprocess
import sys

import pytest


def interrupted(module, number, *command):
    """`detente` with a command; it gets the signal when a module is first looked for."""
    code = f"""
import os, runpy, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), {int(number)})

sys.meta_path.insert(0, Interrupting())
sys.argv = ["detente", *{command!r}]
runpy.run_module("sim", run_name="__main__")
"""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=False
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("module", ["typer", "sim.cli.show", "pydantic"])
def test_the_first_second_counts_too(module, number):
    done = interrupted(module, number, "show", "geneva-2025")
    assert done.returncode == 130, done.stderr
    assert done.stderr == "interrupted; nothing was kept\n"
    assert done.stdout == ""
