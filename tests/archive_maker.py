"""Tables of archives as httplint archive writes them, of rows that a test says."""
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet

from httplint.archive.tables import TABLES

TYPES = {"text": pyarrow.string(), "code": pyarrow.int32(), "count": pyarrow.int64(), "seconds": pyarrow.float64(),
         "time": pyarrow.timestamp("ms", "UTC"), "day": pyarrow.date32()}
USUAL = {"text": "", "code": 200, "count": 0, "seconds": 0.0}
"""What stands in a column of which a row says nothing, unless it may be missing."""


def tables(directory: Path, part: str = "one", shard: str = "", **rows: Sequence[dict[str, Any]]) -> str:
    """Writes a part: table -> rows, of which each says some columns. A table without rows has no file."""
    path = directory / "parts" / part
    path.mkdir(parents=True, exist_ok=True)
    for name, said in rows.items():
        columns = TABLES[name].columns
        schema = pyarrow.schema([(column.name, TYPES[column.type]) for column in columns])
        usual = {column.name: None if column.optional else USUAL[column.type] for column in columns}
        table = pyarrow.Table.from_pylist([usual | row for row in said], schema)
        parquet.write_table(table, path / f"{name}{shard}.parquet", compression="zstd")
    return str(directory)
