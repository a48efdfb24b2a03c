"""CSV (RFC 4180), for spreadsheets: a row for each finding."""
from __future__ import annotations

import re
from collections.abc import Iterable

from httplint.engine.report import Finding, Report
from httplint.model.printable import tamed
from httplint.report.escape import clipped
from httplint.report.links import link
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary

COLUMNS = ("rule", "severity", "level", "confidence", "message", "method", "uri", "status", "part", "field", "path",
           "entry", "line", "column", "suppressed", "fix", "spec", "link")
LONGEST = 2000
"""Characters of a cell."""
_QUOTED = re.compile(r"""[",;']|\A\s|\s\Z|\A::""")


class CsvReport:
    """Writes each finding at once."""

    def __init__(self, write: Write, options: Options) -> None:
        self._write = write
        self._masker = options.masker
        write(csv_row(COLUMNS))

    def report(self, report: Report) -> None:
        """Writes the findings of one exchange, suppressed ones too."""
        for finding in report.findings:
            self._finding(finding, report, "")
        for finding, suppression in report.suppressed:
            self._finding(finding, report, f"{suppression.kind}: {self._masker.text(suppression.reason)}")

    def _finding(self, finding: Finding, report: Report, suppressed: str) -> None:
        exchange, location = report.exchange, finding.location
        request, source, shown = exchange.request, location.source, self._masker.of(exchange)
        self._write(csv_row((
            finding.rule_id, finding.severity, finding.level, finding.confidence,
            shown.message(finding), shown.method(), "" if request is None else shown.text(request.uri),
            exchange.response.status, str(location.part), "" if location.name is None else shown.name(location.name),
            "" if source is None else source.path, location.entry, location.line,
            location.column, suppressed, finding.fix, finding.spec, link(finding.spec) or "")))

    def end(self, summary: Summary) -> None:
        """Nothing more: a summary is no row."""


def csv_row(cells: Iterable[str | int | None]) -> str:
    """A row with its end; None is an empty cell."""
    return ",".join(map(_cell, cells)) + "\r\n"


_FORMULA = re.compile(r"(\A\s*|;\s*)(?=[=+\-@＝＋－＠])")
"""Before what a spreadsheet takes for a formula; where semicolons separate cells, also behind one."""


def _cell(value: str | int | None) -> str:
    """A cell; what would be a formula gets an apostrophe, which makes it a text."""
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    text = _FORMULA.sub(r"\1'", tamed(clipped(value, LONGEST)))
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
