"""The fixture that judges what a test hands over."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from httplint.engine.report import Report
from httplint.model.errors import SetupError
from httplint.testing.judge import Judge, numbers, told
from httplint.testing.options import criteria_of, judge


class Checker:
    """Judges responses within a test."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def check(self, response: object) -> Report:
        """Judges a response: an Exchange, or what the clients of `httplint.clients` hand out.

        Raises AssertionError, with the findings as text, for findings that fail the test (errors, unless
        --httplint-fail-on or a marker says otherwise); TypeError and ValueError for what is no response.
        """
        __tracebackhide__ = True
        report = self._judge.check(response)
        failing = [finding for finding in report.findings if self._judge.test.criteria.fails(finding)]
        if failing:
            raise AssertionError(f"httplint: {numbers(report.findings)}\n\n{told([report], self._judge.masker)}")
        return report

    @property
    def reports(self) -> list[Report]:
        """The reports of this test so far, in order; of very many, the latest."""
        self._judge.flush()
        return list(self._judge.test.reports)


def checker(request: pytest.FixtureRequest) -> Iterator[Checker]:
    """The fixture. Without a session that watches, the test begins and ends here."""
    one = judge(request.config)
    watched = request.config.pluginmanager.has_plugin("httplint-session")
    if not watched:
        item: pytest.Item = request.node
        try:
            one.begin(item.nodeid, criteria_of(item, one.criteria))
        except SetupError as error:
            pytest.fail(f"httplint: {error}", pytrace=False)
    yield Checker(one)
    if not watched:
        one.end()
