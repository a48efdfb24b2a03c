"""What is kept elsewhere, by fsspec: which files there are below a URI, and each of them as a stream.

Every request costs time and money. A listing tells the sizes, so that nothing is asked for what was listed but its
octets: what is small comes in one request, what is large in requests of BLOCK, each when those before it were read.
Where reading goes on elsewhere, as at the directory of a zip, only FIRST comes, and then more and more.

File systems take their options (credentials, endpoints) from their environment and from the configuration of fsspec.
How long they wait for an answer, and how often they ask again, is theirs to say. What they raise is told in words.
"""
from __future__ import annotations

import errno
import io
import logging
import os
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from httplint.capture.files import Stream
from httplint.capture.finding import MAGIC
from httplint.model import installation
from httplint.model.errors import HttplintError
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.model.printable import printable

BLOCK = 16 << 20
"""Octets that are asked for at a time."""
FIRST = 256 << 10
"""Octets that are asked for where reading goes on elsewhere; then twice as many, up to BLOCK."""
TOLD = 300
"""Characters of what a file system says that is wrong."""

T = TypeVar("T")

_ROOT = lazily(r"([A-Za-z][A-Za-z0-9+.-]+)://[^/]*")
_PACKAGES = {"s3": ("s3fs", "s3"), "s3a": ("s3fs", "s3"), "gs": ("gcsfs", "gcs"), "gcs": ("gcsfs", "gcs")}
"""Scheme -> the package for it, and the extra that brings that."""
_BROKEN_OFF = lazily("payload is not completed|IncompleteRead")
"""What clients say of it, in terms of their own."""
_NOT_FOUND = 404
_OF_NETWORKS = frozenset((errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTUNREACH, errno.ENETUNREACH))
_WEB = ("http", "https")
"""Where nothing is listed, for what a page links to is not below it, and ? begins a query."""


class Remote(NamedTuple):
    """Something that a file system has: a file, unless it is a `directory`. `octets`: its size, where that is told."""

    uri: str
    octets: int | None
    directory: bool = False


class RemoteError(HttplintError):
    """A file system does not do what it was asked for; the text says why in plain words."""


def scheme(uri: str) -> str:
    """The scheme of a URI, in lower case; empty for a path."""
    root = _ROOT.match(uri)
    return root[1].lower() if root else ""


def named(uri: str) -> list[Remote]:
    """What a URI stands for; or if it is a pattern, all that it matches, in order. Raises RemoteError."""
    kind = scheme(uri)
    uri = kind + uri[len(kind):]                           # which is the same in any case (RFC 3986 §3.1)
    if "::" in uri:
        raise RemoteError("names within names (::) are not read; name what holds them")
    magic = [] if kind in _WEB else [at for at, character in enumerate(uri) if character in MAGIC]
    return (magic and _matching(uri, magic[0])) or [_only(uri)]


def _only(uri: str) -> Remote:
    info = _asked(lambda: _system(uri).info(uri))
    ranged = info.get("partial", True)                     # else it is read from its beginning to its end
    return Remote(uri, info.get("size") if ranged else None, info.get("type") == "directory")


def _matching(pattern: str, magic: int) -> list[Remote]:
    """What a pattern matches, in which there is magic from there on; with `**` only files, as it goes through the
    directories.
    """
    above = pattern[:pattern.rindex("/", 0, magic) + 1]
    infos = _asked(lambda: _system(pattern).glob(pattern, detail=True))
    found = _within(above, infos.values())
    return [one for one in found if not one.directory] if "**" in pattern else found


def listing(directory: str) -> list[Remote]:
    """What a directory holds, in order. Raises RemoteError."""
    return _within(directory, _asked(lambda: _system(directory).ls(directory, detail=True)))


def _within(above: str, infos: Iterable[dict[str, Any]]) -> list[Remote]:
    """What a file system tells of what is below a directory, in order; not the empty objects that stand for
    directories, which consoles make.
    """
    from fsspec.core import url_to_fs
    root = _root(above)
    place = root + above[len(root):].rstrip("/")
    told = len(url_to_fs(root)[1].rstrip("/")) + len(place) - len(root)
    found = [Remote(place + info["name"][told:], info.get("size"), info.get("type") == "directory") for info in infos]
    return sorted(one for one in found if one.directory or one.octets or not one.uri.endswith("/"))


def opened(uri: str, octets: int | None) -> Stream:
    """A file as a stream at its beginning, which raises nothing but OSError. `octets`: its size, if that is known.

    Raises RemoteError.
    """
    system = _system(uri)
    size = _only(uri).octets if octets is None else octets
    if size is None:
        return Unsized(_asked(lambda: system.open(uri, "rb", block_size=0)))
    return Ranged(_asking(system, uri, size), size)


def _asking(system: Any, uri: str, size: int) -> Callable[[int, int], bytes]:
    """What gives the octets of a file from an offset up to another. Raises RemoteError."""
    if scheme(uri) not in _WEB:
        return lambda begin, end: system.cat_file(uri, start=begin, end=end)
    # where a server sends all of a file whatever is asked for, this takes no more than that into memory
    file = _asked(lambda: system.open(uri, "rb", block_size=BLOCK, cache_type="none", size=size))

    def ask(begin: int, end: int) -> bytes:
        file.seek(begin)
        return file.read(end - begin)  # type: ignore[no-any-return]

    return ask


def _root(uri: str) -> str:
    """The scheme and what follows it at once: a bucket, a host."""
    root = _ROOT.match(uri)
    assert root is not None
    return root[0]


def _system(uri: str) -> Any:
    """The file system of a URI; by its root alone, for what was met in a listing may be called whatever it likes.

    Raises RemoteError.
    """
    kind = scheme(uri)
    package, extra = _PACKAGES.get(kind, ("fsspec", "archive"))
    for name in ("fsspec", package):                       # what they log is told in words, and goes to no terminal
        logging.getLogger(name).addHandler(logging.NullHandler())
    try:
        from fsspec.core import url_to_fs
        return url_to_fs(_root(uri), use_listings_cache=False)[0]
    except ImportError as error:
        if kind in _PACKAGES or error.name == "fsspec":
            raise RemoteError(f"{kind}:// needs {package}: {installation.command(extra)}") from None
        raise RemoteError(f"{kind}:// is not to be read: {words(error)}") from None
    except ValueError:
        raise RemoteError(f"there is no file system that is called {kind}") from None
    except Exception as error:
        raise RemoteError(words(error)) from None


def _asked(call: Callable[[], T]) -> T:
    """What a file system answers. Raises RemoteError."""
    try:
        return call()
    except RemoteError:
        raise
    except Exception as error:                             # each has exceptions of its own
        raise RemoteError(words(error)) from None


def words(error: BaseException) -> str:
    """What is wrong, in plain words."""
    behind = error.__cause__
    if behind is not None and (isinstance(behind, OSError) or hasattr(behind, "status")):
        error = behind                                     # the file system for the web has one error for all
    status = getattr(error, "status", None)
    if isinstance(status, int) and status != _NOT_FOUND:
        return f"the server answers {status}"
    if status or isinstance(error, FileNotFoundError):
        return "there is no such object, nor anything below it"
    if isinstance(error, TimeoutError):
        return "there was no answer in time"
    if isinstance(error, OSError) and error.errno in _OF_NETWORKS:
        return f"the server cannot be reached: {os.strerror(error.errno)}"
    text = printable(" ".join((getattr(error, "strerror", None) or str(error)).split()))[:TOLD]
    if isinstance(error, PermissionError):
        return f"no permission: {text}" if text else "no permission"
    if _BROKEN_OFF.search(text):
        return "the answer broke off"
    return text or "the file system does not say why"


class Unsized:
    """A file of which nobody knows the size, read from its beginning to its end. Whatever goes wrong is an OSError."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """So many octets, or all that there are."""
        octets: bytes = attempted(lambda: self._file.read(size))
        return octets


class Ranged:
    """A file of a known size, of which ranges are asked for. Whatever goes wrong is an OSError."""

    def __init__(self, ask: Callable[[int, int], bytes], size: int) -> None:
        """`ask` gives the octets from an offset up to another."""
        self._ask = ask
        self._size = size
        self._at = 0
        self._held = b""
        self._from = 0
        """Offset of what is held."""
        self._ahead = BLOCK

    def read(self, size: int = -1) -> bytes:
        """So many octets, or all that there are."""
        left = max(self._size - self._at, 0)
        left = left if size is None or size < 0 else min(size, left)
        pieces = []
        while left:
            pieces.append(self.read1(left))
            left -= len(pieces[-1])
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def read1(self, size: int = -1) -> bytes:
        """At least one and at most so many octets; none at the end."""
        if self._at >= self._size:
            return b""
        end = self._from + len(self._held)
        if not self._from <= self._at < end:
            self._get(self._at == end)
        begin = self._at - self._from
        octets = self._held[begin:] if size < 0 else self._held[begin:begin + size]
        self._at += len(octets)
        return octets

    def _get(self, follows: bool) -> None:
        """Asks for what comes next. `follows`: it follows what is held."""
        if self._at:
            self._ahead = min(2 * self._ahead, BLOCK) if follows else FIRST
        # the directory of a zip is at its end
        begin = self._at if follows else min(self._at, max(0, self._size - FIRST))
        end = min(begin + self._ahead, self._size)
        self._held = b""                                   # never two blocks at once
        held = attempted(lambda: self._ask(begin, end))
        if len(held) != end - begin:
            raise OSError(errno.EIO, f"it has not the {self._size:,} octets that were told of it")
        self._held, self._from = held, begin

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Goes to an offset, as of any stream."""
        at = offset + (0, self._at, self._size)[whence]
        if at < 0:
            raise OSError(errno.EINVAL, "an offset before the beginning")
        self._at = at
        return at

    def tell(self) -> int:
        """The offset that is read next."""
        return self._at

    def seekable(self) -> bool:
        """It is."""
        return True


def attempted(call: Callable[[], T]) -> T:
    """What a stream of a file system does. Raises OSError, with what is wrong in words."""
    try:
        return call()
    except Exception as error:
        raise OSError(errno.EIO, words(error)) from None
