"""How many random examples a property is tried on: few every day, all of them on a slow day.

`make test-slow` sets DETENTE_EXAMPLES=all for the tests of properties.
"""

import os

from hypothesis import HealthCheck, settings

ALL = os.environ.get("DETENTE_EXAMPLES") == "all"
#: Every day one example in so many, but at least the least.
ONE_IN, LEAST, USUAL = 5, 6, 100


def number(most: int) -> int:
    """How many of at most so many examples."""
    return most if ALL else max(LEAST, most // ONE_IN)


def examples(most: int) -> settings:
    """The decorator of a test of at most so many examples."""
    return settings(max_examples=number(most))


def load_profile() -> None:
    """The same examples on every machine and in every order of tests."""
    settings.register_profile(
        "fixed",
        max_examples=number(USUAL),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("fixed")
