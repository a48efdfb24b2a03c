"""HAR files (HTTP Archive 1.1, 1.2, and what tools make of them).

`read` hands out one outcome for each entry, in order: an Exchange, or a Skipped with the reason. Whatever is wrong with
the file itself is a Problem, the last outcome of that file; entries before it were handed out. Nothing is raised.

har_stream finds the entries, har_shape names their parts, har_quirks knows the tools, har_exchange makes exchanges.
"""
from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO, cast

from httplint.capture import files, har_exchange, har_quirks, har_shape, har_stream
from httplint.capture.files import Attachment, Progress
from httplint.capture.har_quirks import Producer
from httplint.capture.har_shape import Entry
from httplint.capture.outcome import UNREADABLE, CaptureError, Problem, Skipped
from httplint.model.exchange import Exchange, Source

__all__ = ["TYPED_FROM", "CaptureError", "Problem", "Skipped", "read"]

TYPED_FROM = 8 << 20
"""From how many octets on msgspec is worth its import."""

Outcome = Exchange | Skipped | Problem


def read(source: str | os.PathLike[str] | BinaryIO, *, path: str | None = None, typed_from: int = TYPED_FROM,
         window: int | None = None, progress: Progress | None = None) -> Iterator[Outcome]:
    """The outcomes of one HAR file, plain, gzip or zip, in bounded memory.

    `source`: a path, `-` for standard input, or a binary stream at its beginning. `path`: what the file is called in
    outcomes. `typed_from`: from how many octets on the faster decoder is used; `window`: octets read at once.
    `progress` is told the octets read and the octets in all, for files and streams that know their size.
    """
    if path is None:
        path = os.fspath(source) if isinstance(source, (str, os.PathLike)) else str(getattr(source, "name", "<stream>"))
    try:
        for document in files.documents(source, path, progress):
            yield from _outcomes(document, typed_from, window)
    except files.Unreadable as error:
        yield Problem(path, None, None, str(error))
    except OSError as error:
        yield Problem(path, None, None, f"cannot be read: {error.strerror or error}")


def _outcomes(document: files.Document, typed_from: int, window: int | None) -> Iterator[Outcome]:
    path = document.path
    row: Producer | None = None
    number = 0
    if document.size is not None and document.size >= typed_from:
        typed_from = 0
    try:
        for creator, found in har_stream.entries(document.stream, document.rewindable, typed_from, window):
            if row is None:
                row = har_quirks.producer(creator)
            source = Source(path, number, found.line, found.column, f"/log/entries/{number}")
            number += 1
            yield _outcome(found, row, source, document.attachment)
    except har_stream.Broken as broken:
        yield Problem(path, broken.line, broken.column, broken.cause)


def _outcome(found: har_stream.Found, row: Producer, source: Source, attachment: Attachment) -> Exchange | Skipped:
    if found.typed:
        entry = cast(Entry, found.value)
    elif isinstance(found.value, dict):
        entry = har_shape.entry(found.value)
    elif found.value is har_stream.TOO_DEEP:
        return Skipped(source, "the entry is nested too deeply", UNREADABLE)
    else:
        return Skipped(source, "the entry is not an object", UNREADABLE)
    return har_exchange.exchange(entry, row, source, attachment)
