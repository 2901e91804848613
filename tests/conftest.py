"""What every test shares: the same random examples everywhere, Ctrl-C heard, kernels compiled."""

import signal

import pytest

from tests.examples import load_profile
from tests.kernels import compile_all

# In the background of a script SIGINT is ignored, and programs started from there ignore it too.
signal.signal(signal.SIGINT, signal.default_int_handler)
load_profile()


def pytest_sessionstart(session: pytest.Session) -> None:
    """In the process that starts the workers, and only there."""
    if getattr(session.config.option, "numprocesses", None):
        compile_all()
