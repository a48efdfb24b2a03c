"""The code quality report of GitLab: a JSON list with an object for each kind of findings."""
from __future__ import annotations

from httplint.report.alike import IssueReporter
from httplint.report.json_writer import JsonWriter
from httplint.report.lines import encoded
from httplint.report.paths import file_of
from httplint.report.summary import Summary

SEVERITY = {"error": "major", "warning": "minor", "info": "info"}


class GitlabReport(IssueReporter):
    """Collects findings, and writes the list in the end; a problem with a file is in it as a blocker."""

    def end(self, summary: Summary) -> None:
        """Writes the list. Where a capture has no path, the host of the request stands for it."""
        issues = [{
            "description": f"{one.message}{one.times}: {one.request}".rstrip(": "),
            "check_name": one.finding.rule_id, "fingerprint": one.fingerprint,
            "severity": SEVERITY[one.severity],
            "location": {"path": file_of(one.sources[0].path) if one.sources else one.kind.host or "-",
                         "lines": {"begin": (one.sources[0].line or 1) if one.sources else 1}},
        } for one in self._issues]
        if left_out := self._issues.left_out():
            issues.append({"description": left_out, "check_name": "httplint", "fingerprint": "left-out",
                           "severity": "info", "location": {"path": "-", "lines": {"begin": 1}}})
        for number, problem in enumerate(summary.problems):
            issues.append({"description": f"cannot be read: {problem['cause']}", "check_name": "httplint",
                           "fingerprint": f"unreadable-{number}", "severity": "blocker",
                           "location": {"path": file_of(problem["path"]), "lines": {"begin": problem["line"] or 1}}})
        listed = JsonWriter(self._write)
        for issue in issues:
            listed.add(encoded(issue), "\n ")
        listed.close()
        self._write("\n")
