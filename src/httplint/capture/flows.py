"""Flows of mitmproxy, live or out of the dump files that it writes (`.mitm`, `.flow`), as exchanges.

An exchange is judged as the server saw it: where mitmproxy translates between versions of HTTP, the request is that
which it sent on. It takes `Expect: 100-continue` and an Upgrade to h2c out of requests before it sends them on, so
that their absence is a fact.

mitmproxy itself is not needed, not even for files: `read` understands the files of all its releases since 0.11.

What a flow proves: mitmproxy keeps field lines octet by octet and in order, the content before content decoding, and
trailers of HTTP/2 and HTTP/3. It trims field values, forgets line ends and chunks, drops octets behind responses
that have no content in HTTP/1.x (so that no content there is no evidence), and shows no interim responses: those of
HTTP/1.x take the place of the final one, which is lost; those of HTTP/2 are swallowed. A final response over HTTP/1.x
had therefore none before it.
"""
from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from httplint.capture import files
from httplint.capture.files import Progress
from httplint.capture.outcome import NO_RESPONSE, NOT_HTTP, SYNTHETIC, UNREADABLE, Outcome, Problem, Skipped
from httplint.model.evidence import ALL, Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Request, Response
from httplint.model.named import NamedTuple

if TYPE_CHECKING:
    from mitmproxy import http

FLOW_LIMIT = 1 << 30
"""The largest flow that is read from a file, in octets."""
LIST_LIMIT = 16 << 20
"""The largest list in a flow that is read, such as its field lines, in octets of the file."""

REFUSED = ("Cannot parse HTTP response", "unexpected server response", "HTTP/1 protocol error",
           "HTTP/2 protocol error", "HTTP/3 protocol error", "Received ", "Invalid HTTP/")
"""How messages of mitmproxy begin that find fault with the response."""

Lines = tuple[tuple[bytes, bytes], ...]

_KNOWN = ALL & ~bits("wire", "target")
_CONTENT = bits("content", "octets", "size")
_INTERIM = bits("interim")
_TRAILERS = bits("trailers")
_REASON = bits("reason")
_VERSION = bits("version")
_REQUEST_CONTENT = bits("request_content")
_REQUEST_VERSION = bits("request_version")
_TIME = bits("time")

_VERSIONS = {b"HTTP/1.0": "1.0", b"HTTP/1.1": "1.1", b"HTTP/2.0": "2", b"HTTP/2": "2", b"HTTP/3": "3", b"HTTP/3.0": "3"}
_MULTIPLEXED = ("2", "3")
_NO_CONTENT = frozenset({204, 304})
_HOP_BY_HOP = frozenset({b"connection", b"proxy-connection", b"keep-alive", b"transfer-encoding", b"upgrade", b"host"})
"""What mitmproxy leaves out of a request of HTTP/1.x that it sends on over HTTP/2 or 3."""
_STREAMED = frozenset({"upgrade", "connection", "http2-settings"})
"""Out of a streamed request, mitmproxy takes an Upgrade to h2c after it has sent it on."""
_NO_NAMES: frozenset[str] = frozenset()
_AUTHORITY = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=%\[\]:-]+")
_DETAIL = re.compile(r"b?'[^']*'?|b?\"[^\"]*\"?|\([^)]*\)?|\d+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Asked(NamedTuple):
    """A request as mitmproxy keeps it."""

    method: bytes
    scheme: bytes
    authority: bytes
    host: str
    port: int
    path: bytes
    version: bytes
    lines: Lines
    content: bytes | None
    started: float | None


class Answered(NamedTuple):
    """A response as mitmproxy keeps it. `current`: by a release whose treatment of the rest is known."""

    status: int
    reason: bytes
    version: bytes
    lines: Lines
    content: bytes | None
    trailers: Lines | None
    current: bool = True
    ended: float | None = None


class Snapshot(NamedTuple):
    """A flow whose response has come, or will not come.

    `error`: what mitmproxy says went wrong. `connection`: a name for that to the server; None if there was none.
    """

    asked: Asked
    answered: Answered | None
    error: str | None
    replayed: bool
    connection: str | None


class Flows:
    """Makes exchanges of flows, in the order in which their responses came.

    An interim response over HTTP/1.x takes the place of the final one. When that arrives later, and the next request
    has been sent on the same connection by then, mitmproxy takes it for the answer to that request: what comes over
    such a connection is skipped.
    """

    LIMIT = 4096
    """How many such connections are remembered."""

    def __init__(self) -> None:
        self._mixed_up: OrderedDict[str, None] = OrderedDict()

    def exchange(self, snapshot: Snapshot, source: Source) -> Exchange | Skipped:
        """The exchange of a flow, or why there is none. Contents are not copied."""
        answered = self.answer(snapshot, source)
        return answered if isinstance(answered, Skipped) else pair(
            snapshot.asked, answered, snapshot.error is not None, source)

    def answer(self, snapshot: Snapshot, source: Source) -> Answered | Skipped:
        """The response of a flow, if it is one to judge."""
        asked, answered, error, replayed, connection = snapshot
        if asked.method.upper() == b"CONNECT":
            return Skipped(source, "mitmproxy answers CONNECT by itself", SYNTHETIC)
        if answered is None:
            return Skipped(source, no_response(error), NO_RESPONSE)
        if replayed or connection is None:
            return Skipped(source, "the response does not come from the server, but from mitmproxy", SYNTHETIC)
        if connection in self._mixed_up:
            return Skipped(source, "mitmproxy may have mixed up the responses on a connection after an interim one",
                           UNREADABLE)
        if 100 <= answered.status < 200 and answered.status != 101 and connection:
            self._mixed_up[connection] = None
            if len(self._mixed_up) > self.LIMIT:
                self._mixed_up.popitem(last=False)
        return answered


def snapshot(flow: http.HTTPFlow) -> Snapshot:
    """An HTTP flow of mitmproxy as it is now: what is changed in it later does not show. Contents are not copied."""
    request = flow.request.data
    asked = Asked(request.method, request.scheme, request.authority, request.host, request.port, request.path,
                  request.http_version, request.headers.fields, request.content, request.timestamp_start)
    answered = None
    if flow.response is not None:
        response = flow.response.data
        trailers = response.trailers
        answered = Answered(response.status_code, response.reason, response.http_version, response.headers.fields,
                            response.content, None if trailers is None else trailers.fields,
                            ended=response.timestamp_end)
    server = flow.server_conn
    return Snapshot(asked, answered, flow.error.msg if flow.error else None, flow.is_replay == "response",
                  server.id if server.timestamp_start else None)


def exchange(flow: http.HTTPFlow, source: Source | None = None) -> Exchange | Skipped:
    """The exchange of one HTTP flow by itself, or why there is none."""
    return Flows().exchange(snapshot(flow), source or Source("mitmproxy", 0))


def no_response(error: str | None) -> str:
    """Why a flow has no response, without what differs from flow to flow."""
    if error is None:
        return "no response was captured"
    detail = " ".join(_DETAIL.sub("…", error[:200]).split())
    return f"{'mitmproxy refused the response' if error.startswith(REFUSED) else 'no response'}: {detail}"


def pair(asked: Asked, answered: Answered, broken: bool, source: Source) -> Exchange:
    """The exchange of a request and its response, `broken` where an error ended that."""
    version = _VERSIONS.get(answered.version)
    request_version = _VERSIONS.get(asked.version)
    multiplexed = version in _MULTIPLEXED
    lines = asked.lines
    if version is not None:
        if multiplexed != (request_version in _MULTIPLEXED):
            lines = _translated(asked, multiplexed)
        if multiplexed or request_version in _MULTIPLEXED:
            request_version = version if multiplexed else "1.1"
    status = answered.status
    interim = 100 <= status < 200
    bodyless = not multiplexed and (status in _NO_CONTENT or asked.method.upper() == b"HEAD")
    content, trailers = answered.content, answered.trailers
    fields = _fields(answered.lines)
    facts = _KNOWN
    if broken or interim or bodyless or content is None or not _dechunked(fields):
        content = None
        facts &= ~_CONTENT
    if broken or interim or not answered.current:
        trailers = None
        facts &= ~_TRAILERS
    elif trailers is None:
        trailers = ()                                      # what mitmproxy does not know of ends in an error
    if multiplexed or interim or not answered.current:
        facts &= ~_INTERIM
    if version is None:
        facts &= ~_VERSION & ~_INTERIM & ~_REASON
    elif multiplexed:
        facts &= ~_REASON
    if request_version is None:
        facts &= ~_REQUEST_VERSION
    if asked.content is None:
        facts &= ~_REQUEST_CONTENT
    if asked.started is None:
        facts &= ~_TIME
    request = Request(asked.method.decode("latin-1"), _uri(asked), request_version, _fields(lines), asked.content)
    reason = answered.reason.decode("latin-1") if facts & _REASON else None
    response = Response(status, version, reason, fields, content,
                        None if trailers is None else _fields(trailers))
    gaps = _STREAMED if asked.content is None else _NO_NAMES
    begun, ended = asked.started, answered.ended
    return Exchange(response, request, (), begun, Evidence.of(facts, _NO_NAMES, gaps), source,
                    None if begun is None or ended is None or ended < begun else ended - begun)


def _fields(lines: Lines) -> Fields:
    return Fields(tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in lines]))


def _translated(asked: Asked, multiplexed: bool) -> Lines:
    """The field lines of a request after mitmproxy made one of another version of it."""
    lines = asked.lines
    if multiplexed:
        return tuple(line for line in lines if line[0].lower() not in _HOP_BY_HOP)
    if asked.authority and not any(name.lower() == b"host" for name, _ in lines):
        return ((b"Host", asked.authority), *lines)
    return lines


def _dechunked(fields: Fields) -> bool:
    """Whether no transfer coding is left: mitmproxy undoes chunked only."""
    return all(value.lower() == "chunked" for value in fields.values("transfer-encoding"))


def _uri(asked: Asked) -> str:
    """The target URI (RFC 9110 §7.1)."""
    scheme = asked.scheme.decode("latin-1").lower()
    if scheme not in _DEFAULT_PORTS:
        scheme = "https" if asked.port == 443 else "http"
    authority = asked.authority
    if not authority:
        hosts = [value for name, value in asked.lines if name.lower() == b"host"]
        authority = hosts[0] if len(hosts) == 1 else b""
    if _AUTHORITY.fullmatch(authority):
        place = authority.decode("ascii")
    else:
        host = f"[{asked.host}]" if ":" in asked.host else asked.host
        place = host if asked.port == _DEFAULT_PORTS[scheme] else f"{host}:{asked.port}"
    path = asked.path.decode("latin-1")
    if path == "*":
        path = ""
    return f"{scheme}://{place}{path if path[:1] in ('/', '?', '') else '/' + path}"


# -- dump files: one tnetstring after another, LENGTH:PAYLOAD and an octet for the type

_LENGTH_DIGITS = 12
_PIECE = 1 << 20
_DEPTH = 16
_OLDEST_CURRENT = 18
"""From this format on (mitmproxy 9), what is not in a flow is known from the source of mitmproxy."""
_NEEDED = frozenset({"type", "version", "request", "response", "error", "is_replay", "server_conn"})


class MalformedFlow(Exception):
    """A flow or a file that is not what mitmproxy writes."""


def read(source: str | BinaryIO, *, path: str,
         progress: Progress | None = None) -> Iterator[Outcome]:
    """One outcome for each flow of a dump file (a path, `-`, or a stream), in order; a Problem, if any, comes last.

    Memory holds one flow at a time. `progress` is told the octets read and the octets in all. Raises OSError,
    files.Unreadable.
    """
    for document in files.documents(source, path, progress):
        yield from _read(_Octets(document.stream), path)


def _read(stream: _Octets, path: str) -> Iterator[Outcome]:
    flows = Flows()
    number = 0
    while True:
        begin = stream.offset
        try:
            more, payload = _next(stream)
        except MalformedFlow as error:
            yield Problem(path, None, None, f"flow {number}, at octet {begin}: {error}")
            return
        if not more:
            return
        source = Source(path, number)
        number += 1
        if payload is None:
            yield Skipped(source, f"a flow of more than {FLOW_LIMIT >> 20} MB", UNREADABLE)
            continue
        try:
            yield _of_state(flows, _dictionary(payload, 0, len(payload), _NEEDED), source)
        except MalformedFlow as error:
            yield Skipped(source, f"not a flow: {error}", UNREADABLE)


class _Octets:
    """A stream read in small amounts, whose place is known."""

    def __init__(self, stream: files.Stream) -> None:
        self._read = files.reading(stream)
        self._waiting = b""
        self._used = 0
        self.offset = 0

    def take(self, size: int) -> bytes:
        """At least one and at most so many octets; none at the end."""
        if self._used == len(self._waiting):
            self._waiting, self._used = self._read(_PIECE), 0
        taken = self._waiting[self._used:self._used + size]
        self._used += len(taken)
        self.offset += len(taken)
        return taken


def _next(stream: _Octets) -> tuple[bool, bytes | None]:
    """Whether there is another flow, and its payload (None: too large).

    Raises MalformedFlow where no dictionary follows, or the file breaks off.
    """
    prefix = b""
    while (octet := stream.take(1)) != b":" or not prefix:
        if not octet and not prefix:
            return False, None
        if not octet.isdigit() or len(prefix) == _LENGTH_DIGITS:
            raise MalformedFlow("no flow begins here" if octet else "the file breaks off")
        prefix += octet
    missing = int(prefix)
    kept: list[bytes] | None = [] if missing <= FLOW_LIMIT else None
    while missing:
        piece = stream.take(missing)
        if not piece:
            raise MalformedFlow("the file breaks off")
        missing -= len(piece)
        if kept is not None:
            kept.append(piece)
    kind = stream.take(1)
    if kind != b"}":
        raise MalformedFlow("no flow begins here" if kind else "the file breaks off")
    return True, None if kept is None else b"".join(kept)


def _item(data: bytes, start: int, end: int) -> tuple[int, int, int]:
    """(begin of the payload, its end, type) of the item at `start`; the next one begins two octets after the end."""
    colon = data.find(b":", start, min(end, start + _LENGTH_DIGITS + 1))
    if colon < 0 or not data[start:colon].isdigit():
        raise MalformedFlow("no length")
    begin = colon + 1
    stop = begin + int(data[start:colon])
    if stop >= end:
        raise MalformedFlow("an item is longer than what holds it")
    return begin, stop, data[stop]


def _value(data: bytes, begin: int, end: int, kind: int, depth: int) -> Any:
    if kind == 0x2C:                                       # ,
        return data[begin:end]
    if kind == 0x3B:                                       # ;
        return data[begin:end].decode("utf-8", "surrogateescape")
    if kind == 0x7E:                                       # ~
        return None
    if kind == 0x21:                                       # !
        return data[begin:end] == b"true"
    if kind in (0x23, 0x5E):                               # # ^
        text = data[begin:min(end, begin + 40)]
        try:
            return int(text) if kind == 0x23 else float(text)
        except ValueError:
            raise MalformedFlow("a number that is none") from None
    if depth <= 0:
        raise MalformedFlow("nested too deeply")
    if kind == 0x5D:                                       # ]
        if end - begin > LIST_LIMIT:
            raise MalformedFlow("a list that is too long")
        items = []
        while begin < end:
            first, last, of = _item(data, begin, end)
            items.append(_value(data, first, last, of, depth - 1))
            begin = last + 1
        return items
    if kind == 0x7D:                                       # }
        return _dictionary(data, begin, end, None, depth - 1)
    raise MalformedFlow("an unknown type")


def _dictionary(data: bytes, begin: int, end: int, needed: frozenset[str] | None,
                depth: int = _DEPTH) -> dict[str, Any]:
    """The entries of a dictionary whose keys are needed (None: all)."""
    out: dict[str, Any] = {}
    while begin < end:
        first, last, kind = _item(data, begin, end)
        if kind not in (0x2C, 0x3B) or last - first > 100:
            raise MalformedFlow("a key that is no text")
        key = data[first:last].decode("latin-1")
        first, last, kind = _item(data, last + 1, end)
        if needed is None or key in needed:
            out[key] = _value(data, first, last, kind, depth)
        begin = last + 1
    return out


# -- what stands in a flow; the names of things changed in the course of time


def _of_state(flows: Flows, state: dict[str, Any], source: Source) -> Exchange | Skipped:
    kind = _text(state.get("type", "http"))
    if kind != "http":
        return Skipped(source, f"a flow of {kind[:20].upper()}", NOT_HTTP)
    request, response = state.get("request"), state.get("response")
    if not isinstance(request, dict):
        raise MalformedFlow("no request")
    version = state.get("version")
    current = type(version) is int and version >= _OLDEST_CURRENT
    asked = Asked(
        _octets(request.get("method")), _octets(request.get("scheme")), _octets(request.get("authority", b"")),
        _text(request.get("host", "")), _port(request.get("port")), _octets(request.get("path")), _version(request),
        _lines(request.get("headers")), _content(request), _time(request.get("timestamp_start")))
    answered = None
    replayed = _text(state.get("is_replay") or "") == "response"
    if isinstance(response, dict):
        replayed = replayed or response.get("is_replay") is True
        trailers = response.get("trailers")
        answered = Answered(
            _status(response), _octets(response.get("reason", response.get("msg", b""))), _version(response),
            _lines(response.get("headers")), _content(response), None if trailers is None else _lines(trailers),
            current, _time(response.get("timestamp_end")))
    error = state.get("error")
    message = _text(error.get("msg") or "") if isinstance(error, dict) else None
    server = state.get("server_conn")
    connection = None
    if isinstance(server, dict) and _time(server.get("timestamp_start")) is not None:
        connection = _text(server.get("id") or "")
    return flows.exchange(Snapshot(asked, answered, message, replayed, connection), source)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if not isinstance(value, str):
        raise MalformedFlow("a text was expected")
    return value


def _octets(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if not isinstance(value, bytes):
        raise MalformedFlow("octets were expected")
    return value


def _port(value: object) -> int:
    return value if type(value) is int and 0 < value < 65536 else 80


def _time(value: object) -> float | None:
    """A time in seconds since 1970; flows without one have 0."""
    return float(value) if type(value) in (int, float) and 0 < value < 1e11 else None  # type: ignore[operator,arg-type]


def _status(response: dict[str, Any]) -> int:
    status = response.get("status_code", response.get("code"))
    if type(status) is not int or not 0 <= status <= 9999:
        raise MalformedFlow("the status is not a status code")
    return status


def _version(message: dict[str, Any]) -> bytes:
    """`HTTP/1.1`, which up to 0.13 was a list of two numbers."""
    numbers = message.get("httpversion")
    if isinstance(numbers, list):
        return b"HTTP/" + b".".join(b"%d" % number for number in numbers[:2] if type(number) is int)
    return _octets(message.get("http_version", b""))


def _content(message: dict[str, Any]) -> bytes | None:
    """The content, which from 0.14 to 0.15 was called body; anything but octets stands for one that was not kept."""
    content = message.get("content", message.get("body"))
    return content if isinstance(content, bytes) else None


def _lines(value: object) -> Lines:
    if not isinstance(value, list):
        raise MalformedFlow("field lines were expected")
    for line in value:
        if not isinstance(line, list) or len(line) != 2:
            raise MalformedFlow("a field line was expected")
    return tuple((_octets(name), _octets(text)) for name, text in value)
