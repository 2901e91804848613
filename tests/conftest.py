"""What every test shares: hypothesis draws the same examples on every machine; Ctrl-C is heard.

Kernels are compiled once, before the workers start: each would compile all of them for itself.
"""

import signal

import pytest
from hypothesis import HealthCheck, settings

from sim.engines.compiling import BLOCK, STAGES, TRACE, compile_ahead, missing

# In the background of a script SIGINT is ignored, and programs started from there ignore it too.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "fixed",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("fixed")


def pytest_sessionstart(session: pytest.Session) -> None:
    """In the process that starts the workers, and only there."""
    if getattr(session.config.option, "numprocesses", None):
        compile_ahead(missing(BLOCK, TRACE, STAGES))
