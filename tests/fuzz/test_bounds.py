"""The bounds of the other tests here are bounds."""

import itertools
import time

import pytest

from tests.fuzz import bounds


def test_work_without_end_is_ended_and_rest_is_not(monkeypatch):
    monkeypatch.setattr(bounds, "SECONDS", 0.05)
    with pytest.raises(bounds.TooLong, match="of work"), bounds.bounded():
        for _ in itertools.count():  # not sum(...): signals are heard between steps of Python
            pass
    with bounds.bounded():
        time.sleep(0.2)
    with pytest.raises(MemoryError), bounds.bounded():
        bytearray(2 * bounds.BYTES)
