"""The tables as Arrow has them: their schemas, and rows as batches of columns."""
from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from httplint import __version__
from httplint.archive.tables import FORMAT, TABLES, Row, Table, Type

TYPES: dict[Type, pa.DataType] = {
    "text": pa.string(), "code": pa.int32(), "count": pa.int64(), "seconds": pa.float64(),
    "time": pa.timestamp("ms", "UTC"), "day": pa.date32()}
"""What the values of a column are."""


def schema(table: Table) -> pa.Schema:
    """The schema of a table; it says what a row and each column is, and which httplint wrote it."""
    return pa.schema(
        [pa.field(column.name, TYPES[column.type], column.optional, {"about": column.about})
         for column in table.columns],
        {"httplint.format": str(FORMAT), "httplint.version": __version__, "httplint.table": table.name,
         "about": table.about})


SCHEMAS: dict[str, pa.Schema] = {name: schema(table) for name, table in TABLES.items()}
"""Name of a table -> its schema."""


def batch(name: str, rows: Sequence[Row]) -> pa.RecordBatch:
    """Rows of a table, at least one."""
    fields = SCHEMAS[name]
    return pa.RecordBatch.from_arrays(
        [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), fields, strict=True)],
        schema=fields)
