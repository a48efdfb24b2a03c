"""Raw HTTP/1.x octets: the responses of a connection, or requests and responses in the order in which they went.

`Conversation` reads the octets of a connection, `exchange` those of one response and, if they were captured, of its
request. Both read leniently (http1_syntax) and note as irregularities what is not as it should be.

What the octets prove depends on where they come from. On the WIRE, every fault is the sender's. A FILE may have been
cut off, or written by a tool that decodes contents (`curl -i --compressed`) or keeps heads only (`curl -I`): there the
framing has to agree, or the disagreement has to be one that no tool makes, else the facts about the content are
withheld; and behind a response without its request, `curl -w` may have written something. In an ARCHIVE any
disagreement is the tool's, and only an end that the framing shows proves octets. Heads whose lines all end with LF
alone are text that someone wrote or pasted, unless they come from the wire.
"""
from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator

from httplint.capture.http1_syntax import (
    BROKEN,
    CHUNKED,
    CLOSE,
    HEAD_LIMIT,
    LENGTH,
    NONE,
    TUNNEL,
    UNREAD,
    WHOLE,
    Chunks,
    Notes,
    Section,
    chunks,
    codings,
    line,
    never,
    request_framing,
    request_line,
    response_framing,
    section,
    status_line,
)
from httplint.capture.outcome import NO_RESPONSE, NOT_HTTP, Interim, Outcome, Problem, Skipped
from httplint.model.evidence import ALL, Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Request, Response
from httplint.model.nesting import shallow

__all__ = ["ARCHIVE", "FILE", "WIRE", "Conversation", "complete", "exchange"]

ARCHIVE, FILE, WIRE = range(3)
"""Where octets come from, see above."""

CONTENT = bits("content", "octets", "size", "trailers")
HEAD = CONTENT | bits("response_fields", "lines", "repeats")
REQUEST = bits("request", "request_fields", "request_content", "request_version", "target")
NO_NAMES: frozenset[str] = frozenset()

_STATUS = re.compile(rb"HTTP/1\.[0-9] [0-9]{3}[ \r\n]")
_LENIENT_STATUS = re.compile(rb"[ \t]{0,8}(?i:HTTP)/?[0-9.]{0,5}[ \t\x0b\x0c\r]+[0-9]")
_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_METHOD = re.compile(rb"([!#-'*+\-.^-z|~0-9A-Z]{1,40}) ")
_LINE_LIMIT = 8192
"""The longest line that is taken for a request line, in octets."""
_LINE_TAIL = re.compile(rb"HTTP/[0-9]\.[0-9][ \t]{0,40}\r?\n")
"""What ends a request line."""
_METHODS = (b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"CONNECT", b"TRACE")
_BEHIND = re.compile(rb"(?:" + b"|".join(_METHODS) + rb") [!-~]{1,8192} \Z")
"""A request line behind octets that do not end a line."""
_UNASKED = re.compile(rb"HTTP/1\.[0-9] 408")
"""What may come without a request (RFC 9110 §15.5.9)."""
_RESPONSE = re.compile(rb"HTTP/1\.[0-9] [0-9]{3}(?: [^\r\n]{0,200})?\r\n(?:[!#-'*+\-.^-z|~0-9A-Z]{1,80}:|\r\n)")
"""What is taken for the begin of a response in the midst of octets."""
_BLANK = re.compile(rb"[\r\n]*+")


class _Asked:
    """A request that was read, and what is not known about it. `end`: where the next message begins."""

    __slots__ = ("awaits", "end", "framing", "lacks", "request")

    def __init__(self, request: Request, lacks: int, end: int, framing: tuple[str, int], awaits: bool) -> None:
        self.request = request
        self.lacks = lacks
        self.end = end
        self.framing = framing
        self.awaits = awaits
        """Whether its content follows only after a response 100 (Continue)."""


class _Answer:
    """A response that was read, and what is not known about it.

    `certain`: nothing speaks against these being the octets that were sent. `whole`: its end is there by its own
    framing. `tunnel`: what follows is not HTTP/1.x.
    """

    __slots__ = ("certain", "end", "gap", "lacks", "response", "tunnel", "whole")

    def __init__(self, response: Response, end: int) -> None:
        self.response = response
        self.end = end
        self.lacks = 0
        self.certain = True
        self.whole = False
        self.tunnel = False
        self.gap: int | None = None
        """Where something stands in the content, whose end is not known, that may be another message."""


# -- one response


class _Response:
    """Reads the response that begins at an octet."""

    def __init__(self, octets: bytes, method: str | None, trust: int, closed: bool,
                 over: Callable[[], bool] = never, left: bool = False) -> None:
        self._octets = octets
        self._method = method
        self._trust = trust
        self._closed = closed
        self._over = over
        self._left = left
        self._notes = Notes()
        self._pasted = False
        """Whether the head is text that someone wrote or pasted."""

    def read(self, start: int) -> _Answer | None:
        """The response; None if there is no status line."""
        octets, notes = self._octets, self._notes
        found = line(octets, start, HEAD_LIMIT)
        if found is None:
            return self._begun(start)
        text, position, end = found
        status = status_line(text, start, notes)
        if status is None:
            return self._without_status_line(start)
        if end == b"\n":
            notes.once("line-end", position - 1, text)
        head = section(octets, position, notes)
        version, code, reason = status
        answer = _Answer(Response(code, version, reason, head.fields), head.end)
        if not head.complete:
            self._headless(answer, head)
        else:
            self._pasted = self._trust != WIRE and head.ends == {b"\n"} and end == b"\n"
            self._body(answer, head.fields)
            if self._pasted:
                answer.certain = False
                answer.lacks |= bits("octets", "size")
        if version is None:
            answer.lacks |= bits("version")
        answer.response.irregularities = tuple(notes.found)
        return answer

    def _begun(self, start: int) -> _Answer | None:
        """A status line that breaks off."""
        text = self._octets[start:start + HEAD_LIMIT]
        unsure = not self._closed and _breaks_off(self._octets, start)
        status = None if unsure else status_line(text.rstrip(b"\r"), start, Notes())
        if status is None:
            return self._without_status_line(start)
        answer = _Answer(Response(status[1], status[0], None, Fields()), len(self._octets))
        answer.lacks |= HEAD | bits("reason", *(() if status[0] else ("version",)))
        answer.certain = False
        self._ended_early(len(self._octets))
        answer.response.irregularities = tuple(self._notes.found)
        return answer

    def _without_status_line(self, start: int) -> _Answer | None:
        """HTTP/0.9: content and nothing else, which stands for success."""
        octets = self._octets
        if self._trust != WIRE or start == len(octets) or (not self._closed and _breaks_off(octets, start)):
            return None
        self._notes.add("no-status-line", start, octets[start:])
        answer = _Answer(Response(200, None, None, Fields()), len(octets))
        answer.lacks = HEAD | bits("version", "reason", "name_case")
        answer.response.irregularities = tuple(self._notes.found)
        return answer

    def _headless(self, answer: _Answer, head: Section) -> None:
        answer.lacks |= HEAD
        answer.certain = False
        if not head.huge:
            self._ended_early(head.end)

    def _ended_early(self, position: int) -> None:
        """Notes that the sender ended the message too early, where that is proven."""
        if self._closed and self._trust == WIRE:
            self._notes.add("truncated", position, self._octets[max(0, position - 40):position])

    def _body(self, answer: _Answer, fields: Fields) -> None:
        """Reads what follows the head, by its framing (§6.3)."""
        status, start = answer.response.status, answer.end
        framing, length = response_framing(status, fields, self._method)
        if self._heads_only(framing, length, start):
            answer.lacks |= CONTENT
        elif framing == NONE:
            self._content(answer, b"", start)
            answer.tunnel = status == 101
            if status >= 200:
                self._rest(answer, fields, framing)
        elif framing == TUNNEL:
            answer.lacks |= CONTENT
            answer.tunnel = answer.whole = True
        elif framing == LENGTH:
            self._by_length(answer, fields, length)
        elif framing == CHUNKED:
            self._by_chunks(answer, fields)
        elif framing == CLOSE:
            self._by_closing(answer, fields)
        else:
            answer.lacks |= CONTENT
            answer.end = self._next(start)

    def _heads_only(self, framing: str, length: int, start: int) -> bool:
        """Whether the content may be missing because the method was HEAD, or because only heads were captured."""
        if self._trust == WIRE or framing in (NONE, TUNNEL) or (framing == LENGTH and not length):
            return False
        if start == len(self._octets):
            return True
        return _STATUS.match(self._octets, start) is not None and not (
            framing == LENGTH and _fits(self._octets, start + length))

    def _content(self, answer: _Answer, content: bytes, end: int, trailers: Fields | None = None) -> None:
        response = answer.response
        response.content = content
        response.size = len(content)
        response.trailers = trailers or Fields()
        answer.end = end
        answer.whole = True

    def _by_length(self, answer: _Answer, fields: Fields, length: int) -> None:
        octets, start = self._octets, answer.end
        content = octets[start:start + length]
        if len(content) == length:
            self._content(answer, content, start + length)
            self._rest(answer, fields, LENGTH)
            return
        answer.end = len(octets)
        answer.lacks |= CONTENT
        if self._trust == WIRE and self._closed:
            answer.response.size = len(content)            # Content-Length differs from it, as its rule says
            answer.response.trailers = Fields()
            answer.lacks &= ~bits("size", "trailers")
        elif self._trust == FILE and _coded(fields):
            answer.certain = False
        else:
            self._cut_off(answer)

    def _cut_off(self, answer: _Answer) -> None:
        if self._trust == ARCHIVE:
            answer.certain = False
        elif not self._left:
            self._notes.add("cut-off", answer.end, self._octets[max(0, answer.end - 40):answer.end])

    def _by_chunks(self, answer: _Answer, fields: Fields) -> None:
        notes = Notes()
        found = chunks(self._octets, answer.end, notes, self._over)
        if not self._proven(found, notes):
            answer.certain = False
            answer.lacks |= CONTENT
            answer.end = self._next(answer.end)
            return
        if answer.response.version != "1.0":               # where Transfer-Encoding has no meaning (§6.1)
            self._notes.join(notes)
        if found.state == WHOLE:
            self._content(answer, bytes(found.content), found.end, found.trailers)
            if codings(fields) != ["chunked"]:             # there are other codings below the chunks
                answer.response.transfer_coded = answer.response.content
                answer.response.content = answer.response.size = None
                answer.lacks |= bits("content", "octets", "size")
            self._rest(answer, fields, CHUNKED)
            return
        answer.lacks |= CONTENT
        if found.state == UNREAD:
            answer.end = len(self._octets)
        elif found.state == BROKEN:
            answer.end = self._next(found.end)
        elif _STATUS.match(self._octets, found.end):       # another response stands where this one should go on
            answer.end = found.end
            self._notes.add("truncated", found.end, self._octets[max(0, found.end - 40):found.end])
        else:
            answer.end = len(self._octets)
            if self._trust == WIRE and self._closed:
                self._ended_early(answer.end)
            else:
                self._cut_off(answer)

    def _proven(self, found: Chunks, notes: Notes) -> bool:
        """Whether these are chunks, and not content that a tool took out of them and left Transfer-Encoding.

        Text may begin with a line of digits, but hardly with a whole chunk that ends with CRLF.
        """
        if self._trust == WIRE:
            return True
        if any(note.kind == "line-end" for note in notes.found):
            return False
        return found.state == WHOLE or (self._trust == FILE and found.count > 0)

    def _by_closing(self, answer: _Answer, fields: Fields) -> None:
        octets, start = self._octets, answer.end
        if self._trust == WIRE and not self._closed:
            answer.end = len(octets)
            answer.lacks |= CONTENT
            return
        self._content(answer, octets[start:], len(octets))
        answer.whole = False                               # only the end of the connection shows its end
        if codings(fields):
            answer.lacks |= bits("content", "octets", "size")
        if self._trust == WIRE:
            return
        answer.lacks |= bits("size")
        following = self._next(start)
        if following < len(octets):
            answer.gap = following
        if _coded(fields) or following < len(octets):
            answer.lacks |= CONTENT

    def _rest(self, answer: _Answer, fields: Fields, framing: str) -> None:
        """Judges the octets between the end of the message and the next one, or the end of all."""
        octets, response = self._octets, answer.response
        if answer.tunnel or answer.end == len(octets) or _begins(octets, answer.end):
            return
        stop = self._next(answer.end)
        rest = octets[answer.end:stop]
        blank = not rest.strip(b"\r\n")
        if blank and (self._trust != WIRE or stop < len(octets)):
            return
        place, answer.end = answer.end, stop
        if self._trust == ARCHIVE or self._pasted or (
                self._trust == FILE and (_coded(fields) or response.status == 304
                                         or _laid_out(octets[place - (response.size or 0):stop]))):
            answer.lacks |= CONTENT
            answer.certain = False
        elif self._trust == FILE and self._method is None:
            answer.lacks |= CONTENT
            self._notes.add("surplus", place, rest)
        elif framing == NONE:
            response.content = rest                        # it was sent as content, whatever a client makes of it
            response.size = len(rest)
        else:
            self._notes.add("excess", place, rest)

    def _next(self, start: int) -> int:
        """Where the next message begins, at that octet or behind it; the end if there is none."""
        octets, place = self._octets, start
        while (found := octets.find(b"HTTP/1.", place)) >= 0:
            if _RESPONSE.match(octets, found):
                return found
            if _LINE_TAIL.match(octets, found):
                begin = octets.rfind(b"\n", place, found) + 1 or place
                if _asks(octets, begin):
                    return begin
                begin = max(begin, found - _LINE_LIMIT)
                if behind := _BEHIND.search(octets[begin:found]):
                    return begin + behind.start()
            place = found + 1
        return len(octets)


def _fits(octets: bytes, end: int) -> bool:
    """Whether a message that ends there is followed by another, or by nothing."""
    return end == len(octets) or (end < len(octets) and _begins(octets, end))


def _begins(octets: bytes, position: int) -> bool:
    return _STATUS.match(octets, position) is not None or _asks(octets, position)


def _asks(octets: bytes, position: int) -> bool:
    """Whether a request begins at that octet, and not content with a request behind it."""
    method = _METHOD.match(octets, position)
    if method is None or (method[1] not in _METHODS and method[1].endswith(_METHODS)):
        return False
    end = octets.find(b"\n", position, position + _LINE_LIMIT)
    version = octets.rfind(b" HTTP/", method.end(), end)
    return end > 0 and version > 0 and _LINE_TAIL.match(octets, version + 1) is not None


def _coded(fields: Fields) -> bool:
    coding = fields.combined("content-encoding")
    return coding is not None and coding.lower() not in ("", "identity")


def _laid_out(content: bytes) -> bool:
    """Whether this is JSON on several lines: longer than Content-Length says, because a client laid it out anew."""
    if not content.startswith((b"{\n", b"[\n", b"{\r\n", b"[\r\n")):
        return False
    try:
        json.loads(shallow(content))
    except (ValueError, RecursionError):
        return False
    return True


# -- one request


def _asked(octets: bytes, start: int, scheme: str) -> _Asked | None:
    """The request that begins there; None if there is no request line."""
    notes = Notes()
    found = line(octets, start, HEAD_LIMIT)
    if found is None:
        return None
    text, position, _ = found
    parts = request_line(text, start, notes)
    if parts is None:
        return None
    head = section(octets, position, notes)
    method, target, version = parts
    request = Request(method, target, version, head.fields, scheme=scheme)
    lacks = bits("request_version") if version is None else 0
    if not head.complete:
        lacks |= bits("request_fields", "request_content")
    framing = request_framing(head.fields) if head.complete else (NONE, 0)
    expects = (head.fields.combined("expect") or "").lower() == "100-continue"
    asked = _Asked(request, lacks, head.end, framing, expects and _STATUS.match(octets, head.end) is not None)
    if not asked.awaits:
        _request_body(asked, octets, notes)
    request.irregularities = tuple(notes.found)
    return asked


def _request_body(asked: _Asked, octets: bytes, notes: Notes) -> None:
    """Reads the content of a request where it goes on."""
    framing, length = asked.framing
    request = asked.request
    asked.awaits = False
    if framing == CHUNKED:
        found = chunks(octets, asked.end, notes)
        asked.end = found.end
        if found.state == WHOLE and codings(request.fields or Fields()) == ["chunked"]:
            request.content, request.trailers = bytes(found.content), found.trailers
    elif framing == LENGTH:
        end = asked.end + length
        if _STATUS.match(octets, asked.end) is None or _fits(octets, end):     # else, the head alone was kept
            if end <= len(octets):
                request.content = octets[asked.end:end]
            asked.end = min(end, len(octets))
    elif framing == NONE:
        request.content = b""
    if request.content is None:
        asked.lacks |= bits("request_content")
    else:
        request.size = len(request.content)


# -- exchanges


def _evidence(answer: _Answer, asked: _Asked | None, trust: int, closed: bool, started: float | None,
              lacks: int = 0, response_gaps: frozenset[str] = NO_NAMES) -> Evidence:
    unknown = answer.lacks | lacks
    unknown |= asked.lacks if asked is not None else REQUEST
    if started is None:
        unknown |= bits("time")
    if trust == ARCHIVE or (answer.response.status < 200 and answer.response.status != 101
                            and not (trust == WIRE and closed)):
        unknown |= bits("interim")                         # whether a final response followed does not show
    if (trust != WIRE and not answer.certain) or (trust == ARCHIVE and not answer.whole):
        unknown |= bits("wire")
    return Evidence.of(ALL & ~unknown, response_gaps)


def exchange(octets: bytes, request: bytes | None, source: Source, *, trust: int, closed: bool = False,
             scheme: str = "", started: float | None = None, lacks: int = 0,
             response_gaps: frozenset[str] = NO_NAMES, over: Callable[[], bool] = never,
             left: bool = False) -> Exchange | Skipped:
    """The exchange of a response, interim ones before it, and the octets of its request, if these were captured.

    `closed`: the octets end because the sender closed the connection. `scheme`: that of the target URI, if known.
    `started` in seconds since the epoch. `lacks`: facts (bits) that this capture does not know, `response_gaps` fields
    that it may have dropped. `over`: whether the time to read them is over; what was not read by then is not known.
    `left`: more may have been sent, which whoever captured it did not read.
    """
    asked = _asked(request, 0, scheme) if request is not None else None
    method = asked.request.method if asked is not None else None
    interim = Interim()
    answer = _Response(octets, method, trust, closed, over, left).read(0)
    while answer is not None and _is_interim(answer.response) and _STATUS.match(octets, answer.end) and not over():
        interim.add(answer.response)
        answer = _Response(octets, method, trust, closed, over, left).read(answer.end)
    if answer is None:
        begun = bool(octets) and not closed and _breaks_off(octets, 0)
        return Skipped(source, "the octets end within the status line" if begun else "there is no status line",
                       NOT_HTTP if octets and not begun else NO_RESPONSE)
    if _is_interim(answer.response) and (over() or (not closed and _breaks_off(octets, answer.end))):
        lacks |= bits("interim")                           # a final one may follow
    elif trust == WIRE and answer.whole and answer.end < len(octets) and not answer.tunnel:
        _unasked(answer, octets)
    evidence = _evidence(answer, asked, trust, closed, started, lacks | interim.lacks, response_gaps)
    return Exchange(answer.response, asked.request if asked is not None else None, interim.kept, started, evidence,
                    source)


def _unasked(answer: _Answer, octets: bytes) -> None:
    """Notes a second final response to one request."""
    flaws = answer.response.irregularities
    if not _UNASKED.match(octets, answer.end) and all(flaw.kind != "excess" for flaw in flaws):
        notes = Notes()
        notes.add("excess", answer.end, octets[answer.end:])
        answer.response.irregularities = flaws + tuple(notes.found)


def complete(octets: bytes, method: str, over: Callable[[], bool] = never) -> bool:
    """Whether the final response to a request of that method is all there, by its own framing.

    `over`: whether the time to read them is over; then it is not.
    """
    position = 0
    while position < len(octets) and not over():
        answer = _Response(octets, method, WIRE, False, over).read(position)
        if answer is None or not _is_interim(answer.response):
            return answer is not None and answer.whole
        position = answer.end
    return False


def _breaks_off(octets: bytes, start: int) -> bool:
    """Whether octets end before the last digit of the status code in what may become a status line (RFC 9112 §4)."""
    return b"HTTP/0.0 00".startswith(octets[start:start + 12].translate(_ONE_DIGIT))


def _is_interim(response: Response) -> bool:
    return 100 <= response.status < 200 and response.status != 101


class Conversation:
    """The octets of a connection, both directions in the order in which they went, or the responses alone.

    `certain`, once they were read: nothing speaks against these being the octets that were sent.
    """

    def __init__(self, octets: bytes, path: str, trust: int = FILE, closed: bool = False) -> None:
        self._octets = octets
        self._path = path
        self._trust = trust
        self._closed = closed
        self._waiting: deque[tuple[_Asked, Source]] = deque()
        self._interim = Interim()
        self._entry = 0
        self._counted = 0
        self._line = 1
        self.certain = True

    def outcomes(self) -> Iterator[Outcome]:
        """The exchanges, the requests without a response, and where the octets cannot be read any further."""
        octets = self._octets
        position = 0
        asking = False
        while True:
            blank = _BLANK.match(octets, position)
            position = blank.end() if blank is not None else position
            if position == len(octets):
                break
            if _asks(octets, position) and (asked := _asked(octets, position, "")):
                self._waiting.append((asked, self._source(position)))
                position, asking = asked.end, True
                continue
            answer = self._answer(position, asking)
            if answer is None:
                self.certain = False
                source = self._source(position)
                yield Problem(self._path, source.line, 1, "neither a request nor a response of HTTP/1.x begins here")
                return
            if _is_interim(answer.response) and self._goes_on(answer):
                position = answer.end
                continue
            yield self._exchange(answer, position)
            if answer.gap is not None:
                yield Problem(self._path, self._source(answer.gap).line, 1, "what looks like a message stands within "
                              "a content whose end is not known; it is not read")
            position = answer.end
            if answer.tunnel:
                return
        for _, source in self._waiting:
            source.entry = self._entry
            self._entry += 1
            yield Skipped(source, "no response was captured", NO_RESPONSE)

    def _answer(self, position: int, asking: bool) -> _Answer | None:
        octets = self._octets
        if not _LENIENT_STATUS.match(octets, position) and not (
                self._trust == WIRE and (self._waiting or not asking)):
            return None
        method = self._waiting[0][0].request.method if self._waiting else None
        answer = _Response(octets, method, self._trust, self._closed).read(position)
        self.certain = self.certain and answer is not None and answer.certain
        return answer

    def _goes_on(self, answer: _Answer) -> bool:
        """Takes in an interim response; False if nothing follows it."""
        asked = self._waiting[0][0] if self._waiting else None
        if asked is not None and asked.awaits and answer.response.status == 100:
            asked.end = answer.end
            notes = Notes()
            _request_body(asked, self._octets, notes)
            asked.request.irregularities += tuple(notes.found)
            answer.end = asked.end
        elif not _STATUS.match(self._octets, answer.end):
            return False
        self._interim.add(answer.response)
        return True

    def _exchange(self, answer: _Answer, position: int) -> Exchange:
        asked, source = self._waiting.popleft() if self._waiting else (None, self._source(position))
        if asked is not None and asked.awaits:
            asked.lacks |= bits("request_content")
        interim, self._interim = self._interim, Interim()
        evidence = _evidence(answer, asked, self._trust, self._closed, None, interim.lacks)
        source.entry = self._entry
        self._entry += 1
        return Exchange(answer.response, asked.request if asked is not None else None, interim.kept, None, evidence,
                        source)

    def _source(self, position: int) -> Source:
        self._line += self._octets.count(b"\n", self._counted, position)
        self._counted = position
        return Source(self._path, self._entry, self._line, 1)
