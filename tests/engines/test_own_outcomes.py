"""Outcomes of one's own: counted exactly, by every engine, and refused in one clear error."""

import json

import numpy as np
import pytest

from sim.engines import host
from sim.engines.batch import run_batch, run_parts
from sim.engines.counts import ENDED
from sim.engines.host import HostHand
from sim.engines.mesa_batch import run_models
from sim.engines.mesa_model import TruceModel
from sim.engines.own_outcomes import Weeks, first_week, rows_of, table_of
from sim.engines.setting import seed_words
from sim.engines.trace import record_run
from sim.errors import ExtensionError, ResultError
from sim.outcomes.result import Result
from sim.outcomes.simulate import simulate
from sim.outcomes.store import load_result, write_result
from sim.outcomes.summary import summary
from sim.scenario import Scenario
from sim.studies.pairs import compare
from sim.world.outcomes import OWN_OUTCOMES, OwnOutcome, outcome_of

GENEVA = Scenario.load("geneva-2025")
MIXED = Scenario.load("geneva-2025").override({"weeks": 8})
NAMES = (GENEVA.compiled.levers, GENEVA.compiled.allies)


@pytest.fixture
def own():
    """Registers outcomes for one test: a name and its function."""

    def register(name, ends, **more):
        says = {"says": f"it is {name}", "definition": f"no week that is not {name}"} | more
        return OWN_OUTCOMES.register(OwnOutcome(name, ends, **says))

    yield register
    for name in OWN_OUTCOMES.added:
        OWN_OUTCOMES.withdraw(name)


def clean(weeks: Weeks):
    return first_week(weeks.violates.any(axis=2))


def standing(weeks: Weeks):
    return weeks.ended("standing")


def row(tally, name):
    return tally.ended[rows_of(tally).index(name)]


def test_a_shipped_outcome_written_anew_counts_the_same(own):
    own("kept", clean)
    own("stands", standing)
    output = run_parts(GENEVA.compiled.parts, 7, 3, 400, threads=2, keep=True)
    for mine, shipped in (("kept", "clean"), ("stands", "standing")):
        assert np.array_equal(row(output.tally, mine), row(output.tally, shipped))
        assert np.array_equal(output.rows[f"own_{mine}"], output.rows[f"{shipped}_week"])
    assert row(output.tally, "kept").sum() == 400


def test_what_is_shipped_is_counted_as_without_it(own):
    before = run_parts(GENEVA.compiled.parts, 7, 0, 200, keep=True)
    own("kept", clean)
    after = run_parts(GENEVA.compiled.parts, 7, 0, 200, keep=True)
    assert np.array_equal(after.tally.ended[: len(ENDED)], before.tally.ended)
    assert all(
        np.array_equal(after.rows[name], before.rows[name]) for name in before.rows.dtype.names
    )
    assert "own_kept" not in run_batch(GENEVA.compiled.params, 7, 0, 5, keep=True).rows.dtype.names


def test_every_engine_counts_it_alike(own):
    own("kept", clean)
    batch = run_parts(MIXED.compiled.parts, 7, 0, 6, keep=True)
    mesa = run_models(MIXED, 7, 0, 6, keep=True)
    assert np.array_equal(row(mesa.tally, "kept"), row(batch.tally, "kept"))
    assert np.array_equal(mesa.rows["own_kept"], batch.rows["own_kept"])


@pytest.mark.skipif(not host.is_usable(), reason="the module is not of these sources")
def test_weeks_are_the_same_bits_whoever_plays_them():
    # in london-2025 an open-ended truce is agreed anew
    for name in ("geneva-2025", "london-2025", "textbook/licence-queue"):
        params = Scenario.load(name).compiled.params
        hand = HostHand(params, seed_words(11))
        for run in range(8):
            ours, theirs = hand.weeks_of(run), table_of(record_run(params, 11, run))
            assert np.array_equal(ours, theirs)


def test_weeks_are_arrays_by_name():
    hand = HostHand(GENEVA.compiled.params, seed_words(11))
    weeks = Weeks(np.stack([hand.weeks_of(run) for run in range(3)]), hand.rows(0), NAMES)
    record = record_run(GENEVA.compiled.params, 11, 2)
    k = weeks.lever("cn.rare_earths")
    assert (weeks.runs, weeks.horizon) == (3, 26)
    assert weeks.rung.shape == weeks.belief.shape == (3, 26, 2)
    assert weeks.flow.shape == (3, 26, len(NAMES[0]))
    assert weeks.joined.shape == (3, 26, len(NAMES[1]))
    assert {weeks.violates.dtype, weeks.talks.dtype} == {np.dtype(bool)}
    assert np.array_equal(weeks.rung[2], record.sides["rung"][1:])
    assert np.array_equal(weeks.pressure[2], record.sides["pressure"][1:])
    assert np.array_equal(weeks.stock[2, :, k], record.levers["stock"][1:, k])
    with pytest.raises(AttributeError, match="did you mean pressure"):
        weeks.presure  # noqa: B018
    with pytest.raises(ValueError, match=r"did you mean cn\.rare_earths"):
        weeks.lever("cn.rare_earth")
    with pytest.raises(ValueError, match="allowed: clean"):
        weeks.ended("peace")


def test_a_first_week_is_counted_from_one():
    happens = np.array([[False, True, True], [False, False, False], [True, False, False]])
    assert first_week(happens).tolist() == [2, 0, 1]


def fails(weeks):
    raise ZeroDivisionError("no width")


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (fails, "ZeroDivisionError: no width"),
        (lambda weeks: weeks.violates, r"an array of shape \(20, 26, 2\)"),
        (lambda weeks: np.zeros(weeks.runs), "an array of float64"),
        (lambda weeks: np.full(weeks.runs, 27), "week 27"),
        (lambda weeks: weeks.runsk, "did you mean"),
    ],
)
def test_a_function_that_answers_wrongly_is_named_with_its_file_and_row(own, ends, words):
    own("odd", ends)
    with pytest.raises(ExtensionError, match=words) as error:
        simulate(GENEVA, runs=20, seed=7, threads=1)
    (problem,) = error.value.problems
    assert problem.file == __file__
    assert problem.path == 'outcome "odd"'
    assert problem.line > 100
    assert "shape (runs,)" in problem.allowed


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("standing", {}, "which is shipped"),
        ("no name", {}, "a Python name"),
        ("odd", {"ends": 3}, "a function from weeks"),
        ("odd", {"says": " "}, "says"),
        ("odd", {"definition": None}, "definition"),
        ("odd", {"colour": "beige"}, "vermillion"),
    ],
)
def test_a_row_that_cannot_be_is_refused(own, name, more, words):
    with pytest.raises(ExtensionError, match=words):
        own(name, **({"ends": clean} | more))


def test_a_result_has_it_as_the_shipped(own, tmp_path):
    own("kept", clean, needs_truce=True)
    result = simulate(GENEVA, runs=300, seed=7, keep_runs=True)
    assert result.at("kept").p == result.at("clean").p
    assert result.at("kept").definition == "no week that is not kept"
    assert result.runs["kept_week"].equals(result.runs["first_violation_week"].rename("kept_week"))
    entry = summary(result)["outcomes"][-1]
    assert (entry["outcome"], entry["horizon"]["n"]) == ("kept", 300)
    folder = write_result(result, tmp_path, pictures=())
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["own_outcomes"] == ["kept"]
    assert load_result(folder).survival("kept").equals(result.survival("kept"))
    OWN_OUTCOMES.withdraw("kept")
    with pytest.raises(ResultError, match="counts outcomes of an extension: kept"):
        load_result(folder)


def test_without_a_truce_it_may_be_undefined(own):
    own("kept", clean, needs_truce=True)
    result = simulate("textbook/tft-noise", runs=20)
    defined = result.rules["has_truce"]
    assert (result.reason("kept") is None) == bool(defined)


def test_a_result_of_before_goes_without_it(own, tmp_path):
    plain = simulate(GENEVA, runs=20, seed=7)
    folder = write_result(plain, tmp_path, pictures=())
    own("kept", clean)
    loaded = load_result(folder)
    assert loaded.at("kept") is None
    assert loaded.reason("kept") == "these runs were played without it"
    assert isinstance(loaded, Result)
    assert "kept" not in [entry["outcome"] for entry in summary(loaded)["outcomes"]]


def test_two_scenarios_are_compared_by_it_run_by_run(own):
    own("kept", clean)
    other = GENEVA.override({"actors.us.slip": 0.0})
    compared = compare(GENEVA.compiled, other.compiled, 100, 7)
    found = {(one.outcome, one.week): one for one in compared.outcomes}
    assert found["kept", 26].difference == found["clean", 26].difference
    assert "kept" in [curve.outcome for curve in compared.curves]


def test_ranges_are_read_of_it_too(own):
    own("kept", clean)
    from sim.outcomes.spread import runs_that_hold

    held = runs_that_hold(GENEVA.compiled, 7, 0, 60)
    assert np.array_equal(held["kept"], held["clean"])
    alone = runs_that_hold(GENEVA.compiled, 7, 0, 60, ("kept",))
    assert np.array_equal(alone["kept"], held["clean"])


def test_a_model_in_mesa_says_that_it_is_of_whole_runs(own):
    own("kept", clean)
    with pytest.raises(ValueError, match="counted from whole runs"):
        TruceModel(MIXED, 7).holds("kept")


def test_an_unknown_name_is_refused_with_those_of_ones_own(own):
    own("kept", clean)
    with pytest.raises(ValueError, match="extended, kept"):
        outcome_of("peace")
