"""ARC files, the predecessor of WARC: what web archives kept of their crawls until 2009, plain or compressed.

A record is a line with URL, IP address, date, type and length (and more, in version 2), and what the server sent. The
first one, `filedesc://…`, names the crawler. Requests were not kept.
"""
from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import clock, files, warc
from httplint.capture.files import Progress, Stream
from httplint.capture.outcome import NOT_HTTP, Outcome, Problem, Skipped
from httplint.model.exchange import Exchange, Source
from httplint.model.named import NamedTuple

LINE_LIMIT = 64 << 10
"""The longest line that is the head of a record, in octets."""
VERSIONS = (5, 10)
"""How many fields the heads of records have, by version."""

FRAMING = frozenset({"content-length", "transfer-encoding"})
CONTENT = ("content", "octets", "size", "trailers")

_ADDRESS = re.compile(rb"[0-9A-Fa-f.:]{2,45}|-")
_DATE = re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?")
_LENGTH = re.compile(rb"\d{1,15}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):")


class ArcHead(NamedTuple):
    """The line before what was archived. `started`: seconds since the epoch, or None."""

    uri: str
    started: float | None
    length: int


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of an ARC file, in order, in bounded memory; it is read on behind what is no record."""
    for document in files.documents(source, path, progress):
        yield from _outcomes(io.BufferedReader(_Raw(document.stream)), path)


class _Raw(io.RawIOBase):
    """Any stream as one that a buffer can be put upon."""

    def __init__(self, stream: Stream) -> None:
        self._read = files.reading(stream)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The next octets, as many as there are by now."""
        octets = self._read(len(buffer))
        buffer[:len(octets)] = octets
        return len(octets)


def _outcomes(stream: io.BufferedReader, path: str) -> Iterator[Outcome]:
    entry = lost = 0
    lacks = warc.SYNTHETIC                                 # until a crawler is named that keeps the octets
    while line := stream.readline(LINE_LIMIT):
        head = _head(line)
        if head is None:
            lost += len(line) if line.strip() or lost else 0
            continue
        if lost:
            yield _lost(path, lost, f"before entry {entry}")
            lost = 0
        octets, whole = _taken(stream, head.length)
        if not whole:
            yield Problem(path, None, None, "the file breaks off within a record")
        elif head.uri.startswith("filedesc:"):
            lacks = 0 if b"Heritrix" in octets[:4096] else warc.SYNTHETIC
        else:
            cut = warc.CONTENT if len(octets) < head.length else 0
            yield _outcome(head, octets, Source(path, entry), lacks | cut)
            entry += 1
    if lost:
        yield _lost(path, lost, "at the end")


def _lost(path: str, lost: int, where: str) -> Problem:
    return Problem(path, None, None, f"{lost:,} octets {where} are no record: a line with URL, IP address, date, type "
                                     "and length is expected")


def _head(line: bytes) -> ArcHead | None:
    """The head of a record, if that line is one. URLs may have spaces."""
    for count in VERSIONS:
        uri, *fields = line.rstrip(b"\r\n").rsplit(b" ", count - 1)
        if len(fields) != count - 1:
            continue
        address, date, length = fields[0], _DATE.fullmatch(fields[1]), fields[-1]
        named = _SCHEME.match(uri.decode("latin-1"))
        if named and date and _ADDRESS.fullmatch(address) and _LENGTH.fullmatch(length):
            year, month, day, hour, minute, second = (part.decode() for part in date.groups(b"00"))
            started = clock.seconds(f"{year}-{month}-{day}T{hour}:{minute}:{second}Z")
            return ArcHead(uri.decode("latin-1"), started, int(length))
    return None


def _taken(stream: io.BufferedReader, length: int) -> tuple[bytes, bool]:
    """What was archived, so far as it is kept; and whether all of it is there."""
    octets = stream.read(min(length, warc.RECORD_LIMIT))
    left = length - len(octets)
    while left and (passed := len(stream.read(min(left, 1 << 20)))):
        left -= passed
    return octets, not left


def _outcome(head: ArcHead, octets: bytes, source: Source, lacks: int) -> Outcome:
    scheme = head.uri.partition(":")[0].lower()
    if scheme not in ("http", "https"):
        return Skipped(source, "the record holds no HTTP response", NOT_HTTP)
    made = warc.exchange(octets, None, source, head.uri, scheme=scheme, started=head.started, lacks=lacks)
    fields = made.response.fields if isinstance(made, Exchange) else None
    if isinstance(made, Exchange) and fields is not None and fields.index.keys().isdisjoint(FRAMING):
        made.evidence = made.evidence.without(*CONTENT)    # a crawler may have left off before the connection ended
    return made
