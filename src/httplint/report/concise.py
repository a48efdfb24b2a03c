"""One line a finding, as editors and grep like it: file:line:column: severity[rule] message.

In a capture without lines, the number of the entry stands for line and column."""
from __future__ import annotations

from httplint.engine.report import Report
from httplint.report.escape import clipped, printable, shown_message, shown_uri
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary
from httplint.report.text import summary_lines


class ConciseReport:
    """Writes each finding at once."""

    def __init__(self, write: Write, options: Options) -> None:
        self._write = write
        self._options = options

    def report(self, report: Report) -> None:
        """Writes the findings of one exchange."""
        request = report.exchange.request
        about = ""
        if request is not None:
            uri = shown_uri(request, self._options.show_secrets)
            about = f" ({clipped(f'{request.method} {uri}', 100)})"
        for finding in report.findings:
            source = finding.location.source
            place = f"{printable(source.path)}:{source.place}: " if source else ""
            tag = self._options.paint(finding.severity, f"{finding.severity}[{finding.rule_id}]")
            message = shown_message(finding, report.exchange, self._options.show_secrets)
            self._write(f"{place}{tag} {printable(message)}{about}\n")

    def end(self, summary: Summary) -> None:
        """Writes the summary."""
        for line in summary_lines(summary, self._options.paint, self._options.show_not_evaluated):
            self._write(line + "\n")
