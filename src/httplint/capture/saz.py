"""Fiddler archives (SAZ): a zip that holds for each session request, response and a few remarks.

`raw/12_c.txt` is the request, `raw/12_s.txt` the response, `raw/12_m.xml` the remarks. Contents are kept as they came
unless they were decoded in Fiddler's window, which takes codings out of the head, too. The head is put together from
what was parsed, so it proves nothing about octets; the request target was made absolute.
"""
from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import clock, http1
from httplint.capture.files import Progress, zipped
from httplint.capture.outcome import NO_RESPONSE, SYNTHETIC, UNREADABLE, Outcome, Skipped
from httplint.model.evidence import bits
from httplint.model.exchange import Exchange, Source

PART_LIMIT = 64 << 20
"""The most that is read of a request or a response, in octets."""
REMARKS_LIMIT = 64 << 10
"""The most that is read of the remarks about a session, in octets."""

LACKS = bits("wire", "target", "trailers")
CODINGS = frozenset({"content-encoding", "transfer-encoding"})

_PART = re.compile(r"raw[/\\](\d{1,12})_([csm])\.(?:txt|xml)", re.IGNORECASE)
_BEGUN = re.compile(rb'ClientBeginRequest="([^"]{1,40})"')
_MADE_UP = re.compile(rb'N="x-(?:autoresponder|breakresponse|repliedwithfile)', re.IGNORECASE)
_OWN_PHRASE = re.compile(rb"HTTP/1\.[01] \d{3} (?:Fiddler|DNS Lookup By Fiddler)")


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a Fiddler archive, in the order of its sessions."""
    with zipped(source) as archive:
        sessions = _sessions(archive)
        for entry, number in enumerate(sorted(sessions)):
            yield _outcome(archive, sessions[number], Source(path, entry, pointer=f"raw/{number}_s.txt"))
            if progress is not None:
                progress(entry + 1, len(sessions))


def _sessions(archive: zipfile.ZipFile) -> dict[int, dict[str, str]]:
    """Number of a session -> part (c, s, m) -> name of its member."""
    sessions: dict[int, dict[str, str]] = {}
    for name in archive.namelist():
        if found := _PART.fullmatch(name):
            sessions.setdefault(int(found[1]), {})[found[2].lower()] = name
    return sessions


def _outcome(archive: zipfile.ZipFile, parts: dict[str, str], source: Source) -> Exchange | Skipped:
    try:
        request = _octets(archive, parts.get("c"), PART_LIMIT)
        response = _octets(archive, parts.get("s"), PART_LIMIT)
        remarks = _octets(archive, parts.get("m"), REMARKS_LIMIT)
    except Exception as error:  # encrypted, an unknown method, a wrong offset or checksum
        return Skipped(source, f"the session cannot be read: {error!s:.80}", UNREADABLE)
    if not response.strip():
        return Skipped(source, "no response was captured", NO_RESPONSE)
    if request.startswith(b"CONNECT ") or _OWN_PHRASE.match(response) or _MADE_UP.search(remarks):
        return Skipped(source, "Fiddler made the response up", SYNTHETIC)
    lacks = LACKS
    if max(len(request), len(response)) == PART_LIMIT:
        lacks |= bits("content", "octets", "size", "request_content")
    return http1.exchange(response, request, source, trust=http1.ARCHIVE, started=_begun(remarks), lacks=lacks,
                          response_gaps=CODINGS)


def _octets(archive: zipfile.ZipFile, name: str | None, limit: int) -> bytes:
    if name is None:
        return b""
    with archive.open(name) as member:
        return member.read(limit)


def _begun(remarks: bytes) -> float | None:
    """When the client began to send the request, in seconds since the epoch."""
    found = _BEGUN.search(remarks)
    if found is None:
        return None
    return clock.seconds(found[1].decode("latin-1"))       # a timer that was never set is year 1
