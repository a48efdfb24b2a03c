"""WARC files (ISO 28500), plain or compressed: what web archives keep of their crawls.

Read with fastwarc, of the extra `warc`. A response record is paired with its request record by WARC-Concurrent-To, or
where neither has one, with its neighbour of the same target URI. Crawlers write down what came from the network, but
some write what a browser told them, decoded, unchunked and with fields renamed: such records prove less.
"""
from __future__ import annotations

import os
import re
from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any

from httplint.capture import clock, files, http1
from httplint.capture.files import Progress
from httplint.capture.outcome import NOT_HTTP, UNREADABLE, Outcome, Problem, Skipped
from httplint.model import installation
from httplint.model.errors import ENDS
from httplint.model.evidence import Evidence, bits
from httplint.model.exchange import Exchange, Source

RECORD_LIMIT = 64 << 20
"""The most that is read of a record, in octets."""
WINDOW = 8
"""How many responses wait for their request, and how many records of requests are kept for theirs."""

KINDS = frozenset({"warcinfo", "request", "response", "revisit", "metadata", "resource", "conversion", "continuation"})

CONTENT = bits("content", "octets", "size", "trailers")
RENAMED = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""What crawlers rename that decode contents: X-Orig-Content-Encoding, X-Crawler-Content-Encoding."""
_RENAMED = re.compile(r"x-(?:orig|crawler|archive-orig)-", re.IGNORECASE)

SYNTHETIC = bits("wire", "lines", "repeats", "name_case", "exact", "version", "request_version", "reason", "octets",
                 "size", "trailers")
"""What is not known where the head was put together from what a browser, a HAR or a client library tells."""
_SYNTHETIC = re.compile(r"browsertrix|warcio\.js|archiveweb|replayweb|har2warc|stormcrawler|scrapy|puppeteer"
                        r"|playwright", re.IGNORECASE)
_REWRITTEN = re.compile(r"pywb|webrecorder", re.IGNORECASE)
"""Tools that record through a proxy that rewrites heads."""

Record = Any
"""A fastwarc record, whose package may not be installed."""


def read(source: files.Source, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a WARC file, one for each response record, in order, in bounded memory."""
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError:
        yield Problem(path, None, None, "a WARC file is read with fastwarc, which is not installed: "
                                        f"{installation.command('warc')}")
        return
    with files.opened(source) as stream:
        told, tell = None, None
        if progress is not None and not isinstance(stream, files.Pipe):
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            told, tell = (lambda done: progress(done, size)), stream.tell
        yield from _outcomes(ArchiveIterator(stream, parse_http=False, strict_mode=False), path, told, tell)


def _outcomes(records: Any, path: str, told: Any, tell: Any) -> Iterator[Outcome]:
    archive = _Archive(path)
    try:
        for record in records:
            yield from archive.take(record)
            if told is not None:
                told(tell())
            if archive.broken:
                break
    except ENDS:
        raise
    except BaseException as error:                         # whatever decompressors and the parser make of a broken file
        archive.broken = f"cannot be read: {error}"
    yield from archive.rest()
    if not archive.records and not archive.broken:
        archive.broken = "no record can be read; the lines of a WARC file have to end with CR LF (ISO 28500)"
    if archive.broken:
        yield Problem(path, None, None, archive.broken)


class _ResponseRecord:
    """A response record that waits for its request."""

    __slots__ = ("concurrent", "octets", "record_id", "request", "source", "uri", "what")

    def __init__(self, record: Record, octets: bytes, source: Source) -> None:
        self.record_id, self.concurrent, self.uri = _names(record)
        self.octets = octets
        self.request: bytes | None = None
        self.source = source
        self.what: dict[str, Any] = {}


class _Archive:
    """Pairs the records of one file."""

    def __init__(self, path: str) -> None:
        self.broken = ""
        self.records = 0
        self._path = path
        self._entry = 0
        self._lacks = 0
        self._answers: deque[_ResponseRecord | Skipped] = deque()
        self._requests: OrderedDict[str, bytes] = OrderedDict()
        """Octets of requests by their record's id, and by the ids that they name."""
        self._previous: tuple[str, bytes | _ResponseRecord] | None = None
        """(target URI, request or response) of the last record, if it names no other."""

    def take(self, record: Record) -> Iterator[Outcome]:
        """Takes in the next record; yields what is complete by now."""
        kind = (record.headers.get("WARC-Type") or "").lower()
        self.records += kind in KINDS
        if not kind or "\n" in kind:
            self.broken = "a record has no WARC-Type; its lines have to end with CR LF (ISO 28500)"
            return
        if kind not in ("warcinfo", "request", "response", "revisit"):
            return
        octets = record.reader.read(min(record.content_length, RECORD_LIMIT))
        left = record.content_length - len(octets)
        if left and record.reader.consume() < left:
            self.broken = "the file breaks off within a record"
            return
        if kind == "warcinfo":
            self._software(octets)
            return
        if kind == "request":
            self._request(record, octets)
        else:
            self._response(record, octets, kind)
        while self._answers and (len(self._answers) > WINDOW or self._is_complete(self._answers[0])):
            yield _outcome(self._answers.popleft())

    def rest(self) -> Iterator[Outcome]:
        """What still waits."""
        while self._answers:
            yield _outcome(self._answers.popleft())

    @staticmethod
    def _is_complete(answer: _ResponseRecord | Skipped) -> bool:
        return isinstance(answer, Skipped) or answer.request is not None

    def _software(self, octets: bytes) -> None:
        text = octets[:4096].decode("latin-1")
        if _SYNTHETIC.search(text):
            self._lacks = SYNTHETIC
        elif _REWRITTEN.search(text):
            self._lacks = bits("wire")

    def _request(self, record: Record, octets: bytes) -> None:
        record_id, concurrent, uri = _names(record)
        for answer in self._answers:
            if isinstance(answer, _ResponseRecord) and answer.request is None and (
                    answer.record_id in concurrent or record_id in answer.concurrent):
                answer.request = octets
                return
        previous = self._previous
        self._previous = None
        if previous is not None and isinstance(previous[1], _ResponseRecord) and not concurrent and previous[0] == uri:
            previous[1].request = octets
            return
        if not concurrent:
            self._previous = (uri, octets)
        for name in (record_id, *concurrent):
            self._requests[name] = octets
            if len(self._requests) > WINDOW:
                self._requests.popitem(last=False)

    def _response(self, record: Record, octets: bytes, kind: str) -> None:
        source = Source(self._path, self._entry)
        self._entry += 1
        answer = _ResponseRecord(record, octets, source)
        scheme = answer.uri.partition(":")[0].lower()
        if scheme not in ("http", "https"):
            self._answers.append(Skipped(source, "the record holds no HTTP response", NOT_HTTP))
            return
        for name in (answer.record_id, *answer.concurrent):
            found = self._requests.pop(name, None)
            answer.request = answer.request or found
        previous, self._previous = self._previous, None
        if answer.request is None and previous is not None and isinstance(previous[1], bytes) and (
                not answer.concurrent and previous[0] == answer.uri):
            answer.request = previous[1]
        elif answer.request is None and not answer.concurrent:
            self._previous = (answer.uri, answer)
        lacks = self._lacks
        if kind == "revisit" or record.headers.get("WARC-Truncated") or record.content_length > RECORD_LIMIT:
            lacks |= CONTENT
        if _other_protocol(record):
            lacks |= SYNTHETIC
        started = clock.seconds(record.headers.get("WARC-Date") or "")
        answer.what = {"scheme": scheme, "started": started, "lacks": lacks}
        self._answers.append(answer)


def _names(record: Record) -> tuple[str, tuple[str, ...], str]:
    """(record id, ids of records concurrent to it, target URI)"""
    headers = record.headers
    # some early writers put the URI between angle brackets
    return (headers.get("WARC-Record-ID") or "", tuple(headers.get_multiple("WARC-Concurrent-To")),
            (headers.get("WARC-Target-URI") or "").strip("<>"))


def _other_protocol(record: Record) -> bool:
    """Whether the record says that the response came by HTTP/2 or HTTP/3; then its octets were made up."""
    return any(value.strip().lower().startswith(("h2", "h3", "http/2", "http/3", "spdy", "quic"))
               for value in record.headers.get_multiple("WARC-Protocol"))


def _outcome(answer: _ResponseRecord | Skipped) -> Exchange | Skipped:
    if isinstance(answer, Skipped):
        return answer
    return exchange(answer.octets, answer.request, answer.source, answer.uri, **answer.what)


def exchange(octets: bytes, request: bytes | None, source: Source, uri: str, **more: Any) -> Exchange | Skipped:
    """The exchange of what a crawler wrote down of a response and its request; `more` goes to `http1.exchange`."""
    if not octets:
        return Skipped(source, "the record is empty", UNREADABLE)
    made = http1.exchange(octets, request, source, trust=http1.ARCHIVE, **more)
    if isinstance(made, Skipped):
        return made
    _with_host(made, uri)
    if not made.response.fields:
        return made
    names = made.response.fields.index
    if any(map(_RENAMED.match, names)):
        made.evidence = made.evidence.without("wire", "octets", "size", "trailers")
        made.evidence = Evidence.of(made.evidence.bits, RENAMED, made.evidence.request_gaps)
    elif all(name.islower() for name, _ in made.response.fields):
        # as HTTP/2 has them: whoever wrote HTTP/1.1 before them may have made it up
        made.evidence = made.evidence.without("wire", "name_case", "version", "request_version", "reason")
    return made


def _with_host(made: Exchange, uri: str) -> None:
    """Recorders in browsers write requests anew as HTTP/1.1 without Host; the host is in WARC-Target-URI."""
    request = made.request
    if request is None or not request.target.startswith("/") or (
            request.fields is not None and request.fields.combined("host") is not None):
        return
    request.target = uri
    evidence = made.evidence.without("target")
    made.evidence = Evidence.of(evidence.bits, evidence.response_gaps, evidence.request_gaps | {"host"})
