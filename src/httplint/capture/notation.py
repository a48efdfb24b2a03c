r"""The notation of the rules' examples: exchanges as text, with `>` for requests and `<` for responses.

    * started 2025-07-01T12:00:00Z          (may be left out: the time of the exchange)
    > GET /report HTTP/1.1                  (without any `>` line, the request was not captured)
    > Range: bytes=0-1
    >                                       (then the request's content, if any)
    < HTTP/1.1 103 Early Hints              (interim responses end with an empty `<` line)
    <
    < HTTP/1.1 206 Partial Content
    < Content-Range: bytes 0-1/9
    <                                       (without it, the content was not captured)
    ab                                      (lines are joined with CRLF)
    <<                                      (begins the trailers, `<< Name: value` holds one)
    ---                                     (the next exchange)

A response of HTTP/2 or HTTP/3 may be written with its pseudo-fields, in their places (`< :status: 200`); then all that
stands behind the space after a colon is the value, whitespace too.

`«4096×x»` stands for 4096 times x, anywhere.

Where octets matter, they are written out instead:

    octets: GET / HTTP/1.1\r\nHost: a\r\n\r\n
    HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab

They are those of a connection, in both directions, until the server closed it; or, if they end with `…`, those of a
file, which may have been cut off or added to. `\r`, `\n`, `\t`, `\\` and `\x00` stand for octets, the ends of the
lines for nothing.
"""
from __future__ import annotations

import re
from datetime import datetime

from httplint.capture.outcome import Skipped
from httplint.model.errors import TextError
from httplint.model.evidence import ALL, Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import VERSIONS, Request, Response

_STATUS_LINE = re.compile(r"HTTP/(\d(?:\.\d)?) +(\d{1,3})(?: +(.*?))? *\Z")
_REQUEST_LINE = re.compile(r"(\S+) +(\S.*?) +HTTP/(\d(?:\.\d)?) *\Z")
_STARTED = "* started "
_OCTETS = "octets:"
_TIMES = re.compile(r"«(\d{1,7})×([^«»\n]+)»")
LONGEST = 1 << 20
"""Characters of a text whose repetitions are written out, at most."""
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.)|\Z)", re.DOTALL)
_ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}


class NotationError(TextError):
    """A text that is not in the notation; `line` counts from 1."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(f"line {line}: {why}")
        self.why = why
        self.line = line


def notation(text: str, path: str = "example") -> list[Exchange]:
    """The exchanges of a text in the notation. Raises NotationError."""
    out: list[Exchange] = []
    chunk: list[str] = []
    first = 1
    if sum(int(found[1]) * len(found[2]) for found in _TIMES.finditer(text)) > LONGEST:
        raise NotationError(f"more than {LONGEST:,} characters are repeated", 1)
    text = _TIMES.sub(lambda found: found[2] * int(found[1]), text)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for number, line in enumerate([*lines, "---"], 1):
        if line.rstrip() != "---":
            chunk.append(line)
            continue
        if chunk and next((part for part in chunk if part.strip()), "").startswith(_OCTETS):
            out += _in_octets(chunk, first, path, len(out))
        elif any(part.strip() for part in chunk):
            out.append(_exchange(chunk, first, Source(path, len(out), first, 1)))
        chunk, first = [], number + 1
    return out


def _in_octets(lines: list[str], first: int, path: str, entry: int) -> list[Exchange]:
    """The exchanges of octets that are written out."""
    from httplint.capture.http1 import FILE, WIRE, Conversation
    text = "".join(lines).strip().removeprefix(_OCTETS).lstrip()
    wire = not text.endswith("…")
    try:
        octets = _ESCAPE.sub(lambda found: _escaped(found, first), text.removesuffix("…")).encode("latin-1")
    except UnicodeEncodeError as error:
        raise NotationError(f"{error.object[error.start]!r} is no octet", first) from None
    out: list[Exchange] = []
    for outcome in Conversation(octets, path, WIRE if wire else FILE, closed=wire).outcomes():
        if not isinstance(outcome, Exchange):
            raise NotationError(outcome.reason if isinstance(outcome, Skipped) else outcome.cause, first)
        outcome.source = Source(path, entry + len(out), first, 1)
        out.append(outcome)
    return out


def _escaped(found: re.Match[str], line: int) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    if found[2] not in _ESCAPES:
        raise NotationError(rf"after a backslash one of r, n, t, \\ and x00 is expected, not {found[0]!r}", line)
    return _ESCAPES[found[2]]


class _Section:
    """A start line with its field lines."""

    __slots__ = ("exact", "fields", "line", "start")

    def __init__(self, start: str, line: int) -> None:
        self.start = start
        self.line = line
        self.fields: list[tuple[str, str]] = []
        self.exact: list[tuple[str, str]] = []
        """With pseudo-fields, and the whitespace around values but for the space that the notation has."""

    def add(self, text: str, line: int, trailer: bool = False) -> None:
        exact, text = text.removeprefix(" "), text.strip()
        pseudo = text.startswith(":")
        name, colon, value = text.removeprefix(":").partition(":")
        if not colon:
            raise NotationError(f"expected 'Name: value', got {text[:60]!r}", line)
        if trailer or not pseudo:                          # in a header section, pseudo-fields are no field lines
            octets = _octets([value.strip(" \t")])
            self.fields.append((f":{name}" if pseudo else name, octets.decode("latin-1")))
        name, _, value = exact.removeprefix(":").partition(":")
        self.exact.append((f":{name}" if pseudo else name, _octets([value.removeprefix(" ")]).decode("latin-1")))


def _exchange(lines: list[str], first: int, source: Source) -> Exchange:
    request: _Section | None = None
    responses: list[_Section] = []
    request_content: list[str] | None = None
    content: list[str] | None = None
    trailers: list[tuple[str, str]] | None = None
    started: datetime | None = None
    end = next((end for end in range(len(lines), 0, -1) if lines[end - 1].strip()), 0)
    for number, line in enumerate(lines[:end], first):
        if trailers is not None or (responses and line.startswith("<<")):
            trailers = trailers or []
            if line[2:].strip():
                section = _Section("", number)
                section.add(line[2:].strip(), number, trailer=True)
                trailers += section.fields
        elif content is not None and not (line.startswith("< HTTP/") and not content and _is_interim(responses[-1])):
            content.append(line)
        elif line.startswith("<"):
            text = line[1:].strip()
            if text.startswith("HTTP/"):
                responses.append(_Section(text, number))
                content = None
            elif not responses:
                raise NotationError("no status line: a response begins with one, such as '< HTTP/1.1 200 OK'", number)
            elif text:
                responses[-1].add(line[1:], number)
            else:
                content = []
        elif request_content is not None:
            request_content.append(line)
        elif line.startswith(">"):
            text = line[1:].strip()
            if request is None:
                request = _Section(text, number)
            elif text:
                request.add(text, number)
            else:
                request_content = []
        elif line.startswith(_STARTED):
            started = _time(line[len(_STARTED):], number)
        elif line.strip():
            raise NotationError(f"expected a line that begins with '>' or '<', got {line[:60]!r}", number)
    if not responses:
        raise NotationError("no response: expected a line such as '< HTTP/1.1 200 OK'", first)
    *interim, final = [_response(section) for section in responses]
    sections = [_with_pseudo_fields(one, section) for one, section in zip([*interim, final], responses, strict=True)]
    if content is not None:
        final.content = _octets(content)
        final.size = len(final.content)
        final.trailers = Fields(tuple(trailers or ()))
    sent = None
    if request is not None:
        sent = _request(request)
        sent.content = _octets(request_content or [])
        sent.size = len(sent.content)
    return Exchange(final, sent, interim, started, _proven(final, sent, started, all(sections)), source)


def _proven(final: Response, sent: Request | None, started: datetime | None, wire: bool) -> Evidence:
    """All but what the notation does not say. `wire`: whether all sections are as they were on the wire."""
    unknown = [] if wire else ["wire"]
    if final.content is None:
        unknown += ["content", "octets", "size", "trailers"]
    if sent is None:
        unknown += ["request", "request_fields", "request_content", "request_version", "target"]
    if started is None:
        unknown.append("time")
    return Evidence.of(ALL & ~bits(*unknown))


def _is_interim(section: _Section) -> bool:
    """Whether another response follows its header section: after 1xx, but not after 101."""
    found = _STATUS_LINE.match(section.start)
    return bool(found and found[2].startswith("1") and found[2] != "101")


def _response(section: _Section) -> Response:
    found = _STATUS_LINE.match(section.start)
    if not found:
        raise NotationError(f"expected 'HTTP/1.1 200 OK', got {section.start[:60]!r}", section.line)
    return Response(int(found[2]), _version(found[1]), found[3] or "", section.fields)


def _with_pseudo_fields(response: Response, section: _Section) -> bool:
    """Whether a response of HTTP/2 or HTTP/3 is written with its pseudo-fields; if so, it is read octet by octet."""
    if response.version not in ("2", "3") or not any(name.startswith(":") for name, _ in section.exact):
        return False
    from httplint.capture.http2_syntax import response_section
    fields, response.irregularities = response_section(section.exact)
    response.fields = Fields(fields)
    return True


def _request(section: _Section) -> Request:
    found = _REQUEST_LINE.match(section.start)
    if not found:
        raise NotationError(f"expected 'GET / HTTP/1.1', got {section.start[:60]!r}", section.line)
    return Request(found[1], found[2], _version(found[3]), section.fields)


def _version(text: str) -> str | None:
    text = {"2.0": "2", "3.0": "3"}.get(text, text)
    return text if text in VERSIONS else None


def _octets(lines: list[str]) -> bytes:
    text = "\r\n".join(lines)
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


def _time(text: str, line: int) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise NotationError(f"expected a time such as 2025-07-01T12:00:00Z, got {text[:40]!r}", line) from None
