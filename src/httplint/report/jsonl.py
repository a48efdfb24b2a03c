"""The report for programs that read a line at a time: a line for each exchange, and the summary last. Of exchanges
without findings there are the first ones.

`form.py` says their form, `result.py` reads them back.
"""
from __future__ import annotations

from httplint.engine.report import Report
from httplint.engine.rule import Provision
from httplint.report.form import FORMAT, LackingForm, LastForm, LineForm, SummaryForm, compact, pages
from httplint.report.quiet import Quiet
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary


class JsonLinesReport:
    """Writes each exchange at once."""

    def __init__(self, write: Write, options: Options) -> None:
        self._write = write
        self._options = options
        self._rules: dict[str, Provision] = {}
        self._quiet = Quiet()

    def report(self, report: Report) -> None:
        """Writes an exchange with its findings; one without any if it is among the first, or what was not evaluated is
        to be told.
        """
        masker, lacks = self._options.masker, self._options.show_not_evaluated
        if not (report.findings or report.suppressed or self._quiet.takes() or (lacks and report.not_evaluated)):
            return
        line = LineForm.of(report, masker)
        if lacks:
            line.not_evaluated = LackingForm.all(report, masker)
        self._rules.update(report.violated)
        self._write(compact(line) + "\n")

    def end(self, summary: Summary) -> None:
        """Writes the last line."""
        self._write(compact(LastForm(FORMAT, self._options.version, pages(self._rules.values()),
                                     SummaryForm.of(summary, self._options.rules))) + "\n")
