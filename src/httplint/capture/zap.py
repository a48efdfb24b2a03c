"""Messages that ZAP exports as text ("Export Messages to File"), and what its reports hold of messages.

Between lines such as `==== 12 ==========` stand request and response. ZAP puts the heads together from the field lines,
with the target URI in the first line, and makes text of the contents: it decodes them, and adds a line end.
Its scanner follows redirects, and keeps the request before them with the response behind them: so do reports.
"""
from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import files, http1_shown
from httplint.capture.files import Progress
from httplint.capture.held import REDIRECTED, redirects
from httplint.capture.outcome import NO_RESPONSE, REPEATED, UNREADABLE, Outcome, Skipped
from httplint.model.exchange import Exchange, Source

WINDOW = 1 << 16
"""Octets read at once."""
BEGIN = 4096
"""Octets in which the first line of signs is looked for."""
PART_LIMIT = 64 << 20
"""The most that is read of the messages of one exchange, in octets."""
LONGEST_LINE = 40
"""Octets in which a line between messages has room."""
REMEMBERED = 4096
"""Messages of a report that are known again."""

_BETWEEN = re.compile(rb"^={3,4} ?\d{1,12} ={10}\r?\n", re.MULTILINE)
_REQUEST = re.compile(rb"[!#-'*+.^-z|~0-9A-Z-]{1,40} [^\r\n]{1,65536} HTTP/\d(?:\.\d)?\r?\n")
_RESPONSE = re.compile(rb"^HTTP/\d(?:\.\d)? \d{3}[ \r\n]", re.MULTILINE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of an export, in its order."""
    number = 0
    for document in files.documents(source, path, progress):
        for line, block in _blocks(document.stream):
            yield _outcome(block, Source(path, number, line, 1))
            number += 1


def _blocks(stream: files.Stream) -> Iterator[tuple[int, bytes]]:
    """What stands behind each line of signs, with the number of that line."""
    read = files.reading(stream)
    text = bytearray()
    while (begin := _BETWEEN.search(text)) is None and len(text) < BEGIN and (octets := read(WINDOW)):
        text += octets
    line = 1
    while begin is not None:
        line += text.count(b"\n", 0, begin.start())
        del text[:begin.start()]
        at = begin.end() - begin.start()
        while (end := _BETWEEN.search(text, at)) is None:
            if len(text) > PART_LIMIT:
                raise files.Unreadable(f"more than {PART_LIMIT >> 20} MiB of messages in line {line} and below")
            at = max(at, len(text) - LONGEST_LINE)
            if not (octets := read(WINDOW)):
                break
            text += octets
        yield line, bytes(text[begin.end() - begin.start():end.start() if end else len(text)])
        begin = end


def _outcome(block: bytes, place: Source) -> Exchange | Skipped:
    if not _REQUEST.match(block):
        return Skipped(place, "no request begins behind the line; responses alone are exported without their fields",
                       UNREADABLE)
    begin = _response(block)
    if begin is None:
        return Skipped(place, "no response was captured", NO_RESPONSE)
    return exchange(block[:begin], block[begin:], place)


def _response(block: bytes) -> int | None:
    """Where the response begins: behind the head of the request, and its content if that has no such line."""
    head = _HEAD_END.search(block)
    found = _RESPONSE.search(block, head.end() - 1) if head else None
    return found.start() if found else None


def exchange(request: bytes, response: bytes, place: Source, started: float | None = None) -> Exchange | Skipped:
    """The exchange of messages that ZAP made text of. `started` in seconds since the epoch."""
    return http1_shown.exchange(response, request, place, text=True, started=started, response_gaps=http1_shown.CODINGS)


class Reported:
    """The messages of a report, where one and the same stand with each alert that they gave rise to."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    def exchange(self, request: bytes, response: bytes, place: Source) -> Exchange | Skipped:
        """The exchange of these, if they are met for the first time."""
        if not response.strip():
            return Skipped(place, WITHOUT_MESSAGES if not request.strip() else "no response was captured", NO_RESPONSE)
        digest = hashlib.sha256(b"%d %b%b" % (len(request), request, response)).digest()
        if digest in self._seen:
            return Skipped(place, "the same messages stand with another alert", REPEATED)
        self._seen[digest] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        made = exchange(request, response, place)
        if isinstance(made, Exchange) and not redirects(made.response.status, made.response.fields):
            made.evidence = made.evidence.without(*REDIRECTED)
        return made


WITHOUT_MESSAGES = 'the report has no messages; make one "with requests and responses"'
