"""Runs kept whole: in room that is made anew for each, or once for all."""

import pytest

from sim.engines.trace import record_run, recorder
from sim.scenario import Scenario


@pytest.mark.parametrize(
    "name", ["geneva-2025-readings", "race-2025-2030", "geneva-as-happened", "textbook/grim-noise"]
)
def test_a_record_written_over_others_is_that_of_the_run_alone(name):
    """Every field of every table, of weeks that come last and of the start, which come first."""
    compiled = Scenario.load(name).compiled
    play = recorder(compiled, 7)
    for run in range(20):
        alone, again = record_run(compiled.params_of(run), 7, run), play(run)
        for field, one, two in zip(alone._fields, alone, again, strict=True):
            assert one.dtype == two.dtype
            for column in one.dtype.names or (...,):
                assert one[column].tobytes() == two[column].tobytes(), (run, field, column)
