"""The captures that a user named, and what is met on the way to them."""
from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Iterable, Iterator

from httplint.capture.files import PassedOver
from httplint.capture.outcome import Problem
from httplint.capture.reading import captures
from httplint.cli.faults import add
from httplint.report.summary import Summary

Met = str | Problem | PassedOver


def listed(arguments: argparse.Namespace) -> Iterator[Met]:
    """The captures, and what is met beside them, in order. Raises CaptureError."""
    met: list[Met] = []
    for path in captures(sorted(arguments.paths), met.append):       # so that reports do not depend on the order
        yield from met
        yield path
        met.clear()
    yield from met


def files(met: Iterable[Met], summary: Summary) -> Iterator[str]:
    """The captures; they are counted, and what was met beside them is told, in its turn."""
    for one in met:
        if isinstance(one, Problem):
            add(one, summary)
        elif isinstance(one, PassedOver):
            summary.note([str(one)])
        else:
            summary.files += 1
            yield one


def size(path: str) -> int:
    """The octets of a file; 0 for what is none, such as a pipe."""
    try:
        told = os.stat(path)
    except OSError:
        return 0
    return told.st_size if stat.S_ISREG(told.st_mode) else 0
