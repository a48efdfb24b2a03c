"""Asks a server with HTTP/2, by h2 (extra `http2`), and keeps all that its frames say about the answer."""
from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any

from httplint.capture.fetching import NOT_OFFERED, PIECE, QUIET, Ask, Place, Wait, connected, explained
from httplint.capture.http2_syntax import response_section
from httplint.capture.outcome import Interim, Problem
from httplint.model.evidence import ALL, Evidence, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Request, Response

CONNECTION_FIELDS = frozenset({"connection", "host", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"})
"""Fields that HTTP/2 does not have (RFC 9113 §8.2.2), and Host, whose place :authority takes."""

UNKNOWN = bits("reason", "target")
INCOMPLETE = bits("content", "octets", "size", "trailers")


def fetch(ask: Ask, place: Place, entry: int, wait: Wait, insecure: bool = False) -> Iterator[Exchange | Problem]:
    """Asks, and yields the exchange; or what went wrong. An http URL is asked without upgrade (RFC 9113 §3.3)."""
    stream = _Stream(ask, place)
    started = time.time()
    try:
        with connected(place, wait, insecure, "h2") as connection:
            if isinstance(connection, ssl.SSLSocket) and connection.selected_alpn_protocol() != "h2":
                yield Problem(place.url, None, None, NOT_OFFERED)
                return
            stream.run(connection, wait)
    except OSError as error:
        stream.trouble = explained(error)
    if stream.response is not None:
        wait.judge()
        yield stream.exchange(Source(place.url, entry), started)
    if stream.trouble:
        what = "no answer" if stream.response is None else "the answer was not read to its end"
        yield Problem(place.url, None, None, f"{what}: {stream.trouble}")


class _Stream:
    """The one stream of a connection."""

    def __init__(self, ask: Ask, place: Place) -> None:
        self._ask = ask
        self._place = place
        self._lines = [(name.lower(), value) for name, value in ask.lines(place)
                       if name.lower() not in CONNECTION_FIELDS]
        self._content = bytearray()
        self._trailers = Fields()
        self._interim = Interim()
        self.response: Response | None = None
        self._ended = False
        self.trouble = ""

    def run(self, connection: socket.socket, wait: Wait) -> None:
        """Asks, and reads until the stream ends. Raises OSError."""
        import h2.config
        import h2.connection
        import h2.exceptions
        # what is wrong with the answer is for the rules to say
        settings = h2.config.H2Configuration(client_side=True, header_encoding=None, validate_inbound_headers=False,
                                             normalize_inbound_headers=False)
        session: Any = h2.connection.H2Connection(settings)
        session.initiate_connection()
        try:
            self._send(session)
            connection.settimeout(max(wait.left, QUIET))
            connection.sendall(session.data_to_send())
            while not self._ended and not self.trouble:
                if wait.left <= 0:
                    self.trouble = wait.over
                    return
                connection.settimeout(wait.left)
                octets = connection.recv(PIECE)
                if not octets:
                    self.trouble = "the server closed the connection"
                    return
                for event in session.receive_data(octets):
                    self._take(event, session)
                if full := wait.full(len(self._content)):
                    self.trouble = full
                connection.sendall(session.data_to_send())
        except h2.exceptions.ProtocolError as error:
            self.trouble = f"not HTTP/2 as it should be: {error}"

    def _send(self, session: Any) -> None:
        place, content = self._place, self._ask.content
        pseudo = [(":method", self._ask.method), (":scheme", place.scheme), (":authority", place.authority),
                  (":path", place.target)]
        session.send_headers(1, pseudo + self._lines, end_stream=not content)
        if content:
            window = min(session.local_flow_control_window(1), len(content))
            for start in range(0, window, session.max_outbound_frame_size):
                piece = content[start:min(window, start + session.max_outbound_frame_size)]
                session.send_data(1, piece, end_stream=start + len(piece) == len(content))
            if window < len(content):
                self.trouble = f"more than {window} octets of content are not sent over HTTP/2"

    def _take(self, event: Any, session: Any) -> None:
        kind = type(event).__name__
        if kind == "InformationalResponseReceived":
            self._interim.add(_response(event.headers))
        elif kind == "ResponseReceived":
            self.response = _response(event.headers)
        elif kind == "DataReceived":
            self._content += event.data
            session.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif kind == "TrailersReceived":
            self._trailers = Fields(tuple(_decoded(event.headers)))
        elif kind == "StreamEnded":
            self._ended = True
        elif kind == "StreamReset" or (
                kind == "ConnectionTerminated" and (event.error_code or not event.last_stream_id)):
            self.trouble = self.trouble or f"the server ended it with error {int(event.error_code)}"

    def exchange(self, source: Source, started: float) -> Exchange:
        """What came, with what it proves."""
        assert self.response is not None
        unknown = UNKNOWN | self._interim.lacks
        if self._ended:
            self.response.content = bytes(self._content)
            self.response.size = len(self._content)
            self.response.trailers = self._trailers
        else:
            unknown |= INCOMPLETE
        request = Request(self._ask.method, self._place.url, "2", self._lines, self._ask.content or b"")
        return Exchange(self.response, request, self._interim.kept, started, Evidence.of(ALL & ~unknown), source,
                        max(0.0, time.time() - started))


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        yield bytes(name).decode("latin-1"), bytes(value).decode("latin-1")


def _response(headers: Iterable[tuple[bytes, bytes]]) -> Response:
    lines = list(_decoded(headers))
    status = next((value for name, value in lines if name == ":status"), "")
    number = int(status) if status.isascii() and status.isdecimal() and len(status) < 5 else 0
    fields, irregularities = response_section(lines)
    response = Response(number, "2", None, Fields(fields))
    response.irregularities = irregularities
    return response
