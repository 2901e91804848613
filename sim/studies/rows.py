"""What is kept of one point: its counts and its single runs, as rows of the study's tables."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engines.counts import RUNS
from sim.engines.rows import amounts
from sim.outcomes import definitions
from sim.outcomes.bands import band_frame, conduct_frame, payoff_frame
from sim.outcomes.definitions import defined, term_of
from sim.outcomes.estimates import Estimate, estimate, quantile_of_normal
from sim.outcomes.survival import holding
from sim.outcomes.tables import runs_frame
from sim.outcomes.triggers import trigger_frame
from sim.studies.study_tables import OUTCOMES, POINTS, part_schema
from sim.world.outcomes import outcome_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.engines.batch import BatchOutput
    from sim.engines.counts import Tally
    from sim.scenario.compile import Compiled

Tables = dict[str, "pa.Table"]  # rows by name of the table, each with its point


def point_tables(
    world: "Compiled", output: "BatchOutput", point: int, seed: int, names: Sequence[str]
) -> Tables:
    """The rows of one point, for each of the named tables."""
    tables = {}
    for name in names:
        columns = _columns(name, world, output)
        if name == POINTS:
            columns["seed"] = np.array([seed], np.uint64)
        tables[name] = _table(name, columns, point)
    return tables


def _table(name: str, columns: dict[str, Any], point: int) -> "pa.Table":
    """Columns as Arrow; a number that is not there (nan) is null."""
    import pyarrow as pa

    schema = part_schema(name)
    count = len(next(iter(columns.values())))
    table_rows = {"point": np.full(count, point, np.int32)} | columns
    arrays = [pa.array(table_rows[field.name], field.type, from_pandas=True) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _columns(name: str, world: "Compiled", output: "BatchOutput") -> dict[str, Any]:
    if name == POINTS:
        return headline_columns(world, output.tally)
    if name == OUTCOMES:
        return outcome_columns(world, output.tally)
    frame = _frame(name, world, output)
    return {str(column): frame[column].to_numpy() for column in frame.columns}


def _frame(name: str, world: "Compiled", output: "BatchOutput") -> "pd.DataFrame":
    """A table of a single result, of this point's runs."""
    tally = output.tally
    if name == "payoffs":
        return _payoffs(tally, world.sides.ids)
    if name == "triggers":
        return trigger_frame(tally, world, range(1, world.weeks + 1))
    if name == "conduct":
        return conduct_frame(tally, world)
    if name == "bands":
        return band_frame(tally, world)
    if output.rows is None:
        raise ValueError("the rows of single runs were not kept")
    frame = runs_frame(output.rows, world)
    return frame.rename(
        columns=amounts(world.sides.ids)
    )  # a part has the columns of any other study's


def _payoffs(tally: "Tally", ids: tuple[str, str]) -> "pd.DataFrame":
    """Mean payoffs and harms with the normal interval of a mean of independent runs."""
    frame = payoff_frame(tally, ids)
    half = quantile_of_normal(0.95) * frame["se"]
    return frame.assign(low=frame["mean"] - half, high=frame["mean"] + half)


def outcome_columns(world: "Compiled", tally: "Tally") -> dict[str, Any]:
    """Every outcome that is defined, by week: as in the outcomes table of a single run."""
    rules = world.params.rules[0]
    horizon, n = int(rules["weeks"]), int(tally.counts[RUNS])
    names: list[str] = []
    weeks: list[int] = []
    holds: list[int] = []
    for outcome in defined(rules, horizon):
        once = [term_of(rules, horizon) or horizon]
        when = once if outcome_of(outcome).once else list(range(1, horizon + 1))
        names += [outcome] * len(when)
        weeks += when
        holds += holding(tally, outcome).tolist()
    return {"outcome": names, "week": weeks, "n": np.full(len(weeks), n), "holds": holds}


def headline_columns(world: "Compiled", tally: "Tally") -> dict[str, Any]:
    """The one row of a point: its headline outcome, the week it is read, and how many hold."""
    outcome, week = headline(world)
    holds = holding(tally, outcome)[week - 1 : week]
    return {
        "outcome": [outcome],
        "week": [week],
        "n": tally.counts[RUNS : RUNS + 1],
        "holds": holds,
    }


def headline_estimate(world: "Compiled", tally: "Tally") -> Estimate:
    """The headline outcome with its 95 % interval."""
    row = headline_columns(world, tally)
    return estimate(int(row["holds"][0]), int(row["n"][0]))


def headline(world: "Compiled") -> tuple[str, int]:
    """The outcome reported first and the week it is read: standing, at the end of the term."""
    rules = world.params.rules[0]
    return definitions.headline(rules, world.weeks), term_of(rules, world.weeks) or world.weeks
