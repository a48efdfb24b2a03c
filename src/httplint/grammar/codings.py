"""Content codings and transfer codings (RFC 9110 §8.4.1, RFC 9112 §7.2): taken off, and what is wrong with them.

Octets of strangers: what comes out is bounded, by a figure and by its ratio to what went in, so that neither a bomb nor
very many of them cost more than the octets of the capture are worth. Brotli and zstd need packages (the extra
"bodies").
"""
from __future__ import annotations

import zlib
from collections.abc import Callable, Generator, Iterator
from functools import lru_cache
from types import ModuleType
from typing import Any

from httplint.model.evidence import NotEvaluated, needs_package
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

LIMIT = 16 * 1024 * 1024
"""How many octets may come out at most."""

FLOOR = 1024 * 1024
"""How many may come out of however few."""

RATIO = 64
"""How many may come out for each that goes in, beyond FLOOR."""

LAYERS = 4
"""How many codings are taken off, one below the other."""

OTHER = "other"
"""The content is not in the coding at all."""
CUT = "cut"
"""The content ends before the coding does."""
BROKEN = "broken"
"""The content begins as the coding does, and cannot be decoded."""
SURPLUS = "surplus"
"""Octets stand behind the end of the coding; the rest can be decoded."""
BARE = "bare"
"""deflate without the zlib format around it, which its coding has (RFC 9110 §8.4.1.2)."""

ALIASES = {"x-gzip": "gzip", "x-compress": "compress"}
"""Other names of codings (RFC 9110 §8.4.1.1, §8.4.1.3)."""

_PIECE = 4096
_GROWN = 65536
_ZSTD_WINDOW = 23
"""Logarithm of the largest window of zstd as a content coding, 8 MB (RFC 9659 §3)."""


class CodingFlaw(NamedTuple):
    """Why a coding cannot be taken off: one of the kinds above, the coding, and words that end a sentence."""

    kind: str
    coding: str
    text: str


class Decoded(NamedTuple):
    """What is left without the codings. `content` is whole unless a flaw of OTHER, CUT or BROKEN, or a reason, forbids.

    `reason`: why it cannot be told, in plain words: an unknown coding, a missing package, too much.
    """

    content: bytes = b""
    flaw: CodingFlaw | None = None
    reason: str | None = None

    @property
    def whole(self) -> bool:
        """Whether `content` is what the codings were applied to."""
        return self.reason is None and (self.flaw is None or self.flaw.kind in (SURPLUS, BARE))


class _Flawed(Exception):
    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text


class _Coding(NamedTuple):
    """How a coding is taken off. The decoder yields pieces; what it raises is _Flawed or NotEvaluated."""

    begin: bytes
    """The octets that every content in it begins with."""
    decode: Callable[[bytes], Iterator[bytes]]


def decoded(content: bytes, codings: tuple[str, ...], limit: int = LIMIT) -> Decoded:
    """The content without its codings, given in the order in which they were applied; kept for the next rule.

    A flaw is that of the first coding, from without, that has one; below a flaw that leaves no content, nothing is
    looked at.
    """
    if not codings:
        return Decoded(content)
    names = tuple(ALIASES.get(name.lower(), name.lower()) for name in codings if name.lower() != "identity")
    if len(names) > LAYERS:
        return Decoded(reason=f"there are more than {LAYERS} codings on the content")
    return _decoded(content, names, limit) if names else Decoded(content)


@lru_cache(maxsize=2)
def _decoded(content: bytes, names: tuple[str, ...], limit: int) -> Decoded:
    limit = min(limit, FLOOR + RATIO * len(content))
    flaw: CodingFlaw | None = None
    for name in reversed(names):
        try:
            content, found = _undone(content, name, limit)
        except NotEvaluated as error:
            return Decoded(b"", flaw, error.reason)
        flaw = flaw or found
        if found is not None and found.kind not in (SURPLUS, BARE):
            return Decoded(b"", flaw, None if flaw is found else "the content is coded wrongly")
    return Decoded(content, flaw)


def _undone(content: bytes, name: str, limit: int) -> tuple[bytes, CodingFlaw | None]:
    coding = _CODINGS.get(name)
    if coding is None:
        raise NotEvaluated(f"the coding {name[:40]} is not known")
    if not content:
        return b"", CodingFlaw(CUT, name, f"there is not one octet of {name}")
    if not content.startswith(coding.begin[:len(content)]) and not (name == "zstd" and _skippable.match(content)):
        return b"", CodingFlaw(OTHER, name, f"does not begin as {name} does{_seems(content)}")
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in coding.decode(content):
            size += len(piece)
            if size > limit:
                raise NotEvaluated(f"the content is too large once {name} is decoded")
            pieces.append(piece)
    except _Flawed as error:
        text = error.text + (_seems(content) if error.kind == OTHER else "")
        return b"".join(pieces), CodingFlaw(error.kind, name, text)
    return b"".join(pieces), None


def begins_as(content: bytes) -> str | None:
    """The coding that content begins like for certain: gzip (RFC 1952 §2.3.1) or zstd (RFC 8878 §3.1.1)."""
    if not content.startswith((_GZIP, _ZSTD)):
        return None
    return "gzip" if content.startswith(_GZIP) else "zstd"


def _seems(content: bytes) -> str:
    found = begins_as(content)
    return f", but begins as {found} does" if found is not None else ""


_skippable = lazily(rb"[\x50-\x5f](?:\x2a(?:\x4d(?:\x18|\Z)|\Z)|\Z)")
"""The frames that zstd may begin with besides its own (RFC 8878 §3.1.2), or the begin of one."""


def _gzip(content: bytes) -> Iterator[bytes]:
    """gzip (RFC 1952): members one behind the other; zeros behind them are padding, as gzip itself takes it."""
    position = 0
    while position < len(content):
        if position and not content.startswith(_GZIP[:len(content) - position], position):
            if content.count(0, position) < len(content) - position:
                raise _surplus("gzip", len(content) - position)
            return
        position = yield from _stream(content, position, "gzip", zlib.decompressobj(16 + zlib.MAX_WBITS), zlib.error)


def _deflate(content: bytes) -> Iterator[bytes]:
    """deflate: the zlib format (RFC 1950) around a stream of DEFLATE (RFC 1951)."""
    if is_zlib(content) or (len(content) == 1 and content[0] & 15 == 8):
        position = yield from _stream(content, 0, "deflate", zlib.decompressobj(), zlib.error)
        if position < len(content):
            raise _surplus("deflate", len(content) - position)
        return
    bare = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        position = yield from _stream(content, 0, "deflate", bare, zlib.error)
    except _Flawed:
        position = 0
    if position < len(content):
        raise _Flawed(OTHER, "does not begin as the zlib format of deflate does")
    raise _Flawed(BARE, "has no zlib format around the DEFLATE data")


def is_zlib(content: bytes) -> bool:
    """Whether content begins as the zlib format does (RFC 1950 §2.2), which the coding deflate asks for."""
    if len(content) < 2:
        return False
    return content[0] & 15 == 8 and content[0] >> 4 <= 7 and int.from_bytes(content[:2], "big") % 31 == 0


def _zstd(content: bytes) -> Iterator[bytes]:
    """Zstandard (RFC 8878): frames one behind the other, some of which may be skippable."""
    zstd = _module("zstd", "compression.zstd", "backports.zstd")
    options = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW}
    position = 0
    while position < len(content):
        if position and not (content.startswith(_ZSTD[:len(content) - position], position)
                             or _skippable.match(content, position)):
            raise _surplus("zstd", len(content) - position)
        position = yield from _stream(content, position, "zstd", zstd.ZstdDecompressor(options=options), zstd.ZstdError)


def _stream(content: bytes, first: int, coding: str, stream: Any, error: type[Exception]
            ) -> Generator[bytes, None, int]:
    """One stream; returns where it ends.

    It is fed in pieces that grow while it lasts: what the decoder hands back unused at its end stays small, so that
    content of very many tiny streams takes linear time too. What comes out of a piece comes in pieces again.
    """
    position = first
    step = 1024
    piece = b""
    while not stream.eof:
        if not piece and getattr(stream, "needs_input", True):
            piece = content[position:position + step]
            position += len(piece)
            step = min(2 * step, _GROWN)
        try:
            one = stream.decompress(piece, _GROWN)
        except error as reason:
            raise _Flawed(BROKEN, _why(coding, str(reason))) from None
        if one:
            yield one
        elif not piece and position == len(content) and not stream.eof and getattr(stream, "needs_input", True):
            raise _cut(coding)
        piece = getattr(stream, "unconsumed_tail", b"")
    return position - len(stream.unused_data)


def _why(coding: str, reason: str) -> str:
    """What a library says of the data, in words that end a sentence."""
    text = reason.rpartition(": ")[2]
    return _REASONS.get(text, f"has wrong {coding} data ({text[:1].lower()}{text[1:60]})")


_REASONS = {
    "incorrect data check": "has another checksum than its octets have",
    "incorrect length check": "has another length than it says at its end",
    "Restored data doesn't match checksum": "has another checksum than its octets have",
    "Frame requires too much memory for decoding": "wants a window of more than 8 MB, which zstd as a coding may not",
}


def _br(content: bytes) -> Iterator[bytes]:
    """Brotli (RFC 7932). Nothing marks its begin: what cannot be decoded may be anything."""
    brotli = _module("br", "brotli")
    stream = brotli.Decompressor()
    try:
        stream.process(b"", output_buffer_limit=_GROWN)
    except TypeError:
        raise NotEvaluated(needs_package("br in bounded pieces", "brotli 1.2 or later", "bodies")) from None
    for position in range(0, len(content), _PIECE):
        piece = content[position:position + _PIECE]
        try:
            yield from _brotli_out(stream, piece)
        except brotli.error:
            end, rest = _brotli_end(brotli, content, position)
            if not end:
                raise _Flawed(BROKEN if position else OTHER, "is not Brotli") from None
            yield from rest
            raise _surplus("br", len(content) - end) from None
        if stream.is_finished() and position + len(piece) < len(content):
            raise _surplus("br", len(content) - position - len(piece))
    if not stream.is_finished():
        raise _cut("br")


def _brotli_out(stream: Any, piece: bytes) -> Iterator[bytes]:
    one = stream.process(piece, output_buffer_limit=_GROWN)
    while one:
        yield one
        one = b"" if stream.is_finished() else stream.process(b"", output_buffer_limit=_GROWN)


def _brotli_end(brotli: ModuleType, content: bytes, before: int) -> tuple[int, list[bytes]]:
    """Where the stream ends whose decoder fails in the piece that begins at `before`, and what that piece holds of it.

    0 if it does not end there. The library fails on what follows the end, and neither says where that was nor hands
    out what came before it in the same piece.
    """
    stream = brotli.Decompressor()
    found: list[bytes] = []
    size = 0
    try:
        for position in range(0, before, _PIECE):
            for _ in _brotli_out(stream, content[position:position + _PIECE]):
                pass
        for position in range(before, min(before + _PIECE, len(content))):
            for one in _brotli_out(stream, content[position:position + 1]):
                found.append(one)
                size += len(one)
                if size > LIMIT:
                    return 0, []
            if stream.is_finished():
                return position + 1, found
    except brotli.error:
        pass
    return 0, []


def _compress(content: bytes) -> Iterator[bytes]:
    """compress (RFC 9110 §8.4.1.1): its begin is known, and nothing decodes it here."""
    yield from ()
    raise NotEvaluated("the coding compress is recognised, but not decoded")


def _cut(coding: str) -> _Flawed:
    return _Flawed(CUT, f"ends before its {coding} data does")


def _surplus(coding: str, count: int) -> _Flawed:
    return _Flawed(SURPLUS, f"has {count:,} {'octet' if count == 1 else 'octets'} behind the end of its {coding} data")


def _module(coding: str, *names: str) -> ModuleType:
    """The first module that is installed."""
    import importlib
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise NotEvaluated(needs_package(f"the coding {coding}", names[-1], "bodies"))


_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"

_CODINGS = {
    "gzip": _Coding(_GZIP, _gzip), "deflate": _Coding(b"", _deflate), "compress": _Coding(b"\x1f\x9d", _compress),
    "br": _Coding(b"", _br), "zstd": _Coding(_ZSTD, _zstd)}
