"""What every test shares: the same random examples everywhere, Ctrl-C heard, kernels compiled."""

import signal

import pytest

from tests.examples import load_profile
from tests.kernels import compile_all

# In the background of a script SIGINT is ignored, below nohup SIGHUP is, and programs started from
# there ignore them too.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
load_profile()


def pytest_sessionstart(session: pytest.Session) -> None:
    """In the process that starts the workers, and only there."""
    if getattr(session.config.option, "numprocesses", None):
        compile_all()
