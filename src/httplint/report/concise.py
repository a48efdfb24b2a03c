"""One line a finding, as editors and grep like it: file:line:column: severity[rule] message."""
from __future__ import annotations

from collections.abc import Callable

from httplint.engine.report import Report
from httplint.report.colour import Paint
from httplint.report.escape import clipped, masked_uri, printable
from httplint.report.summary import Summary
from httplint.report.text import summary_lines


class ConciseReport:
    """Writes each finding at once."""

    def __init__(self, write: Callable[[str], object], paint: Paint, show_secrets: bool = False,
                 show_not_evaluated: bool = False) -> None:
        self._write = write
        self._paint = paint
        self._show_secrets = show_secrets
        self._show_not_evaluated = show_not_evaluated

    def report(self, report: Report) -> None:
        """Writes the findings of one exchange."""
        request = report.exchange.request
        about = ""
        if request is not None:
            uri = request.uri if self._show_secrets else masked_uri(request.uri)
            about = f" ({clipped(f'{request.method} {uri}', 100)})"
        for finding in report.findings:
            source = finding.location.source
            place = f"{printable(source.path)}:{source.line or 0}:{source.column or 0}: " if source else ""
            tag = self._paint(finding.severity, f"{finding.severity}[{finding.rule_id}]")
            self._write(f"{place}{tag} {printable(finding.message)}{about}\n")

    def end(self, summary: Summary) -> None:
        """Writes the summary."""
        for line in summary_lines(summary, self._paint, self._show_not_evaluated):
            self._write(line + "\n")
