"""The report for programs: one JSON object, written as it goes, so that memory stays bounded.

Its form is version 1 of `schema.json` beside this module. `result.py` reads it back.
"""
from __future__ import annotations

import json

import msgspec

from httplint.engine.report import Report
from httplint.engine.rule import Provision
from httplint.model.printable import printable, tamed
from httplint.report import lines
from httplint.report.escape import sound
from httplint.report.record import exchange_record, finding_records, rule_record
from httplint.report.reporter import Options, Write
from httplint.report.spool import Spool
from httplint.report.summary import Summary

FORMAT = 1
"""Version of the formats json and jsonl: raised when a key goes or changes its meaning; new keys do not raise it."""


class JsonReport:
    """Writes {"httplint": …, "findings": [ … ], "suppressed": [ … ], "exchanges": [ … ], "rules": …, "summary": …}.

    Findings are written at once. The exchanges that they are about, which findings refer to by their number in the
    list, are put aside until the end.
    """

    def __init__(self, write: Write, options: Options) -> None:
        self._write = write
        self._options = options
        self._rules: dict[str, Provision] = {}
        self._findings = List(write, f'{{"format": {FORMAT}, "httplint": {json.dumps(options.version)}, "findings": ')
        self._suppressed = List(Spool(), ' "suppressed": ')
        self._exchanges = List(Spool(), ' "exchanges": ')
        self._lacking = List(Spool(), ' "not_evaluated": ')

    def report(self, report: Report) -> None:
        """Writes the findings of one exchange."""
        if report.findings or report.suppressed:
            number = self._exchanges.count
            findings, suppressed = finding_records(report, self._options.masker)
            for finding in findings:
                finding["exchange"] = number
                self._findings.add(finding)
            for finding in suppressed:
                finding["exchange"] = number
                self._suppressed.add(finding)
            self._exchanges.add(exchange_record(report.exchange, self._options.masker))
            speaking(report, self._rules)
        if self._options.show_not_evaluated and (lacking := report.not_evaluated):
            source, shown = report.exchange.source, self._options.masker.of(report.exchange)
            self._lacking.add({"path": sound(source.path) if source else None,
                               "entry": source.entry if source else None,
                               "rules": [{"rule": one.rule_id, "reason": shown.told(one.reason)} for one in lacking]})

    def end(self, summary: Summary) -> None:
        """Writes the rest of the object."""
        lists = [self._findings, self._suppressed, self._exchanges]
        for part in [*lists, self._lacking] if self._options.show_not_evaluated else lists:
            part.end(self._write)
        told = summary.as_dict()
        places = told.pop("places", None)
        closing = lines.encoded({"rules": pages(self._rules), "summary": told}, indent=1)[1:].lstrip()
        if places is not None:
            closing = closing.removesuffix("\n }\n}") + f',\n  "places": {encoded(places)}\n }}\n}}'
        self._write(f"\n{closing}\n")


class List:
    """A member of the object that is a list, an item a line; written at once or, for a spool, in the end."""

    def __init__(self, to: Write | Spool, head: str) -> None:
        self._spool = to if isinstance(to, Spool) else None
        self._write = to.write if isinstance(to, Spool) else to
        self.count = 0
        self._write(head + "[")

    def add(self, item: object) -> None:
        """Writes an item."""
        self._write(f"{',' if self.count else ''}\n  {encoded(item)}")
        self.count += 1

    def end(self, write: Write) -> None:
        """Ends the list."""
        self._write("\n],")
        if self._spool is not None:
            self._spool.pour(write)


_compact = json.JSONEncoder(separators=(",", ":")).encode


def encoded(item: object) -> str:
    """The item as compact JSON, in ASCII unless all of it is harmless on a terminal."""
    octets: bytes = msgspec.json.encode(item)              # much faster than json, but does not escape
    text = octets.decode("utf-8")
    return tamed(text if printable(text) == text else _compact(item), "\\u0023")


def speaking(report: Report, rules: dict[str, Provision]) -> None:
    """Notes the rules that have something to say about an exchange."""
    for finding in report.findings:
        rules[finding.rule_id] = finding.rule
    for finding, _ in report.suppressed:
        rules[finding.rule_id] = finding.rule


def pages(rules: dict[str, Provision]) -> dict[str, object]:
    """Rule id -> what reports say of it, in catalogue order."""
    return {rule.id: rule_record(rule) for rule in sorted(rules.values(), key=lambda rule: (rule.order, rule.id))}
