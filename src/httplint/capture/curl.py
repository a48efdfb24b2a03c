r"""What clients print: `curl -v`, `curl -i`, and what `paste` makes such text of; and the notation of the rules.

`curl -v` prints its remarks (`* Connected to …`), the request (`> `), the response (`< `) and the content into one
stream, which proves less than octets do: contents may be decoded, mixed with remarks and cut off. A content is taken as
such where Content-Length says where it ends, or where nothing but remarks stands around it; otherwise it is not known.
What looks like a message within a content whose end is not known is none, and named as a gap.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import BinaryIO

from httplint.capture import files
from httplint.capture.files import Progress
from httplint.capture.har_quirks import COOKIES, NO_NAMES
from httplint.capture.notation import NotationError, notation
from httplint.capture.outcome import INTERIM_LIMIT, NO_RESPONSE, Interim, Outcome, Problem, Skipped
from httplint.capture.paste import PROMPT, Line, decoded
from httplint.capture.paste import lines as lines_of
from httplint.model.evidence import ALL, Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import VERSIONS, Irregularity, Request, Response, contentless

LIMIT = 64 << 20
"""The most that is read of a text, in octets."""

_STATUS_LINE = re.compile(r"HTTP/(\d(?:\.\d)?) +(\d{3})(?: +(.*?))? *\r?\Z")
_REQUEST_LINE = re.compile(r"([A-Za-z][\w.-]{0,39}) +(\S.*?) +HTTP/(\d(?:\.\d)?) *\r?\Z")
_FIELD = re.compile(r"[!#-'*+.^-z|~0-9A-Z-]{1,200}[ \t]*:")
_TRAILED = re.compile(r"[!#-'*+.^-z|~0-9A-Z-]:[ \t][^\r\n]*\r?\n\r?\n?\Z")
_COOKIES = re.compile(r"=[^=,]{0,4096},[!#-'*+.^-z|~0-9A-Z-]{1,100}=")
"""A cookie directly behind the comma after another."""
_DATA = re.compile(r"[{}] \[\d+ bytes data\]\r?\Z")
_OWN = re.compile(r"(?:curl: \(\d+\) |Warning: |Note: )")
_SHELL = re.compile(r"\[?[\w.-]{1,40}@[\w.-]{1,80}[: ][^$#%]{0,200}[$#%](?: .{0,200})?\r?\Z|[$%#] ?\r?\Z"
                    r"|(?:PS )?[A-Z]:\\[^<>|\"*?]{0,200}>.{0,200}\r?\Z|[\w.-]{1,40}[$#] ?\r?\Z")
_GLUED_SHELL = re.compile(r"\[?[\w.-]{1,40}@[\w.-]{1,80}(?::[~/][^$#%\s]{0,200}| [~/\w.-]{1,80}\]?)[$#%](?: |\r?\Z)")
_GLUED = re.compile(r"\* (?:Connection #\d+ to host |Closing connection|Found bundle |Re-using |Can not multiplex|"
                    r"Issue another request|Excess found|Hostname |Host |  Trying |Leftovers )|curl: \(\d+\) ")
_GLUED_STATUS = re.compile(r"HTTP/(?:1\.[01]|[23](?:\.0)?) [1-5]\d\d(?: [^\r\n]{0,200})?\r?\Z")
_TLS = re.compile(r"\* (?:SSL connection using|ALPN[:,]|TLSv1|\(\d+\) |SSL certificate|Server certificate:"
                  r"|Re-?using existing https:)|\* Connected to .{1,300} port 443\b|\* +Trying .{1,300}:443\.\.\.")
_CONNECTING = re.compile(r"\* (?:Connected to | {1,3}Trying )")
_GAVE_UP = re.compile(r"\* .{0,80}(?:died|retrying|Empty reply|failure|reset by peer|timed out|Closing connection)")

_FROM_CURL = bits("request_content", "name_case", "octets", "size", "trailers", "time", "wire", "exact", "reason")
"""What a printed text does not prove: it may be decoded, mixed with remarks, and be a text that was pasted."""
_NO_REQUEST = bits("request", "request_fields", "request_version", "target")
_QUOTED = "what looks like a message stands within a content whose end is not known; it is not read"


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a file."""
    yield from outcomes(files.whole(source, path, LIMIT, progress), path)


def outcomes(octets: bytes, path: str) -> Iterator[Outcome]:
    """The exchanges of a text, and a Problem for each stretch that is not understood."""
    lines = lines_of(octets)
    shown = [line for _, line in lines if line.strip() and line != PROMPT]
    first = shown[0] if shown else ""
    if _STATUS_LINE.match(first):
        yield from _Included(lines, path).outcomes()
    elif _REQUEST_LINE.match(first):
        yield from _conversation(lines, path)
    elif any(line.startswith("* ") and not line.startswith("* started ") for _, line in lines) or any(
            _DATA.match(line) for line in shown) or _remarks_removed(line for _, line in lines):
        yield from _Verbose(lines, path).outcomes()
    else:
        try:
            yield from notation(decoded(octets).decode("utf-8", "surrogateescape"), path)
        except NotationError as error:
            yield Problem(path, error.line, 1, error.why)


def _remarks_removed(lines: Iterable[str]) -> bool:
    """Whether curl -v printed the text, and somebody took its remarks out.

    curl ends header sections with a mark and a space; what only the notation has must not be there.
    """
    ended = False
    for line in lines:
        line = line.rstrip("\r")
        if line == "---" or line.startswith(("* started ", "<< ")):
            return False
        ended = ended or line in ("> ", "< ")
    return ended


def _conversation(lines: list[Line], path: str) -> list[Outcome]:
    """What HTTPie and xh print: a request, an empty line, the response.

    Read as octets, or, where their framing fails because contents were laid out anew, as text.
    """
    from httplint.capture.http1 import Conversation
    text = "\n".join(line.rstrip("\r") for _, line in lines if line != PROMPT)
    as_octets = list(Conversation(text.encode("latin-1"), path).outcomes())
    if not any(isinstance(one, Problem) for one in as_octets):
        return as_octets
    as_text = list(_Verbose(list(_marked(lines)), path).outcomes())
    read = [sum(isinstance(one, Exchange) for one in outcomes) for outcomes in (as_octets, as_text)]
    return as_text if read[1] > read[0] else as_octets


def _marked(lines: list[Line]) -> Iterator[Line]:
    """Requests and responses in the form of `curl -v`; the contents of requests stay out."""
    mark = ""
    asked = blank = True
    for place, (number, line) in enumerate(lines):
        following = lines[place + 1][1] if place + 1 < len(lines) else ""
        if not mark and blank and _FIELD.match(following) and _REQUEST_LINE.match(line):
            yield number, PROMPT
            mark, asked = "> ", True
        elif not mark and blank and asked and _STATUS_LINE.match(line) and (
                not following.strip() or _FIELD.match(following)):
            mark, asked = "< ", False
        if mark:
            yield number, mark + line
            if not line.strip():
                asked = asked or _STATUS_LINE.match(line) is not None
                mark = ""
        elif not asked:
            yield number, line
        blank = not line.strip()


class _Head:
    """A start line with its field lines. `broken`: whether lines of it are not understood, or missing."""

    __slots__ = ("broken", "fields", "line", "start")

    def __init__(self, start: str, line: int) -> None:
        self.start = start
        self.line = line
        self.fields: list[tuple[str, str]] = []
        self.broken = False

    def add(self, text: str) -> bool:
        """Takes in a field line; False if it is none."""
        if text[:1] in (" ", "\t") and self.fields and text.strip():           # obs-fold (RFC 9112 §5.2)
            name, value = self.fields[-1]
            self.fields[-1] = name, f"{value} {text.strip()}"
            return True
        name, colon, value = text.partition(":")
        if not colon or not name:
            self.broken = True
            return False
        self.fields.append((name, value.strip(" \t\r")))
        return True

    def response(self) -> Response:
        """The response that it begins."""
        found = _STATUS_LINE.match(self.start)
        assert found is not None
        return Response(int(found[2]), _version(found[1]), (found[3] or "").strip(), self.fields)

    def request(self, scheme: str) -> Request:
        """The request that it begins."""
        found = _REQUEST_LINE.match(self.start)
        assert found is not None
        return Request(found[1], found[2], _version(found[3]), self.fields, scheme=scheme)

    @property
    def interim(self) -> bool:
        """Whether another response follows: after 1xx, but not after 101."""
        found = _STATUS_LINE.match(self.start)
        return bool(found and found[2].startswith("1") and found[2] != "101")


def _version(text: str) -> str | None:
    text = {"2.0": "2", "3.0": "3"}.get(text, text)
    return text if text in VERSIONS else None


def _length(response: Response) -> int | None:
    """The octets of the content as Content-Length tells, where that is what is printed."""
    fields = response.fields
    if fields is None or fields.combined("transfer-encoding") is not None or (
            (fields.combined("content-encoding") or "identity").strip().lower() != "identity"):
        return None
    text = fields.combined("content-length") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _take(response: Response, text: str, certain: bool) -> int:
    """Gives the response its content, as far as it is known. Returns the facts that are not."""
    if not text.strip() or _trailed(response, text):
        return bits("content")
    length = _length(response)
    size = len(text)
    ends = text.count("\n")
    if length is not None and size + ends + 1 < length:
        response.irregularities += (Irregularity("cut-off", None, text[-40:]),)
        return bits("content")
    if not certain:
        return bits("content")
    if length is not None and (length not in (size, size + ends, size - 1, size - 2) or text[length:].strip()):
        return bits("content")
    if length is not None and length < size:               # a line end that was added
        text = text[:length]
    response.content = text.encode("latin-1")
    return 0


def _trailed(response: Response, text: str) -> bool:
    """Whether the text ends as if `curl -i` had written trailer fields behind the content, which it does unmarked."""
    return _has_trailers(response) and _TRAILED.search(text, text[:-1].rfind("\n") + 1) is not None


def _has_trailers(response: Response) -> bool:
    fields = response.fields
    return fields is not None and (response.version in ("2", "3")
                                   or "chunked" in (fields.combined("transfer-encoding") or "").lower())


def _as_printed(response: Response, unknown: int) -> int:
    """Without a Content-Length to hold it against, text that a shell may have added to is not known."""
    content = response.content
    if content is not None and _length(response) is None and _added_to(content):
        response.content = None
        return unknown | bits("content")
    return unknown


def _added_to(content: bytes) -> bool:
    """Whether the last line ends with what a shell, or one who shortened the text, puts there."""
    last = content.rstrip(b"\r\n").rpartition(b"\n")[2][-1024:]
    return last.endswith((b"%", b"...")) or _GLUED_SHELL.search(last.decode("latin-1")) is not None


# -- curl -v


class _Open:
    """An exchange whose response goes on."""

    __slots__ = ("begun", "broken", "content", "exact", "gap", "heads", "remarked", "request", "scheme", "unended")

    def __init__(self, request: _Head | None, scheme: str) -> None:
        self.request = request
        self.scheme = scheme
        self.heads: list[_Head] = []
        self.content: list[str] = []
        self.begun = False
        """Whether a line of the content was seen."""
        self.exact: str | None = None
        """The content, if Content-Length shows it."""
        self.unended = False
        """Whether a remark stands on the last line of the content, which has no end of its own."""
        self.remarked = False
        self.gap = False
        self.broken = False


class _Verbose:
    """curl -v: remarks begin with '* ', the request with '> ', the response with '< '; the rest is content."""

    def __init__(self, lines: list[Line], path: str) -> None:
        self._lines = lines
        self._path = path
        self._offsets = [0, *accumulate(len(line) + 1 for _, line in lines)]
        self._asked: deque[_Head] = deque()
        self._parallel = False
        self._open: _Open | None = None
        self._state = "remarks"
        self._entry = 0
        self._scheme = ""

    def outcomes(self) -> Iterator[Outcome]:
        """The exchanges, requests without a response, and what is not understood."""
        place = 0
        while place < len(self._lines):
            number, line = self._lines[place]
            line = line.rstrip("\r")
            if line == PROMPT:
                yield from self._closed()
                yield from self._unanswered()
            elif line.startswith("> ") and _REQUEST_LINE.match(line[2:].strip()):
                yield from self._request(line[2:].strip(), number)
            elif line.startswith(">") and self._state == "request":
                if line[1:].strip() and not self._asked[-1].add(line[1:].removeprefix(" ")):
                    yield Problem(self._path, number, 1, "this is no field line; the request is read without it")
            elif line.startswith("< HTTP/") and _STATUS_LINE.match(line[2:].strip()):
                yield from self._response(line[2:].strip(), number)
            elif line.startswith("<") and self._state == "response":
                yield from self._field(line[1:].removeprefix(" "), number)
            elif line.startswith(("* ", "*\t")) or _DATA.match(line):
                yield from self._remark(line)
            elif self._state == "content":
                place = self._content(place)
                continue
            elif line.startswith(("< ", "> ")) and self._state == "remarks":
                yield Problem(self._path, number, 1, "neither a request nor a response begins here")
            place += 1
        yield from self._closed()
        yield from self._unanswered()

    def _request(self, start: str, number: int) -> Iterator[Outcome]:
        if self._state == "content" and not self._complete():
            self._quoted(f"> {start}")
            yield Problem(self._path, number, 1, _QUOTED)
            return
        if self._state == "content":
            yield from self._closed()
        self._asked.append(_Head(start, number))
        self._parallel = self._parallel or len(self._asked) > 1 or self._open is not None
        if self._open is not None:                         # its header section goes on behind this request
            self._open.heads[-1].broken = True
        self._state = "request"

    def _complete(self) -> bool:
        """Whether another message may begin behind what there is of a content."""
        held = self._open
        assert held is not None
        return held.exact is not None or held.remarked or not any(map(str.strip, held.content))

    def _quoted(self, line: str) -> None:
        assert self._open is not None
        self._open.gap = self._open.begun = True
        self._open.content.append(line)

    def _response(self, start: str, number: int) -> Iterator[Outcome]:
        held = self._open
        if held is not None and self._state == "content" and not self._complete() and not self._asked:
            self._quoted(f"< {start}")
            yield Problem(self._path, number, 1, _QUOTED)
            return
        if held is not None and (self._state == "between" or (
                # curl leaves out the empty line behind interim responses
                self._state == "response" and held.heads[-1].interim and not self._parallel)):
            held.heads.append(_Head(start, number))
            self._state = "response"
            return
        interrupted = held is not None and self._state in ("response", "request")
        if interrupted and held is not None:
            held.heads[-1].broken = True
        yield from self._closed()
        asked = self._asked.popleft() if self._asked else None
        self._open = _Open(None if self._parallel else asked, self._scheme)
        self._open.broken = interrupted or self._parallel
        if not self._asked:
            self._parallel = False
        head = _Head(start, number)
        head.broken = interrupted
        self._open.heads.append(head)
        self._state = "response"

    def _field(self, text: str, number: int) -> Iterator[Outcome]:
        assert self._open is not None
        if text.strip():
            if not self._open.heads[-1].add(text):
                yield Problem(self._path, number, 1, "this is no field line; the response is read without it")
        else:
            self._state = "between" if self._open.heads[-1].interim else "content"

    def _remark(self, line: str) -> Iterator[Outcome]:
        if _CONNECTING.match(line):
            self._scheme = ""
        if _TLS.match(line):
            self._scheme = "https"
        if self._state == "request" and _GAVE_UP.match(line) and self._open is None:
            yield from self._unanswered()
            self._state = "remarks"
        if self._open is not None and self._state == "content":
            self._open.remarked = self._open.remarked or line.startswith("* ")
            self._open.content.append(line)

    def _content(self, place: int) -> int:
        """Takes in content that begins at a line. Returns where to go on."""
        held = self._open
        assert held is not None
        line = self._lines[place][1]
        begins = not held.begun and bool(line.strip()) and not _remark(line)
        if begins and line.startswith("HTTP/") and any(line.rstrip() == head.start for head in held.heads):
            # -i prints the header section again
            return next((stop + 1 for stop in range(place, len(self._lines)) if not self._lines[stop][1].strip()),
                        len(self._lines))
        held.begun = held.begun or begins
        response = held.heads[-1].response() if begins and held.exact is None else None
        method = held.request.start.split(" ")[0] if held.request is not None else None
        if response is not None and not contentless(response.status, method):
            length = _length(response)
            end = -1 if length is None else self._offsets[place] + length
            if length and end < self._offsets[-1] and not _STATUS_LINE.match(line):
                stop = bisect_right(self._offsets, end) - 1
                inside = end - self._offsets[stop]
                text = self._lines[stop][1]
                rest = text[inside:] if inside else text
                if _ends(self._lines, stop, rest):
                    whole = "\n".join(one for _, one in self._lines[place:stop + 1])
                    held.exact = whole[:length]
                    self._lines[stop] = self._lines[stop][0], rest if rest != "%" else ""
                    self._offsets[stop] = end
                    return stop
        if not held.content or not _remark(line):
            glued = _GLUED.search(line)
            if glued and glued.start() and not line.startswith(("> ", "< ")):
                held.content.append(line[:glued.start()])
                held.remarked = held.unended = True
                return place + 1
        held.content.append(line)
        return place + 1

    def _closed(self) -> Iterator[Outcome]:
        held, self._open = self._open, None
        self._state = "remarks"
        if held is None:
            return
        interim = [head.response() for head in held.heads[:-1][:INTERIM_LIMIT]]
        final = held.heads[-1].response()
        request = held.request.request(held.scheme) if held.request is not None else None
        source = Source(self._path, self._entry, (held.request or held.heads[0]).line, 1)
        self._entry += 1
        unknown = _FROM_CURL
        if any(head.broken for head in held.heads):
            unknown |= bits("response_fields", "lines")
        if held.request is None:
            unknown |= _NO_REQUEST
        elif held.request.broken:
            unknown |= bits("request_fields")
        if held.heads[-1].interim or len(held.heads) - 1 > INTERIM_LIMIT:
            unknown |= bits("interim")
        if contentless(final.status, request.method if request else None):
            unknown |= bits("content")
        elif held.exact is not None and not held.broken:
            final.content = held.exact.encode("latin-1")
        else:
            content, certain = _printed(held.content, final, held.unended)
            unknown |= _take(final, content, certain and not held.gap and not held.broken)
            unknown = _as_printed(final, unknown)
        if trailers := _trailers(held.content, final):
            final.trailers = Fields(tuple(trailers))
            unknown &= ~bits("trailers")
        yield Exchange(final, request, interim, None, Evidence.of(ALL & ~unknown), source)

    def _unanswered(self) -> Iterator[Outcome]:
        while self._asked:
            asked = self._asked.popleft()
            yield Skipped(Source(self._path, self._entry, asked.line, 1), "no response was captured", NO_RESPONSE)
            self._entry += 1
        self._parallel = False


def _without_joined(response: Response) -> frozenset[str]:
    """Takes Set-Cookie out where its lines may have been joined, as REST Client saves them; what cannot be missed."""
    cookies = response.fields.values("set-cookie") if response.fields is not None else ()
    if len(cookies) != 1 or not _COOKIES.search(cookies[0]):
        return NO_NAMES
    response.fields = Fields(tuple(line for line in response.fields or () if line[0].lower() != "set-cookie"))
    return COOKIES


def _remark(line: str) -> bool:
    """Whether curl or a shell wrote the line, not the server."""
    return line.startswith("* ") or _DATA.match(line) is not None or _OWN.match(line) is not None or (
        _SHELL.match(line) is not None)


def _ends(lines: list[Line], stop: int, rest: str) -> bool:
    """Whether nothing speaks against it that a content ends in a line, of which the rest is not its own."""
    if rest.strip("\r"):
        return rest == "%" or _structure(rest)
    following = lines[stop + 1][1] if stop + 1 < len(lines) else ""
    return not following.strip() or following == "%" or _structure(following)


def _structure(line: str) -> bool:
    """Whether the line belongs to what curl prints about messages."""
    return _remark(line) or line.startswith(("> ", "< ")) or _STATUS_LINE.match(line) is not None


def _trailer_lines(lines: list[str], response: Response) -> int:
    """How many of the last lines hold trailer fields, or remarks behind them; 0 if there are no trailers.

    curl prints them as it prints header fields, when the content is over.
    """
    if not _has_trailers(response):
        return 0
    place, first = len(lines), len(lines)
    while place and (_remark(lines[place - 1]) or not lines[place - 1].strip("\r<> ")
                     or (lines[place - 1].startswith("< ") and _FIELD.match(lines[place - 1], 2))):
        place -= 1
        if lines[place].startswith("< "):
            first = place
    return len(lines) - first


def _trailers(lines: list[str], response: Response) -> list[tuple[str, str]]:
    head = _Head("", 0)
    count = _trailer_lines(lines, response)
    for line in lines[len(lines) - count:] if count else ():
        if line.startswith("< ") and line[2:].strip():
            head.add(line[2:])
    return head.fields


def _printed(lines: list[str], response: Response, unended: bool) -> tuple[str, bool]:
    """(the content among these lines, whether it is certain that it is the whole and nothing else)"""
    count = _trailer_lines(lines, response)
    lines = lines[:len(lines) - count]
    first, last = 0, len(lines)
    while first < last and (_remark(lines[first]) or not lines[first].strip()):
        first += 1
    trimmed = count > 0
    while last > first and (_remark(lines[last - 1]) or not lines[last - 1].strip()):
        last -= 1
        trimmed = True
    kept = lines[first:last]
    while kept and _STATUS_LINE.match(kept[0]):            # -i and -I print the header section among the content, too
        blank = next((place for place, line in enumerate(kept) if not line.strip()), len(kept) - 1)
        kept = kept[blank + 1:]
    bare = [line for line in kept if not _DATA.match(line)]
    certain = not any(map(_remark, bare))
    if trimmed and bare and not unended:
        bare.append("")
    return "\n".join(bare), certain


# -- curl -i


class _Included:
    """curl -i, curl -I and their like: a status line, field lines, an empty line, content; once or more."""

    def __init__(self, lines: list[Line], path: str) -> None:
        self._lines = lines
        self._path = path
        self._offsets = [0, *accumulate(len(line) + 1 for _, line in lines)]
        self._entry = 0
        self._interim = Interim()
        self._place = 0

    def outcomes(self) -> Iterator[Outcome]:
        """The exchanges, and what is not understood."""
        lines = self._lines
        while self._place < len(lines):
            number, line = lines[self._place]
            if _STATUS_LINE.match(line):
                yield from self._message()
                continue
            self._place += 1
            if line.strip() and line != PROMPT and not _remark(line):
                yield Problem(self._path, number, 1, "no response begins here; expected a line such as HTTP/1.1 200 OK")
                while self._place < len(lines) and not _STATUS_LINE.match(lines[self._place][1]):
                    self._place += 1

    def _message(self) -> Iterator[Outcome]:
        lines = self._lines
        number, line = lines[self._place]
        head = _Head(line.rstrip("\r"), number)
        self._place += 1
        while self._place < len(lines) and (text := lines[self._place][1].rstrip("\r")):
            if text == PROMPT or _STATUS_LINE.match(text):
                head.broken = True
                break
            if not head.add(text):
                yield Problem(self._path, lines[self._place][0], 1,
                              "this is no field line; the response is read without it")
            self._place += 1
        else:
            self._place += 1
        response = head.response()
        if head.interim and self._place < len(lines) and _STATUS_LINE.match(lines[self._place][1]):
            self._interim.add(response)
            return
        interim, self._interim = self._interim, Interim()
        unknown = _FROM_CURL | _NO_REQUEST | interim.lacks
        if head.broken:
            unknown |= bits("response_fields", "lines", "content")
        if head.interim:
            unknown |= bits("interim")
        gaps: list[Problem] = []
        if not head.broken:
            unknown |= self._body(response, gaps)
        source = Source(self._path, self._entry, head.line, 1)
        self._entry += 1
        missing = _without_joined(response)
        yield Exchange(response, None, interim.kept, None, Evidence.of(ALL & ~unknown, missing), source)
        yield from gaps

    def _body(self, response: Response, gaps: list[Problem]) -> int:
        """Reads what follows the header section. Returns the facts that are not known."""
        lines, start = self._lines, self._place
        if start >= len(lines) or _STATUS_LINE.match(lines[start][1]) or lines[start][1] == PROMPT:
            return bits("content")
        length = _length(response)
        bare = contentless(response.status, None)
        if length and not bare and (stop := self._stop(start, length)) is not None:
            response.content = "\n".join(line for _, line in lines[start:stop + 1])[:length].encode("latin-1")
            end = self._offsets[start] + length
            rest = lines[stop][1][end - self._offsets[stop]:]
            lines[stop] = lines[stop][0], rest if rest != "%" else ""
            self._offsets[stop] = end
            self._place = stop
            return 0
        text: list[str] = []
        blank = True
        while self._place < len(lines):
            number, line = lines[self._place]
            if line == PROMPT or (blank and _STATUS_LINE.match(line)):
                break
            if self._looks_like_one(line):
                if length is not None and length in (size := len("\n".join(text)) + 1, size + len(text), size - 1):
                    break
                gaps.append(Problem(self._path, number, 1, _QUOTED))
            blank = blank and not line.strip()
            text.append(line)
            self._place += 1
        printed, certain = _printed(text, Response(200), False)
        if bare:
            if printed.strip():
                gaps.append(Problem(self._path, lines[start][0], 1,
                                    f"text behind a response {response.status}, which has no content; it is not read"))
            return bits("content")
        return _as_printed(response, _take(response, printed if gaps or _trailing(text) else "\n".join(text),
                                           certain and not gaps))

    def _looks_like_one(self, line: str) -> bool:
        """Whether a response may begin on the line, or behind content that has no line end."""
        place = line.rfind("HTTP/", 0, 1 << 16)
        if place < 0 or not _GLUED_STATUS.match(line, place):
            return False
        following = self._lines[self._place + 1][1] if self._place + 1 < len(self._lines) else ""
        return not following.strip() or _FIELD.match(following) is not None

    def _stop(self, start: int, length: int) -> int | None:
        """The line in which a content of that length ends, if there is nothing that speaks against it."""
        end = self._offsets[start] + length
        if end >= self._offsets[-1]:
            return None
        stop = bisect_right(self._offsets, end) - 1
        rest = self._lines[stop][1][end - self._offsets[stop]:]
        return stop if _ends(self._lines, stop, rest) else None


def _trailing(text: list[str]) -> bool:
    """Whether curl or a shell wrote the last line that is not empty."""
    return any(_remark(line) for line in text[-3:])
