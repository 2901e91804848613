"""The Mesa engine plays the runs of the batch engine, bit for bit."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.engines.batch import BatchInterrupted, run_batch
from sim.engines.block import run_block
from sim.engines.counts import ROW, new_bins, new_tally
from sim.engines.mesa_batch import run_models
from sim.engines.mesa_model import TruceModel
from sim.engines.setting import ANEW, scratch, seed_words
from sim.engines.trace import record_run
from sim.errors import ResultError
from sim.outcomes.simulate import simulate
from sim.scenario import Scenario
from sim.world.state import LEVER_NAMES, MISREAD, SLIP, SLOW_LICENCES, State
from tests.equivalence.switched import SWITCHED_ON
from tests.everyday import one_in
from tests.properties.worlds import worlds
from tests.world.play import ban, licence, table

TEXTBOOK = sorted((Path(__file__).parents[2] / "scenarios/textbook").glob("*.toml"))
SEEDS = st.integers(0, 2**64 - 1)
RUNS = st.integers(0, 2**32 - 3)
#: The owner owes all that is asked for; the other side what the level of today lets through.
OFFICE = {"capacity": 0.4, "owes": "service", "owes_by_target": "level", "due_weeks": 8}
TWO_READINGS = table(
    {"us": {"a": ban()}, "cn": {"x": licence(notches=2, level=1, obligation=0, **OFFICE)}}, weeks=4
)


def by_batch(scenario: Scenario, seed: int, run: int) -> tuple[State, np.recarray]:
    """The whole state and the row that the batch kernel leaves of one run."""
    params = scenario.compiled.params
    state, rows = scratch(params), np.zeros(1, ROW).view(np.recarray)
    counts = new_tally(params), new_bins(params, 1)
    run_block(params, state, *counts, *seed_words(seed), run, 1, rows, state, ANEW)
    return state, rows[0]


def differing(one: State, two: State) -> list[str]:
    """Fields whose bytes differ. The curve is only a table of values looked up before.

    Levers are compared by what is kept of them; their columns hold a week's sums as well, of which
    only what is watched is made.
    """
    pairs = zip(State._fields, one, two, strict=True)
    tables = [pair for pair in pairs if pair[0] not in ("curve", "columns", "rows", "levers")]
    tables += [(name, one.levers[name], two.levers[name]) for name in LEVER_NAMES]
    return [name for name, a, b in tables if a.tobytes() != b.tobytes()]


def check(scenario: Scenario, seed: int, run: int) -> TruceModel:
    """Both engines: the same row, and the same state with its memory of every week."""
    model = TruceModel(scenario, seed, run)
    model.run()
    state, row = by_batch(scenario, seed, run)
    assert model.run_row.tobytes() == row.tobytes()
    assert differing(model.state, state) == []
    return model


#: What shows, at the end of some run, that a mechanism was at work.
SIGNS = {
    "talks": lambda s: s.run[0].talks_count > 0,
    "a renewed truce": lambda s: s.run[0].renewals > 0,
    "an extension": lambda s: s.run[0].extended,
    "a lapse": lambda s: s.run[0].lapse_week > 0,
    "a breakdown": lambda s: s.run[0].cause >= 0,
    "a dated act": lambda s: s.run[0].act_shock >= 0,
    "a slip": lambda s: (s.memory.origin == SLIP).any(),
    "an alarm": lambda s: (s.memory.alarm == MISREAD).any(),
    "slow licences": lambda s: (s.memory.alarm == SLOW_LICENCES).any(),
    "a queue": lambda s: (s.levers.backlog > 0).any(),
    "a shortage": lambda s: (s.levers.short > 0).any(),
    "a lever taken away": lambda s: s.levers.gone.any(),
    "an ally that joined": lambda s: (s.allies.joined_week > 0).any(),
    "an ally short of goods": lambda s: (s.allies.shortage_cn > 0).any(),
    "relief": lambda s: (s.sides.relief_week > 0).any(),
    "two readings of what is owed": lambda s: (s.levers.counts != s.levers.counts_own).any(),
    "two readings of a service": lambda s: (s.levers.service != s.levers.service_own).any(),
    "a deal": lambda s: s.struck.any(),
    "a heated run": lambda s: s.run[0].heat != 1.0,
    "restraint": lambda s: s.sides.restrained.any(),
    "goods denied": lambda s: (s.sides.denial > 0).any(),
}


@pytest.mark.slow
def test_random_scenarios_with_every_mechanism():
    seen: set[str] = set()

    @settings(max_examples=200)
    @example(table=TWO_READINGS, seed=7, run=0)
    @given(table=worlds(), seed=SEEDS, run=RUNS)
    def same(table, seed, run):
        scenario = Scenario.from_table(table)
        for n in range(3):
            state = check(scenario, seed, run + n).state
            seen.update(name for name, shows in SIGNS.items() if shows(state))

    same()
    assert set(SIGNS) - seen == set()


@pytest.mark.parametrize(
    "name",
    one_in(5, ["geneva-2025", "geneva-as-happened", *TEXTBOOK]),
    ids=lambda name: Path(name).stem,
)
def test_shipped_scenarios(name):
    scenario = Scenario.load(name)
    for run in (0, 17):
        check(scenario, 2025, run)


def test_geneva_with_every_decision_switched_on():
    scenario = Scenario.load("geneva-2025").override(SWITCHED_ON)
    insisted = 0
    for run in range(8):
        check(scenario, 2025, run)
        record = record_run(scenario.compiled.params, 2025, run)
        state, row = by_batch(scenario, 2025, run)
        assert record.row[0].tobytes() == row.tobytes()
        assert record.sides[-1].tobytes() == state.sides.tobytes()
        for name in LEVER_NAMES:
            assert record.levers[-1][name].tobytes() == state.levers[name].tobytes(), name
        assert record.memory[1:].tobytes() == state.memory[1:].tobytes()
        insisted += int(record.sides["insists"].sum())
    assert insisted > 0


def test_many_runs_give_the_same_counts_and_rows():
    scenario = Scenario.load("geneva-2025")
    ours = run_batch(scenario.compiled.params, 3, 5, 5, keep=True)
    told: list[int] = []
    theirs = run_models(scenario, 3, 5, 5, True, told.append)
    for name in ROW.names:
        assert theirs.rows[name].tobytes() == ours.rows[name].tobytes(), name
    for name, one, two in zip(ours.tally._fields, ours.tally, theirs.tally, strict=True):
        assert np.array_equal(one, two), name
    assert told[-1] == 5


def test_simulate_by_either_engine_gives_the_same_tables():
    scenario = Scenario.load("geneva-2025")
    one, two = (
        simulate(scenario, runs=20, seed=9, keep_runs=True, but_for=True, engine=engine)
        for engine in ("batch", "mesa")
    )
    assert two.engine == "mesa"
    for name in ("bands", "triggers", "runs", "but_for"):
        assert getattr(one, name).equals(getattr(two, name)), name
    assert one.survival("standing").equals(two.survival("standing"))


def test_an_interrupt_keeps_whole_runs():
    scenario = Scenario.load("textbook/quiet")

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(BatchInterrupted) as stopped:
        run_models(scenario, 1, 0, 50, True, stop)
    tally = stopped.value.output.tally
    runs = tally.counts[0]
    assert 1 <= runs < 50
    assert (tally.conduct[1:].sum(axis=1) == runs).all()


def test_an_engine_that_does_not_exist_is_refused():
    with pytest.raises(ResultError, match="'batch', 'mesa'"):
        simulate(Scenario.load("textbook/quiet"), runs=1, engine="abacus")
