"""Numbers as people and numpy write them, wherever a number is taken."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import Scenario, simulate
from sim.errors import DetenteError, ResultError
from sim.numbers import as_python, as_whole, read_whole

WHOLE = st.integers(0, 10**20)
NUMPY = (np.int8, np.uint8, np.int32, np.int64, np.uint64, np.float32, np.float64)


@given(WHOLE)
def test_a_whole_number_is_read_however_it_is_written(number):
    texts = [f"{number}", f"{number:_}", f"{number:,}", f"{number}.0", f"{number}e0"]
    texts += [f"{number:,}".replace(",", "'"), f" {number} ", f"{number}000e-3", f"+{number}"]
    assert {read_whole(text) for text in texts} == {number}


@pytest.mark.parametrize(("text", "number"), [("1e6", 10**6), ("2.5e3", 2500), ("-1e2", -100)])
def test_exponents_are_exact(text, number):
    assert read_whole(text) == number


@pytest.mark.parametrize(
    "text", ["", "x", "1.5", "1e-3", "nan", "inf", "1_", "1__0", "1,0", "12,34", "1e999", "0x10"]
)
def test_what_is_no_whole_number_is_none(text):
    assert read_whole(text) is None


@given(st.integers(0, 100), st.sampled_from(NUMPY))
def test_numbers_of_numpy_are_numbers(number, kind):
    assert as_whole(kind(number)) == number
    assert type(as_python({"a": [kind(number)]})["a"][0]) in (int, float)


@pytest.mark.parametrize("value", [True, np.bool_(True), 1.5, "1", None, float("nan"), 1e400])
def test_what_is_not_whole_is_none(value):
    assert as_whole(value) is None


@pytest.fixture(scope="module")
def geneva():
    return Scenario.load("geneva-2025")


@pytest.mark.parametrize("kind", NUMPY)
def test_numbers_of_a_scenario_may_be_of_numpy(geneva, kind):
    changes = {"weeks": 20, "levers.us.chips.level": 1, "actors.us.stride": 2, "actors.us.slip": 1}
    plain = geneva.override(changes)
    assert (
        geneva.override({path: kind(value) for path, value in changes.items()}).hash == plain.hash
    )
    flagged = geneva.override({"levers.cn.rare_earths.listed": np.bool_(True)})
    assert flagged.spec.levers["cn"]["rare_earths"].listed is True
    spread = geneva.override({"ranges": {"actors.us.slip": np.array([0, 1], kind)}})
    assert spread.range_paths()["actors.us.slip"].low == 0


def test_whole_floats_are_whole_in_tables_too(geneva):
    changed = geneva.override({"weeks": 26.0, "levers.us.chips.level": np.float64(2)})
    assert (changed.spec.weeks, type(changed.spec.weeks)) == (26, int)
    with pytest.raises(DetenteError, match="a whole number"):
        geneva.override({"weeks": 26.5})
    table = geneva.to_table()
    assert (
        Scenario.from_table(table | {"weeks": np.int64(26)}).hash
        == geneva.override({"weeks": 26}).hash
    )


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        *(("runs", value) for value in (0, -1, 2.5, "10", True, None, float("nan"), 2**33)),
        *(("seed", value) for value in (-1, 1.5, "x", 2**64, True)),
        *(("threads", value) for value in (0, "two", 1e9)),
        *(("until", value) for value in (0, "x", True, 1)),
        *(("engine", value) for value in ("", None, 3)),
    ],
)
def test_arguments_that_make_no_sense_are_one_error(argument, value):
    with pytest.raises(ResultError, match=f"^{argument} is .*; allowed: "):
        simulate("textbook/grim-noise", **{argument: value})


def test_a_result_takes_names_and_numbers_of_any_kind():
    plain = simulate(Scenario.load("textbook/grim-noise"), 200, 2025)
    other = simulate("textbook/grim-noise", runs=2e2, seed=None, threads=np.int64(1))
    assert (plain.n, plain.seed) == (other.n, other.seed) == (200, 2025)
    assert all(map(np.array_equal, plain.tally, other.tally))


@pytest.mark.parametrize("given", [None, 3, {"title": "x"}])
def test_what_is_no_scenario_is_refused(given):
    with pytest.raises(ResultError, match="^scenario is a "):
        simulate(given)
