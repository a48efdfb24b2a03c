"""What the verbs share that lint: captures are judged one after the other, for a run, and the outputs written."""
from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from httplint.capture.outcome import INTERIM_LIMIT, Outcome, Problem, Skipped, flooded
from httplint.cli import configured
from httplint.cli.faults import FAULT, HTTPLINT, add, survived
from httplint.cli.main import fail, tell
from httplint.cli.outputs import outputs_of
from httplint.cli.progress import Progress
from httplint.engine.report import Report
from httplint.library import Linter
from httplint.model.errors import HttplintError
from httplint.model.exchange import Exchange, Source
from httplint.report import fault
from httplint.report.masker import Masker
from httplint.report.summary import Summary
from httplint.run import Run

if TYPE_CHECKING:
    from httplint.engine.profile import Profile

Outcomes = Iterable[Outcome]
Work = Callable[[Linter, Run, Progress], None]
"""What has captures judged, and tells the run what came of them."""


def lint(arguments: argparse.Namespace, work: Work, asks: bool = False) -> int:
    """Lints whatever it takes, for a run; returns the exit code. `asks`: the requests are no client's, but made up."""
    try:
        linter = configured.linter(arguments)
        if asks:
            linter.be_the_client()
        summary = Summary(len(linter.rules), Masker(arguments.show_secrets))
        summary.baseline = linter.baselined
        summary.describe(linter.descriptions)
        run = Run(summary, arguments.severity, arguments.fail_on, arguments.confidence)
        outputs = outputs_of(arguments, run, linter.rules)
    except HttplintError as error:
        return fail(str(error))
    gc.freeze()                                            # what has been loaded stays
    interleaved = outputs.live and sys.stdout.isatty()
    with (outputs, _profile(arguments, linter) as profile,
          Progress(sys.stderr, summary.masker, arguments.no_progress or arguments.quiet or interleaved) as progress):
        with survived(summary):
            work(linter, run, progress)
        progress.clear()
        with survived(summary):
            if not arguments.quiet:
                conclude(run, linter)
        run.end()
    if profile is not None:
        sys.stderr.write(profile.told())
    return run.exit_status()


def conclude(run: Run, linter: Linter) -> None:
    """Tells on standard error what there is to tell at the end."""
    for note in run.note(linter.notes()):
        tell(note)


def _profile(arguments: argparse.Namespace, linter: Linter) -> AbstractContextManager[Profile | None]:
    """What measures the rules, if that is asked for."""
    if not arguments.profile_rules:
        return nullcontext()
    return linter.profile()


def judge(all_outcomes: Iterable[Outcomes], linter: Linter, run: Run, progress: Progress,
          over: Callable[[], bool] | None = None) -> None:
    """Judges all captures for a run, in order; each has a history of its own. What breaks, or is skipped, is told.

    `over`: whether the time to judge the exchange at hand is over; the rest of it is not evaluated.
    """
    taker = Taker(run, progress)
    for outcomes in all_outcomes:
        taker.capture(outcomes, linter.stream(over))


class Taker:
    """Takes in what comes of captures, for a run."""

    def __init__(self, run: Run, progress: Progress) -> None:
        self.run = run
        self.progress = progress
        self._told: set[tuple[str, str]] = set()
        """The kinds of faults that were told."""

    def capture(self, outcomes: Outcomes, judged: Callable[[object], Report]) -> None:
        """Has a capture judged."""
        for item in outcomes:
            self.progress.step()
            if isinstance(item, Exchange):
                self._judge(item, judged)
            elif isinstance(item, Skipped):
                self.run.summary.skip(item.reason)
            else:
                self.wrong(item)

    def _judge(self, exchange: Exchange, judged: Callable[[object], Report]) -> None:
        source = exchange.source
        if source is not None:
            source.path = self.run.summary.masker.path(source.path)
        try:
            report = judged(exchange)
        except Exception as error:
            self.failed(source, fault.kind(error), fault.told(error))
        else:
            self.run.take(report)
        if flooded(exchange):
            self.flooded(source)

    def wrong(self, problem: Problem) -> None:
        """A capture, or a part of it, cannot be read."""
        add(problem, self.run.summary)

    def failed(self, source: Source | None, kind: tuple[str, str], told: str) -> None:
        """Judging an exchange failed."""
        self.run.summary.skip(FAULT)
        if kind not in self._told:                         # the next exchange may well meet with the same
            self._told.add(kind)
            self.wrong(Problem(HTTPLINT if source is None else source.path, None, None, told))

    def flooded(self, source: Source | None) -> None:
        """There are more interim responses to the request of an exchange than are judged."""
        place = source or Source("", 0)
        self.wrong(Problem(place.path, place.line, place.column,
                           f"there are more interim responses than the {INTERIM_LIMIT} that are judged of a request"))
