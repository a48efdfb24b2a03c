"""Asks a server over a socket of its own, and keeps every octet of the answer.

HTTP/1.1 is written by h11, which refuses to send anything illegal, and read by http1 from the wire. One connection
for each request, which says that it is the only one.
"""
from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlsplit

from httplint.capture import http1
from httplint.capture.outcome import Outcome, Problem
from httplint.model.exchange import Exchange, Source
from httplint.model.files import cause

QUIET = 0.25
"""Seconds without a new octet after which an answer is taken for complete if its framing says so."""
JUDGING = 2.0
"""Seconds that an answer may be judged for even if the time was over when it came, which is long for an honest one."""
PIECE = 1 << 16
EXPECTING = 1.0
"""Seconds without an answer after which content is sent that was announced by Expect (RFC 9110 §10.1.1)."""

NOT_OFFERED = "the server does not offer HTTP/2"

PLAIN, HTTP_1_0, ABSOLUTE, NO_HOST, TWO_HOSTS = range(5)
"""Forms of a request: as it should be; in HTTP/1.0; with the target in absolute form (RFC 9112 §3.2.2); and the two
faults that §3.2 has an answer for.
"""

_INTERIM = (b"HTTP/1.0 1", b"HTTP/1.1 1")
_NAME = re.compile(r"[!#-'*+\-.^-z|~0-9A-Z]+")


class Unfit(ValueError):
    """What was asked for cannot be sent; the message says why."""


class Place:
    """A URL, taken apart: `target` is the request target in origin form."""

    __slots__ = ("authority", "host", "port", "scheme", "target", "url")

    def __init__(self, url: str) -> None:
        """Raises Unfit for what is no http or https URL."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise Unfit(f"{url!r} is no URL: {error}") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unfit(f"{url!r}: expected http:// or https:// and a host")
        if parts.username is not None or re.search(r"[\x00-\x20\x7f\\]", url):
            raise Unfit(f"{url!r}: neither credentials nor whitespace nor backslashes belong into a URL")
        try:
            host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode("ascii")
        except UnicodeError:
            raise Unfit(f"{url!r}: {parts.hostname!r} is no host name") from None
        self.url = url.partition("#")[0]
        self.scheme = parts.scheme
        self.host = host
        self.port = port or (443 if parts.scheme == "https" else 80)
        self.authority = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
        query = f"?{parts.query}" if "?" in self.url else ""
        self.target = quote((parts.path or "/") + query, safe="!#$%&'()*+,/:;=?@[]~^`{|}\"<>")


class Ask:
    """One request to be sent: method, field lines, content, and the form that it is written in."""

    __slots__ = ("content", "fields", "form", "method")

    def __init__(self, method: str, fields: Sequence[tuple[str, str]] = (), content: bytes | None = None,
                 form: int = PLAIN) -> None:
        self.method = method
        self.fields = list(fields)
        self.content = content
        self.form = form

    def lines(self, place: Place) -> list[tuple[str, str]]:
        """The field lines, with those that are always sent; an empty value leaves a field out."""
        own = [("Host", place.authority), ("User-Agent", "httplint"), ("Accept", "*/*"), ("Connection", "close")]
        if self.content is not None:
            own.append(("Content-Length", str(len(self.content))))
        named = {name.lower() for name, _ in self.fields}
        return [line for line in own if line[0].lower() not in named] + [line for line in self.fields if line[1]]

    @property
    def expects(self) -> bool:
        """Whether the content waits for a response 100 (Continue)."""
        return bool(self.content) and any(name.lower() == "expect" for name, _ in self.fields)


def field(text: str) -> tuple[str, str]:
    """A field line written as 'Name: value'. Raises Unfit, which does not quote it: it may be a secret."""
    name, colon, value = text.partition(":")
    if not colon or not _NAME.fullmatch(name) or re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
        raise Unfit("expected 'Name: value', without control characters")
    return name, value.strip(" \t")


def written(ask: Ask, place: Place) -> bytes:
    """The octets of the request. Raises Unfit for what HTTP/1.1 does not allow, but for what its form is."""
    import h11
    connection = h11.Connection(h11.CLIENT)
    try:
        lines = [(name.encode("ascii"), value.encode("utf-8")) for name, value in ask.lines(place)]
        request = h11.Request(method=ask.method, target=place.target, headers=lines)
        parts = [connection.send(request)]
        if ask.content:
            parts.append(connection.send(h11.Data(data=ask.content)))
        parts.append(connection.send(h11.EndOfMessage()))
    except (h11.LocalProtocolError, UnicodeEncodeError) as error:
        raise Unfit(f"cannot be asked: {error}") from None
    return _formed(b"".join(part for part in parts if part), ask.form, place)


def _formed(octets: bytes, form: int, place: Place) -> bytes:
    """A request as h11 writes it, in another form."""
    if form == HTTP_1_0:
        return octets.replace(b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", 1)
    if form == ABSOLUTE:
        return octets.replace(b" ", f" {place.scheme}://{place.authority}".encode("ascii"), 1)
    if form in (NO_HOST, TWO_HOSTS):
        line = re.compile(rb"(?i)(?<=\n)Host:[^\n]*\n")
        return line.sub(lambda found: found[0] * (2 if form == TWO_HOSTS else 0), octets, count=1)
    return octets


class Wait:
    """How long and how much: seconds for all of an exchange, octets of an answer."""

    __slots__ = ("_deadline", "exceeded", "filled", "limit", "timeout")

    def __init__(self, timeout: float = 30.0, limit: int = 64 << 20) -> None:
        self.timeout = timeout
        self.limit = limit
        self.exceeded = False
        """Whether something was left out because the time was over."""
        self.filled = False
        """Whether the rest of the answer was not read because it is larger than that."""
        self._deadline = 0.0

    def begin(self) -> None:
        """The time starts to run."""
        self.filled = False
        self._deadline = time.monotonic() + self.timeout

    def judge(self) -> None:
        """The time to make something of the answer starts to run: what is left, and JUDGING at least."""
        self._deadline = max(self._deadline, time.monotonic() + JUDGING)
        self.exceeded = False

    @property
    def left(self) -> float:
        """Seconds left; 0 or less when they are over."""
        return self._deadline - time.monotonic()

    def is_over(self) -> bool:
        """Whether the time is over; who asks then leaves out the rest."""
        if self.left > 0:
            return False
        self.exceeded = True
        return True

    @property
    def over(self) -> str:
        """What is said when the time is over."""
        return f"{self.timeout:g} seconds were over"

    def full(self, octets: int) -> str:
        """What is said when an answer of so many octets is larger than what is read; nothing of others."""
        self.filled = octets > self.limit
        return f"more than {self.limit >> 20} MB" if self.filled else ""


def context(insecure: bool, protocol: str) -> ssl.SSLContext:
    """The TLS settings; `protocol` is what ALPN offers."""
    made = ssl.create_default_context()
    made.set_alpn_protocols([protocol])
    if insecure:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made


def connected(place: Place, wait: Wait, insecure: bool, protocol: str = "http/1.1") -> socket.socket:
    """A connection to the server; the time begins to run. Raises OSError."""
    wait.begin()
    plain = _reached(place, wait)
    if place.scheme == "http":
        return plain
    try:
        plain.settimeout(max(wait.left, QUIET))
        return context(insecure, protocol).wrap_socket(plain, server_hostname=place.host)
    except BaseException:
        plain.close()
        raise


def _reached(place: Place, wait: Wait) -> socket.socket:
    """A connection to the first of its addresses that can be reached, in the time for all of them. Raises OSError."""
    failed: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM):
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(max(wait.left, QUIET))
            connection.connect(address)
        except BaseException as error:
            connection.close()
            if not isinstance(error, OSError):
                raise
            failed = failed or error
        else:
            return connection
        if wait.left <= 0:
            break
    raise failed or OSError("the host has no address")


def fetch(ask: Ask, place: Place, entry: int, wait: Wait,
          insecure: bool = False) -> Iterator[Outcome]:
    """Asks, and yields the exchange; or what went wrong. Raises Unfit for a request that cannot be sent."""
    octets = written(ask, place)
    head = octets.index(b"\r\n\r\n") + 4 if ask.expects else len(octets)
    started = time.time()
    try:
        with connected(place, wait, insecure) as connection:
            answer, sent, ended = _exchanged(connection, octets, head, ask.method, wait)
    except OSError as error:
        yield Problem(place.url, None, None, f"cannot be asked: {explained(error)}")
        return
    if not answer:
        yield Problem(place.url, None, None, f"no answer: {ended or 'the server closed the connection'}")
        return
    took = max(0.0, time.time() - started)
    wait.judge()
    read = http1.exchange(answer, octets[:sent], Source(place.url, entry), trust=http1.WIRE, closed=not ended,
                          scheme=place.scheme, started=started, over=wait.is_over,
                          left=wait.filled or ended == wait.over)
    if wait.exceeded:
        ended = wait.over
    elif http1.complete(answer, ask.method, wait.is_over):
        ended = ""
    wait.judge()
    yield read.but(duration=took) if isinstance(read, Exchange) else read
    if ended:
        yield Problem(place.url, None, None, f"the answer was not read to its end: {ended}")


def explained(error: OSError) -> str:
    """What an error of a connection says, in a few words."""
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{error.verify_message} (--insecure does not verify it)"
    if isinstance(error, ssl.SSLError) and error.reason:   # such as WRONG_VERSION_NUMBER
        return f"TLS failed: {error.reason.lower().replace('_', ' ')}"
    return cause(error)


def _exchanged(connection: socket.socket, request: bytes, head: int, method: str,
               wait: Wait) -> tuple[bytes, int, str]:
    """(the octets of the answer, how many of the request were sent, why reading ended if not because the server closed
    the connection)

    `head`: how many are sent at once; the others wait for an interim response, or until there was none for EXPECTING.
    """
    _send(connection, request[:head], wait)
    sent, due = head, time.monotonic() + EXPECTING
    answer = bytearray()
    while (left := wait.left) > 0:
        if sent < len(request) and (answer.startswith(_INTERIM) or (not answer and time.monotonic() >= due)):
            _send(connection, request[sent:], wait)
            sent = len(request)
        connection.settimeout(min(left, QUIET))
        try:
            piece = connection.recv(PIECE)
        except TimeoutError:
            if answer and http1.complete(bytes(answer), method, wait.is_over):
                return bytes(answer), sent, "the answer is complete"
            continue
        except OSError as error:
            return bytes(answer), sent, explained(error)
        if not piece:
            return bytes(answer), sent, ""
        answer += piece
        if full := wait.full(len(answer)):
            return bytes(answer[:wait.limit]), sent, full
    return bytes(answer), sent, wait.over


def _send(connection: socket.socket, octets: bytes, wait: Wait) -> None:
    """Sends octets; the server may answer and close before it has read them all."""
    try:
        connection.settimeout(max(wait.left, QUIET))
        connection.sendall(octets)
    except OSError:
        pass


def validators(exchange: Exchange) -> list[tuple[str, str]]:
    """The conditions by which the same question can be asked again: what its answer gave to that end."""
    fields = exchange.response.fields
    if fields is None or not 200 <= exchange.response.status < 300:
        return []
    found = [(condition, fields.values(name)) for condition, name in (("If-None-Match", "etag"),
                                                                      ("If-Modified-Since", "last-modified"))]
    return [(condition, values[0]) for condition, values in found if values and values[0]]
