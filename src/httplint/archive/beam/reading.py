"""Captures are opened by the file systems of Beam, which a runner's workers have credentials for.

What a path names is read as everywhere. What a URI names is opened as it is stored: Beam would unpack what is called
.gz and hand out a stream that nobody can go to and fro in, while the reader unpacks by the first octets, within bounds.
"""
from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, TypeAlias, TypeVar

from apache_beam.io.fileio import ReadableFile
from apache_beam.io.filesystem import CompressionTypes, FileMetadata
from apache_beam.io.filesystems import FileSystems

from httplint.archive import captures
from httplint.archive.captures import Capture, is_here, path_of
from httplint.archive.remote import words
from httplint.capture import reading
from httplint.capture.files import Stream, endless
from httplint.capture.outcome import Outcome, Problem

Named: TypeAlias = "str | FileMetadata | ReadableFile"
"""What a capture is named by: its URI or path, what `MatchFiles` hands out, or `ReadMatches`."""

T = TypeVar("T")


def capture_of(named: Named) -> Capture:
    """The capture that an element of a pipeline names. Raises TypeError if it names none."""
    if isinstance(named, ReadableFile):
        named = named.metadata
    if isinstance(named, FileMetadata):
        return Capture(named.path, named.size_in_bytes)
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
        if over := endless(path):
            return iter([Problem(path, None, None, over.why)]), None
        return captures.outcomes(Capture(path, None)), _stored(path) if capture.octets is None else capture.octets
    try:
        stream = FileSystems.open(capture.uri, compression_type=CompressionTypes.UNCOMPRESSED)
        octets = _size(stream) if capture.octets is None else capture.octets
    except Exception as error:                             # each file system has exceptions of its own
        return iter([Problem(capture.uri, None, None, f"cannot be read: {words(error)}")]), capture.octets
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


class _Opened:
    """A stream of Beam's. Whatever goes wrong is an OSError."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.seekable = stream.seekable

    def read(self, size: int = -1) -> bytes:
        """So many octets, or all that there are."""
        octets: bytes = _told(lambda: self._stream.read(size))
        return octets

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Goes to an offset, as of any stream."""
        _told(lambda: self._stream.seek(offset, whence))   # some say nothing of where that is
        return self.tell()

    def tell(self) -> int:
        """The offset that is read next."""
        at: int = _told(self._stream.tell)
        return at


def _told(call: Callable[[], T]) -> T:
    """What a stream does. Raises OSError."""
    try:
        return call()
    except Exception as error:
        raise OSError(errno.EIO, words(error)) from None
