"""HAR files (HTTP Archive 1.1, 1.2, and what tools make of them).

`read` hands out one outcome for each entry, in order: an Exchange, or a Skipped with the reason. Where the text of the
file breaks, there is a Problem, and reading goes on with the next entry that can be read. Nothing is raised.

har_stream finds the entries, har_shape names their parts, har_quirks knows the tools, har_exchange makes exchanges.
"""
from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO, Protocol, cast

from httplint.capture import files, har_exchange, har_quirks, har_shape, har_stream
from httplint.capture.files import Attachment, Progress
from httplint.capture.har_quirks import Tool
from httplint.capture.har_shape import HarEntry
from httplint.capture.outcome import NO_OBJECT, UNREADABLE, Outcome, Problem, Skipped
from httplint.model.exchange import Exchange, Source
from httplint.model.files import cause

__all__ = ["TYPED_FROM", "Problem", "Skipped", "read"]

TYPED_FROM = 1 << 20
"""From how many octets on, in one file or several, msgspec is worth its import: that takes as long as 200 entries."""


class _Begun:
    """How many octets the texts have that this process began to read."""

    octets = 0


def begin(octets: int, typed_from: int = TYPED_FROM) -> bool:
    """Begins to read a text of so many octets: whether msgspec is worth its import by now."""
    _Begun.octets += octets
    return _Begun.octets >= typed_from


def read(source: str | os.PathLike[str] | BinaryIO, *, path: str | None = None, typed_from: int = TYPED_FROM,
         window: int | None = None, progress: Progress | None = None) -> Iterator[Outcome]:
    """The outcomes of one HAR file, plain, gzip or zip, in bounded memory.

    `source`: a path, `-` for standard input, or a binary stream at its beginning. `path`: what the file is called in
    outcomes. `typed_from`: from how many octets on the faster decoder is used; `window`: octets read at once.
    `progress` is told the octets read and the octets in all, for files and streams that know their size.
    """
    path = files.called(source) if path is None else path
    return cast("Iterator[Outcome]", _read(source, path, typed_from, window, progress, None))


class Apart(Protocol):
    """Has entries read elsewhere, as har_stream.Elsewhere. `tool`: who wrote them, known before it is asked."""

    tool: Tool | None

    def __call__(self, offset: int, separator: bytes) -> Iterator[har_stream.Passed]: ...


def read_apart(path: str, apart: Apart, progress: Progress | None = None) -> Iterator[Outcome | har_stream.Passed]:
    """The same of a file; most entries are read elsewhere, if they stand there as they are: no zip, no gzip."""
    return _read(path, path, 0, None, progress, apart)


def _read(source: files.Source, path: str, typed_from: int, window: int | None, progress: Progress | None,
          apart: Apart | None) -> Iterator[Outcome | har_stream.Passed]:
    try:
        for document in files.documents(source, path, progress):
            yield from _outcomes(document, typed_from, window, apart if document.plain else None)
    except files.Unreadable as error:
        yield Problem(path, None, None, str(error))
    except OSError as error:
        yield Problem(path, None, None, f"cannot be read: {cause(error)}")


def _outcomes(document: files.Document, typed_from: int, window: int | None,
              apart: Apart | None) -> Iterator[Outcome | har_stream.Passed]:
    path = document.path
    tool: Tool | None = None
    number = 0
    if document.size is not None and begin(document.size, typed_from):
        typed_from = 0
    for heads, found in har_stream.entries(document.stream, document.rewindable, typed_from, window, _enough, apart):
        if isinstance(found, har_stream.Broken):
            yield found.problem(path)
            number += found.lost
            continue
        if isinstance(found, har_stream.Passed):
            found.number = number
            number += found.count
            yield found
            continue
        if tool is None:
            tool = Tool(har_quirks.producer(heads.get("creator"), heads.get("browser")))
            if apart is not None:
                apart.tool = tool
        source = Source(path, number, found.line, found.column, pointer(number))
        number += 1
        yield outcome(found, tool, source, document.attachment)


def pointer(entry: int) -> str:
    """The JSON pointer of an entry."""
    return f"/log/entries/{entry}"


def _enough(heads: har_stream.Heads) -> bool:
    """Whether these members of `log` tell all that is known of the producer."""
    return "creator" in heads and ("browser" in heads or not har_quirks.depends_on_browser(heads["creator"]))


def outcome(found: har_stream.PlacedEntry, tool: Tool, source: Source, attachment: Attachment) -> Exchange | Skipped:
    """What an entry is."""
    if found.typed:
        entry = cast(HarEntry, found.value)
    elif isinstance(found.value, dict):
        entry = har_shape.entry(found.value)
    elif found.value is har_stream.TOO_DEEP:
        return Skipped(source, "the entry is nested too deeply", UNREADABLE)
    else:
        return Skipped(source, NO_OBJECT, UNREADABLE)
    return har_exchange.exchange(entry, tool, source, attachment)
