"""Brings the table of fields in step with IANA: `python tools/sync_fields.py http-field-names.csv [--check]`.

The argument is the CSV file of IANA's HTTP Field Name Registry. New names are added without a grammar, changed
statuses and structured types are taken over, and names that left the registry are reported; traits, grammars and
meanings are our own and stay. With --check nothing is written; the exit code is 1 if something would change.
"""
from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from datetime import date
from pathlib import Path

TABLE = Path(__file__).parent.parent / "src" / "httplint" / "grammar" / "registry" / "fields.csv"
GRAMMARS = {"Item": "structured:structured_item", "List": "structured:structured_list",
            "Dictionary": "structured:structured_dictionary"}
KINDS = {"Item": "single", "List": "list", "Dictionary": "list"}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Brings the table of fields in step with IANA's registry.")
    parser.add_argument("registry", type=Path, help="IANA's http-field-names.csv")
    parser.add_argument("--check", action="store_true", help="write nothing, only say what would change")
    parser.add_argument("--date", default=date.today().isoformat(), help="of the registry (default: today)")
    parser.add_argument("--table", type=Path, default=TABLE, help="the table (default: that of the package)")
    options = parser.parse_args(arguments)
    text, changes = synced(options.table.read_text("utf-8"), options.registry.read_text("utf-8-sig"), options.date)
    for change in changes:
        print(change)
    if changes and not options.check:
        options.table.write_text(text, "utf-8", newline="")
    return 1 if changes and options.check else 0


def synced(table: str, registry: str, day: str) -> tuple[str, list[str]]:
    """The table with what is new in the registry, and what changed, a line each."""
    heading, _, body = table.partition("\n")
    reader = csv.DictReader(io.StringIO(body))
    rows = {row["name"].lower(): row for row in reader}
    columns = list(reader.fieldnames or ())
    changes = []
    registered = set()
    for entry in csv.DictReader(io.StringIO(registry)):
        name, status = entry["Field Name"], entry["Status"].lower()
        if entry.get("Structured Type") == "Token":        # which is one kind of Item
            entry["Structured Type"] = "Item"
        if name == "*":                                    # reserved, for Vary
            continue
        registered.add(name.lower())
        row = rows.get(name.lower())
        if row is None:
            kind = entry.get("Structured Type") or ""
            rows[name.lower()] = dict.fromkeys(columns, "") | {
                "name": name, "status": status, "structured": kind, "parser": GRAMMARS.get(kind, ""),
                "kind": KINDS.get(kind, ""), "source": _source(entry["Reference"])}
            changes.append(f"new: {name} ({status})")
            continue
        for column, value in (("status", status), ("structured", entry.get("Structured Type") or "")):
            if value and row[column] != value:
                changes.append(f"{name}: {column} was {row[column] or 'empty'}, is {value}")
                row[column] = value
    for key, row in rows.items():
        if key not in registered and row["status"] != "unregistered":
            changes.append(f"{row['name']}: no longer registered")
            row["status"] = "unregistered"
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[name] for name in sorted(rows))
    return re.sub(r"as of \d{4}-\d\d-\d\d", f"as of {day}", heading) + "\n" + out.getvalue(), changes


def _source(reference: str) -> str:
    """RFC 9842 §2.1 from the registry's reference, or the reference itself."""
    found = re.search(r"RFC ?(\d+)(?:, Section ([\w.]+))?", reference)
    if found is None:
        return reference.strip("[]")
    return f"RFC {found[1]}" + (f" §{found[2]}" if found[2] else "")


if __name__ == "__main__":
    sys.exit(main())
