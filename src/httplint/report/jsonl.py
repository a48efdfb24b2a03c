"""The report for programs that read a line at a time: a line for each exchange with findings, and the summary last.

Its lines are those of `schema.json` under `line`. `result.py` reads them back.
"""
from __future__ import annotations

from typing import Any

from httplint.engine.report import Report
from httplint.engine.rule import Provision
from httplint.report.json_report import FORMAT, encoded, pages, speaking
from httplint.report.record import record
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary


class JsonLinesReport:
    """Writes each exchange at once."""

    def __init__(self, write: Write, options: Options) -> None:
        self._write = write
        self._options = options
        self._rules: dict[str, Provision] = {}

    def report(self, report: Report) -> None:
        """Writes an exchange with its findings; one without any only if it is to be told what was not evaluated."""
        lacking = report.not_evaluated if self._options.show_not_evaluated else []
        if not (report.findings or report.suppressed or lacking):
            return
        line: dict[str, Any] = {"type": "exchange", **record(report, self._options.masker)}
        if self._options.show_not_evaluated:
            shown = self._options.masker.of(report.exchange)
            line["not_evaluated"] = [{"rule": one.rule_id, "reason": shown.told(one.reason)} for one in lacking]
        speaking(report, self._rules)
        self._write(encoded(line) + "\n")

    def end(self, summary: Summary) -> None:
        """Writes the last line."""
        self._write(encoded({"type": "summary", "format": FORMAT, "httplint": self._options.version,
                             "rules": pages(self._rules), "summary": summary.as_dict()}) + "\n")
