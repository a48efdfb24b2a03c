"""Captures are opened by the file systems of Beam, which a runner's workers have credentials for.

What a path names is read as everywhere. What a URI names is opened as it is stored: Beam would unpack what is called
.gz and hand out a stream that nobody can go to and fro in, while the reader unpacks by the first octets, within bounds.
"""
from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import closing
from typing import Any, TypeAlias

from apache_beam.io.fileio import ReadableFile
from apache_beam.io.filesystem import CompressionTypes, FileMetadata
from apache_beam.io.filesystems import FileSystems

from httplint.archive import captures
from httplint.archive.captures import Capture, is_here, path_of
from httplint.archive.remote import attempted, words
from httplint.capture import reading
from httplint.capture.files import PassedOver, Stream, Told, endless
from httplint.capture.finding import MAGIC
from httplint.capture.outcome import Outcome, Problem

Named: TypeAlias = "str | Capture | FileMetadata | ReadableFile"
"""What a capture is named by: its URI or path, what `MatchFiles` hands out, or `ReadMatches`."""


def capture_of(named: Named) -> Capture:
    """The capture that an element of a pipeline names. Raises TypeError if it names none."""
    if isinstance(named, ReadableFile):
        named = named.metadata
    if isinstance(named, FileMetadata):
        return Capture(named.path, named.size_in_bytes)
    if isinstance(named, Capture):
        return named
    if not isinstance(named, str):
        raise TypeError("expected the URI or path of a capture, or what MatchFiles or ReadMatches hands out, got "
                        f"{type(named).__name__}")
    return Capture(named, None)


def opened(capture: Capture) -> tuple[Iterator[Outcome], int | None]:
    """What the reader of a capture hands out, and the octets of it. That it cannot be opened, or read to its end, is a
    Problem.
    """
    if is_here(capture.uri):
        path = path_of(capture.uri)
        return captures.outcomes(Capture(path, None)), None if endless(path) else (
            _stored(path) if capture.octets is None else capture.octets)
    try:
        stream = FileSystems.open(capture.uri, compression_type=CompressionTypes.UNCOMPRESSED)
        octets = _size(stream) if capture.octets is None else capture.octets
    except Exception as error:                             # each file system has exceptions of its own
        return iter([Problem(capture.uri, None, None, f"cannot be read: {words(innermost(error))}")]), capture.octets
    return _outcomes(stream, capture.uri), octets


def _outcomes(stream: Stream, uri: str) -> Iterator[Outcome]:
    with closing(stream):
        source: Any = _Opened(stream)
        yield from reading.read(source, path=uri)


def _stored(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):                          # as reading it will say
        return None


def _size(stream: Stream) -> int | None:
    """The size of a stream that stands at its beginning, and is left there."""
    if not stream.seekable():
        return None
    size: int = stream.seek(0, io.SEEK_END) or stream.tell()
    stream.seek(0)
    return size


def found(uri: str, told: Told) -> Iterator[Capture]:
    """The captures that a path, a URI or a pattern of either stands for; `told` is told what is met beside them.

    Raises OSError where Beam's file systems do.
    """
    if is_here(uri):
        yield from captures.listed([uri], told)
        return
    matching = [] if uri.endswith("/") else matched(uri)
    if not matching and not MAGIC.intersection(uri):
        matching = [one for one in matched(f"{uri.rstrip('/')}/**") if one.uri.lower().endswith(reading.SUFFIXES)]
    if not matching:
        told(PassedOver(uri, "there is no such object, nor one below it that is called as a capture is"))
    yield from matching


def missing(uri: str) -> str:
    """What is said if a path, a URI or a pattern stands for nothing at all; empty if it stands for something."""
    if is_here(uri):
        met: list[Problem | PassedOver] = []
        first = next(captures.listed([uri], met.append), None)
        return "" if first else "; ".join(str(one) for one in met if isinstance(one, Problem))
    try:
        if matched(uri, 1) or (not MAGIC.intersection(uri) and matched(f"{uri.rstrip('/')}/**", 1)):
            return ""
    except Exception as error:                             # each file system has exceptions of its own
        return f"{uri}: {words(innermost(error))}"
    return f"{uri}: there is no such object, nor one that it matches, nor anything below it"


def matched(pattern: str, most: int | None = None) -> list[Capture]:
    """The files that a pattern of Beam's matches, in which ** stands for directories, too; at most so many."""
    result, = FileSystems.match([pattern], limits=None if most is None else [most])
    return [Capture(one.path, one.size_in_bytes) for one in result.metadata_list if not one.path.endswith("/")]


def innermost(error: BaseException) -> BaseException:
    """What a file system has raised: Beam's own exceptions tell of it by its representation."""
    match getattr(error, "exception_details", None):
        case dict() as details if details and isinstance(within := next(iter(details.values())), BaseException):
            return innermost(within)
    return error


class _Opened:
    """A stream of Beam's. Whatever goes wrong is an OSError."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.seekable = stream.seekable

    def read(self, size: int = -1) -> bytes:
        """So many octets, or all that there are."""
        octets: bytes = attempted(lambda: self._stream.read(size))
        return octets

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Goes to an offset, as of any stream."""
        attempted(lambda: self._stream.seek(offset, whence))   # some say nothing of where that is
        return self.tell()

    def tell(self) -> int:
        """The offset that is read next."""
        at: int = attempted(self._stream.tell)
        return at
