"""Which cases of a long table are for every day, which for the slow tests, which alike."""

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


def of_every_kind(names: Sequence[str]) -> list[str]:
    """Shipped scenarios; of the textbook's, which differ in numbers alone, one in four."""
    textbook = [name for name in names if name.startswith("textbook/")]
    left_out = set(textbook) - set(textbook[::4])
    return [name for name in names if name not in left_out]
