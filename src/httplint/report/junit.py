"""JUnit XML, for CI servers: a suite for each host, in it a test case for each kind of exchange.

A test case is a method, a path template and a status code, so that servers can follow it from run to run. Findings at
or above --fail-on are its failure; the others are its output. What could not be read is an error, what was skipped is
skipped. Of a probe, each resource is a suite, too, and each check of it a test case, which fails for the same findings.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from httplint.engine.report import Finding, Report
from httplint.model.printable import printable, tamed
from httplint.model.severity import from_up
from httplint.report.alike import Collector, Issue
from httplint.report.escape import clipped
from httplint.report.kind import Kind
from httplint.report.links import link
from httplint.report.matrix import BROKEN, KEPT, Cell, Check, Matrix
from httplint.report.paths import file_of
from httplint.report.reporter import Options, Write
from httplint.report.summary import Summary

UNKNOWN = "request not captured"
TestCase = tuple[str, str, int]
"""Method, path template, status code."""


class JunitReport:
    """Collects findings, and writes the suites in the end."""

    def __init__(self, write: Write, options: Options) -> None:
        self._write = write
        self._failures = from_up(options.fail_on)
        self._issues = Collector(Issue, options.masker, suppressed=True, likeness=_test_case)

    def report(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        self._issues.add(report)

    def end(self, summary: Summary) -> None:
        """Writes the suites, by host."""
        hosts: dict[str, dict[TestCase, list[Issue]]] = {}
        for host, method, path, status in summary.places or ():
            hosts.setdefault(host, {})[method, path, status] = []
        for issue in self._issues:
            case = issue.kind.method, issue.kind.path, issue.status
            hosts.setdefault(issue.kind.host, {}).setdefault(case, []).append(issue)
        self._write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="httplint">\n')
        for host, cases in sorted(hosts.items()):
            self._suite(host or UNKNOWN, [self._case(host or UNKNOWN, case, issues)
                                          for case, issues in sorted(cases.items())])
        matrix = summary.matrix or Matrix((), ())
        for row in matrix.rows:
            self._suite(f"probe of {row.resource}", [self._check(row.resource, check, cell) for check, cell in
                                                     zip(matrix.checks, row.cells, strict=True)])
        self._suite("files", [_test("files", file_of(problem["path"]),
                                    [_element("error", _where(problem["line"], problem["column"]) + problem["cause"],
                                              "unreadable")])
                              for problem in summary.problems])
        self._suite("skipped entries", [_test("skipped entries", reason,
                                              [_element("skipped", f"{count:,} entries: {reason}")])
                                        for reason, count in sorted(summary.skipped.items())])
        if left_out := self._issues.left_out():
            self._suite("httplint", [_test("httplint", "findings left out", [_element("error", left_out, "limit")])])
        self._write("</testsuites>\n")

    def _suite(self, name: str, tests: list[str]) -> None:
        if not tests:
            return
        counts = " ".join(f'{plural}="{sum(f"<{name}" in test for test in tests)}"' for plural, name in (
            ("failures", "failure "), ("errors", "error "), ("skipped", "skipped ")))
        self._write(f' <testsuite name="{_escaped(name)}" tests="{len(tests)}" {counts} time="0">\n')
        for test in tests:
            self._write(test)
        self._write(" </testsuite>\n")

    def _case(self, host: str, case: TestCase, issues: list[Issue]) -> str:
        method, path, status = case
        name = " ".join(part for part in (method, path, str(status)) if part)
        failing: list[Issue] = []
        others: list[Issue] = []
        for issue in issues:
            fails = issue.suppression is None and issue.severity in self._failures
            (failing if fails else others).append(issue)
        inner = []
        if failing:
            first = failing[0]
            more = f", and {len(failing) - 1} more kinds of findings" if len(failing) > 1 else ""
            inner.append(_element("failure", f"{first.finding.rule_id}: {first.message}{first.times}{more}",
                                  first.finding.rule_id, _told(failing)))
        if others:
            inner.append(f"   <system-out>{_told(others)}</system-out>\n")
        sources = [source for issue in issues for source in issue.sources[:1]]
        return _test(host, name, inner, file_of(sources[0].path) if sources else "")


    def _check(self, resource: str, check: Check, cell: Cell) -> str:
        """A check of a resource."""
        why = ": ".join(one for one in (", ".join(cell.rules), cell.why) if one)
        if cell.state == KEPT:
            inner = []
        elif cell.state != BROKEN:
            inner = [_element("skipped", f"{cell.state}: {why}" if why else cell.state)]
        elif cell.severity in self._failures:
            inner = [_element("failure", why, cell.rules[0] if cell.rules else "", _escaped(check.question))]
        else:
            inner = [f"   <system-out>{_escaped(clipped(why, 500))}</system-out>\n"]
        return _test(resource, check.name, inner)


def _test_case(_: Finding, kind: Kind, report: Report) -> object:
    return kind, report.exchange.response.status


def _test(suite: str, name: str, inner: Iterable[str], file: str = "") -> str:
    attributes = f'classname="{_escaped(suite)}" name="{_escaped(clipped(name, 500))}" time="0"'
    if file:
        attributes += f' file="{_escaped(file)}"'
    content = "".join(inner)
    return f"  <testcase {attributes}>\n{content}  </testcase>\n" if content else f"  <testcase {attributes}/>\n"


def _element(name: str, message: str, kind: str = "", text: str = "") -> str:
    attributes = f'message="{_escaped(clipped(message, 500))}"' + (f' type="{_escaped(kind)}"' if kind else "")
    return f"   <{name} {attributes}>{text}</{name}>\n"


def _told(issues: Iterable[Issue]) -> str:
    return "\n\n".join("\n".join(map(_escaped, _lines(issue))) for issue in issues)


def _lines(issue: Issue) -> Iterator[str]:
    finding, suppression = issue.finding, issue.suppression
    waived = f" ({suppression.kind}: {suppression.reason})" if suppression is not None else ""
    yield f"{issue.severity}[{finding.rule_id}] {issue.message}{issue.times}{waived}"
    yield f"in the {issue.place}"
    if issue.request:
        yield f"of {issue.request}"
    for source in issue.sources[:3]:
        yield f"at {file_of(source.path)}:{_where(source.line, source.column)}entry {source.entry}"
    yield f"fix: {finding.fix}"
    yield f"{finding.level}: {finding.spec} {link(finding.spec) or ''}".rstrip()


def _where(line: int | None, column: int | None) -> str:
    return "" if line is None else f"{line}:{column or 1}: "


def _escaped(text: str) -> str:
    """A line of text or an attribute, in ASCII; what XML does not allow, even as a reference, is printable by now."""
    text = tamed(printable(text))
    for character, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(character, f"&{name};")
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")
