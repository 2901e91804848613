"""From the parts of a study to its final tables: the same bytes wherever the parts end."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sim.engines.rows import amounts
from sim.outcomes.estimates import wilson
from sim.studies.parts import Group
from sim.studies.study_tables import DERIVED, columns_of, part_schema, points_a_row_group

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.studies.design import Point
    from sim.studies.experiment import Experiment

Columns = dict[str, "pa.Array"]  # a value a point, by name of the factor


class Rows(Protocol):
    """What holds the rows of a study by groups of points: parts, in one folder or in several."""

    def read(self, group: Group, table: str) -> "pa.Table":
        """The rows of a table."""


def final_schema(table: str, factors: Columns, ids: tuple[str, str]) -> "pa.Schema":
    """The columns of a final table: point, the factors, and those of the table."""
    import pyarrow as pa

    own = [(name, pa.type_for_alias(kind)) for name, kind in columns_of(table, ids).items()]
    varied = [(name, column.type) for name, column in factors.items()]
    return pa.schema([("point", pa.int32()), *varied, *own])


def compacted(
    parts: Rows,
    table: str,
    groups: Sequence[Group],
    factors: Columns,
    runs: int,
    ids: tuple[str, str],
) -> "Iterator[pa.Table]":
    """The rows of all parts in the order of their points, one table a row group."""
    size = points_a_row_group(table, runs)
    waiting = part_schema(table).empty_table()
    cut = size
    for group in groups:
        waiting = _below(waiting, parts.read(group, table))
        while group.first + group.count >= cut:
            length = int(waiting["point"].to_numpy().searchsorted(cut))
            yield with_factors(waiting.slice(0, length), table, factors, ids)
            waiting, cut = waiting.slice(length), cut + size
    yield with_factors(waiting, table, factors, ids)


def _below(upper: "pa.Table", lower: "pa.Table") -> "pa.Table":
    import pyarrow as pa

    return pa.concat_tables([upper, lower]) if len(upper) else lower


def with_factors(
    table: "pa.Table", name: str, factors: Columns, ids: tuple[str, str]
) -> "pa.Table":
    """The rows with their factors after the point, and with what follows from other columns."""
    import pyarrow as pa

    table = table.combine_chunks()
    named = {field: column for column, field in amounts(ids).items()}
    columns = {named.get(field, field): table[field] for field in table.column_names}
    varied = {factor: column.take(table["point"]) for factor, column in factors.items()}
    columns = {"point": columns.pop("point"), **varied, **columns}
    if name in DERIVED:
        columns |= _shares(table)
    return pa.table(columns, schema=final_schema(name, factors, ids))


def _shares(table: "pa.Table") -> dict[str, Any]:
    """Share and Wilson interval of the runs that hold."""
    holds, n = table["holds"].to_numpy(), table["n"].to_numpy()
    low, high = wilson(holds, n)
    return {"p": holds / n, "low": low, "high": high}


def factor_columns(experiment: "Experiment", points: "Sequence[Point]") -> Columns:
    """A column for each factor: whole numbers, numbers, truth values, or else text."""
    import pyarrow as pa

    columns = {}
    for index, factor in enumerate(experiment.factors):
        labels = [point[index].label for point in points]
        labels_shown = [level.label for level in factor.levels] or labels
        kind = _column_type(labels_shown)
        values = [str(label) for label in labels] if kind == pa.string() else labels
        columns[factor.name] = pa.array(values, kind)
    return columns


def _column_type(labels: Sequence[Any]) -> "pa.DataType":
    import pyarrow as pa

    kinds = {type(label) for label in labels}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    return pa.float64() if kinds <= {int, float} else pa.string()
