"""The page of the tables says what they are."""
from __future__ import annotations

from pathlib import Path

import pytest

from httplint.archive.tables import FORMAT, TABLES, Table

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "archive.md").read_text("utf-8")
TYPES = {"text": "text", "code": "32-bit integer", "count": "64-bit integer", "seconds": "64-bit float",
         "time": "timestamp, ms, UTC", "day": "date"}


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_the_page_has_each_column(table: Table) -> None:
    _, _, section = PAGE.partition(f"\n### {table.name}\n\nA row is {table.about}.\n\n")
    rows = [line for line in section.partition("\n#")[0].splitlines() if line.startswith("| `")]
    assert rows == [f"| `{one.name}` | {TYPES[one.type]}{' or null' if one.optional else ''} | {one.about} |"
                    for one in table.columns]


def test_the_page_has_the_version() -> None:
    assert f"the version of these tables ({FORMAT})" in PAGE
