"""What no reader takes: says what was seen, and which forms are read."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import files, paste, reading
from httplint.capture.beginnings import asks_only
from httplint.capture.files import ZIP, Progress
from httplint.capture.outcome import Problem

_ADDRESS = re.compile(rb"\s*https?://\S+\s*\Z", re.IGNORECASE)
_NAMED = rb"[!#-'*+.^-z|~0-9A-Z-]{1,80}:(?!//)"
_FIELD = re.compile(rb"\s*" + _NAMED + rb"[^\r\n]*(?:\r?\n" + _NAMED + rb"|[\r\n]*\Z)")
_SEEN = (
    (re.compile(rb"\s*(?i:<!doctype html|<html|<\?xml)"), "HTML or XML: a page or a document, not a capture of HTTP"),
    (re.compile(rb"%PDF"), "a PDF file"),
    (re.compile(rb"\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\x0a\x0d\x0d\x0a|\x4d\x3c\xb2\xa1"),
     "a capture of packets (pcap), which is not supported; convert it to HAR"),
    (_ADDRESS, "an address; what `curl -v` prints of it is read, and `httplint fetch` asks for it"),
    (_FIELD, "field lines without a status line; put the status line of the response before them, such as "
             "HTTP/1.1 200 OK"),
)


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Problem]:
    """One Problem, with what the file seems to be."""
    with files.opened(source) as stream:
        start = reading.begun(stream)
    if start.twice:
        seen = "a packed file within a gzip file; unpack it once"
    else:
        seen = _zip(start.members) if start.octets.startswith(ZIP) else _text(paste.decoded(start.octets))
    yield Problem(path, 1, 1, f"no capture: this is {seen}. Read are: {_kinds()}")


def _kinds() -> str:
    """The kinds of captures, for people: each by the name of its first reader."""
    first: dict[str, str] = {}
    known_by: dict[str, list[str]] = {}
    for reader in reading.READERS:
        if reader.kind:
            first.setdefault(reader.kind, reader.name)
            known_by.setdefault(reader.kind, []).extend([reader.of] if reader.of else [])
    told = [f"{name} ({', '.join(known_by[kind])})" if known_by[kind] else name for kind, name in first.items()]
    return ", ".join(sorted(told, key=str.lower))


def _zip(members: tuple[str, ...]) -> str:
    if any(name.lower().endswith(".zip") for name in members):
        return "a zip file with zip files in it; unpack it, and name the directory"
    return "a zip file that holds no capture"


def _text(octets: bytes) -> str:
    if asks_only(octets):
        named = "; what it names behind <> are contents without their fields" if b"\n<> " in octets else ""
        return (f"requests for an HTTP client to send, without responses{named}. Save a response with its fields, run "
                "Hurl with --report-json, or let the requests pass through a proxy that records")
    for form, what in _SEEN:
        if form.match(octets):
            return what
    if b"\0" in octets[:1024]:
        return "binary data of an unknown kind"
    return f"text that begins with {paste.first_shown(octets[:1024])[:60].strip()!a}"
