"""Switching protocols, and the opening handshake of WebSocket (RFC 9110 §7.8, RFC 6455 §4.2.2)."""
from __future__ import annotations

import base64
import binascii

from httplint.grammar import rfc6455
from httplint.grammar.rfc6455 import Extension
from httplint.grammar.rfc9110 import Protocol
from httplint.model.evidence import NotEvaluated
from httplint.model.memo import kept
from httplint.model.message import Request, Response
from httplint.vocabulary import function


@function(reads=("response:version",))
def multiplexed(response: Response) -> bool:
    """Whether the response came by HTTP/2 or HTTP/3, as far as the capture tells: an unknown version is neither
    (RFC 9113 §8.6, RFC 9114 §4.5).
    """
    return response.version in ("2", "3")


@function()
def offered(protocol: Protocol, offers: tuple[Protocol, ...]) -> bool:
    """Whether a protocol to switch to is one of those that were offered, or HTTP/1 (RFC 9110 §7.8).

    Names are compared without regard to case, versions where both sides give one. HTTP/1 in the answer is no switch: it
    tells that a lower layer changes and HTTP goes on (RFC 2817 §3.3).
    """
    name = protocol.name.lower()
    if name == "http" and protocol.version in ("1.0", "1.1"):
        return True
    return any(one.name.lower() == name and (None in (one.version, protocol.version) or one.version == protocol.version)
               for one in offers)


@function()
def to_websocket(protocols: tuple[Protocol, ...]) -> bool:
    """Whether WebSocket is among the protocols, of whatever version (RFC 6455 §11.2)."""
    return any(one.name.lower() == "websocket" for one in protocols)


@function()
@kept
def extension_names(offers: tuple[Extension, ...]) -> tuple[str, ...]:
    """The names of extensions, once for each that is listed (RFC 6455 §9.1)."""
    return tuple([one.name for one in offers])


@function()
def accept_for(key: str) -> str:
    """The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (RFC 6455 §4.2.2).

    Not evaluated for a key that is not 16 octets in base64: no client sends it, a capture may have changed it.
    """
    if not _is_key(key):
        raise NotEvaluated("the Sec-WebSocket-Key of the request is not 16 octets in base64")
    return rfc6455.accept_for(key)


@function(absent=("request.sec-websocket-key", "request.sec-websocket-version"), reads=("request:method",))
def handshake_flaw(request: Request) -> str | None:
    """What a request for WebSocket lacks of an opening handshake; None if it lacks nothing (RFC 6455 §4.2.1).

    Of versions other than 13 nothing is said: servers may know those of the drafts, too. Nor of Host, which every
    request of HTTP/1.1 needs (RFC 9112 §3.2), nor of what the key holds: servers need not decode it (RFC 6455 §4.2.2).
    """
    if request.method != "GET":
        return "GET"
    assert request.fields is not None
    for name in ("Sec-WebSocket-Key", "Sec-WebSocket-Version"):
        if name not in request.fields:
            return name
    return None


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False
