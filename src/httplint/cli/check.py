"""`httplint check`: lints captures and reports."""
from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterable, Iterator

from httplint import __version__
from httplint.capture.outcome import CaptureError, Problem, Skipped
from httplint.capture.reading import captures, read
from httplint.cli.main import CLEAN, FINDINGS, NOTHING, TROUBLE, fail
from httplint.cli.progress import Progress
from httplint.engine.errors import RuleError
from httplint.engine.report import Report
from httplint.library import Linter
from httplint.model.exchange import Exchange
from httplint.report.colour import Paint, wanted
from httplint.report.concise import ConciseReport
from httplint.report.escape import printable
from httplint.report.json_report import JsonReport
from httplint.report.summary import SEVERITIES, Summary
from httplint.report.text import TextReport
from httplint.selection import SelectionError

Reporter = TextReport | ConciseReport | JsonReport


Outcomes = Iterable[Exchange | Skipped | Problem]


def run(arguments: argparse.Namespace) -> int:
    """Lints all paths; returns the exit code."""
    def read_all(summary: Summary, progress: Progress) -> Iterator[Outcomes]:
        for path in captures(arguments.paths):
            summary.files += 1
            yield read(path, progress.of(path), arguments.octets)

    return lint(arguments, read_all)


def lint(arguments: argparse.Namespace, read_all: Callable[[Summary, Progress], Iterator[Outcomes]]) -> int:
    """Lints whatever `read_all` reads, capture by capture; returns the exit code."""
    try:
        linter = Linter(arguments.select, arguments.ignore, arguments.rules)
    except (RuleError, SelectionError) as error:
        return fail(str(error))
    # Exchanges hold no cycles: reference counts free them. Frequent collections would only walk the history again and
    # again, at a fifth of the time.
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    summary = Summary(len(linter.rules))
    reporter = _reporter(arguments)
    shown = SEVERITIES[:SEVERITIES.index(arguments.severity) + 1]
    with Progress(sys.stderr, off=arguments.no_progress or arguments.output_format == "concise") as progress:
        for report in _reports(read_all(summary, progress), linter, summary, progress):
            summary.count(report)
            if len(shown) < len(SEVERITIES):
                visible = [finding for finding in report.findings if finding.severity in shown]
                summary.hidden += len(report.findings) - len(visible)
                report.findings = visible
            reporter.report(report)
    reporter.end(summary)
    return _exit_code(arguments.fail_on, summary)


def _reporter(arguments: argparse.Namespace) -> Reporter:
    write = sys.stdout.write
    listed = "not-evaluated" in arguments.show
    if arguments.output_format == "json":
        return JsonReport(write, __version__, arguments.show_secrets, listed)
    paint = Paint(wanted(arguments.color, sys.stdout))
    kind = TextReport if arguments.output_format == "text" else ConciseReport
    return kind(write, paint, arguments.show_secrets, listed)


def _reports(all_outcomes: Iterator[Outcomes], linter: Linter, summary: Summary,
             progress: Progress) -> Iterator[Report]:
    """The reports of all captures, in order; each capture has a history of its own."""
    try:
        for outcomes in all_outcomes:
            yield from linter.lint_all(_exchanges(outcomes, summary, progress))
    except CaptureError as error:
        _problem(error.problem, summary)


def _exchanges(outcomes: Outcomes, summary: Summary, progress: Progress) -> Iterator[Exchange]:
    """The exchanges of one capture; what it skips, and where it breaks, goes to the summary."""
    try:
        for item in outcomes:
            progress.step()
            if isinstance(item, Exchange):
                yield item
            elif isinstance(item, Skipped):
                summary.skip(item.reason)
            else:
                _problem(item, summary)
    except CaptureError as error:
        _problem(error.problem, summary)


def _problem(problem: Problem, summary: Summary) -> None:
    summary.problem(problem.path, problem.cause, problem.line, problem.column)
    print(f"httplint: {printable(str(problem))}", file=sys.stderr)


def _exit_code(fail_on: str, summary: Summary) -> int:
    if summary.problems:
        return TROUBLE
    if not summary.linted:
        return NOTHING
    serious = SEVERITIES[:SEVERITIES.index(fail_on) + 1] if fail_on != "never" else ()
    return FINDINGS if any(summary.findings[severity] for severity in serious) else CLEAN
