"""Tables of records: the same memory, types and kernels as numpy's record arrays."""

import pickle

import numba
import numpy as np
import pytest

from sim.world.state import RUN, SIDE
from sim.world.tables import Row, Table, rows_of_type, table


def test_rows_and_columns_are_read_and_written_by_name():
    sides = table(SIDE, 3, 2)
    sides[1, 0].slip = 0.25
    assert isinstance(sides[1, 0], Row)
    assert sides.slip.tolist() == [[0, 0], [0.25, 0], [0, 0]]
    sides.rung = 2.0
    assert sides[2][1].rung == 2.0
    assert type(sides.rung) is np.ndarray


def test_slices_and_copies_have_the_same_rows():
    runs = table(RUN, 4)
    for part in (runs[1:], runs.copy(), runs.reshape(2, 2)[0], pickle.loads(pickle.dumps(runs))):
        assert isinstance(part, Table)
        assert isinstance(part[0], Row)


def test_the_bytes_are_those_of_a_record_array():
    plain = np.zeros(2, RUN).view(np.recarray)
    ours = table(RUN, 2)
    for each in (plain, ours):
        each[1].heat = 1.5
        each.cause = -1
    assert ours.tobytes() == plain.tobytes()
    assert np.array_equal(ours, plain)
    assert ours.dtype == plain.dtype
    assert np.array_equal(np.frombuffer(ours.tobytes(), rows_of_type(RUN)), ours)


def test_kernels_take_both_for_one_type():
    plain = np.zeros(2, RUN).view(np.recarray)
    assert numba.typeof(table(RUN, 2)) == numba.typeof(plain)
    assert numba.typeof(table(RUN, 2)[0]) == numba.typeof(plain[0])


def test_a_field_that_is_not_there_is_an_attribute_error():
    runs = table(RUN, 1)
    with pytest.raises(AttributeError, match="slipp"):
        _ = runs[0].slipp
    with pytest.raises(AttributeError, match="slipp"):
        _ = runs.slipp
    with pytest.raises(ValueError, match="slipp"):
        runs[0].slipp = 1
