"""The table of differences to other programs is about rules that exist; `python tools/differential` compares."""
from __future__ import annotations

import csv
from fnmatch import filter as matching
from pathlib import Path

import pytest

from httplint.library import built_in_rules

TABLE = Path(__file__).parents[2] / "tools" / "differential" / "verdicts.csv"
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
RULES = [rule.id for rule in built_in_rules()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['program']} {row['notice']}")
def test_each_row_is_decided(row: dict[str, str]) -> None:
    assert [one for one in row["same"].split() if not matching(RULES, one)] == []
    assert row["verdict"] in ("", "ours", "theirs", "both", "scope")
    assert bool(row["verdict"]) == bool(row["reason"]), "a verdict has a reason"
    assert row["same"] or row["verdict"], "nothing is said of the notice"


def test_no_notice_has_two_rows() -> None:
    assert len({(row["program"], row["notice"]) for row in ROWS}) == len(ROWS)
