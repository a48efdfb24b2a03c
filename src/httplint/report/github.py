"""Annotations of GitHub Actions: workflow commands on standard output, a line for each kind of findings.

GitHub shows the first ten of each level in a step. What goes beyond is written as plain lines, so that the log has it.
"""
from __future__ import annotations

from httplint.model.printable import printable, tamed
from httplint.model.severity import SEVERITIES
from httplint.report.alike import Issue, IssueReporter
from httplint.report.closing import summary_lines
from httplint.report.escape import clipped
from httplint.report.lines import Lines, plain
from httplint.report.paths import file_of
from httplint.report.summary import Summary

COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
SHOWN = 10
"""How many annotations of a level GitHub shows."""


class GithubReport(IssueReporter):
    """Collects findings, and writes the commands in the end."""

    def end(self, summary: Summary) -> None:
        """Writes the commands, what GitHub would not show as plain lines, and the summary."""
        issues = {severity: [issue for issue in self._issues if issue.severity == severity]
                  for severity in SEVERITIES}
        problems = [_command("error", _place(problem["path"], problem["line"], problem["column"]),
                             "httplint: cannot be read", problem["cause"]) for problem in summary.problems]
        for line in problems[:SHOWN]:
            self._write(line)
        rooms = dict.fromkeys(SEVERITIES, SHOWN)
        rooms["error"] -= min(len(problems), SHOWN)
        for severity, alike in issues.items():
            for issue in alike[:rooms[severity]]:
                self._write(_annotation(issue))
        say = Lines(self._write)
        for severity, alike in issues.items():
            for issue in alike[rooms[severity]:]:
                say(f"{severity}[{issue.finding.rule_id}] {_where(issue)}{issue.message}{issue.times} "
                    f"({issue.request})")
        if left_out := self._issues.left_out():
            say(left_out)
        for parts in () if self._options.quiet else summary_lines(summary, self._options.show_not_evaluated):
            say(plain(parts))


def _annotation(issue: Issue) -> str:
    place = []
    if issue.sources:
        source = issue.sources[0]
        place = _place(source.path, source.line, source.column)
    text = f"{issue.message}{issue.times}\n{issue.request} -> {issue.status}\nFix: {issue.finding.fix}\n" \
           f"{issue.finding.level}: {issue.finding.spec}"
    return _command(COMMANDS[issue.severity], place, issue.finding.rule_id, text)


def _command(command: str, place: list[str], title: str, text: str) -> str:
    properties = ",".join([*place, f"title={_property(title)}"])
    return f"::{command} {properties}::{_data(text)}\n"


def _place(path: str, line: int | None, column: int | None) -> list[str]:
    out = [f"file={_property(file_of(path))}"]
    if line is not None:
        out += [f"line={line}", f"col={column or 1}"]
    return out


def _where(issue: Issue) -> str:
    if not issue.sources:
        return ""
    source = issue.sources[0]
    return f"{clipped(source.path, 200)}:{source.place}: "


def _data(text: str) -> str:
    """As the runner wants the value of a command."""
    text = "\n".join(map(printable, text.split("\n")))
    return tamed(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    """As the runner wants a property of a command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
