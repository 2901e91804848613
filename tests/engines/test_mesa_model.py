"""A run as a Mesa model: outcomes, frames, seeds, and Mesa's own tools."""

import gc
import weakref

import mesa
import numpy as np
import pandas as pd
import pytest

from sim import Scenario, TruceModel, simulate
from sim.engines.mesa_model import OF_AGENTS, WEEKLY


@pytest.fixture(scope="module")
def geneva() -> Scenario:
    return Scenario.load("geneva-2025")


@pytest.fixture
def played(geneva) -> TruceModel:
    model = TruceModel(geneva, seed=2025, run_index=17)
    model.run()
    return model


def test_the_outcome_is_the_row_of_runs(geneva):
    runs = simulate(geneva, runs=12, seed=4, keep_runs=True).runs
    for row in runs.to_dict("records"):
        model = TruceModel(geneva, seed=4, run_index=row["run"])
        model.run()
        never = {name: None if pd.isna(value) else value for name, value in row.items()}
        assert model.outcome == never
        assert list(model.outcome) == list(runs.columns)


def test_it_runs_to_the_horizon_a_week_a_step(geneva):
    model = TruceModel(geneva)
    assert (model.week, model.running) == (0, True)
    model.step()
    assert (model.week, model.steps, model.running) == (1, 1, True)
    model.run()
    assert (model.week, model.steps, model.running) == (26, 26, False)
    with pytest.raises(ValueError, match="its 26 weeks have been played"):
        model.step()


def test_outcomes_so_far_agree_with_the_outcome(played):
    frame = played.datacollector.get_model_vars_dataframe().set_index("week")
    for name, week in (("clean", "first_violation_week"), ("standing", "breakdown_week")):
        first = played.outcome[week]
        assert frame[name].tolist() == [first is None or t < first for t in range(1, 27)]
    assert frame["talks"].iloc[-1] == played.outcome["talks"]
    assert frame["extended"].iloc[-1] == played.outcome["extended"]
    assert frame["date"].iloc[0] == played.compiled.start


def test_without_a_truce_only_clean_is_defined():
    model = TruceModel("base/us-china")
    model.step()
    assert (model.standing, model.core, model.extended) == (None, None, None)
    assert model.clean in (True, False)


def test_frames_have_a_line_a_week_and_a_line_a_week_and_agent(played):
    weeks = played.datacollector.get_model_vars_dataframe()
    levers = [f"{field} {name}" for field in ("level", "flow") for name in played.compiled.levers]
    assert list(weeks.columns) == [*WEEKLY, *levers]
    assert len(weeks) == 26
    agents = played.datacollector.get_agent_vars_dataframe()
    assert list(agents.columns) == list(OF_AGENTS)
    assert agents.index.names == ["Step", "AgentID"]
    assert len(agents) == 26 * (2 + len(played.compiled.allies))
    last = agents.loc[26].set_index("name")
    assert last.loc["us", "pressure"] == played.us.pressure
    assert last.loc["cn", "state"] == played.cn.state
    assert last.loc[["us", "cn"], "rung"].tolist() == played.state.sides.rung.tolist()


def test_the_bands_of_one_run_are_the_agents_frame(geneva, played):
    """Another road to the same numbers: the tally of this one run, by the batch engine."""
    agents = played.datacollector.get_agent_vars_dataframe().reset_index().set_index("Step")
    params = geneva.compiled.params
    from sim.engines.batch import run_batch

    sums = run_batch(params, 2025, 17, 1).tally.bands_sum[:, 1:]
    for v, quantity in enumerate(("rung", "leverage", "shortage", "pressure", "belief")):
        for i, side in enumerate(("us", "cn")):
            own = agents[agents["name"] == side][quantity].to_numpy()
            assert np.allclose(own, sums[2 * v + i] / 2**24, atol=2**-24), (quantity, side)


def test_the_same_seed_and_run_are_the_same_run(geneva):
    one, two, other = (TruceModel(geneva, 5, run) for run in (3, 3, 4))
    for model in (one, two, other):
        model.run()
    assert one.outcome == two.outcome
    assert one.outcome != other.outcome | {"run": 3}
    assert one.random.random() == two.random.random() != other.random.random()


def test_rng_is_another_name_of_the_seed():
    assert TruceModel("textbook/quiet", rng=9).run_seed == 9
    assert TruceModel("textbook/quiet").run_seed == 2025
    with pytest.raises(ValueError, match="two names of one number"):
        TruceModel("textbook/quiet", seed=1, rng=2)


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"seed": 2**64}, {"run_index": -1}])
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="a whole number from 0 to"):
        TruceModel("textbook/quiet", **wrong)


@pytest.mark.parametrize("wrong", [{"seed": 1.5}, {"run_index": "first"}])
def test_what_is_no_whole_number_is_refused(wrong):
    with pytest.raises(TypeError):
        TruceModel("textbook/quiet", **wrong)


def test_mesa_batch_run_gives_the_last_week_of_each_run(geneva):
    swept = {"scenario": [geneva], "seed": 2025, "run_index": range(16, 19)}
    rows = mesa.batch_run(TruceModel, swept, number_processes=1, display_progress=False)
    frame = pd.DataFrame(rows)
    assert len(frame) == 3 * (2 + len(geneva.compiled.allies))
    assert set(frame["week"]) == {26}
    model = TruceModel(geneva, run_index=17)
    model.run()
    ours = frame[(frame["run_index"] == 17) & (frame["name"] == "cn")].iloc[0]
    assert (ours["standing"], ours["talks"]) == (model.standing, model.talks)
    assert (ours["rung"], ours["belief"]) == (model.cn.rung, model.cn.belief)


def test_mesa_batch_run_every_week_and_by_name():
    swept = {"scenario": "textbook/quiet", "run_index": [0]}
    rows = mesa.batch_run(
        TruceModel, swept, data_collection_period=1, number_processes=1, display_progress=False
    )
    frame = pd.DataFrame(rows)
    weeks = frame.groupby("AgentID")["week"].apply(list)
    assert weeks.iloc[0] == list(range(1, TruceModel("textbook/quiet").weeks + 1))


def test_nothing_is_collected_if_not_asked(geneva):
    model = TruceModel(geneva, collect=False)
    model.run()
    assert model.datacollector is None


def test_a_model_that_is_done_is_let_go(geneva):
    model = TruceModel(geneva)
    model.run()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
    assert [agent.unique_id for agent in TruceModel(geneva).agents] == [1, 2, 3, 4, 5]
