"""Judges the traffic of a test run, test by test, and keeps the tally. Knows nothing of pytest.

A test has criteria and a history of its own. What passes is kept until the test may have read it, then judged; its
findings are shown if the settings of the project say so, or if they fail the test.
"""
from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Collection, Iterable

from httplint.clients import exchange_of, responses_of
from httplint.configuration.settings import Settings
from httplint.engine.report import Finding, Report
from httplint.engine.rule import Rule
from httplint.library import Linter, rules_from
from httplint.model.exchange import Exchange, Source
from httplint.model.named import NamedTuple
from httplint.model.severity import counted, from_up
from httplint.report import fault
from httplint.report.masker import Masker
from httplint.report.reporter import Options
from httplint.report.summary import Summary
from httplint.report.text import TextReport
from httplint.run import Run
from httplint.testing.tally import OUTSIDE, Tally

PENDING = 256
"""Responses are kept until the test ends, because it may still read them; at most so many."""
REPORTS = 1000
"""Reports that a test can look at."""


class Criteria(NamedTuple):
    """Which rules judge a test, and the threshold from which up a finding fails it."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"

    def changed(self, select: Iterable[str], ignore: Iterable[str], fail_on: str | None) -> Criteria:
        """What a marker makes of them: its own prefixes win over the opposite ones."""
        select, ignore = tuple(select), tuple(ignore)
        kept = tuple(prefix for prefix in self.select if prefix not in ignore)
        if self.select and not (kept or select):           # all that was selected is ignored: nothing is left
            kept, ignore = (), ("all",)
        refused = tuple(prefix for prefix in self.ignore if prefix not in select)
        return Criteria(kept + select, refused + ignore, fail_on or self.fail_on)

    def fails(self, finding: Finding) -> bool:
        """Whether a finding fails the test."""
        return finding.severity in from_up(self.fail_on)


class Test:
    """What a test has sent and got. Its rules about earlier exchanges look back to its own beginning."""

    __test__ = False                                       # no test case for pytest to collect

    def __init__(self, name: str, criteria: Criteria, linter: Linter) -> None:
        self.name = name
        self.criteria = criteria
        self.reports: deque[Report] = deque(maxlen=REPORTS)
        """The latest reports, in order."""
        self.fresh: list[Report] = []
        """Reports with findings that nobody has been told of yet."""
        self.count = 0
        """Exchanges judged."""
        self._judge = linter.stream()

    def judge(self, exchange: Exchange) -> Report:
        """The report of the next exchange."""
        if exchange.source is None:
            exchange.source = Source(self.name, self.count)
        self.count += 1
        report = self._judge(exchange)
        self.reports.append(report)
        return report


class Judge:
    """Takes in responses from any thread, and judges them when the test may have read them."""

    def __init__(self, project: Settings, coverage: bool = False, process: str = "") -> None:
        """`project`: the settings of all tests; `process`: the name of one of several that watch.

        Raises ConfigurationError, RuleError, SelectionError as Linter does.
        """
        self.criteria = Criteria(project.select, project.ignore, project.fail_on)
        self.coverage = coverage
        self.masker = Masker(space=f"{process}:" if process else "")
        """What all outputs of the run share, or of a worker's part of it."""
        self._project = project
        linter = Linter(config=project)
        assert linter.policy is not None
        self.policy = linter.policy
        """What suppresses findings of all tests."""
        self.notes = dict.fromkeys(linter.policy.obsolete)
        """What to tell of the ids in settings and markers that are no more, or soon; as a set that keeps its order."""
        self._linters = {(project.select, project.ignore): linter}
        self.rules = linter.rules
        summary = Summary(len(self.rules), self.masker)
        summary.describe(linter.descriptions)
        self.run = Run(summary, project.severity, project.fail_on, project.confidence)
        self.run.summary.baseline = linter.baselined
        self.tally = Tally(self.run.summary)
        self.test = self._outside()
        self._pending: list[tuple[object, float]] = []
        self._lock = threading.RLock()

    def _linter(self, criteria: Criteria) -> Linter:
        key = (criteria.select, criteria.ignore)
        if key not in self._linters:
            linter = Linter(config=self._project.choosing(*key, "marker"))
            assert linter.policy is not None
            linter.policy.share(self.policy)
            self.notes |= dict.fromkeys(linter.policy.obsolete)
            self._linters[key] = linter
        return self._linters[key]

    def _outside(self) -> Test:
        return Test(OUTSIDE, self.criteria, self._linter(self.criteria))

    def all_rules(self) -> dict[str, Rule]:
        """Every rule that a test may have chosen, by id."""
        return {rule.id: rule for rule in rules_from(self._project.rules)}

    def begin(self, name: str, criteria: Criteria) -> None:
        """A test begins. Raises SelectionError where its criteria match no rule."""
        self.flush()
        self.test = Test(name, criteria, self._linter(criteria))

    def end(self) -> None:
        """The test is over."""
        self.flush()
        self.test = self._outside()

    def observe(self, response: object, started: float) -> None:
        """Takes in a response; what led to it is known from its history."""
        with self._lock:
            self._pending.append((response, started))
            full = len(self._pending) >= PENDING
        if full:
            self.flush()

    def skip(self, reason: str) -> None:
        """Takes in a response that is not to be judged."""
        with self._lock:
            self.tally.summary.skip(reason)

    def fault(self, error: Exception) -> None:
        """Takes in a response that could not be looked at."""
        self.skip(f"the response could not be read ({type(error).__name__})")

    def check(self, response: object) -> Report:
        """Judges one response at once, and not again at the end of the test. Raises TypeError, ValueError."""
        with self._lock:
            started = next((when for one, when in self._pending if one is response), None)
            self._pending = [pair for pair in self._pending if pair[0] is not response]
            return self._judge(exchange_of(response, started=started))

    def flush(self) -> None:
        """Judges what is pending, in its order."""
        with self._lock:
            seen: set[int] = set()
            pending, self._pending = self._pending, []
            for last, started in pending:
                for response in responses_of(last):
                    if id(response) in seen:
                        continue
                    seen.add(id(response))
                    try:
                        exchange = exchange_of(response, started=started)
                    except Exception as error:             # hostile or odd objects must not break the run
                        self.fault(error)
                        continue
                    try:
                        report = self._judge(exchange)
                    except Exception as error:             # nor must we
                        name, place = fault.kind(error)
                        self.tally.summary.skip(f"a fault of httplint itself, {name} in {place}; please report it")
                        continue
                    if report.findings:
                        self.test.fresh.append(report)

    def _judge(self, exchange: Exchange) -> Report:
        test = self.test
        report = self.run.take(test.judge(exchange), self._shown(test.criteria))
        if test.criteria.fail_on != self.criteria.fail_on:
            self.tally.fail_on[test.name] = test.criteria.fail_on
        self.tally.count(report, self.coverage)
        return report

    def _shown(self, criteria: Criteria) -> Collection[str]:
        """The severities of findings that are shown, or fail the test."""
        return max(from_up(self.run.severity), from_up(criteria.fail_on), key=len)

    def settle(self) -> list[Report]:
        """Counts the baseline over all workers, each of which has counted by itself; their tallies are merged.

        Returns reports with what fails the run thereby: findings that are new, which no worker could know.
        """
        failing: list[Report] = []
        for report, finding in self.policy.exceeding(self.tally.reports):
            test = report.exchange.source.path if report.exchange.source else OUTSIDE
            criteria = self.criteria._replace(fail_on=self.tally.fail_on.get(test, self.criteria.fail_on))
            self.tally.revive(report, finding, finding.severity in self._shown(criteria))
            if test != OUTSIDE and criteria.fails(finding):
                failing.append(Report(report.exchange, report.place))
                failing[-1].findings = [finding]
        return failing


def told(reports: Iterable[Report], masker: Masker) -> str:
    """The findings as text, alike ones in one block; empty without any."""
    parts: list[str] = []
    text = TextReport(parts.append, Options(masker=masker))
    for report in reports:
        text.report(report)
    text.blocks()
    return "".join(parts).rstrip("\n")


def numbers(findings: Iterable[Finding]) -> str:
    """How many of which severity, as in "1 error, 2 warnings"."""
    return ", ".join(counted(Counter(finding.severity for finding in findings)))
