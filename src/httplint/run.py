"""One run, whoever hosts it: reports are counted, hidden, written, and make an exit status.

Theory. A host has traffic: the command line has captures, the addon a proxy, the pytest plugin a test run. It knows
where an exchange comes from and where it belongs, and what its user looks at. What lies between is the same for all:

    exchange -> Linter.stream()     rules judge it, with what earlier exchanges told; the configuration has its say
             -> Run.take()          the summary counts it; what is below the severity to show is hidden; outputs get it
    the end  -> Run.note(), end()   what the configuration has to tell; outputs get the summary
             -> Run.exit_status()

Who owns what. A report belongs to the linter until that returns it, and is changed by `take` only, once: afterwards
anybody may keep it. The run owns the summary, and through it the masker, which no secret passes. The host owns

- the histories: a stream remembers, so there is one for each capture, test or proxy;
- the outputs, as whatever takes reports and a summary (`Reporter`): it opens them, hands them to `add`, and sets
  `failed` when one fails, which never raises;
- faults: what judging fails on is raised to it, counts nowhere, and does not spoil the stream. The host skips that
  exchange (`summary.skip`) and tells of it where its user looks.

So a new host needs a Linter, a Run, and the hooks by which exchanges come. Who keeps no account needs no Run: the
middleware judges each response by itself and logs what is found.

Kept light: the command line is made of it.
"""
from __future__ import annotations

from collections import Counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from httplint.engine.report import Report
    from httplint.report.reporter import Reporter
    from httplint.report.summary import Summary

CLEAN, FINDINGS, TROUBLE, NOTHING, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: clean; findings from the threshold up; bad usage, or input or output that failed; nothing to check; a
user has stopped it, as shells have it."""


class Run:
    """The account of a run. `severity` and `confidence` are thresholds of what is shown, `fail_on` of what fails the
    run, shown or not.
    """

    def __init__(self, summary: Summary, severity: str = "info", fail_on: str = "error",
                 confidence: str = "low") -> None:
        """`summary`: what is counted into; problems that it knows already are not those of this run."""
        from httplint.model.severity import CONFIDENCES, SEVERITIES, from_up
        self._from_up, self._all, self._confidences = from_up, len(SEVERITIES), CONFIDENCES
        self.summary = summary
        self.severity = severity
        self.confidence = confidence
        self.fail_on = fail_on
        self.outputs: list[Reporter] = []
        self.exchanges = False
        """Whether one of them shows exchanges without findings, too."""
        self.failed = False
        """Whether something else than a capture failed, such as an output."""
        self._problems = len(summary.problems)

    def add(self, output: Reporter, places: bool = False, held: bool = False, exchanges: bool = False) -> None:
        """One more output. `places`: whether it wants to know of the kinds of exchanges without findings, too; `held`:
        which rules hold; `exchanges`: whether it shows exchanges without findings.
        """
        self.outputs.append(output)
        self.exchanges = self.exchanges or exchanges
        if places and self.summary.places is None:
            self.summary.places = Counter()
        if held and self.summary.exercise is None:
            from httplint.report.exercise import Exercise
            self.summary.exercise = Exercise()

    def take(self, report: Report, shown: Collection[str] | None = None, counted: bool = False) -> Report:
        """Takes in the report of one exchange, whose findings will be those that are shown.

        `shown`: the severities, where they are not those from `severity` up. `counted`: whether the summary has counted
        the exchange, and what was not evaluated on it.
        """
        shown = self._from_up(self.severity) if shown is None else shown
        if counted:
            self.summary.find(report)
        else:
            self.summary.count(report)
        if report.findings and (len(shown) < self._all or self.confidence != self._confidences[-1]):
            sure = self._confidences[:self._confidences.index(self.confidence) + 1]
            visible = [finding for finding in report.findings
                       if finding.severity in shown and finding.confidence in sure]
            self.summary.hidden += len(report.findings) - len(visible)
            report.findings = visible
        for output in self.outputs:
            output.report(report)
        return report

    def note(self, notes: Iterable[str]) -> list[str]:
        """Takes in what a linter has to tell at the end; returns all that is to be told then."""
        self.summary.note(notes)
        return self.summary.notes

    def end(self) -> None:
        """Completes the outputs."""
        for output in self.outputs:
            output.end(self.summary)
        self.outputs = []

    def write(self, reports: Iterable[Report], output: Reporter) -> None:
        """Writes a whole output of reports that were taken in before, here or in another run."""
        for report in reports:
            output.report(report)
        output.end(self.summary)

    @property
    def trouble(self) -> bool:
        """Whether something failed, or was not all read."""
        return self.failed or len(self.summary.problems) > self._problems

    def exit_status(self) -> int:
        """CLEAN, FINDINGS, TROUBLE or NOTHING."""
        if self.trouble:
            return TROUBLE
        if not self.summary.linted:
            return NOTHING
        return FINDINGS if any(self.summary.findings[severity] for severity in self._from_up(self.fail_on)) else CLEAN
