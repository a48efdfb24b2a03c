"""What `httplint archive` makes of captures: the rows of its tables."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from archive_reading import tables_in

from httplint.cli.main import run


def called(rows: dict[str, list[dict[str, Any]]], top: str) -> dict[str, list[dict[str, Any]]]:
    """The rows with the names of captures from a directory on, and without what differs from run to run."""
    return {name: sorted(({**{column: value for column, value in row.items() if column != "cpu"},
                           "capture": row["capture"].removeprefix(f"{top}/")} for row in some), key=repr)
            for name, some in rows.items()}


def linted(tmp_path: Path, *uris: str, status: int = 0) -> dict[str, list[dict[str, Any]]]:
    out = tmp_path / "out"
    assert run(["archive", *uris, "--out", str(out), "--jobs", "1"]) == status
    return tables_in(out)
