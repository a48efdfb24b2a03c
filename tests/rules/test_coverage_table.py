"""The coverage table against the rules, and against itself."""
from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from httplint.coverage import CODES, coverage, print_coverage, reasons, rows, table_directory, tables
from httplint.library import built_in_rules

ROWS = rows()
STATEMENTS = os.environ.get("HTTPLINT_STATEMENTS")
"""The statements behind the table, as JSON Lines with `id` and `statement`; they are no part of the project."""


def test_table_and_rules_fit_together() -> None:
    """Known ids, known reasons, no chains, nothing with both a rule and a reason: see tools/sync_coverage.py."""
    assert coverage(built_in_rules(), ROWS, reasons()).problems == []


def test_every_row_has_rules_or_a_reason_or_is_open() -> None:
    entries = coverage(built_in_rules(), ROWS).entries
    assert len(entries) == len(ROWS)
    for entry in entries.values():
        assert entry.outcome == ("rules" if entry.rules else "reason" if entry.reason else "open")
        assert entry.reason != "open"


def test_every_reason_is_used_and_explained() -> None:
    assert {row.reason.partition(":")[0] for row in ROWS} - {""} == reasons().keys() - {"open"}
    for code, meaning in reasons().items():
        assert meaning.endswith("."), code


@pytest.mark.parametrize("path", tables(table_directory()), ids=lambda path: path.stem)
def test_form(path: Path) -> None:
    text = path.read_text("utf-8")
    named = {name for rule in built_in_rules() for name in rule.requirement}
    assert "\r" not in text
    for row in csv.DictReader(text.splitlines()):
        assert row["observable"] in ("response", "exchange", "sequence", "wire", "no"), row
        assert (row["observable"] == "no") == (not row["message"]) == (not row["decidable"]), row
        assert row["message"] in ("", "response", "request", "either"), row
        assert row["decidable"] in ("", "definite", "heuristic"), row
        assert all(re.fullmatch(r"[1-9](xx|\d\d)", code) for code in row["status"].split()), row
        assert len(row["subject"]) <= 90, row
        assert row["subject"] == row["subject"].strip(), row
        assert row["id"].startswith((f"{row['document']}-{row['section']}-", "sf-")), row
        if (row["observable"] == "no" or row["message"] == "request") and row["id"] not in named:
            assert row["reason"] not in ("", "open"), "no response can show it, so there is a reason"
        if row["reason"].startswith("judgement"):
            assert row["reason"].partition(":")[2].strip(), "a judgement says why"


def test_the_codes_that_the_project_covers_have_subjects() -> None:
    covered = [row for row in ROWS
               if set(row.status) & set(CODES) or (row.document in ("9110", "9111", "9112") and row.message)]
    assert covered
    assert [row.id for row in covered if not row.subject] == []


def test_the_printed_counts_are_those_of_the_files() -> None:
    lines: list[str] = []
    print_coverage(built_in_rules(), lines.append)
    printed = {cells[0]: cells[1:] for cells in map(str.split, lines[1:lines.index("")])}
    statements: Counter[str] = Counter()
    observable: Counter[str] = Counter()
    definite: Counter[str] = Counter()
    for path in set(table_directory().glob("*.csv")) - {table_directory() / "reasons.csv"}:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for name in (row["document"], "all"):
                    statements[name] += 1
                    if row["observable"] != "no" and row["message"] != "request":
                        observable[name] += 1
                        definite[name] += row["decidable"] == "definite"
    assert printed.keys() == statements.keys()
    for name, cells in printed.items():
        numbers = [int(cell) for cell in cells[:9]]
        assert numbers[0] == statements[name]
        assert numbers[1] == observable[name] == sum(numbers[2:5])
        assert numbers[5] == definite[name] == sum(numbers[6:9])


@pytest.mark.skipif(not STATEMENTS, reason="HTTPLINT_STATEMENTS names no file of statements")
def test_no_sentence_of_a_specification_is_in_the_table() -> None:
    """No run of eight words is one of any statement."""
    runs: set[tuple[str, ...]] = set()
    known: set[str] = set()
    for line in Path(STATEMENTS or "").read_text("utf-8").splitlines():
        record = json.loads(line)
        known.add(record["id"])
        runs |= _runs(record["statement"])
    for row in ROWS:
        assert not _runs(row.subject) & runs, row.id
        assert row.reason == "same" or not _runs(row.words) & runs, row.id
        assert row.id in known or row.document == "6455", row.id


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at:at + 8]) for at in range(len(words) - 7)}
