"""A host of its own: what it has to do, and what a run does for it."""
from __future__ import annotations

from collections.abc import Iterable

import pytest

from httplint import Exchange, Linter, Report, Request, Response
from httplint.report.summary import Summary
from httplint.run import CLEAN, FINDINGS, NOTHING, TROUBLE, Run

ERROR, WARNING = "405.allow-missing", "server.detail"


class Output:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[list[str]] = []
        self.ended = 0

    def report(self, report: Report) -> None:
        self.told.append([finding.rule_id for finding in report.findings])

    def end(self, summary: Summary) -> None:
        self.ended += 1


class Host:
    """A queue of exchanges, one history."""

    def __init__(self, severity: str = "info", fail_on: str = "error") -> None:
        self.linter = Linter([ERROR, WARNING])
        self.run = Run(Summary(len(self.linter.rules)), severity, fail_on)
        self.output = Output()
        self.run.outputs.append(self.output)

    def hosts(self, exchanges: Iterable[Exchange]) -> int:
        judge = self.linter.stream()
        for exchange in exchanges:
            self.run.take(judge(exchange))
        self.run.end()
        return self.run.exit_status()


def exchange(status: int) -> Exchange:
    return Exchange(Response(status, "1.1", headers=[("Server", "shop/1.2")]),
                    Request("PATCH", "http://shop.example/a", headers=[]))


@pytest.mark.parametrize(("severity", "fail_on", "told", "hidden", "code"), [
    ("info", "error", [[ERROR, WARNING], [WARNING]], 0, FINDINGS),
    ("error", "error", [[ERROR], []], 2, FINDINGS),
    ("error", "warning", [[ERROR], []], 2, FINDINGS),
    ("info", "never", [[ERROR, WARNING], [WARNING]], 0, CLEAN),
])
def test_what_a_host_is_given(severity: str, fail_on: str, told: list[list[str]], hidden: int, code: int) -> None:
    host = Host(severity, fail_on)
    assert host.hosts([exchange(405), exchange(400)]) == code
    assert [sorted(one) for one in host.output.told] == [sorted(one) for one in told]
    assert host.output.ended == 1
    summary = host.run.summary
    assert (summary.linted, summary.hidden) == (2, hidden)
    assert summary.findings == {"error": 1, "warning": 2}, "what is hidden is counted"


def test_exit_statuses() -> None:
    assert Host().hosts([]) == NOTHING
    assert Host(fail_on="error").hosts([exchange(400)]) == CLEAN
    assert Host(fail_on="warning").hosts([exchange(400)]) == FINDINGS
    failed = Host()
    failed.run.failed = True
    assert failed.hosts([exchange(405)]) == TROUBLE
    broken = Host()
    broken.run.summary.problem("a.har", "it breaks off")
    assert broken.hosts([]) == TROUBLE


def test_problems_of_before_are_no_trouble() -> None:
    summary = Summary(0)
    summary.problem("a.har", "it breaks off")
    run = Run(summary)
    assert not run.trouble
    summary.problem("b.har", "it breaks off")
    assert run.trouble


def test_severities_of_one_report_may_differ() -> None:
    host = Host("error")
    judge = host.linter.stream()
    report = host.run.take(judge(exchange(400)), ("error", "warning"))
    assert [finding.rule_id for finding in report.findings] == [WARNING]


def test_reports_of_before_are_written_again() -> None:
    host, output = Host("error"), Output()
    report = host.run.take(host.linter.lint(exchange(405)))
    host.run.write([report, report], output)
    assert (output.told, output.ended) == ([[ERROR], [ERROR]], 1)
    assert host.run.summary.linted == 1
