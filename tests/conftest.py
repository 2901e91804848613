"""What every test shares: hypothesis draws the same examples on every machine; Ctrl-C is heard."""

import signal

from hypothesis import HealthCheck, settings

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
