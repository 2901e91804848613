"""The tables of a study: their columns, the rows of a point, and how they are cut on disk.

A part keeps the rows of a group of points; the final tables hold those of all parts, the same
bytes wherever the parts end.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engines import counts
from sim.engines.counts import FLAGS, WEEKS, amounts
from sim.outcomes import definitions
from sim.outcomes.bands import band_frame, conduct_frame, payoff_frame, trigger_frame
from sim.outcomes.definitions import holding, week_read
from sim.outcomes.estimates import Estimate, estimate, quantile_of_normal, wilson
from sim.outcomes.tables import outcome_counts, runs_frame
from sim.scenario.sides import DEFAULT
from sim.world.outcomes import own_outcomes

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.engines.batch import BatchOutput
    from sim.engines.counts import Tally
    from sim.scenario.compile import Compiled
    from sim.studies.design import Factor, Point


POINTS, OUTCOMES = ALWAYS = ("points", "outcomes")
RUNS = "runs"
_SHARE = {"p": "double", "low": "double", "high": "double"}
_HOLDING = {"outcome": "string", "week": "int32", "n": "int64", "holds": "int64"} | _SHARE
_QUANTILES = ("mean", "q05", "q25", "q50", "q75", "q95")
#: Columns of each table after point and factors, as types of Arrow. `points` has the headline
#: outcome of each point; the others are those of a single result, but for a date beside a week:
#: points may begin on different days.
COLUMNS = {
    POINTS: {"seed": "uint64"} | _HOLDING,
    OUTCOMES: _HOLDING,
    "payoffs": {"who": "string", "measure": "string", "n": "int64"}
    | dict.fromkeys(("mean", "sd", "se", "low", "high"), "double"),
    "triggers": {"week": "int32", "cause": "string", "who": "string", "item": "string"}
    | {"count": "int64", "share": "double", "n": "int64"}
    | _SHARE,
    "conduct": {"week": "int32", "pair": "string", "n": "int64", "count": "int64"},
    "bands": {"week": "int32", "variable": "string", "who": "string"}
    | dict.fromkeys(_QUANTILES, "double"),
    RUNS: {"run": "int64"}
    | dict.fromkeys(WEEKS, "int32")
    | dict.fromkeys(FLAGS, "bool")
    | dict.fromkeys(("cause", "cause_who", "cause_item"), "string")
    | {"cause_week": "int32", "talks": "int32"}
    | dict.fromkeys(amounts(DEFAULT.ids).values(), "double"),
}
#: What an experiment may keep besides its outcomes.
KEPT = tuple(name for name in COLUMNS if name not in ALWAYS)
#: Columns that follow from others: only the final table has them.
DERIVED = {name: tuple(_SHARE) for name in ALWAYS}

#: Points in one row group of a final table, wherever the parts end.
POINTS_A_ROW_GROUP = 1_000
#: Rows that a point has at most in the long tables, about; of `runs` it has one a run.
_ROWS_A_POINT = {"triggers": 1_000, "bands": 1_000}
ROWS_A_ROW_GROUP = 200_000
#: Bytes on disk of a point and week, as measured on Geneva at 10,000 runs; of `runs`, of a run.
BYTES = {OUTCOMES: 36, "payoffs": 30, "triggers": 300, "conduct": 28, "bands": 240, RUNS: 36}
#: Up to so many runs of a point, the shares of a row group are worth a dictionary.
MOST_RUNS_IN_DICTIONARY = 30_000


Tables = dict[str, "pa.Table"]  # rows by name of the table, each with its point
Columns = dict[str, "pa.Array"]  # a value a point, by name of the factor
Group = range  # points that are kept together


def tables_of(keep: Sequence[str]) -> tuple[str, ...]:
    """The tables of a study that keeps these, those that every one keeps first."""
    return (*ALWAYS, *(name for name in KEPT if name in keep))


def size_on_disk(keep: Sequence[str], runs: int, weeks: int) -> int:
    """Bytes of the final tables, about; `runs` and `weeks` are those of all points together."""
    tables = tables_of(keep)
    weekly = sum(each for name, each in BYTES.items() if name in tables and name != RUNS)
    return weeks * weekly + (runs * BYTES[RUNS] if RUNS in tables else 0)


def points_a_row_group(table: str, runs: int) -> int:
    """How many points share a row group; settled by the experiment, not by the machine."""
    if table == POINTS:
        return 100 * POINTS_A_ROW_GROUP
    rows = runs if table == RUNS else _ROWS_A_POINT.get(table, 1)
    return min(POINTS_A_ROW_GROUP, max(1, ROWS_A_ROW_GROUP // rows))


def encodings(table: str, runs: int) -> dict[str, Any]:
    """Options of the Parquet writer for a final table.

    A share of few runs takes few values, which a dictionary holds in two bytes a row; shares of
    many runs are all different, and their bytes are packed by place. Either way 100,000 points
    of 26 weeks stay below 200 MB.
    """
    if table not in DERIVED or runs <= MOST_RUNS_IN_DICTIONARY:
        return {}
    packed = dict.fromkeys(DERIVED[table], "BYTE_STREAM_SPLIT") | {"holds": "DELTA_BINARY_PACKED"}
    return {"column_encoding": packed}


def columns_of(table: str, ids: tuple[str, str]) -> dict[str, str]:
    """The columns of a final table of a study whose sides have these ids."""
    named = {field: column for column, field in amounts(ids).items()}
    return {named.get(name, name): kind for name, kind in _stored(table).items()}


def _stored(table: str) -> dict[str, str]:
    """The columns of a table, with the weeks of outcomes of one's own in that of the runs."""
    own = {one.column: "int32" for one in own_outcomes()} if table == RUNS else {}
    return COLUMNS[table] | own


def part_schema(table: str) -> "pa.Schema":
    """The columns of a table in a part: point, and what does not follow from other columns."""
    import pyarrow as pa

    columns = {"point": "int32"} | _stored(table)
    left_out = DERIVED.get(table, ())
    return pa.schema(
        [(name, pa.type_for_alias(kind)) for name, kind in columns.items() if name not in left_out]
    )


def point_tables(
    world: "Compiled", output: "BatchOutput", point: int, seed: int, names: Sequence[str]
) -> Tables:
    """The rows of one point, for each of the named tables; what is not there (nan) is null."""
    import pyarrow as pa

    tables = {}
    for name in names:
        columns, schema = _columns(name, world, output, seed), part_schema(name)
        columns["point"] = np.full(len(next(iter(columns.values()))), point, np.int32)
        arrays = [pa.array(columns[field.name], field.type, from_pandas=True) for field in schema]
        tables[name] = pa.Table.from_arrays(arrays, schema=schema)
    return tables


def _columns(name: str, world: "Compiled", output: "BatchOutput", seed: int) -> dict[str, Any]:
    """A table of this point's runs: those of a single result, but for `points`."""
    tally, ids = output.tally, world.sides.ids
    if name == POINTS:
        return headline_columns(world, tally) | {"seed": np.array([seed], np.uint64)}
    if name == OUTCOMES:
        return outcome_counts(tally, world)
    if name == "payoffs":
        frame = payoff_frame(tally, ids)
        half = quantile_of_normal(0.95) * frame["se"]
        frame = frame.assign(low=frame["mean"] - half, high=frame["mean"] + half)
    elif name == "triggers":
        frame = trigger_frame(tally, world, range(1, world.weeks + 1))
    elif name == "conduct":
        frame = conduct_frame(tally, world)
    elif name == "bands":
        frame = band_frame(tally, world)
    elif output.rows is None:
        raise ValueError("the rows of single runs were not kept")
    else:  # a part has the columns of any other study's
        frame = runs_frame(output.rows, world).rename(columns=amounts(ids))
    return {str(column): frame[column].to_numpy() for column in frame.columns}


def headline_columns(world: "Compiled", tally: "Tally") -> dict[str, Any]:
    """The one row of a point: its headline outcome, the week it is read, and how many hold."""
    outcome, week = headline(world)
    n, holds = tally.counts[counts.RUNS], holding(tally, outcome)[week - 1]
    return {"outcome": [outcome], "week": [week], "n": [n], "holds": [holds]}


def headline_estimate(world: "Compiled", tally: "Tally") -> Estimate:
    """The headline outcome with its 95 % interval."""
    row = headline_columns(world, tally)
    return estimate(int(row["holds"][0]), int(row["n"][0]))


def headline(world: "Compiled") -> tuple[str, int]:
    """The outcome reported first and the week it is read: standing, at the end of the term."""
    rules = world.params.rules[0]
    return definitions.headline(rules), week_read(rules)


def final_schema(table: str, factors: Columns, ids: tuple[str, str]) -> "pa.Schema":
    """The columns of a final table: point, the factors, and those of the table."""
    import pyarrow as pa

    own = [(name, pa.type_for_alias(kind)) for name, kind in columns_of(table, ids).items()]
    varied = [(name, column.type) for name, column in factors.items()]
    return pa.schema([("point", pa.int32()), *varied, *own])


def compacted(
    read: "Callable[[Group, str], pa.Table]",
    table: str,
    groups: Sequence[Group],
    factors: Columns,
    runs: int,
    ids: tuple[str, str],
) -> "Iterator[pa.Table]":
    """The rows of all parts, as `read` has them, in the order of their points: a row group each."""
    import pyarrow as pa

    size = points_a_row_group(table, runs)
    waiting = part_schema(table).empty_table()
    cut = size
    for group in groups:
        rows = read(group, table)
        waiting = pa.concat_tables([waiting, rows]) if len(waiting) else rows
        while group.stop >= cut:
            length = int(waiting["point"].to_numpy().searchsorted(cut))
            yield with_factors(waiting.slice(0, length), table, factors, ids)
            waiting, cut = waiting.slice(length), cut + size
    yield with_factors(waiting, table, factors, ids)


def with_factors(
    table: "pa.Table", name: str, factors: Columns, ids: tuple[str, str]
) -> "pa.Table":
    """The rows with their factors after the point, and with what follows from other columns."""
    import pyarrow as pa

    table = table.combine_chunks()
    own = {field: table[field] for field in table.column_names}
    if name in DERIVED:
        holds, n = table["holds"].to_numpy(), table["n"].to_numpy()
        low, high = wilson(holds, n)
        own |= {"p": holds / n, "low": low, "high": high}
    varied = {factor: column.take(own["point"]) for factor, column in factors.items()}
    named = zip(columns_of(name, ids), (own[field] for field in _stored(name)), strict=True)
    columns = {"point": own["point"], **varied, **dict(named)}
    return pa.table(columns, schema=final_schema(name, factors, ids))


def factor_columns(factors: "Iterable[Factor]", points: "Sequence[Point]") -> Columns:
    """A column for each factor: whole numbers, numbers, truth values, or else text."""
    import pyarrow as pa

    columns = {}
    for index, factor in enumerate(factors):
        labels = [point[index].label for point in points]
        kinds = {type(label) for label in [level.label for level in factor.levels] or labels}
        if kinds <= {int, float}:
            kind = pa.int64() if kinds == {int} else pa.float64()
        else:
            kind = pa.bool_() if kinds == {bool} else pa.string()
        values = [str(label) for label in labels] if kind == pa.string() else labels
        columns[factor.name] = pa.array(values, kind)
    return columns
