"""The captures that a user named, and what is met on the way to them."""
from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Iterable, Iterator

from httplint.capture.files import PassedOver
from httplint.capture.finding import found
from httplint.capture.outcome import Problem
from httplint.capture.reading import PERHAPS, SUFFIXES
from httplint.cli.faults import add
from httplint.model.pattern import lazily
from httplint.report.summary import Summary

Met = str | Problem | PassedOver

_HOST = lazily(r"(?:(?P<local>localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\])|(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]"
               r"{2,24})(?P<port>:\d{1,5})?(?:[/?][^\s\\]*)?")
"""A host, perhaps with a port and a path, as people write it."""
_FILES = (*SUFFIXES, *PERHAPS, ".log", ".curl", ".out", ".trace", ".gz", ".html", ".md", ".csv")
"""Endings of files that look like the end of a host."""
_STORED = lazily(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://")
"""How a URI begins, such as one of S3."""


def listed(arguments: argparse.Namespace) -> Iterator[Met]:
    """The captures, and what is met beside them, in order; what is missing is a problem among them."""
    met: list[Met] = []
    for path in found(arguments.paths, lambda one: met.append(_addressed(one)), address):
        yield from met
        yield path
        met.clear()
    yield from met


def _addressed(met: Problem | PassedOver) -> Problem | PassedOver:
    """The same, and where a URL, or a URI of what is stored elsewhere, belongs, if it is a problem about one."""
    if isinstance(met, Problem) and not os.path.lexists(met.path):
        from shlex import quote
        if url := address(met.path):
            met.cause += f"; to ask the server: httplint fetch {quote(url)}"
        elif _STORED.match(met.path):
            met.cause += f"; to lint what is stored there: httplint archive {quote(met.path)} --out DIR"
    return met


def address(path: str) -> str | None:
    """The URL that somebody named in the place of a path, or without its scheme; None if it is none."""
    if path.startswith(("http://", "https://")):
        return path
    found = _HOST.fullmatch(path)
    plain = found and (found["local"] or found["port"])    # as servers are that are being built
    if not found or (not plain and path.lower().endswith(_FILES)):
        return None
    return f"{'http' if plain else 'https'}://{path}"


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
