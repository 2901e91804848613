"""Which cases of a long table are for every day; the others are for the slow tests."""

from collections.abc import Sequence
from typing import Any

import pytest


def one_in(step: int, cases: Sequence[Any]) -> list[Any]:
    """The cases, all but every so-manieth marked slow."""
    kept = range(0, len(cases), step)
    return [
        case if place in kept else pytest.param(case, marks=pytest.mark.slow)
        for place, case in enumerate(cases)
    ]
