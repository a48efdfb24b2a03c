"""Finding captures in directories, and opening them: plain, gzip, zip, standard input."""
from __future__ import annotations

import io
import os
import posixpath
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from httplint.capture.outcome import CaptureError, Problem

if TYPE_CHECKING:
    import zipfile
    from io import BufferedReader

STDIN = "-"
SUFFIXES = (".har", ".har.gz", ".zip")
"""What is taken from a directory; a file that is named is taken whatever its name."""

INFLATED_MIN = 1 << 30
INFLATED_RATIO = 200
"""Compressed input may grow to this many times its size, and to INFLATED_MIN octets in any case; HARs grow tenfold."""
ATTACHMENT_LIMIT = 64 << 20
"""The largest content kept beside a HAR that is read, in octets."""

UTF16_LIMIT = 64 << 20
"""The longest text in UTF-16 that is read, in octets."""

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"

Attachment = Callable[[str], bytes | None]
Progress = Callable[[int, int], None]
Stream = Any
"""Has `read` or `read1`, and `seek`; the classes that have share no type."""


class Unreadable(Exception):
    """The file is nothing that can be read; the message says why in plain words."""


def captures(paths: Iterable[str | os.PathLike[str]], suffixes: tuple[str, ...] = SUFFIXES) -> Iterator[str]:
    """The captures among these files and, recursively and in order of name, directories; `-` stays as it is.

    `suffixes`: how the names end of what is taken from a directory, in lower case. Raises CaptureError at once, before
    any is handed out, if one of the paths does not exist.
    """
    named = [os.fspath(path) for path in paths]
    for path in named:
        if path != STDIN and not os.path.exists(path):
            raise CaptureError(Problem(path, None, None, "no such file or directory"))
    return _expanded(named, suffixes)


def _expanded(paths: list[str], suffixes: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        if path == STDIN or not os.path.isdir(path):
            yield path
            continue
        for directory, below, names in os.walk(path):
            below.sort()
            for name in sorted(names):
                path = os.path.join(directory, name)
                # a pipe or a socket may never end; one that is named is read
                if name.lower().endswith(suffixes) and (os.path.isfile(path) or not os.path.exists(path)):
                    yield path


@contextmanager
def rewindable(path: str) -> Iterator[str | BinaryIO]:
    """The path itself; for a zip on standard input a stream, since a zip is read from its end."""
    start = cast("BufferedReader", sys.stdin.buffer).peek(4)[:4] if path == STDIN else b""
    if start != ZIP:
        yield path
    elif sys.stdin.buffer.seekable():
        yield sys.stdin.buffer
    else:
        with _copied(sys.stdin.buffer) as copy:
            yield copy


@contextmanager
def _copied(stream: BinaryIO) -> Iterator[BinaryIO]:
    import shutil
    import tempfile
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield cast(BinaryIO, copy)


def members(source: str | BinaryIO) -> tuple[str, ...]:
    """The names of the members of a zip; none if it is broken."""
    import zipfile
    try:
        with zipfile.ZipFile(source) as archive:
            return tuple(archive.namelist())
    except Exception:  # besides BadZipFile, whatever a crafted directory makes the module stumble over
        return ()


def whole(source: str | BinaryIO, path: str, limit: int, progress: Progress | None = None) -> bytes:
    """All octets of a file, unpacked if it is a gzip file. Raises Unreadable for more than `limit`, and OSError."""
    out = bytearray()
    for document in documents(source, path, progress):
        read = getattr(document.stream, "read1", None) or document.stream.read
        while len(out) <= limit and (octets := read(1 << 20)):
            out += octets
    if len(out) > limit:
        raise Unreadable(f"more than {limit >> 20} MiB; a capture of this kind is read as a whole")
    return bytes(out)


class Document:
    """One text to be read. `attachment` finds the contents that are kept beside it, by name.

    `rewindable`: whether `stream`, which may have no `tell`, can seek to its beginning. `size`: its octets, or None.
    """

    __slots__ = ("attachment", "path", "rewindable", "size", "stream")

    def __init__(self, path: str, stream: Stream, rewindable: bool, attachment: Attachment,
                 size: int | None = None) -> None:
        self.path = path
        self.stream = stream
        self.rewindable = rewindable
        self.attachment = attachment
        self.size = size


class Inflated:
    """A decompressed stream. Whatever is wrong with it is an OSError, growing beyond all measure included."""

    def __init__(self, stream: Stream, compressed: int | None) -> None:
        """`compressed`: its size before, in octets; None for a pipe, which is not limited."""
        self._stream = stream
        self._limit = None if compressed is None else max(INFLATED_MIN, INFLATED_RATIO * compressed)
        self._count = 0

    def read1(self, size: int) -> bytes:
        """At most so many octets; empty at the end."""
        try:
            octets: bytes = self._stream.read1(size)
        except Exception as error:  # each decompressor has exceptions of its own
            raise OSError(str(error) or type(error).__name__) from None
        self._count += len(octets)
        if self._limit is not None and self._count > self._limit:
            raise OSError(f"inflates to more than {self._limit >> 20} MiB")
        return octets

    def seek(self, offset: int) -> None:
        """Go to an offset of the decompressed text."""
        self._count = offset
        self._stream.seek(offset)


def documents(source: str | os.PathLike[str] | BinaryIO, path: str,
              progress: Progress | None = None) -> Iterator[Document]:
    """The texts in a file (path, `-` or a binary stream at its beginning), called `path` in reports.

    One for a plain or gzip file, one for each .har in a zip. Compression is told by content, not by name. Each text
    must be read before the next is asked for. `progress` is told the octets read and the octets in all, if the
    stream is one that knows them. Raises OSError, Unreadable.
    """
    if not isinstance(source, (str, os.PathLike)):
        yield from _documents(source, path, "", progress)
    elif os.fspath(source) == STDIN:
        yield from _documents(sys.stdin.buffer, path, "", progress)
    else:
        with open(source, "rb") as stream:
            yield from _documents(stream, path, os.path.dirname(os.path.abspath(source)), progress)


def _documents(stream: BinaryIO, path: str, directory: str, progress: Progress | None) -> Iterator[Document]:
    rewindable = stream.seekable()
    start = _start(stream, rewindable)
    if not rewindable and (len(start) < 4 or start == ZIP):
        with _copied(stream) as copy:
            yield from _documents(copy, path, directory, progress)
        return
    size = _size(stream) if rewindable else None
    seen = _Told(stream, progress, size) if progress and size is not None else stream
    if start == ZIP:
        yield from _members(seen, path)
    elif start[:2] == GZIP:
        import gzip
        inflated = gzip.GzipFile(fileobj=cast(BinaryIO, seen))
        yield Document(path, Inflated(inflated, size), rewindable, _beside(directory))
    elif start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        from httplint.capture.paste import decoded
        text = stream.read(UTF16_LIMIT + 1)
        if len(text) > UTF16_LIMIT:
            raise Unreadable("the text is UTF-16 and too large; a HAR is UTF-8")
        octets = decoded(text)
        yield Document(path, io.BytesIO(octets), True, _beside(directory), len(octets))
    else:
        yield Document(path, seen, rewindable, _beside(directory), size)


def _start(stream: BinaryIO, rewindable: bool) -> bytes:
    if rewindable:
        start = stream.read(4)
        stream.seek(0)
        return start
    peek = getattr(stream, "peek", None)
    return peek(4)[:4] if peek else b""


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


class _Told:
    """A stream that tells how far it was read."""

    def __init__(self, stream: BinaryIO, progress: Progress, size: int) -> None:
        self._stream = stream
        self._progress = progress
        self._size = size
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        """As of any stream."""
        octets = self._stream.read(size)
        self._progress(self._stream.tell(), self._size)
        return octets

    read1 = read


def _members(stream: Stream, path: str) -> Iterator[Document]:
    import zipfile
    try:
        archive = zipfile.ZipFile(stream)
    except Exception as error:  # besides BadZipFile, whatever a crafted directory makes the module stumble over
        raise Unreadable(f"the zip file is broken: {error}") from None
    with archive:
        hars = sorted(name for name in archive.namelist()
                      if name.lower().endswith(".har") and not name.startswith("__MACOSX/"))
        if not hars:
            raise Unreadable("the zip file holds no .har file")
        for name in hars:
            try:
                member = archive.open(name)
            except Exception as error:  # encrypted, an unknown method, a wrong offset
                raise Unreadable(f"{name} in the zip file cannot be read: {error}") from None
            with member:
                info = archive.getinfo(name)
                yield Document(f"{path}/{name}", Inflated(member, info.compress_size), True, _inside(archive, name),
                               info.file_size)


def _inside(archive: zipfile.ZipFile, har: str) -> Attachment:
    directory = posixpath.dirname(har)

    def attachment(name: str) -> bytes | None:
        try:
            with archive.open(posixpath.join(directory, name)) as member:
                return _bounded(member.read(ATTACHMENT_LIMIT + 1))
        except Exception:  # missing, broken, encrypted: the content is not known
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
