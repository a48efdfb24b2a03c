"""What the verbs share that lint: captures are judged one after the other, for a run, and the outputs written."""
from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from httplint.capture.outcome import INTERIM_LIMIT, CaptureError, Problem, Skipped
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

Outcomes = Iterable[Exchange | Skipped | Problem]
Reading = Callable[[Summary, Progress], Iterator[Outcomes]]
"""What reads captures, one after the other."""


def lint(arguments: argparse.Namespace, read_all: Reading, over: Callable[[], bool] | None = None) -> int:
    """Lints whatever `read_all` reads, capture by capture; returns the exit code.

    `over`: whether the time to judge the exchange at hand is over; the rest of it is not evaluated.
    """
    try:
        linter = configured.linter(arguments)
        summary = Summary(len(linter.rules), Masker(arguments.show_secrets))
        run = Run(summary, arguments.severity, arguments.fail_on)
        outputs = outputs_of(arguments, run, linter.rules)
    except HttplintError as error:
        return fail(str(error))
    # Exchanges hold no cycles: reference counts free them. Frequent collections would only walk the history again and
    # again, at a fifth of the time.
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    interleaved = outputs.live and sys.stdout.isatty()
    with (outputs, _profile(arguments, linter) as profile,
          Progress(sys.stderr, summary.masker, arguments.no_progress or interleaved) as progress):
        with survived(summary):
            judge(read_all(summary, progress), linter, run, progress, over)
        progress.clear()
        with survived(summary):
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
    """Judges all captures for a run, in order; each has a history of its own. What breaks, or is skipped, is told."""
    told: set[tuple[str, str]] = set()
    try:
        for outcomes in all_outcomes:
            judged = linter.stream(over)
            for item in outcomes:
                progress.step()
                if isinstance(item, Exchange):
                    _judge(item, judged, run, told)
                elif isinstance(item, Skipped):
                    run.summary.skip(item.reason)
                else:
                    add(item, run.summary)
    except CaptureError as error:
        add(error.problem, run.summary)


def _judge(exchange: Exchange, judged: Callable[[object], Report], run: Run, told: set[tuple[str, str]]) -> None:
    """`told`: the kinds of faults that were told."""
    source, summary = exchange.source, run.summary
    if source is not None:
        source.path = summary.masker.path(source.path)
    try:
        report = judged(exchange)
    except Exception as error:
        summary.skip(FAULT)
        problem = Problem(HTTPLINT if source is None else source.path, None, None, fault.told(error))
        if (kind := fault.kind(error)) not in told:        # the next exchange may well meet with the same
            told.add(kind)
            add(problem, summary)
    else:
        run.take(report)
    if len(exchange.interim) == INTERIM_LIMIT and not exchange.evidence.knows("interim"):
        add(_flood(exchange), summary)


def _flood(exchange: Exchange) -> Problem:
    place = exchange.source or Source("", 0)
    return Problem(place.path, place.line, place.column,
                   f"there are more interim responses than the {INTERIM_LIMIT} that are judged of a request")
