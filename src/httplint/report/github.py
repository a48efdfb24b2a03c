"""Annotations of GitHub Actions: workflow commands on standard output, a line for each kind of findings.

GitHub shows the first ten of each level in a step. What goes beyond is written as plain lines, so that the log has it.
"""
from __future__ import annotations

from httplint.engine.report import Report
from httplint.model.printable import printable, tamed
from httplint.model.severity import SEVERITIES
from httplint.report.escape import clipped
from httplint.report.groups import Group, Groups, file_of
from httplint.report.lines import Lines, plain
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary
from httplint.report.text import summary_lines

COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
SHOWN = 10
"""How many annotations of a level GitHub shows."""


class GithubReport:
    """Collects findings, and writes the commands in the end."""

    def __init__(self, write: Write, options: Options) -> None:
        self._write = write
        self._options = options
        self._groups = Groups(options.masker)

    def report(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        self._groups.add(report)

    def end(self, summary: Summary) -> None:
        """Writes the commands, what GitHub would not show as plain lines, and the summary."""
        groups = {severity: [group for group in self._groups if group.severity == severity]
                  for severity in SEVERITIES}
        problems = [_command("error", _place(problem["path"], problem["line"], problem["column"]),
                             "httplint: cannot be read", problem["cause"]) for problem in summary.problems]
        for line in problems[:SHOWN]:
            self._write(line)
        rooms = dict.fromkeys(SEVERITIES, SHOWN)
        rooms["error"] -= min(len(problems), SHOWN)
        for severity, alike in groups.items():
            for group in alike[:rooms[severity]]:
                self._write(_annotation(group))
        say = Lines(self._write)
        for severity, alike in groups.items():
            for group in alike[rooms[severity]:]:
                say(f"{severity}[{group.finding.rule_id}] {_where(group)}{group.message}{group.times} "
                    f"({group.request})")
        if left_out := self._groups.left_out():
            say(left_out)
        for parts in summary_lines(summary, self._options.show_not_evaluated):
            say(plain(parts))


def _annotation(group: Group) -> str:
    place = []
    if group.sources:
        source = group.sources[0]
        place = _place(source.path, source.line, source.column)
    text = f"{group.message}{group.times}\n{group.request} -> {group.status}\nFix: {group.finding.fix}\n" \
           f"{group.finding.level}: {group.finding.spec}"
    return _command(COMMANDS[group.severity], place, group.finding.rule_id, text)


def _command(command: str, place: list[str], title: str, text: str) -> str:
    properties = ",".join([*place, f"title={_property(title)}"])
    return f"::{command} {properties}::{_data(text)}\n"


def _place(path: str, line: int | None, column: int | None) -> list[str]:
    out = [f"file={_property(file_of(path))}"]
    if line is not None:
        out += [f"line={line}", f"col={column or 1}"]
    return out


def _where(group: Group) -> str:
    if not group.sources:
        return ""
    source = group.sources[0]
    return f"{clipped(source.path, 200)}:{source.place}: "


def _data(text: str) -> str:
    """As the runner wants the value of a command."""
    text = "\n".join(map(printable, text.split("\n")))
    return tamed(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    """As the runner wants a property of a command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
