"""The report for programs: one JSON object, written as it goes, so that memory stays bounded.

`form.py` says its form, `result.py` reads it back.
"""
from __future__ import annotations

import json

import msgspec

from httplint.engine.report import Report
from httplint.engine.rule import Provision
from httplint.report.form import FORMAT, ExchangeForm, FindingForm, SummaryForm, UnjudgedForm, compact, pages
from httplint.report.json_writer import JsonWriter, indented
from httplint.report.quiet import Quiet
from httplint.report.reporter import Options, Write
from httplint.report.spool import Spool
from httplint.report.summary import Summary

LONG = ("places", "statements", "matrix")
"""What of the summary has no line for each of its parts."""


class JsonReport:
    """Writes {"httplint": …, "findings": […], "suppressed": […], "exchanges": […], "others": […],
    "rules": …, "summary": …}.

    Findings are written at once. The exchanges that they are about, which findings refer to by their number in the
    list, are put aside until the end, and so are the first exchanges without findings.
    """

    def __init__(self, write: Write, options: Options) -> None:
        self._write = write
        self._options = options
        self._rules: dict[str, Provision] = {}
        self._whole = JsonWriter(write, "{}")
        self._whole.member("format", "", str(FORMAT))
        self._whole.member("httplint", " ", json.dumps(options.version))
        self._whole.member("findings", " ")
        self._findings = JsonWriter(write)
        self._later = {name: Spool() for name in ("suppressed", "exchanges", "others", "not_evaluated")}
        self._suppressed, self._exchanges, self._others, self._lacking = (
            JsonWriter(spool.write) for spool in self._later.values())
        self._quiet = Quiet()
        if not options.show_not_evaluated:
            del self._later["not_evaluated"]

    def report(self, report: Report) -> None:
        """Writes the findings of one exchange."""
        masker = self._options.masker
        if report.findings or report.suppressed:
            number = self._exchanges.count
            for told, where in zip(FindingForm.both(report, masker), (self._findings, self._suppressed), strict=True):
                for finding in told:
                    finding.exchange = number
                    where.add(compact(finding))
            self._exchange(report, self._exchanges)
            self._rules.update(report.violated)
        elif self._quiet.takes():
            self._exchange(report, self._others)
        if self._options.show_not_evaluated and report.not_evaluated:
            self._lacking.add(compact(UnjudgedForm.of(report, masker)))

    def _exchange(self, report: Report, among: JsonWriter) -> None:
        told = ExchangeForm.of(report, self._options.masker)
        told.number = self._exchanges.count + self._others.count
        among.add(compact(told))

    def end(self, summary: Summary) -> None:
        """Writes the rest of the object."""
        for part in (self._findings, self._suppressed, self._exchanges, self._others, self._lacking):
            part.close()
        for name, spool in self._later.items():
            self._whole.member(name, " ")
            spool.pour(self._write)
        self._whole.member("rules", "\n", indented(msgspec.to_builtins(pages(self._rules.values())), 1))
        self._whole.member("summary", "\n ")
        told = JsonWriter(self._write, "{}")
        for name, value in msgspec.to_builtins(SummaryForm.of(summary, self._options.rules)).items():
            told.member(name, "\n  ", compact(value) if name in LONG else indented(value, 2))
        told.close("\n ")
        self._whole.close()
        self._write("\n")
