"""Finding captures in directories, and opening them: plain, gzip, zip, pipes and standard input.

A source is opened once, and read once from its beginning to its end: what came out of a pipe does not come again.
"""
from __future__ import annotations

import errno
import io
import os
import posixpath
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from httplint.capture.outcome import CaptureError, Problem
from httplint.model.files import below, cause, octets_of
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

if TYPE_CHECKING:
    import zipfile

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

COPY_LIMIT = 4 << 30
"""The largest zip out of a pipe, in octets: it is read from its end, so it is copied to a temporary file first."""

_ZLIB_NUMBER = lazily(r"\AError -?\d{1,3} (?=while )")
"""How zlib begins to say what is wrong."""

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"

Attachment = Callable[[str], bytes | None]
Progress = Callable[[int, int], None]
Stream = Any
"""Has `read` or `read1`, and `seek` if it is `seekable`; the classes that have share no type."""
Source = str | os.PathLike[str] | BinaryIO
"""A path, `-` for standard input, or a binary stream at its beginning."""


class Unreadable(Exception):
    """The file is nothing that can be read; the message says why in plain words."""


class Perhaps(NamedTuple):
    """Files that many things are called like: `suffixes` are how their names end, in lower case; one is taken from a
    directory if `holds` says of its path that it holds a capture.
    """

    suffixes: tuple[str, ...]
    holds: Callable[[str], bool]

    def takes(self, path: str) -> bool:
        """Whether a file is taken; what is no file, such as a pipe, never is."""
        return path.lower().endswith(self.suffixes) and endless(path) is None and self.holds(path)


class PassedOver(NamedTuple):
    """What is no capture: met in a directory under the name of one, or a directory that has none; and `why`."""

    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.path} was passed over: {self.why}"


Told = Callable[[Problem | PassedOver], None]

_ENDLESS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


def endless(path: str) -> PassedOver | None:
    """What is said of a pipe, a socket or a device, which nobody named."""
    try:
        kind = _ENDLESS.get(stat.S_IFMT(os.stat(path).st_mode))
    except OSError:                                        # as reading it will say
        return None
    return PassedOver(path, f"it is {kind}, which may never end; name it to have it read") if kind else None


def captures(paths: Iterable[str | os.PathLike[str]], suffixes: tuple[str, ...] = SUFFIXES,
             told: Told | None = None, perhaps: Perhaps | None = None) -> Iterator[str]:
    """The captures among these files and, recursively and in order of name, directories; `-` stays as it is.

    `suffixes`: how the names end of what is taken from a directory, in lower case; `perhaps`: what else is, if it holds
    a capture. `told` is told of directories that cannot be read or hold none, and of what was passed over. Raises
    CaptureError at once, before any is handed out, if one of the paths does not exist.
    """
    named = [os.fspath(path) for path in paths]
    for path in named:
        if path != STDIN:
            try:
                os.stat(path)
            except (OSError, ValueError) as error:
                raise CaptureError(Problem(path, None, None, "no such file or directory" if isinstance(
                    error, FileNotFoundError) else f"cannot be read: {cause(error)}")) from None
    return _expanded(named, suffixes, told or (lambda _: None), perhaps or Perhaps((), lambda _: False))


def _expanded(paths: list[str], suffixes: tuple[str, ...], told: Told, perhaps: Perhaps) -> Iterator[str]:
    for path in paths:
        if path == STDIN or not os.path.isdir(path):
            yield path
            continue
        met_any, others = False, 0
        for met in below(path):
            if isinstance(met, OSError):
                told(Problem(str(met.filename), None, None, f"the directory cannot be read: {cause(met)}"))
                met_any = True
            elif os.path.isdir(met):
                continue
            elif not (met.lower().endswith(suffixes) or perhaps.takes(met)):
                others += 1
            else:
                met_any = True
                if over := endless(met):
                    told(over)
                else:
                    yield met
        if not met_any:
            told(PassedOver(path, _barren(others, suffixes, perhaps.suffixes)))


def _barren(others: int, suffixes: tuple[str, ...], perhaps: tuple[str, ...]) -> str:
    """What is said of a directory with so many files, of which none is a capture."""
    looked = endings(suffixes)
    if perhaps:
        looked += f", or with {', '.join(sorted(perhaps))} and begins as one that is known"
    held = f"of {others:,} file{'s' if others > 1 else ''} in it or below, none {looked}" if others else (
        f"there are no files in it; a capture {looked}")
    return (f"{held}. Name a file to have it read whatever it is called, let a browser or a test save a HAR there, or "
            "ask a server: httplint fetch URL")


def endings(suffixes: tuple[str, ...]) -> str:
    """What is said of how names end."""
    return f"ends with {', '.join(sorted(suffixes)[:-1])} or {max(suffixes)}"


class File(io.BufferedReader):
    """A file that was opened by its name. `directory`: where it is."""

    directory = ""


def reading(stream: Stream) -> Callable[[int], bytes]:
    """What reads at most so many octets of a stream, without waiting for all of them; none at its end."""
    read: Callable[[int], bytes] = getattr(stream, "read1", None) or stream.read
    return read


class Pipe:
    """A stream that cannot be rewound: a pipe, a device. What was looked at is read again."""

    def __init__(self, stream: Stream) -> None:
        self._read: Callable[[int], bytes] = stream.read
        self._read1 = reading(stream)
        self._ahead = b""
        self.count = 0
        """Octets that came out of it so far."""

    def look(self, size: int) -> bytes:
        """The next octets: so many, or all there are."""
        while len(self._ahead) < size and (octets := self._read1(size - len(self._ahead))):
            self._ahead += octets
            self.count += len(octets)
        return self._ahead[:size]

    def read(self, size: int = -1) -> bytes:
        """So many octets, or all that there are."""
        octets = self.read1(size) if self._ahead and size else b""
        if len(octets) == size:
            return octets
        rest = self._read(-1 if size < 0 else size - len(octets))
        self.count += len(rest)
        return octets + rest

    def read1(self, size: int = -1) -> bytes:
        """At least one and at most so many octets; none at the end."""
        if self._ahead:
            size = len(self._ahead) if size < 0 else size
            octets, self._ahead = self._ahead[:size], self._ahead[size:]
            return octets
        octets = self._read1(size)
        self.count += len(octets)
        return octets

    def tell(self) -> int:
        """How many octets were read."""
        return self.count - len(self._ahead)

    def seekable(self) -> bool:
        """It is not."""
        return False


def called(source: Source) -> str:
    """What a source is called where nothing else is said."""
    if isinstance(source, (str, os.PathLike)):
        return os.fspath(source)
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else "<stream>"


@contextmanager
def opened(source: Source) -> Iterator[Stream]:
    """A source (a path, `-`, or a binary stream at its beginning), opened once.

    It can be rewound, as a zip always can, or it is a Pipe. Raises OSError, Unreadable.
    """
    if isinstance(source, Pipe):
        yield source
    elif not isinstance(source, (str, os.PathLike)):
        with _rewindable(source) as stream:
            yield stream
    elif os.fspath(source) == STDIN:
        if sys.stdin is None:
            raise OSError(errno.EBADF, "standard input is closed")
        with _rewindable(sys.stdin.buffer) as stream:
            yield stream
    else:
        try:
            raw = io.FileIO(os.fspath(source))
        except ValueError as error:                        # a name with NUL in it
            raise OSError(errno.EINVAL, str(error)) from None
        with File(raw) as file:
            if stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
                file.directory = os.path.dirname(os.path.abspath(source))
                yield file
            else:                                          # devices let themselves be rewound and begin anew
                with _kept(Pipe(file)) as stream:
                    yield stream


@contextmanager
def _rewindable(stream: Any) -> Iterator[Stream]:
    seekable = getattr(stream, "seekable", None)           # who writes a stream of his own may have `read` alone
    if seekable and seekable() and not stream.tell():
        yield stream
    else:
        with _kept(Pipe(stream)) as kept:
            yield kept


@contextmanager
def _kept(pipe: Pipe) -> Iterator[Stream]:
    """The pipe itself, or a copy of the zip that comes out of it."""
    if pipe.look(len(ZIP)) != ZIP:
        yield pipe
        return
    import tempfile
    with tempfile.TemporaryFile() as copy:
        while octets := pipe.read1(1 << 20):
            copy.write(octets)
            if pipe.count > COPY_LIMIT:
                raise Unreadable(f"a zip of more than {COPY_LIMIT >> 30} GiB out of a pipe; make a file of it first")
        copy.seek(0)
        yield copy


def look(stream: Stream, size: int) -> bytes:
    """The first octets of what was opened: so many, or all there are. It is at its beginning again."""
    if isinstance(stream, Pipe):
        return stream.look(size)
    octets: bytes = stream.read(size)
    stream.seek(0)
    return octets


def zipped(source: Source) -> zipfile.ZipFile:
    """A zip. Raises Unreadable."""
    import zipfile
    try:
        return zipfile.ZipFile(source)
    except Exception as error:  # besides BadZipFile, whatever a crafted directory makes the module stumble over
        raise Unreadable(f"the zip file is broken: {error}") from None


def members(source: Stream) -> tuple[str, ...]:
    """The names of the members of a zip; none if it is broken."""
    try:
        with zipped(source) as archive:
            return tuple(archive.namelist())
    except Unreadable:
        return ()
    finally:
        source.seek(0)                                     # the directory of a zip is at its end


def whole(source: Source, path: str, limit: int, progress: Progress | None = None) -> bytes:
    """All octets of a file, unpacked if it is a gzip file. Raises Unreadable for more than `limit`, and OSError."""
    out = bytearray()
    for document in documents(source, path, progress):
        read = reading(document.stream)
        while len(out) <= limit and (octets := read(1 << 20)):
            out += octets
    if len(out) > limit:
        raise Unreadable(f"more than {limit >> 20} MiB; a capture of this kind is read as a whole")
    return bytes(out)


class Document(NamedTuple):
    """One text to be read. `attachment` finds the contents that are kept beside it, by name.

    `rewindable`: whether `stream`, which may have no `tell`, can seek to its beginning. `size`: its octets, or None.
    `plain`: whether they are those of the file itself.
    """

    path: str
    stream: Stream
    rewindable: bool
    attachment: Attachment
    size: int | None = None
    plain: bool = False


class Inflated:
    """A decompressed stream. Whatever is wrong with it is an OSError, growing beyond all measure included.

    `count`: how many octets came out, and of what was unpacked before it of the same file.
    """

    def __init__(self, stream: Stream, compressed: int | Pipe, count: int = 0) -> None:
        """`compressed`: its size before, in octets, or the pipe that it comes out of."""
        self._stream = stream
        self._compressed = compressed
        self.count = count

    def read1(self, size: int) -> bytes:
        """At most so many octets; empty at the end."""
        try:
            octets: bytes = self._stream.read1(size)
        except Exception as error:  # each decompressor has exceptions of its own
            said = str(error) or type(error).__name__
            raise OSError(_ZLIB_NUMBER.sub("", said, count=1)) from None
        self.count += len(octets)
        if self.count > INFLATED_MIN:
            compressed = self._compressed.count if isinstance(self._compressed, Pipe) else self._compressed
            limit = max(INFLATED_MIN, INFLATED_RATIO * compressed)
            if self.count > limit:
                raise OSError(f"inflates to more than {limit >> 20} MiB")
        return octets

    read = read1

    def seek(self, offset: int) -> None:
        """Go to an offset of the decompressed text."""
        self.count = offset
        self._stream.seek(offset)


def documents(source: Source, path: str, progress: Progress | None = None) -> Iterator[Document]:
    """The texts in a file (path, `-` or a binary stream at its beginning), called `path` in reports.

    One for a plain or gzip file, one for each .har in a zip. Compression is told by content, not by name. Each text
    must be read before the next is asked for. `progress` is told the octets read and the octets in all, if the
    stream is one that knows them. Raises OSError, Unreadable.
    """
    with opened(source) as stream:
        yield from _documents(stream, path, progress)


def _documents(stream: Stream, path: str, progress: Progress | None) -> Iterator[Document]:
    start = look(stream, 4)
    rewindable = not isinstance(stream, Pipe)
    size = _size(stream) if rewindable else None
    seen = _Told(stream, progress, size) if progress and size is not None else stream
    attachment = beside(getattr(stream, "directory", ""))
    if start == ZIP:
        yield from _members(seen, path)
    elif start[:2] == GZIP:
        import gzip
        inflated = gzip.GzipFile(fileobj=cast(BinaryIO, seen))
        yield Document(path, Inflated(inflated, stream if size is None else size), rewindable, attachment)
    elif start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        from httplint.capture.paste import decoded
        text = stream.read(UTF16_LIMIT + 1)
        if len(text) > UTF16_LIMIT:
            raise Unreadable("the text is UTF-16 and too large; a HAR is UTF-8")
        octets = decoded(text)
        yield Document(path, io.BytesIO(octets), True, attachment, len(octets))
    else:
        yield Document(path, seen, rewindable, attachment, size, rewindable)


def _size(stream: Stream) -> int:
    size: int = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


class _Told:
    """A stream that tells how far it was read."""

    def __init__(self, stream: Stream, progress: Progress, size: int) -> None:
        self._stream = stream
        self._progress = progress
        self._size = size
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        """As of any stream."""
        octets: bytes = self._stream.read(size)
        self._progress(self._stream.tell(), self._size)
        return octets

    read1 = read


def _members(stream: Stream, path: str) -> Iterator[Document]:
    with zipped(stream) as archive:
        hars = sorted(name for name in archive.namelist()
                      if name.lower().endswith(".har") and not name.startswith("__MACOSX/"))
        if not hars:
            raise Unreadable("the zip file holds no .har file")
        contents = Attachments(archive)
        for name in hars:
            try:
                member = archive.open(name)
            except Exception as error:  # encrypted, an unknown method, a wrong offset
                raise Unreadable(f"{name} in the zip file cannot be read: {error}") from None
            with member:
                info = archive.getinfo(name)
                yield Document(f"{path}/{name}", Inflated(member, info.compress_size), True, _inside(contents, name),
                               info.file_size)


class Attachments:
    """The members of a zip that are contents of entries in others.

    Many entries may name the same member: what comes out in all is bounded as that of anything compressed.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = max(INFLATED_MIN, INFLATED_RATIO * archive.start_dir)

    def read(self, name: str) -> bytes | None:
        """The octets of a member; None if they are not known, or too many."""
        if self._left <= 0:
            return None
        try:
            with self._archive.open(name) as member:
                octets = member.read(ATTACHMENT_LIMIT + 1)
        except Exception:  # missing, broken, encrypted: the content is not known
            return None
        self._left -= len(octets)
        return _bounded(octets)


def _inside(contents: Attachments, har: str) -> Attachment:
    directory = posixpath.dirname(har)
    return lambda name: contents.read(posixpath.join(directory, name))


def beside(directory: str) -> Attachment:
    """Finds the contents that are kept in a directory, beside a HAR."""
    def attachment(name: str) -> bytes | None:
        # the name comes from the capture: it must not lead anywhere else, nor may a link of that name
        if not directory or name != os.path.basename(name) or name in ("", ".", ".."):
            return None
        try:
            path = os.path.realpath(os.path.join(directory, name))
            if os.path.dirname(path) != os.path.realpath(directory):
                return None
            return octets_of(path, ATTACHMENT_LIMIT, met=True)
        except (OSError, ValueError):                      # ValueError: NUL in the name
            return None

    return attachment


def _bounded(found: bytes) -> bytes | None:
    return found if len(found) <= ATTACHMENT_LIMIT else None
