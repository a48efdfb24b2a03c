"""`httplint check`: lints captures and reports."""
from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from httplint.capture.files import PassedOver
from httplint.capture.outcome import INTERIM_LIMIT, CaptureError, Problem, Skipped
from httplint.capture.reading import captures, read
from httplint.cli import configured
from httplint.cli.faults import FAULT, HTTPLINT, add, guarded, survived
from httplint.cli.main import fail
from httplint.cli.progress import Progress
from httplint.cli.reporting import Results
from httplint.configuration import ConfigurationError
from httplint.engine.errors import RuleError
from httplint.engine.report import Report
from httplint.library import Linter
from httplint.model.exchange import Exchange, Source
from httplint.model.severity import SEVERITIES, from_up
from httplint.report import fault
from httplint.report.formats import FormatError
from httplint.report.masker import Masker
from httplint.report.output import OutputError
from httplint.report.summary import Summary
from httplint.selection import SelectionError

if TYPE_CHECKING:
    from httplint.engine.profile import Profile

Outcomes = Iterable[Exchange | Skipped | Problem]


Reading = Callable[[Summary, Progress], Iterator[Outcomes]]


def run(arguments: argparse.Namespace) -> int:
    """Lints all paths; returns the exit code."""
    return lint(arguments, reading(arguments))


def reading(arguments: argparse.Namespace) -> Reading:
    """What reads all paths, capture by capture."""
    def read_all(summary: Summary, progress: Progress) -> Iterator[Outcomes]:
        def told(met: Problem | PassedOver) -> None:
            if isinstance(met, Problem):
                add(met, summary)
            else:
                summary.note([str(met)])

        for path in captures(sorted(arguments.paths), told):         # so that reports do not depend on the order
            summary.files += 1
            yield guarded(path, read(path, progress.of(path), arguments.octets))

    return read_all


def lint(arguments: argparse.Namespace, read_all: Reading, over: Callable[[], bool] | None = None) -> int:
    """Lints whatever `read_all` reads, capture by capture; returns the exit code.

    `over`: whether the time to judge the exchange at hand is over; the rest of it is not evaluated.
    """
    try:
        linter = configured.linter(arguments)
    except (ConfigurationError, RuleError, SelectionError) as error:
        return fail(str(error))
    # Exchanges hold no cycles: reference counts free them. Frequent collections would only walk the history again and
    # again, at a fifth of the time.
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    try:
        results = Results(arguments, linter.rules, Masker(arguments.show_secrets))
    except (FormatError, OutputError) as error:
        return fail(str(error))
    shown = from_up(arguments.severity)
    with (results.outputs, _profile(arguments, linter) as profile,
          Progress(sys.stderr, results.masker, arguments.no_progress or results.interleaved) as progress):
        summary = results.summary(len(linter.rules))
        with survived(summary):
            for report in reports(read_all(summary, progress), linter, summary, progress, over):
                summary.count(report)
                if len(shown) < len(SEVERITIES):
                    visible = [finding for finding in report.findings if finding.severity in shown]
                    summary.hidden += len(report.findings) - len(visible)
                    report.findings = visible
                results.outputs.report(report)
        progress.clear()
        with survived(summary):
            configured.closing(linter, summary)
        results.outputs.end(summary)
    if profile is not None:
        sys.stderr.write(profile.told())
    return results.exit_code(arguments.fail_on, summary)


def _profile(arguments: argparse.Namespace, linter: Linter) -> AbstractContextManager[Profile | None]:
    """What measures the rules, if that is asked for."""
    if not arguments.profile_rules:
        return nullcontext()
    return linter.profile()


def reports(all_outcomes: Iterator[Outcomes], linter: Linter, summary: Summary,
            progress: Progress, over: Callable[[], bool] | None = None) -> Iterator[Report]:
    """The reports of all captures, in order; each capture has a history of its own.

    What judging fails on is skipped, and told; what follows is judged with a new history.
    """
    told: set[tuple[str, str]] = set()
    try:
        for outcomes in all_outcomes:
            entries = _Entries(outcomes, summary, progress)
            exchanges = iter(entries)
            judged = -1
            while judged < entries.count:
                judged = entries.count
                try:
                    yield from linter.lint_all(exchanges, over)
                    break
                except Exception as error:
                    problem = entries.fault(error)
                    if (kind := fault.kind(error)) not in told:      # the next exchange may well meet with the same
                        told.add(kind)
                        add(problem, summary)
    except CaptureError as error:
        add(error.problem, summary)


class _Entries:
    """The exchanges of one capture; what it skips, and where it breaks, goes to the summary."""

    def __init__(self, outcomes: Outcomes, summary: Summary, progress: Progress) -> None:
        self._outcomes = outcomes
        self._summary = summary
        self._progress = progress
        self._last: Exchange | None = None
        self.count = 0
        """How many exchanges were handed out."""

    def __iter__(self) -> Iterator[Exchange]:
        for item in self._outcomes:
            self._progress.step()
            if isinstance(item, Exchange):
                self._last = item
                self.count += 1
                if item.source is not None:
                    item.source.path = self._summary.masker.path(item.source.path)
                yield item
                if len(item.interim) == INTERIM_LIMIT and not item.evidence.knows("interim"):
                    add(_flood(item), self._summary)
                self._last = None
            elif isinstance(item, Skipped):
                self._summary.skip(item.reason)
            else:
                add(item, self._summary)

    def fault(self, error: Exception) -> Problem:
        """Judging failed, on the exchange that was handed out last if it was in hand."""
        source = None
        if self._last is not None:
            source = self._last.source
            self._summary.skip(FAULT)
        return Problem(HTTPLINT if source is None else source.path, None, None, fault.told(error))


def _flood(exchange: Exchange) -> Problem:
    place = exchange.source or Source("", 0)
    return Problem(place.path, place.line, place.column,
                   f"there are more interim responses than the {INTERIM_LIMIT} that are judged of a request")
