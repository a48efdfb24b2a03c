"""Message content: multipart bodies (RFC 2046 §5.1.1) and content codings (RFC 9110 §8.4.1)."""
from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from httplint.grammar.common import TOKEN
from httplint.grammar.syntax import Malformed
from httplint.model.evidence import NotEvaluated
from httplint.model.fields import OWS, Fields

LIMIT = 64 * 1024 * 1024
"""How many octets decoded content may have."""

_SHOWN = 256


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A part of a multipart body."""

    fields: Fields
    content: bytes


def byteranges(content: bytes, boundary: str) -> tuple[BodyPart, ...]:
    """The parts of a multipart body (RFC 2046 §5.1.1; RFC 9110 §14.6).

    What stands before the first delimiter line and behind the closing one does not count. Lines may end in CRLF or LF.
    Raises Malformed if a delimiter line or a field line is missing or wrong; its position is one in the content, of
    which its value has the beginning only.
    """
    dashes = re.escape(b"--" + boundary.encode("latin-1", "replace"))
    delimiter = re.compile(rb"(?:\A|\r?\n)" + dashes + rb"(?:(--)|[ \t]*+(?=\r?\n))")
    parts: list[BodyPart] = []
    start: int | None = None
    for match in delimiter.finditer(content):
        if start is not None:
            parts.append(_part(content, start, max(match.start(), start)))
        if match.group(1) is not None:
            if start is None:
                raise _flaw(content, match.start(), "a body part before the closing delimiter")
            return tuple(parts)
        start = content.index(b"\n", match.end()) + 1
    if start is None:
        raise _flaw(content, 0, f"a delimiter line, --{boundary}")
    raise _flaw(content, len(content), f"the closing delimiter, --{boundary}--")


def _flaw(content: bytes, position: int, expected: str, hint: str | None = None) -> Malformed:
    return Malformed(content[:_SHOWN].decode("latin-1"), position, expected, hint)


_blank = re.compile(rb"\r?\n\r?\n")
_line = re.compile(rb"\r?\n")
_name = re.compile(TOKEN)


def _part(content: bytes, start: int, end: int) -> BodyPart:
    """A part from its field lines to its last octet."""
    first = _line.match(content, start, end)
    if first is not None:
        return BodyPart(Fields(), content[first.end():end])
    blank = _blank.search(content, start, end)
    head_end, body = (blank.start(), blank.end()) if blank is not None else (end, end)
    lines: list[tuple[str, str]] = []
    position = start
    while position < head_end:
        match = _line.search(content, position, head_end)
        line_end = match.start() if match is not None else head_end
        line = content[position:line_end].decode("latin-1")
        if line[:1] in (" ", "\t") and lines:
            name, value = lines.pop()
            lines.append((name, f"{value} {line.strip(OWS)}"))
        else:
            found = _name.match(line)
            length = found.end() if found is not None else 0
            if not length or line[length:length + 1] != ":":
                raise _flaw(content, position + length, "a field name and a colon", "no field line, no empty line")
            lines.append((line[:length], line[length + 1:].strip(OWS)))
        position = match.end() if match is not None else head_end
    return BodyPart(Fields(tuple(lines)), content[body:end])


def decode(content: bytes, codings: tuple[str, ...], limit: int = LIMIT) -> bytes:
    """The content without its codings, which are given in the order they were applied (RFC 9110 §8.4).

    Raises Malformed if the content is not so coded, NotEvaluated if a coding is not known, its module is not
    installed, or the result would be larger than `limit`.
    """
    for coding in reversed(codings):
        if coding.lower() == "identity":
            continue
        decoder = _DECODERS.get(coding.lower())
        if decoder is None:
            raise NotEvaluated(f"content coding {coding[:40]!r} is not known")
        content = decoder(content, limit)
    return content


def _gzip(content: bytes, limit: int) -> bytes:
    """gzip (RFC 1952): members one behind the other."""
    return _streams(content, limit, "gzip", lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), zlib.error, many=True)


def _deflate(content: bytes, limit: int) -> bytes:
    """deflate in the zlib format; without it too, as some send it (RFC 9110 §8.4.1.2)."""
    window = zlib.MAX_WBITS if is_zlib(content) else -zlib.MAX_WBITS
    return _streams(content, limit, "deflate", lambda: zlib.decompressobj(window), zlib.error, many=False)


def is_zlib(content: bytes) -> bool:
    """Whether the content begins as the zlib format does (RFC 1950 §2.2), which the coding deflate asks for."""
    if len(content) < 2:
        return False
    return content[0] & 15 == 8 and content[0] >> 4 <= 7 and int.from_bytes(content[:2], "big") % 31 == 0


def _zstd(content: bytes, limit: int) -> bytes:
    """Zstandard (RFC 8878): frames one behind the other."""
    zstd = _module("zstd", "compression.zstd", "backports.zstd")
    return _streams(content, limit, "zstd", zstd.ZstdDecompressor, zstd.ZstdError, many=True)


def _streams(content: bytes, limit: int, coding: str, start: Callable[[], Any], error: type[Exception],
             many: bool) -> bytes:
    """All streams in the content, decoded one after the other.

    A stream is fed in pieces that grow while it lasts: what the decoder hands back unused at its end stays small, so
    that a content of very many tiny streams takes linear time too.
    """
    decoded: list[bytes] = []
    size = 0
    position = 0
    while position < len(content) or not decoded:
        if decoded and not many:
            raise _flaw(content, position, f"the end of the {coding} stream")
        stream = start()
        first = position
        step = 1024
        while not stream.eof:
            piece = content[position:position + step]
            if not piece:
                raise _flaw(content, position, f"more {coding} data", "the content ends early")
            try:
                one = stream.decompress(piece, limit - size + 1)
            except error as reason:
                raise _flaw(content, first, f"{coding} data", str(reason)) from None
            size += len(one)
            if size > limit:
                raise _too_large(coding)
            decoded.append(one)
            position += len(piece)
            step = min(2 * step, 65536)
        position -= len(stream.unused_data)
    return b"".join(decoded)


def _br(content: bytes, limit: int) -> bytes:
    """Brotli (RFC 7932)."""
    brotli = _module("br", "brotli")
    stream = brotli.Decompressor()
    decoded: list[bytes] = []
    size = 0
    rest = content
    try:
        while not stream.is_finished():
            one = stream.process(rest, output_buffer_limit=65536)
            rest = b""
            size += len(one)
            if size > limit:
                raise _too_large("br")
            decoded.append(one)
            if not one and stream.can_accept_more_data():
                break
    except brotli.error as error:
        raise _flaw(content, 0, "br data", str(error)) from None
    if not stream.is_finished():
        raise _flaw(content, len(content), "more br data", "the content ends early")
    return b"".join(decoded)


def _too_large(coding: str) -> NotEvaluated:
    return NotEvaluated(f"the content is too large once {coding} is decoded")


def _module(coding: str, *names: str) -> ModuleType:
    """The first module that is installed."""
    import importlib
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise NotEvaluated(f"content coding {coding} needs the Python package {names[-1]}")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _br, "zstd": _zstd}
