"""The syntax of HTTP/1.x messages, octet by octet (RFC 9112).

Nothing is refused: what breaks the syntax is noted as an Irregularity, and read as recipients read it that are as
lenient as the specification allows. Every function takes time linear in the octets that it reads, and notes a bounded
number of irregularities.
"""
from __future__ import annotations

import re
from collections.abc import Callable

from httplint.model.fields import Fields
from httplint.model.message import Irregularity, contentless
from httplint.model.named import NamedTuple

HEAD_LIMIT = 1 << 20
"""The longest header or trailer section that is read, in octets."""
CHUNK_LINE_LIMIT = 1 << 14
"""The longest line with a chunk size and its extensions, in octets."""
NOTED = 50
"""How many irregularities of a message are noted."""
TEXT = 120
"""How many octets of an irregularity are kept."""

HUGE = 1 << 60
"""Stands for lengths too long to be had."""

_T = rb"[!#-'*+\-.^-z|~0-9A-Z]"
"""tchar (RFC 9110 §5.6.2)."""
_SECTION = re.compile(rb"((?:" + _T + rb"++:[\t -~\x80-\xff]*+\r\n)*+)\r\n")
"""A section without any irregularity, and the line that ends it."""
_STATUS_LINE = re.compile(rb"HTTP/([0-9]\.[0-9]) ([0-9]{3})( [\t -~\x80-\xff]*+)?")
_LENIENT_STATUS_LINE = re.compile(rb"\s*+(?i:HTTP)/?([0-9]?\.?[0-9]?)\s++([0-9]{1,4})(?![0-9])(.*+)", re.DOTALL)
_REQUEST_LINE = re.compile(rb"(" + _T + rb"++) ([!-~]++) HTTP/([0-9]\.[0-9])")
_VERSION = re.compile(rb"\s++(?i:HTTP)/([0-9]\.[0-9])\s*+\Z")
_SIZE = re.compile(rb"[0-9A-Fa-f]++")
_QUOTED = rb"\"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*+\""
_EXTENSIONS = re.compile(rb"(?:;" + _T + rb"++(?:=(?:" + _T + rb"++|" + _QUOTED + rb"))?+)*+")
_STATUS_START = re.compile(rb"HTTP/[0-9]\.[0-9] [0-9]{3}(?![0-9])")
_VERSIONS = {b"1.0": "1.0", b"1.1": "1.1"}


class Notes:
    """The irregularities of one message, as they are met."""

    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[Irregularity] = []

    def add(self, kind: str, position: int | None, octets: bytes, line: int | None = None) -> None:
        """Notes one, unless there are very many."""
        if len(self.found) < NOTED:
            self.found.append(Irregularity(kind, position, octets[:TEXT].decode("latin-1"), line))

    def once(self, kind: str, position: int, octets: bytes) -> None:
        """Notes one, unless there is one of this kind: what has one cause is one flaw."""
        if all(note.kind != kind for note in self.found):
            self.add(kind, position, octets)

    def join(self, others: Notes) -> None:
        """Takes over what was noted of another part of the message."""
        for note in others.found:
            if note.kind not in ("line-end", "chunk-extension") or all(note.kind != one.kind for one in self.found):
                self.found.append(note)


class Section(NamedTuple):
    """A header or trailer section that was read.

    `end`: the octet behind it. `complete`: whether the empty line that ends it is there; `huge`: whether it is missing
    because the section is longer than what is read. `ends`: the kinds of line ends met, of b"\\r\\n" and b"\\n".
    """

    fields: Fields
    end: int
    complete: bool
    ends: set[bytes]
    huge: bool = False


def line(octets: bytes, start: int, limit: int) -> tuple[bytes, int, bytes] | None:
    """(text, where the next line begins, b"\\r\\n" or b"\\n"); None if none ends within `limit` octets."""
    end = octets.find(b"\n", start, start + limit)
    if end < 0:
        return None
    if end > start and octets[end - 1] == 0x0D:
        return octets[start:end - 1], end + 1, b"\r\n"
    return octets[start:end], end + 1, b"\n"


def section(octets: bytes, start: int, notes: Notes, *, trailer: bool = False) -> Section:
    """The section that begins there (§5, §7.1.2). A trailer section ends where another response begins.

    What is wrong with names and values that can be told from the field lines themselves is not noted.
    """
    clean = _SECTION.match(octets, start, start + HEAD_LIMIT)
    if clean is not None:
        pairs = []
        for text in clean[1].decode("latin-1").split("\r\n")[:-1]:
            name, _, value = text.partition(":")
            pairs.append((name, value.strip(" \t")))
        return Section(Fields(tuple(pairs)), clean.end(), True, {b"\r\n"})
    return _Lines(octets, start, notes, trailer).read()


class _Lines:
    """Reads a section that is not wholly regular, line by line."""

    def __init__(self, octets: bytes, start: int, notes: Notes, trailer: bool) -> None:
        self._octets = octets
        self._start = start
        self._notes = notes
        self._trailer = trailer
        self._fields: list[tuple[bytes, list[bytes]]] = []
        self._folds: list[bytes] | None = None
        """Where the continuation of a folded line goes; None where there is nothing to continue."""

    def read(self) -> Section:
        """The section."""
        octets, position, limit = self._octets, self._start, self._start + HEAD_LIMIT
        ends: set[bytes] = set()
        first = True
        while True:
            found = line(octets, position, limit - position)
            if found is None:
                return Section(self._made(), min(len(octets), limit), False, ends, len(octets) > limit)
            text, following, end = found
            if self._trailer and _STATUS_START.match(text):
                return Section(self._made(), position, False, ends)
            ends.add(end)
            if end == b"\n":
                self._notes.once("line-end", following - 1, text)
            if not text:
                return Section(self._made(), following, True, ends)
            self._line(text, position, first)
            first = False
            position = following

    def _line(self, text: bytes, position: int, first: bool) -> None:
        notes, fields = self._notes, self._fields
        if text[0] in b" \t":
            if self._folds is not None:
                number = self._number(len(fields) - 1)
                notes.add("obs-fold", None, text, number)
                if b"\r" in text:
                    notes.add("bare-cr", None, text, number)
                self._folds.append(text.replace(b"\r", b" ").strip(b" \t"))
            elif first:
                notes.add("leading-whitespace", position, text)
            return                                         # what stands before the first field is ignored (§2.2)
        plain = text.replace(b"\r", b" ")
        name, colon, value = plain.partition(b":")
        number = self._number(len(fields)) if colon else None
        if plain != text:
            notes.add("bare-cr", None if colon else position, text, number)
        if not colon:
            notes.add("no-colon", position, text)
            self._folds = None
            return
        stripped = name.rstrip(b" \t")
        if stripped != name:
            notes.add("space-before-colon", None, name + colon, number)
        self._folds = [value.strip(b" \t")]
        fields.append((stripped, self._folds))

    def _number(self, index: int) -> int | None:
        return None if self._trailer else index

    def _made(self) -> Fields:
        return Fields(tuple((name.decode("latin-1"), b" ".join(part for part in parts if part).decode("latin-1"))
                            for name, parts in self._fields))


def status_line(text: bytes, position: int, notes: Notes) -> tuple[str | None, int, str] | None:
    """(version, status code, reason phrase) of a status line (§4); None if it is none by any reading."""
    found = _STATUS_LINE.fullmatch(text)
    if found is None and b"\r" in text:
        notes.add("bare-cr", position, text)
        text = text.replace(b"\r", b" ")
        found = _STATUS_LINE.fullmatch(text)
    if found is not None:
        if found[3] is None:
            notes.add("status-space", position, text)
            return _VERSIONS.get(found[1]), int(found[2]), ""
        return _VERSIONS.get(found[1]), int(found[2]), found[3][1:].decode("latin-1")
    found = _LENIENT_STATUS_LINE.fullmatch(text)
    if found is None:
        return None
    notes.add("start-line", position, text)
    return _VERSIONS.get(found[1]), int(found[2]), found[3].strip().decode("latin-1")


def request_line(text: bytes, position: int, notes: Notes) -> tuple[str, str, str | None] | None:
    """(method, request target, version) of a request line (§3); None if it is none by any reading."""
    found = _REQUEST_LINE.fullmatch(text)
    if found is not None:
        return found[1].decode("latin-1"), found[2].decode("latin-1"), _VERSIONS.get(found[3])
    version = _VERSION.search(text[-40:])
    parts = text.split(None, 1)
    if version is None or len(parts) < 2:
        return None
    notes.add("start-line", position, text)
    target = parts[1].rstrip()[:-len(version[0].strip())].rstrip()
    return parts[0].decode("latin-1"), target.decode("latin-1"), _VERSIONS.get(version[1])


NONE, LENGTH, CHUNKED, CLOSE, TUNNEL, UNKNOWN = "none", "length", "chunked", "close", "tunnel", "unknown"
"""What tells where the body ends: there is none; Content-Length; the chunks; the connection; the connection is a tunnel
from here on; nothing, since Content-Length is not valid."""


def codings(fields: Fields) -> list[str]:
    """The names of the transfer codings in the order of their application, without parameters."""
    value = fields.combined("transfer-encoding")
    if value is None:
        return []
    names = [part.partition(";")[0].strip(" \t").lower() for part in value.split(",")]
    names = [name for name in names if name]
    return [] if names == ["identity"] else names          # an invention of RFC 2616 for "no coding"


def response_framing(status: int, fields: Fields, method: str | None) -> tuple[str, int]:
    """How the body of a response is delimited (§6.3), and its length. `method`: that of the request, if known."""
    if method == "CONNECT" and 200 <= status < 300:        # 204 too: the tunnel begins behind its header section
        return TUNNEL, 0
    if contentless(status, method):
        return NONE, 0
    names = codings(fields)
    if names:
        return (CHUNKED, 0) if names[-1] == "chunked" else (CLOSE, 0)
    length = content_length(fields)
    return (CLOSE, 0) if length is None else (UNKNOWN, 0) if length < 0 else (LENGTH, length)


def request_framing(fields: Fields) -> tuple[str, int]:
    """How the body of a request is delimited (§6.3), and its length."""
    names = codings(fields)
    if names:
        return (CHUNKED, 0) if names[-1] == "chunked" else (UNKNOWN, 0)
    length = content_length(fields)
    return (NONE, 0) if length is None else (UNKNOWN, 0) if length < 0 else (LENGTH, length)


def content_length(fields: Fields) -> int | None:
    """The length that Content-Length gives, several times the same included; -1 if it is invalid, None without one."""
    value = fields.combined("content-length")
    if value is None:
        return None
    parts = {part.strip(" \t") for part in value.split(",")}
    text = parts.pop()
    if parts or not (text.isascii() and text.isdecimal()):
        return -1
    text = text.lstrip("0")
    return int(text or "0") if len(text) <= 18 else HUGE


WHOLE, SHORT, BROKEN, UNREAD = "whole", "short", "broken", "unread"
"""Of a chunked body: it is all there; the octets end before it does; its syntax is lost; the time to read it
was over."""


class Chunks:
    """A chunked body that was read (§7.1). `count`: the chunks that are all there, the last one included."""

    __slots__ = ("content", "count", "end", "state", "trailers")

    def __init__(self) -> None:
        self.content = bytearray()
        self.count = 0
        self.end = 0
        self.state = SHORT
        self.trailers = Fields()


def never() -> bool:
    """Stands for time without end."""
    return False


def chunks(octets: bytes, start: int, notes: Notes, over: Callable[[], bool] = never) -> Chunks:
    """The chunked body that begins there, as far as it can be read. `over`: whether the time to read it is over."""
    out = Chunks()
    position = start
    while True:
        out.end = position
        if not out.count % 1024 and over():
            out.state = UNREAD
            return out
        found = line(octets, position, CHUNK_LINE_LIMIT)
        if found is None:
            rest = octets[position:position + CHUNK_LINE_LIMIT]
            if len(rest) == CHUNK_LINE_LIMIT or (rest and not _SIZE.match(rest)):
                _lost(out, notes, octets)
            return out
        text, position, end = found
        size = _size(text, out.end, notes)
        if size is None:
            _lost(out, notes, octets)
            return out
        if end == b"\n":
            notes.once("line-end", position - 1, text)
        if size == 0:
            _trailers(out, octets, position, notes)
            return out
        out.content += octets[position:position + size]
        position = out.end = min(position + size, len(octets))
        if octets.startswith(b"\r\n", position):
            position += 2
        elif octets.startswith(b"\n", position) and octets[position - 1] != 0x0D:
            notes.once("line-end", position, octets[position:position + 1])
            position += 1
        else:
            if octets[position:position + 2] not in (b"", b"\r"):
                _lost(out, notes, octets)
            return out
        out.count += 1


def _size(text: bytes, position: int, notes: Notes) -> int | None:
    """The number in a line with a chunk size; None if there is none."""
    found = _SIZE.match(text)
    if found is None:
        return None
    extensions = text[found.end():]
    if extensions:
        if extensions[0] not in b"; \t":
            return None
        if not _EXTENSIONS.fullmatch(extensions):
            notes.once("chunk-extension", position, text)
    digits = found[0].lstrip(b"0")
    return int(digits or b"0", 16) if len(digits) < 15 else HUGE


def _lost(out: Chunks, notes: Notes, octets: bytes) -> None:
    out.state = BROKEN
    notes.add("chunk-size", out.end, octets[out.end:out.end + TEXT].partition(b"\n")[0])


def _trailers(out: Chunks, octets: bytes, position: int, notes: Notes) -> None:
    read = section(octets, position, notes, trailer=True)
    out.trailers = read.fields
    out.end = read.end
    out.count += 1
    if read.complete:
        out.state = WHOLE
    elif read.huge:
        _lost(out, notes, octets)
