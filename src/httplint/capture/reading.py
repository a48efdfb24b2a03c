"""Reads a capture of any kind: tells by its first octets what it is."""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import cast

from httplint.capture import curl, har
from httplint.capture.files import STDIN, captures
from httplint.capture.outcome import Problem, Skipped
from httplint.model.exchange import Exchange

__all__ = ["captures", "read"]

SNIFFED = 4096
"""How many octets tell what a capture is."""

TEXT_LIMIT = 64 << 20
"""The most that is read of a text in the notation of curl, in octets."""


def read(path: str, progress: Callable[[int, int], None] | None = None) -> Iterator[Exchange | Skipped | Problem]:
    """One outcome for each entry of a capture (a path, or `-`), in order; what is wrong with the file comes last.

    `progress` is told the octets read and the octets in all, where that can be known.
    """
    try:
        start = _start(path)
    except OSError as error:
        yield Problem(path, None, None, f"cannot be read: {error.strerror or error}")
        return
    if len(start) < SNIFFED and not start.strip(b"\xef\xbb\xbf \t\r\n"):
        yield Problem(path, None, None, "the file is empty")
    elif curl.looks_like(start.decode("latin-1").removeprefix("ï»¿")):
        yield from _text(path)
    else:
        yield from har.read(path, progress=progress)


def _start(path: str) -> bytes:
    if path == STDIN:
        return cast("BufferedReader", sys.stdin.buffer).peek(SNIFFED)[:SNIFFED]
    with open(path, "rb") as stream:
        return stream.read(SNIFFED)


def _text(path: str) -> Iterator[Exchange | Problem]:
    if path == STDIN:
        octets = sys.stdin.buffer.read(TEXT_LIMIT + 1)
    else:
        with open(path, "rb") as stream:
            octets = stream.read(TEXT_LIMIT + 1)
    if len(octets) > TEXT_LIMIT:
        yield Problem(path, None, None, f"a text of more than {TEXT_LIMIT >> 20} MB")
        return
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("latin-1")
    try:
        yield from curl.read(text, path)
    except curl.NotationError as error:
        yield Problem(path, error.line, 1, error.why)
