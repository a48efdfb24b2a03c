"""One line a finding, as editors and grep like it: file:line:column: severity[rule] message.

In a capture without lines, the number of the entry stands for line and column. What a host sends with every response
is said at the first one, and counted at the end.
"""
from __future__ import annotations

from collections import Counter

from httplint.engine.report import Finding, Report
from httplint.report.closing import summary_lines
from httplint.report.escape import clipped
from httplint.report.kind import Kind, kind_of
from httplint.report.lines import Lines
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary

LIMIT = 4096
"""How many kinds are counted; beyond, each finding has its line."""


class ConciseReport:
    """Writes each finding at once."""

    def __init__(self, write: Write, options: Options) -> None:
        self._say = Lines(write, options.paint)
        self._closing = Lines(write, options.paint, options.width)
        self._options = options
        self._again: Counter[tuple[str, Kind]] = Counter()
        """Findings that stand for all of a host, by severity and kind: how often each was met."""

    def report(self, report: Report) -> None:
        """Writes the findings of one exchange."""
        shown = self._options.masker.of(report.exchange)
        about = ""
        if report.findings and report.exchange.request is not None:
            about = f" ({clipped(f'{shown.method()} {shown.uri()}', 100)})"
        for finding in report.findings:
            if finding.rule.once and self._is_known(finding, report):
                continue
            source = finding.location.source
            place = f"{source.path}:{source.place}: " if source else ""
            self._say(place, (finding.severity, f"{finding.severity}[{finding.rule_id}]"),
                      f" {shown.message(finding)}{about}")

    def _is_known(self, finding: Finding, report: Report) -> bool:
        kind = finding.severity, kind_of(finding, report)
        if kind in self._again or len(self._again) < LIMIT:
            self._again[kind] += 1
        return self._again[kind] > 1

    def end(self, summary: Summary) -> None:
        """Writes what was said once only, and the summary."""
        for (severity, kind), times in self._again.items():
            if times > 1:
                host = kind.host or "unknown hosts"
                self._say((severity, f"{severity}[{kind.rule}]"),
                          f" {kind.field} of {host}: {times - 1:,} more like the first")
        for parts in () if self._options.quiet else summary_lines(summary, self._options.show_not_evaluated):
            self._closing(*parts)
