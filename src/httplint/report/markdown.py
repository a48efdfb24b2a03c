"""A summary in Markdown, such as for the page of a CI run: findings by rule, host and place, and what was not checked.

Whatever comes from the traffic stands in code elements, with everything in it escaped that Markdown, HTML or a platform
(which makes mentions and references of text) could make something of.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from httplint.engine.report import Report
from httplint.model.severity import SEVERITIES, counted, worst
from httplint.report.alike import IssueReporter
from httplint.report.escape import clipped
from httplint.report.links import link
from httplint.report.markup import markdown, prose
from httplint.report.matrix import OUTCOMES, Cell, Matrix
from httplint.report.paths import file_of
from httplint.report.reporter import Options, Write
from httplint.report.statistics import UNKNOWN, Counts, exchanges, told_place
from httplint.report.summary import Summary

RULES, KINDS, HOSTS, REASONS = 50, 50, 20, 10
"""How many rows the tables have: a page of a CI run holds a mebibyte."""
WIDTH = 160
SIGNS = {"error": "🔴 error", "warning": "🟠 warning", "info": "🔵 info"}

OUTCOME_SIGNS = {"broken": "🔴", "not answered": "❔", "kept": "🟢", "not applicable": "⚪", "not asked": "⚪"}


class MarkdownReport(IssueReporter):
    """Collects findings, and writes the tables in the end."""

    def __init__(self, write: Write, options: Options) -> None:
        super().__init__(write, options)
        self._counts = Counts()

    def report(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        self._counts.add(report)
        super().report(report)

    def end(self, summary: Summary) -> None:
        """Writes the tables."""
        found = counted(summary.findings)
        marked = ", ".join(f"**{each}**" for each in found)
        self._write(f"## httplint: {', '.join(found) or 'no findings'}\n\n"
                    f"{marked or 'No findings'} in {summary.linted:,} of {summary.entries:,} entries, "
                    f"{summary.by()}.\n")
        self._problems(summary)
        if summary.matrix is not None:
            self._probe(summary.matrix)
        self._rules()
        self._kinds()
        self._hosts(summary)
        if summary.operations:
            self._api(summary)
        self._rest(summary)

    def _problems(self, summary: Summary) -> None:
        if summary.problems:
            self._write("\n**Unreadable**\n\n")
        for problem in summary.problems:
            line = f":{problem['line']}:{problem['column']}" if problem["line"] else ""
            self._write(f"- {code(file_of(problem['path']) + line)}: {code(problem['cause'])}\n")

    def _rules(self) -> None:
        ranked = self._counts.by_rule.ranked()
        rows = []
        for name, times in ranked[:RULES]:
            rule = self._counts.rules.get(name)
            rows.append((SIGNS[worst(+times)], f"{times.total():,}", code(name), prose(rule.title) if rule else "",
                         section(rule.spec) if rule else ""))
        self._table("By rule", ("severity", "findings", "rule", "title", "specification"), rows, len(ranked))

    def _kinds(self) -> None:
        issues = list(self._issues)
        rows = []
        for issue in issues[:KINDS]:
            source = issue.sources[0] if issue.sources else None
            at = "" if source is None else file_of(source.path) + (f":{source.line}" if source.line else "")
            rows.append((SIGNS[issue.severity], f"{issue.count:,}", code(issue.finding.rule_id),
                         code(f"{issue.request} → {issue.status}"), code(issue.message), code(at)))
        self._table("Findings", ("severity", "times", "rule", "such as", "message", "at"), rows,
                    len(issues) + self._issues.dropped)

    def _hosts(self, summary: Summary) -> None:
        hosts, _ = exchanges(summary)
        ranked = self._counts.by_host.ranked()
        self._table("By host", ("host", "exchanges", *SEVERITIES), (
            (code(host or UNKNOWN), f"{hosts[host]:,}" if host in hosts else "",
             *(f"{counted[severity]:,}" for severity in SEVERITIES)) for host, counted in ranked[:HOSTS]), len(ranked))
        places = self._counts.by_place.ranked()
        self._table("By place", ("place", *SEVERITIES), (
            (code(told_place(place)), *(f"{counted[severity]:,}" for severity in SEVERITIES))
            for place, counted in places[:HOSTS]), len(places))

    def _api(self, summary: Summary) -> None:
        """What the traffic has shown of the API."""
        from httplint.report.operations import headline, lacks
        self._write(f"\n### API\n\n{headline(summary)}.\n")
        for lack in lacks(summary):
            rows = lack.rows[:KINDS]
            more = f"- … and {len(lack.rows) - len(rows):,} more\n" if len(rows) < len(lack.rows) else ""
            self._write(f"\n<details><summary>{lack.title}: {len(lack.rows):,}</summary>\n\n"
                        + "".join(f"- {code(row)}\n" for row in rows) + f"{more}\n</details>\n")

    def _probe(self, matrix: Matrix) -> None:
        """What became of the checks: what is to be looked at; folded, each check of one resource, or counts of several.
        """
        from httplint.report.matrix_text import alike, entries, headline, listed, named, rules
        origin, names = named(matrix)
        alone = f" of {code(origin + names[0])}" if len(names) == 1 else ""
        self._write(f"\n### Probe{alone}\n\n{headline(matrix)}.\n")
        amiss = [(outcome(cell), code(check.name), code(rules(cell)), code(cell.why), code(listed(places), WIDTH * 4))
                 for check, column in matrix.columns() for cell, places in alike(names, column)]
        self._write(table("", ("outcome", "check", "rules", "why", "at"), amiss[:KINDS], len(amiss)))
        if alone:
            head: tuple[str, ...] = ("outcome", "check", "asked", "at", "why")
            rows: list[tuple[str, ...]] = [
                (outcome(cell), code(check.name), code(check.question), entries(cell), code(cell.why))
                for check, (cell,) in matrix.columns()]
        else:
            head = ("check", *(states := [state for state in OUTCOMES if matrix.counts()[state]]))
            rows = [(code(check.name), *(f"{sum(cell.state == state for cell in column):,}" for state in states))
                    for check, column in matrix.columns() if column]
        if rows:
            told = table("", head, rows, len(rows))
            self._write(f"\n<details><summary>All checks</summary>\n{told}\n</details>\n")

    def _rest(self, summary: Summary) -> None:
        """What does not show in the tables above."""
        lines = [f"{count:,} entries skipped: {prose(reason)}" for reason, count in sorted(summary.skipped.items())]
        lines += [f"{count:,} findings not counted: {prose(kind)}"
                  for kind, count in sorted(summary.suppressed.items())]
        if summary.hidden:
            lines.append(f"{summary.hidden:,} findings below the severity or confidence shown")
        lines += [prose(note) for note in summary.notes]
        if unseen := summary.unseen():
            lines.append(f"not evaluated, as captures like these never show: {', '.join(unseen)}")
        lines += [f"{rules:,} rule{'s' if rules != 1 else ''} can be evaluated more often: {prose(remedy)}"
                  for remedy, rules in summary.remedies()[:REASONS]]
        if lines:
            self._write("\n<details><summary>Not checked, not counted</summary>\n\n")
            self._write("".join(f"- {line}\n" for line in lines) + "\n</details>\n")

    def _table(self, title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]], count: int) -> None:
        self._write(table(f"\n### {title}\n", head, list(rows), count))


def table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], count: int) -> str:
    """A table, and how many more rows there would be of so many; nothing without rows."""
    if not rows:
        return ""
    more = f"\n… and {count - len(rows):,} more\n" if count > len(rows) else ""
    return "\n".join([title, f"| {' | '.join(head)} |", "|" + " --- |" * len(head),
                      *(f"| {' | '.join(row)} |" for row in rows)]) + f"\n{more}"


def section(spec: str) -> str:
    """The name of a section, as a link where its document is known."""
    address = link(spec)
    return f"[{prose(spec)}]({markdown(address)})" if address else prose(spec)


def outcome(cell: Cell) -> str:
    """What became of a check, with a sign."""
    return f"{SIGNS[cell.severity].split()[0] if cell.severity else OUTCOME_SIGNS[cell.state]} {cell.state}"


def code(text: str, width: int = WIDTH) -> str:
    """A text from the traffic."""
    return f"<code>{markdown(clipped(text, width))}</code>" if text else ""
