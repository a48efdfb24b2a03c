"""What probe asks over HTTP/2, where that is wanted, installed and offered."""
from __future__ import annotations

import importlib.util
import socket
from collections.abc import Callable, Iterator
from typing import Any

import loopback
import pytest
from site_on_loopback import Site, parsed, sound

Probe = Callable[..., Any]


class Server2(loopback.Loopback):
    """Answers each connection as HTTP/2 if that begins so, else as the sound server in HTTP/1.1; `lines` by h2."""

    def __init__(self, lines: list[tuple[str, str]]) -> None:
        self.lines = lines
        super().__init__()

    def converse(self, connection: socket.socket) -> None:
        octets = connection.recv(65536)
        if octets.startswith(b"PRI "):
            self._in_http2(connection, octets)
        else:
            connection.sendall(sound(parsed(octets.partition(b"\r\n\r\n")[0].decode())))

    def _in_http2(self, connection: socket.socket, octets: bytes) -> None:
        import h2.config
        import h2.connection
        import h2.events
        settings = h2.config.H2Configuration(client_side=False, validate_outbound_headers=False,
                                             normalize_outbound_headers=False)
        session: Any = h2.connection.H2Connection(settings)
        session.initiate_connection()
        while octets:
            for event in session.receive_data(octets):
                if isinstance(event, h2.events.StreamEnded):
                    session.send_headers(event.stream_id, self.lines)
                    session.send_data(event.stream_id, b"hi", end_stream=True)
            connection.sendall(session.data_to_send())
            octets = connection.recv(65536)


LINES = [(":status", "200"), ("date", "Tue, 04 Mar 2025 10:20:30 GMT"), ("content-type", "text/plain"),
         ("vary", "accept-encoding")]


@pytest.fixture
def server() -> Iterator[Server2]:
    pytest.importorskip("h2", reason="h2 is not installed")
    with Server2(LINES) as made:
        yield made


def test_it_is_kept(server: Server2, probe: Probe) -> None:
    made = probe("--http2", "--check", "http2", urls=(server.base,))
    assert made.cell("http2") == ("kept", "")
    assert made.code == 0


def test_it_is_broken(server: Server2, probe: Probe) -> None:
    server.lines = [*LINES, ("connection", "close")]
    made = probe("--http2", "--check", "http2", urls=(server.base,))
    assert made.cells()["http2"]["rules"] == ["connection.in-http2"]
    assert made.cells()["get"]["state"] == "kept"


@pytest.mark.usefixtures("server")
def test_a_server_that_speaks_none(site: Site, probe: Probe) -> None:
    assert probe("--http2", "--check", "http2").cell("http2") == ("not applicable", "the server does not offer HTTP/2")


def test_what_it_needs_is_named(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "h2" else find(name))
    state, why = probe("--http2", "--check", "http2").cell("http2")
    assert state == "not asked"
    assert why.startswith("it needs h2: pip install ")


def test_it_is_asked_on_demand_alone(probe: Probe) -> None:
    assert probe("--check", "http2").cell("http2") == ("not asked", "--http2 asks in HTTP/2")
