"""docs/validation.md: each result against theory, and the page against what the code gives now.

Every row has its exact value checked every day; estimates of the batch engine for one row of
each kind, and all of them, with the whole page, in the slow part. Tolerances are those of the
page: 1e-9 or the printed digits, and four standard errors.
"""

from functools import cache

import pytest

from tests.everyday import one_in
from validation.batch import Effort, Measured, measure
from validation.exact import exact_value, queue_law
from validation.page import MOST, PAGE, TITLES, WHOLE, off, renewed, without_estimates
from validation.row import Row
from validation.rows import ROWS

EVERYDAY = Effort(runs=2_000, long_runs=60, burn_in=300, weeks=1_000)
KEPT = ("V01", "V02", "V03", "V04", "V05", "V06", "V06b", "V07", "V08", "V09", "V10", "V11", "V12",
        "V13", "V15", "V16", "V18", "V20", "V21")  # fmt: skip
#: Of none of their rows there is an exact solution.
UNSOLVED = ("V16", "V21")
#: Kinds of quantities that only the exact engine tells: lengths of spells, correlations.
UNPLAYED = ("spell", "gap", "cross", "own")


def first_of_each_kind() -> list[Row]:
    """The first row with a batch value of each number and kind of quantity."""
    found: dict[tuple[str, str], Row] = {}
    for row in ROWS:
        if (kind := row.quantity.split("_")[0]) not in UNPLAYED:
            found.setdefault((row.number, kind), row)
    return list(found.values())


def test_every_number_that_the_model_keeps_is_there():
    assert tuple(dict.fromkeys(row.number for row in ROWS)) == KEPT == tuple(TITLES)
    assert len({row.label for row in ROWS}) >= 250


@pytest.mark.parametrize("number", [number for number in KEPT if number not in UNSOLVED])
def test_exact_values_meet_theory(number):
    """Closed forms to 1e-9, printed values to their digits."""
    rows = [row for row in ROWS if row.number == number]
    exact = {row: value for row in rows if (value := exact_value(row)) is not None}
    assert exact
    for row, value in exact.items():
        assert abs(value - row.published) <= row.tolerance, row.label


def test_only_worlds_with_more_than_a_game_have_no_exact_value():
    without = {row.number for row in ROWS if exact_value(row) is None}
    assert without == {"V16", "V20", "V21"}


def meets_theory(row: Row, found: Measured) -> bool:
    """Within four standard errors of theory, or to its digits where the value has no error."""
    if found.se == 0.0:
        return abs(found.value - row.published) <= row.tolerance
    return abs(off(row, found)) <= MOST


@pytest.mark.parametrize("row", one_in(4, first_of_each_kind()), ids=lambda row: row.label)
def test_the_batch_engine_meets_theory(row):
    found = measure(row, EVERYDAY)
    assert found is not None
    assert meets_theory(row, found)


def test_the_queue_is_a_law_that_its_week_keeps():
    """Light and heavy load; mean of the arrivals served equals what arrives."""
    for mean, approved in ((4.0, 5), (9.5, 10)):
        law = queue_law(mean, approved)
        assert law.sum() == pytest.approx(1.0, abs=1e-12)
        assert law[-1] < 1e-12


def test_the_page_has_the_exact_values_of_now():
    text = PAGE.read_text(encoding="utf-8")
    now = renewed(text, None)
    assert without_estimates(text) == without_estimates(now), "run `make validation`"


@pytest.mark.slow
def test_every_estimate_meets_theory_and_the_page_is_what_make_validation_writes(monkeypatch):
    """In one: every row is played once."""
    played = cache(measure)
    found = {row.label: (row, played(row, WHOLE)) for row in ROWS}
    assert [name for name, (row, one) in found.items() if one and not meets_theory(row, one)] == []
    monkeypatch.setattr("validation.page.measure", played)
    text = PAGE.read_text(encoding="utf-8")
    assert renewed(text) == text, "run `make validation`"
