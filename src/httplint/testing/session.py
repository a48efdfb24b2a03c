"""Watches a test run: fails tests for their findings, and tells about the run at its end."""
from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from httplint.engine.report import Report
from httplint.model.errors import SetupError
from httplint.model.severity import counted, rank
from httplint.model.unfinished import OutputError
from httplint.report import fault
from httplint.report.closing import lacking
from httplint.report.escape import clipped
from httplint.report.formats import STDOUT, Format, FormatError, parse
from httplint.report.lines import line, plain
from httplint.report.masker import Masker
from httplint.report.output import Outputs
from httplint.report.reporter import Options
from httplint.testing.interception import Watch
from httplint.testing.judge import numbers, told
from httplint.testing.options import criteria_of, judge
from httplint.testing.requirements import exercised_lines

SHOWN_RULES = 20
OUTPUT_KEY = "httplint"


class Session:
    """The plugin that --httplint registers. In a distributed run the workers watch, and the controller tells."""

    def __init__(self, config: pytest.Config) -> None:
        """Raises pytest.UsageError for options that cannot be."""
        self.config = config
        self.judge = judge(config)
        self.outputs = [_output(text) for text in config.getoption("--httplint-output")]
        if any(made.places for made, _ in self.outputs):
            self.judge.tally.summary.places = Counter()
        self.worker = hasattr(config, "workerinput")
        self._unwritten: list[str] = []
        self._new = ""
        self._trouble = ""
        self._watch = Watch(self.judge.observe, self.judge.skip, self.judge.fault)
        self._watch.on()
        config.add_cleanup(self._watch.off)

    # -- tests

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """A test begins and ends."""
        self._trouble = ""
        try:
            self.judge.begin(item.nodeid, criteria_of(item, self.judge.criteria))
        except SetupError as error:
            self.judge.begin(item.nodeid, self.judge.criteria)
            self._trouble = f"httplint: {error}"
        try:
            return (yield)
        finally:
            self.judge.end()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """What the fixtures asked for is judged with the test, unless they fail."""
        try:
            result = yield
        except BaseException:
            self._note(item, "setup")
            raise
        if self._trouble:
            pytest.fail(self._trouble, pytrace=False)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """The test passes only if its findings let it."""
        return (yield from self._judged(item, "call"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """So does the clearing up."""
        return (yield from self._judged(item, "teardown"))

    def _judged(self, item: pytest.Item, when: str) -> Generator[None, object, object]:
        try:
            result = yield
        except BaseException:                              # the test's own fault comes first
            self._note(item, when)
            raise
        self.judge.flush()
        test = self.judge.test
        findings = [finding for report in test.fresh for finding in report.findings]
        if any(test.criteria.fails(finding) for finding in findings):
            text = _told(test.fresh, self.judge.masker)
            test.fresh.clear()
            pytest.fail(f"httplint: {numbers(findings)} in the traffic of the test\n\n{text}", pytrace=False)
        self._note(item, when)
        return result

    def _note(self, item: pytest.Item, when: str) -> None:
        """The findings become a section of the test's report."""
        self.judge.flush()
        fresh = self.judge.test.fresh
        if fresh:
            item.add_report_section(when, "httplint", _told(fresh, self.judge.masker))
            fresh.clear()

    # -- the run

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker hands over its tally; otherwise the files are written."""
        try:
            self._finish(session)
        except Exception as error:                         # the run is the user's, and none of it is lost
            self._unwritten.append(fault.told(error))
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def _finish(self, session: pytest.Session) -> None:
        self.judge.flush()
        tally = self.judge.tally
        if self.worker:
            self.config.workeroutput[OUTPUT_KEY] = {  # type: ignore[attr-defined]
                "tally": tally.packed(), "policy": self.judge.policy.state(),
                "notes": list(self.judge.notes)}
            return
        self.judge.run.note({**self.judge.notes, **dict.fromkeys(self.judge.policy.notes())})
        tally.reports.sort(key=_place)
        if new := self.judge.settle():
            self._new = (f"{numbers([finding for report in new for finding in report.findings])} beyond the baseline, "
                         f"counted over all workers: the run fails\n\n{told(new, self.judge.masker)}\n")
            if session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED
        for made, path in self.outputs:
            options = Options(masker=self.judge.masker, show_not_evaluated=made.name == "text",
                              fail_on=self.judge.criteria.fail_on, rules=self.judge.rules)
            try:
                with Outputs(None, [(made, str(path))], options, self._unwritten.append) as outputs:
                    self.judge.run.write(tally.reports, outputs)
            except OutputError as error:
                self._unwritten.append(str(error))
        if self._unwritten:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker has ended: the controller takes in its tally."""
        data = getattr(node, "workeroutput", {}).get(OUTPUT_KEY)
        if data is None:
            self.judge.tally.lost_workers += 1
        else:
            self.judge.tally.merge(data["tally"], self.judge.all_rules())
            self.judge.policy.merge(data["policy"])
            self.judge.notes |= dict.fromkeys(data["notes"])

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tells what was linted, what was found, and what could not be judged."""
        terminalreporter.section("httplint")
        try:
            self._tell(terminalreporter)
        except Exception as error:
            terminalreporter.write_line(fault.told(error), red=True)

    def _tell(self, terminalreporter: pytest.TerminalReporter) -> None:
        for text in self._new.splitlines():
            terminalreporter.write_line(line(text), red=True)
        for text, style in self._summary():
            terminalreporter.write_line(line(text), **style)
        if self.judge.tally.summary.operations:
            from httplint.report.operations import lines
            for parts in lines(self.judge.tally.summary, self.config.get_verbosity() > 0, "-v"):
                terminalreporter.write_line(line(*parts))
        if self.judge.coverage:
            terminalreporter.write_line("")
            for text in exercised_lines(self.judge.tally.exercised, self.judge.rules,
                                        self.config.get_verbosity() > 0):
                terminalreporter.write_line(line(text))

    def _summary(self) -> list[tuple[str, dict[str, bool]]]:
        tally = self.judge.tally
        summary = tally.summary
        found = ", ".join(counted(summary.findings))
        bad = {"red": True} if summary.findings["error"] else {"yellow": True} if found else {"green": True}
        if summary.linted:
            plural = "s" if summary.linted != 1 else ""
            out = [(f"{found or 'no findings'} in {summary.linted:,} response{plural}{summary.below()}, "
                    f"{summary.by()}", bad)]
        else:
            out = [("no response was seen, so nothing was linted", {"yellow": True})]
        ranked = sorted(tally.found.items(), key=lambda item: (rank(item[0][0]), -item[1], item[0][1]))
        for (severity, rule_id), count in ranked[:SHOWN_RULES]:
            out.append((f"  {severity}[{rule_id}] ×{count:,}{self._where(rule_id)}", {}))
        if len(ranked) > SHOWN_RULES:
            out.append((f"  … and findings of {len(ranked) - SHOWN_RULES:,} more rules", {}))
        if summary.suppressed:
            out.append((f"  not counted: {summary.not_counted()}", {}))
        for reason, count in summary.reasons():
            out.append((f"  not linted {count:,}: {reason}", {}))
        out += [(plain(parts), {}) for parts in lacking(summary)]
        if tally.dropped and self.outputs:
            out.append((f"  {tally.dropped:,} responses with findings are not in the files", {"yellow": True}))
        if tally.lost_workers:
            plural = "s" if tally.lost_workers > 1 else ""
            out.append((f"  {tally.lost_workers} worker{plural} crashed: the traffic there is missing here",
                        {"yellow": True}))
        out += [(f"  {clipped(note, 300)}", {"yellow": True}) for note in summary.notes]
        out += [(f"  {clipped(self.judge.masker.path(line), 300)}", {"red": True}) for line in self._unwritten]
        return out

    def _where(self, rule_id: str) -> str:
        """The tests that a rule speaks of most."""
        tests = Counter(report.exchange.source.path for report in self.judge.tally.reports
                        for finding in report.findings if finding.rule_id == rule_id and report.exchange.source)
        if not tests:
            return ""
        first = min(tests, key=lambda name: (-tests[name], name))
        more = {1: "", 2: " and another test"}.get(len(tests), f" and {len(tests) - 1:,} other tests")
        return f"  {clipped(first, 100)}{more}"


def _told(reports: Iterable[Report], masker: Masker) -> str:
    """The findings as text."""
    try:
        return told(reports, masker)
    except Exception as error:                             # the test is not at fault
        return f"the findings cannot be shown: {fault.told(error)}"


def _place(report: Report) -> tuple[str, int]:
    source = report.exchange.source
    return (source.path, source.entry) if source else ("", 0)


def _output(text: str) -> tuple[Format, Path]:
    try:
        made, path = parse(text)
    except FormatError as error:
        raise pytest.UsageError(f"--httplint-output {text}: {error}") from None
    if path == STDOUT:
        raise pytest.UsageError(f"--httplint-output {text}: expected a file, standard output belongs to pytest")
    if not Path(path).absolute().parent.is_dir():
        raise pytest.UsageError(f"--httplint-output {text}: there is no directory for that file")
    return made, Path(path).absolute()
