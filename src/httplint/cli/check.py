"""`httplint check`: lints captures and reports."""
from __future__ import annotations

import argparse
from collections.abc import Iterator

from httplint.capture.files import PassedOver
from httplint.capture.outcome import Problem
from httplint.capture.reading import captures, read
from httplint.cli.faults import add, guarded
from httplint.cli.linting import Outcomes, Reading, lint
from httplint.cli.progress import Progress
from httplint.report.summary import Summary


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
