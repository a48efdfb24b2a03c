"""Keeps rules/coverage in step with the rules: `python tools/sync_coverage.py [--check]`.

Takes the reason `open` away from requirements that a rule has come to check, and reports what is wrong with the table.
With --check it writes nothing; the exit code is 1 if something would change or is wrong.
"""
from __future__ import annotations

import argparse
import csv
import io
import sys
from pathlib import Path

from httplint.coverage import COLUMNS, coverage, reasons, rows, table_directory, tables
from httplint.library import built_in_rules


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Keeps rules/coverage in step with the rules.")
    parser.add_argument("--check", action="store_true", help="write nothing, only say what would change")
    check = parser.parse_args(arguments).check
    directory = table_directory()
    named = {name for rule in built_in_rules() for name in rule.requirement}
    changed = [path for path in tables(directory) if _sync(path, named, check)]
    for path in changed:
        print(f"{'would change' if check else 'changed'}: {path.name}")
    problems = coverage(built_in_rules(), rows(directory), reasons(directory)).problems
    for problem in problems:
        print(problem)
    return 1 if problems or (check and changed) else 0


def _sync(path: Path, named: set[str], check: bool) -> bool:
    """Whether the file had to change."""
    before = path.read_text("utf-8")
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for line in csv.DictReader(io.StringIO(before)):
        if line["id"] in named and line["reason"].partition(":")[0] == "open":
            line["reason"] = ""
        writer.writerow(line)
    if out.getvalue() == before:
        return False
    if not check:
        path.write_text(out.getvalue(), "utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
