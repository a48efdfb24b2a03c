"""`httplint check`: lints captures and reports."""
from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from functools import partial

from httplint.capture.reading import read
from httplint.cli.faults import guarded
from httplint.cli.linting import Outcomes, judge, lint
from httplint.cli.paths import Met, files, listed, size
from httplint.cli.progress import Progress
from httplint.library import Linter
from httplint.report.summary import Summary
from httplint.run import Run

PROCESSES = 8
"""Processes that judge, if nothing is said; one more takes what they have judged, and is busy with that."""
WORTH = 8 << 20
"""Octets of captures for which a process is worth its start: judging them takes some ten times as long."""

def run(arguments: argparse.Namespace) -> int:
    """Lints all paths; returns the exit code."""
    def work(linter: Linter, run: Run, progress: Progress) -> None:
        met = list(listed(arguments))
        octets = sum(size(path) for path in met if isinstance(path, str))
        progress.expect(octets)
        jobs = 1 if arguments.profile_rules else processes(arguments.jobs, octets)
        if jobs > 1:
            from httplint.cli.spreading import spread
            every = "not-evaluated" in arguments.show
            if spread(met, partial(_outcomes, arguments.octets), linter, run, progress, jobs, every, arguments.octets):
                return
        judge(reading(met, run.summary, progress, arguments.octets), linter, run, progress)

    return lint(arguments, work)


def reading(met: Iterable[Met], summary: Summary, progress: Progress, octets: bool) -> Iterator[Outcomes]:
    """What reads them, capture by capture. `octets`: they are known to be octets of HTTP/1.x."""
    for path in files(met, summary):
        yield guarded(path, read(path, progress.of(path), octets))


def _outcomes(octets: bool, path: str) -> Outcomes:
    return guarded(path, read(path, None, octets))


def processes(wanted: int | None, octets: int) -> int:
    """How many processes judge: as many as are wanted, or as there are processors, and it is worth their start."""
    if wanted is not None:
        return wanted
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if processors == 1:
        return 1
    return max(1, min(processors, PROCESSES, octets // WORTH))
