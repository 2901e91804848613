"""The tables of a study: which there are, their columns, and how they are cut on disk."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.engines.rows import FLAGS, WEEKS, amounts
from sim.scenario.sides import DEFAULT

if TYPE_CHECKING:
    import pyarrow as pa

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
    return {named.get(name, name): kind for name, kind in COLUMNS[table].items()}


def part_schema(table: str) -> "pa.Schema":
    """The columns of a table in a part: point, and what does not follow from other columns."""
    import pyarrow as pa

    columns = {"point": "int32"} | COLUMNS[table]
    left_out = DERIVED.get(table, ())
    return pa.schema(
        [(name, pa.type_for_alias(kind)) for name, kind in columns.items() if name not in left_out]
    )
