"""What tests read of archives: the tables that httplint archive has written, and what the guide shows."""
from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pyarrow import parquet

from httplint.archive.tables import TABLES

GUIDE = (Path(__file__).parents[1] / "docs" / "guides" / "archive.md").read_text("utf-8")


def tables_in(directory: Path) -> dict[str, list[dict[str, Any]]]:
    """Table -> its rows, as they stand in one part after the other."""
    return {name: [row for part in sorted(directory.glob(f"parts/*/{name}*.parquet"))
                   for row in parquet.read_table(part).to_pylist()] for name in TABLES}


def section(begin: str) -> str:
    """The section of the guide whose title begins so, with those within it."""
    return GUIDE.partition(f"\n## {begin}")[2].partition("\n## ")[0]


def file_of(name: str) -> str:
    """The file of that name that the guide shows."""
    file, = re.findall(rf"^```\w+\n(?:#|--) {re.escape(name)}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return str(file)
