"""Switching protocols, and the opening handshake of WebSocket."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc9110 import upgrade
from httplint.model.evidence import NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary.websocket import accept_for, handshake_flaw, multiplexed, offered, to_websocket


def test_multiplexed() -> None:
    assert [multiplexed(Response(101, version)) for version in ("1.0", "1.1", "2", "3", None)] == [
        False, False, True, True, False]


@pytest.mark.parametrize(("chosen", "offers", "expected"), [
    ("websocket", "websocket", True),
    ("WebSocket", "h2c, websocket", True),
    ("IRC/6.9", "IRC/6.9", True),
    ("IRC", "IRC/6.9", True),
    ("IRC/6.9", "IRC", True),
    ("IRC/7", "IRC/6.9", False),
    ("h2c", "websocket", False),
    ("websocket", "", False),
    ("HTTP/1.1", "TLS/1.0", True),                          # HTTP goes on within TLS
    ("HTTP/2.0", "TLS/1.0", False),
    ("HTTP/2.0", "HTTP/2.0", True),
])
def test_offered(chosen: str, offers: str, expected: bool) -> None:
    assert offered(upgrade(chosen)[0], upgrade(offers)) is expected


def test_to_websocket() -> None:
    assert to_websocket(upgrade("h2c, WebSocket/13"))
    assert not to_websocket(upgrade("h2c"))
    assert not to_websocket(upgrade(""))


def test_accept() -> None:
    """The example of RFC 6455 §1.3."""
    assert accept_for("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@pytest.mark.parametrize("key", ["", "AAAA", "[REDACTED]", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ==\u20ac"])
def test_no_answer_to_a_key_that_no_client_sends(key: str) -> None:
    with pytest.raises(NotEvaluated):
        accept_for(key)


@pytest.mark.parametrize(("method", "left_out", "key", "expected"), [
    ("GET", None, "dGhlIHNhbXBsZSBub25jZQ==", None),
    ("POST", None, "dGhlIHNhbXBsZSBub25jZQ==", "GET"),
    ("GET", "Host", "dGhlIHNhbXBsZSBub25jZQ==", None),
    ("GET", "Sec-WebSocket-Key", "", "Sec-WebSocket-Key"),
    ("GET", "Sec-WebSocket-Version", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version"),
    ("GET", None, "c2hvcnQ=", None), ("GET", None, "\u00fc", None),
])
def test_handshake(method: str, left_out: str | None, key: str, expected: str | None) -> None:
    fields = [("Host", "a.example"), ("Sec-WebSocket-Version", "8"), ("Sec-WebSocket-Key", key)]
    assert handshake_flaw(Request(method, "/", headers=[one for one in fields if one[0] != left_out])) == expected
