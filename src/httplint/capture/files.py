"""Finding captures in directories, and opening them: plain, gzip, zip, standard input."""
from __future__ import annotations

import gzip
import os
import posixpath
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from httplint.capture.har_stream import READ_ERRORS
from httplint.capture.outcome import CaptureError, Problem

STDIN = "-"
SUFFIXES = (".har", ".har.gz", ".zip")
"""What is taken from a directory; a file that is named is taken whatever its name."""

INFLATED_MIN = 1 << 30
INFLATED_RATIO = 200
"""Compressed input may grow to this many times its size, and to INFLATED_MIN octets in any case; HARs grow tenfold."""
ATTACHMENT_LIMIT = 64 << 20
"""The largest content kept beside a HAR that is read, in octets."""

Attachment = Callable[[str], bytes | None]


class Unreadable(Exception):
    """The file is nothing that can be read; the message says why in plain words."""


def captures(paths: Iterable[str | os.PathLike[str]]) -> Iterator[str]:
    """The captures among these files and, recursively and in order of name, directories; `-` stays as it is.

    Raises CaptureError at once, before any is handed out, if one of the paths does not exist.
    """
    named = [os.fspath(path) for path in paths]
    for path in named:
        if path != STDIN and not os.path.exists(path):
            raise CaptureError(Problem(path, None, None, "no such file or directory"))
    return _expanded(named)


def _expanded(paths: list[str]) -> Iterator[str]:
    for path in paths:
        if path == STDIN or not os.path.isdir(path):
            yield path
            continue
        for directory, below, names in os.walk(path):
            below.sort()
            for name in sorted(names):
                if name.lower().endswith(SUFFIXES):
                    yield os.path.join(directory, name)


class Document:
    """One text to be read. `attachment` finds the contents that are kept beside it, by name."""

    __slots__ = ("attachment", "path", "rewindable", "stream")

    def __init__(self, path: str, stream: BinaryIO, rewindable: bool, attachment: Attachment) -> None:
        self.path = path
        self.stream = stream
        self.rewindable = rewindable
        self.attachment = attachment


class Limited:
    """A decompressed stream that ends with an OSError when it grows beyond all measure."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._read1: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._seek = stream.seek
        self._limit = limit
        self._count = 0

    def read1(self, size: int) -> bytes:
        """At most so many octets; empty at the end."""
        octets = self._read1(size)
        self._count += len(octets)
        if self._count > self._limit:
            raise OSError(f"inflates to more than {self._limit >> 20} MiB")
        return octets

    read = read1

    def seek(self, offset: int) -> int:
        """Go to an offset of the decompressed text."""
        self._count = offset
        return self._seek(offset)


def documents(source: str | os.PathLike[str] | BinaryIO, path: str) -> Iterator[Document]:
    """The texts in a file (path, `-` or a binary stream at its beginning), called `path` in reports.

    One for a plain or gzip file, one for each .har in a zip. Compression is told by content, not by name. Each text
    must be read before the next is asked for. Raises OSError, Unreadable.
    """
    if not isinstance(source, (str, os.PathLike)):
        yield from _documents(source, path, "")
    elif os.fspath(source) == STDIN:
        yield from _documents(sys.stdin.buffer, path, "")
    else:
        with open(source, "rb") as stream:
            yield from _documents(stream, path, os.path.dirname(os.path.abspath(source)))


def _documents(stream: BinaryIO, path: str, directory: str) -> Iterator[Document]:
    rewindable = stream.seekable()
    start = _start(stream, rewindable)
    if len(start) < 4 and not rewindable:
        with _copied(stream) as copy:
            yield from _documents(copy, path, directory)
    elif start[:2] == b"\x1f\x8b":
        inflated = gzip.GzipFile(fileobj=stream)
        yield Document(path, _limited(inflated, _size(stream, rewindable)), rewindable, _beside(directory))  # type: ignore[arg-type]
    elif start == b"PK\x03\x04" and not rewindable:
        with _copied(stream) as copy:
            yield from _members(copy, path)
    elif start == b"PK\x03\x04":
        yield from _members(stream, path)
    elif start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("the text is UTF-16; a HAR is UTF-8")
    else:
        yield Document(path, stream, rewindable, _beside(directory))


def _start(stream: BinaryIO, rewindable: bool) -> bytes:
    if rewindable:
        start = stream.read(4)
        stream.seek(0)
        return start
    peek = getattr(stream, "peek", None)
    return peek(4)[:4] if peek else b""


def _copied(stream: BinaryIO) -> BinaryIO:
    copy = tempfile.TemporaryFile()
    shutil.copyfileobj(stream, copy)
    copy.seek(0)
    return copy  # type: ignore[return-value]


def _size(stream: BinaryIO, rewindable: bool) -> int | None:
    if not rewindable:
        return None
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


def _limited(stream: object, size: int | None) -> BinaryIO:
    """A pipe of unknown size is not limited: it is read in bounded memory all the same."""
    if size is None:
        return stream  # type: ignore[return-value]
    return Limited(stream, max(INFLATED_MIN, INFLATED_RATIO * size))  # type: ignore[arg-type, return-value]


def _members(stream: BinaryIO, path: str) -> Iterator[Document]:
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Unreadable(f"the zip file is broken: {error}") from None
    with archive:
        hars = sorted(name for name in archive.namelist()
                      if name.lower().endswith(".har") and not name.startswith("__MACOSX/"))
        if not hars:
            raise Unreadable("the zip file holds no .har file")
        for name in hars:
            info = archive.getinfo(name)
            with archive.open(info) as member:
                yield Document(f"{path}/{name}", _limited(member, info.compress_size), True, _inside(archive, name))


def _inside(archive: zipfile.ZipFile, har: str) -> Attachment:
    directory = posixpath.dirname(har)

    def attachment(name: str) -> bytes | None:
        try:
            with archive.open(posixpath.join(directory, name)) as member:
                return _bounded(member.read(ATTACHMENT_LIMIT + 1))
        except (KeyError, *READ_ERRORS):
            return None

    return attachment


def _beside(directory: str) -> Attachment:
    def attachment(name: str) -> bytes | None:
        # the name comes from the capture: it must not lead anywhere else
        if not directory or name != os.path.basename(name) or name in ("", ".", ".."):
            return None
        try:
            with open(os.path.join(directory, name), "rb") as stream:
                return _bounded(stream.read(ATTACHMENT_LIMIT + 1))
        except (OSError, ValueError):
            return None

    return attachment


def _bounded(octets: bytes) -> bytes | None:
    return octets if len(octets) <= ATTACHMENT_LIMIT else None
