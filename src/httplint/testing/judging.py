"""Judges the traffic of a test run, test by test, and keeps the tally.

A tally is plain data on request, so that the workers of a distributed run can send theirs.
"""
from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from httplint.clients import exchange_of
from httplint.configuration import settings as configuration
from httplint.configuration.baseline import KIND
from httplint.engine.report import Finding, NotJudged, Report
from httplint.engine.rule import Provision, Rule
from httplint.library import Linter, rules_from
from httplint.model.exchange import Exchange, Source
from httplint.model.severity import counted, from_up
from httplint.report import fault
from httplint.report.escape import slim
from httplint.report.masker import Masker
from httplint.report.reporter import Options
from httplint.report.summary import Summary
from httplint.report.text import TextReport
from httplint.run import Run

PENDING = 256
"""Responses are kept until the test ends, because it may still read them; at most so many."""
KEPT = 10_000
"""Reports with findings that a tally keeps for the files."""
REPORTS = 1000
"""Reports that a test can look at."""

OUTSIDE = "(outside of tests)"


class Settings(NamedTuple):
    """Which rules judge a test, and the threshold from which up a finding fails it."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "error"

    def changed(self, select: Iterable[str], ignore: Iterable[str], fail_on: str | None) -> Settings:
        """What a marker makes of the settings: its own prefixes win over the opposite ones."""
        select, ignore = tuple(select), tuple(ignore)
        kept = tuple(prefix for prefix in self.select if prefix not in ignore)
        if self.select and not (kept or select):           # all that was selected is ignored: nothing is left
            kept, ignore = (), ("all",)
        refused = tuple(prefix for prefix in self.ignore if prefix not in select)
        return Settings(kept + select, refused + ignore, fail_on or self.fail_on)

    def fails(self, finding: Finding) -> bool:
        """Whether a finding fails the test."""
        return finding.severity in from_up(self.fail_on)


class Test:
    """What a test has sent and got. Its rules about earlier exchanges look back to its own beginning."""

    __test__ = False                                       # no test case for pytest to collect

    def __init__(self, name: str, settings: Settings, linter: Linter) -> None:
        self.name = name
        self.settings = settings
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


class Tally:
    """What a run, or a worker's part of it, has come to."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.reports: list[Report] = []
        """Reports with findings, at most KEPT, without most of the content."""
        self.dropped = 0
        """Reports with findings beyond those."""
        self.found: Counter[tuple[str, str]] = Counter()
        """(severity, rule id) -> findings."""
        self.exercised: dict[str, tuple[int, int]] = {}
        """Rule id -> how often it held, how often it was violated."""
        self.fail_on: dict[str, str] = {}
        """Test -> the severity from which on findings fail it, where a marker says so."""
        self.lost_workers = 0
        self._files: set[str] = set()

    def count(self, report: Report, coverage: bool) -> None:
        """Takes in a report that the summary has counted, without the findings that are not shown."""
        if report.exchange.source is not None:
            self._in_file(report.exchange.source.path)
        for finding in report.findings:
            self.found[finding.severity, finding.rule_id] += 1
        if report.findings or report.suppressed:
            self._keep(_clipped(report))
        if coverage:
            for rule_id in report.held:
                self._exercise(rule_id, 1, 0)
            violated = {finding.rule_id for finding in report.findings}
            for rule_id in violated.union(finding.rule_id for finding, _ in report.suppressed):
                self._exercise(rule_id, 0, 1)

    def revive(self, report: Report, finding: Finding, shown: bool) -> None:
        """A finding that was suppressed by the baseline counts after all."""
        report.suppressed = [pair for pair in report.suppressed if pair[0] is not finding]
        self.summary.suppressed[KIND] -= 1
        self.summary.findings[finding.severity] += 1
        if shown:
            report.findings.append(finding)
            self.found[finding.severity, finding.rule_id] += 1
        else:
            self.summary.hidden += 1

    def _in_file(self, name: str) -> None:
        if name != OUTSIDE:
            self._files.add(name.partition("::")[0])
            self.summary.files = len(self._files)

    def _keep(self, report: Report) -> None:
        if len(self.reports) < KEPT:
            self.reports.append(report)
        else:
            self.dropped += 1

    def _exercise(self, rule_id: str, held: int, violated: int) -> None:
        before = self.exercised.get(rule_id, (0, 0))
        self.exercised[rule_id] = (before[0] + held, before[1] + violated)

    def packed(self) -> dict[str, Any]:
        """The tally as plain data, for `merge`."""
        summary = self.summary
        return {
            "linted": summary.linted, "skipped": dict(summary.skipped), "severities": dict(summary.findings),
            "suppressed": dict(summary.suppressed), "hidden": summary.hidden,
            "lacking": [[reason, rules] for reason, _, rules in summary.not_evaluated()],
            "files": sorted(self._files), "found": [[*key, times] for key, times in self.found.items()],
            "exercised": [[rule_id, *times] for rule_id, times in self.exercised.items()],
            "places": [[*place, times] for place, times in (summary.places or {}).items()],
            "fail_on": self.fail_on, "dropped": self.dropped, "reports": [_packed(report) for report in self.reports],
        }

    def merge(self, data: dict[str, Any], rules: dict[str, Rule]) -> None:
        """Takes in what another process packed. `rules`: all that may have spoken, by id."""
        summary = self.summary
        summary.linted += data["linted"]
        summary.skipped.update(data["skipped"])
        summary.entries += data["linted"] + sum(data["skipped"].values())
        summary.findings.update(data["severities"])
        summary.suppressed.update(data["suppressed"])
        summary.hidden += data["hidden"]
        for reason, counts in data["lacking"]:
            for rule_id, times in counts:
                summary.lacked(NotJudged(rule_id, reason), times)
        for name in data["files"]:
            self._in_file(name)
        for host, method, path, status, times in data["places"]:
            summary.place((host, method, path, status), times)
        for severity, rule_id, times in data["found"]:
            self.found[severity, rule_id] += times
        for rule_id, held, violated in data["exercised"]:
            self._exercise(rule_id, held, violated)
        self.fail_on |= data["fail_on"]
        self.dropped += data["dropped"]
        for report in data["reports"]:
            self._keep(_unpacked(report, rules))


class Judge:
    """Takes in responses from any thread, and judges them when the test may have read them."""

    def __init__(self, project: configuration.Settings, coverage: bool = False, process: str = "") -> None:
        """`project`: the settings of all tests; `process`: the name of one of several that watch.

        Raises ConfigurationError, RuleError, SelectionError as Linter does.
        """
        self.settings = Settings(project.select, project.ignore, project.fail_on)
        self.coverage = coverage
        self.masker = Masker(space=f"{process}:" if process else "")
        """What all outputs of the run share, or of a worker's part of it."""
        self._project = project
        linter = Linter(config=project)
        assert linter.policy is not None
        self.policy = linter.policy
        """What suppresses findings of all tests."""
        self._linters = {(project.select, project.ignore): linter}
        self.rules = linter.rules
        self.run = Run(Summary(len(self.rules), self.masker), project.severity, project.fail_on)
        self.tally = Tally(self.run.summary)
        self.test = self._outside()
        self._pending: list[tuple[object, float]] = []
        self._lock = threading.RLock()

    def _linter(self, settings: Settings) -> Linter:
        key = (settings.select, settings.ignore)
        if key not in self._linters:
            linter = Linter(config=self._project.choosing(*key, "marker"))
            assert linter.policy is not None
            linter.policy.share(self.policy)
            self._linters[key] = linter
        return self._linters[key]

    def _outside(self) -> Test:
        return Test(OUTSIDE, self.settings, self._linter(self.settings))

    def all_rules(self) -> dict[str, Rule]:
        """Every rule that a test may have chosen, by id."""
        return {rule.id: rule for rule in rules_from(self._project.rules)}

    def begin(self, name: str, settings: Settings) -> None:
        """A test begins. Raises SelectionError where its settings match no rule."""
        self.flush()
        self.test = Test(name, settings, self._linter(settings))

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
                for response in (*_before(last), last):
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
        report = self.run.take(test.judge(exchange), self._shown(test.settings))
        if test.settings.fail_on != self.settings.fail_on:
            self.tally.fail_on[test.name] = test.settings.fail_on
        self.tally.count(report, self.coverage)
        return report

    def _shown(self, settings: Settings) -> Collection[str]:
        """The severities of findings that are shown, or fail the test."""
        return max(from_up(self.run.severity), from_up(settings.fail_on), key=len)

    def settle(self) -> list[Report]:
        """Counts the baseline over all workers, each of which has counted by itself; their tallies are merged.

        Returns reports with what fails the run thereby: findings that are new, which no worker could know.
        """
        failing: list[Report] = []
        for report, finding in self.policy.exceeding(self.tally.reports):
            test = report.exchange.source.path if report.exchange.source else OUTSIDE
            settings = self.settings._replace(fail_on=self.tally.fail_on.get(test, self.settings.fail_on))
            self.tally.revive(report, finding, finding.severity in self._shown(settings))
            if test != OUTSIDE and settings.fails(finding):
                failing.append(Report(report.exchange))
                failing[-1].findings = [finding]
        return failing


def _before(response: object) -> list[object]:
    history = getattr(response, "history", None)
    return list(history) if isinstance(history, (list, tuple)) else []


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


# -- reports as plain data


def _clipped(report: Report) -> Report:
    """The report with no more content than is shown, so that keeping it costs little."""
    clipped = Report(slim(report.exchange))
    clipped.findings, clipped.suppressed = report.findings, report.suppressed
    return clipped


SHOWING = Masker(shows=True)


def _packed(report: Report) -> dict[str, Any]:
    """The report as plain data, with the rules that are in no catalogue."""
    found = (*report.findings, *(finding for finding, _ in report.suppressed))
    from httplint.report.form import LineForm, compact
    return {"line": compact(LineForm.of(report, SHOWING)),  # the process that tells of it masks it
            "rules": {finding.rule_id: dict(finding.rule.said) for finding in found
                      if finding.rule_id.startswith("internal.")}}


def _unpacked(data: dict[str, Any], rules: dict[str, Rule]) -> Report:
    import msgspec

    from httplint.report.form import LineForm
    known = rules | {name: Provision(said) for name, said in data["rules"].items()}
    return msgspec.json.decode(data["line"], type=LineForm).report(known)
