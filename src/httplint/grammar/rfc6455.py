"""The fields of the WebSocket handshake (RFC 6455 §4.3, §9.1).

Their ABNF is in the manner of RFC 2616 §2.1, which allows whitespace between any two tokens, and empty list members.
"""
from __future__ import annotations

from httplint.grammar.common import (
    QUOTED,
    TOKEN,
    after_whitespace,
    integer,
    members,
    parameter_flaw,
    past,
    required,
    token,
    token_list,
    unquoted,
)
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

_base64 = lazily(r"(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?+")
_base64_start = lazily(r"(?:[A-Za-z0-9+/]{4})*+[A-Za-z0-9+/]{0,3}+")


def key(value: str) -> str:
    """`Sec-WebSocket-Key = base64-value-non-empty` (§4.3)."""
    return _base64_value(value)


def accept(value: str) -> str:
    """`Sec-WebSocket-Accept = base64-value-non-empty` (§4.3)."""
    return _base64_value(value)


def _base64_value(value: str) -> str:
    if value and _base64.fullmatch(value):
        return value
    position = past(_base64_start, value)
    padding = 4 - position % 4
    if padding <= 2:
        while padding and value[position:position + 1] == "=":
            position += 1
            padding -= 1
        expected = "padding by equals signs" if padding else "the end"
    else:
        expected = "a base64 character"
    raise Malformed(value, position, expected)


def accept_for(key: str) -> str:
    """The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (§4.2.2, step 5.4)."""
    import base64
    import hashlib
    digest = hashlib.sha1((key.strip(" \t") + GUID).encode("latin-1", "replace"), usedforsecurity=False)
    return base64.b64encode(digest.digest()).decode("ascii")


def protocols(value: str) -> tuple[str, ...]:
    """`Sec-WebSocket-Protocol`: `1#token` from a client, one token from a server (§4.3); case matters (§4.1)."""
    return required(tuple(token_list(value)), value, "a protocol")


class Extension(NamedTuple):
    """An extension with its parameters; those without value have None."""

    name: str
    parameters: tuple[tuple[str, str | None], ...]


_parameter = lazily(rf"[ \t]*+;[ \t]*+({TOKEN})(?:[ \t]*+=[ \t]*+(?:({TOKEN})|({QUOTED})))?+(?=[ \t]*+(?:[;,]|\Z))")
_token = lazily(TOKEN)


def extensions(value: str) -> tuple[Extension, ...]:
    """`Sec-WebSocket-Extensions = 1#( token *( ";" token [ "=" ( token / quoted-string ) ] ) )` (§4.3, §9.1).

    A quoted value has to be a token once unquoted.
    """
    return required(members(value, _extension), value, "an extension")


def _extension(value: str, position: int) -> tuple[Extension, int]:
    name, position = token(value, position, "an extension")
    found: list[tuple[str, str | None]] = []
    while (match := _parameter.match(value, position)) is not None:
        parameter, text, quoted = match.groups()
        if quoted is not None:
            text = unquoted(quoted)
            if _token.fullmatch(text) is None:
                raise Malformed(value, match.start(3), "a token, in quotes or not")
        found.append((parameter, text))
        position = match.end()
    behind = after_whitespace(value, position)
    if value[behind:behind + 1] == ";":
        raise parameter_flaw(value, after_whitespace(value, behind + 1), "a parameter name")
    return Extension(name, tuple(found)), position


_version = lazily(r"(?:1[0-9]{2}|2[0-4][0-9]|25[0-5]|[1-9]?[0-9])(?![0-9])")


def versions(value: str) -> tuple[int, ...]:
    """`Sec-WebSocket-Version`: a version from a client, `1#version` from a server; 0 to 255 without leading zeros.

    The ABNF of §4.3 would let 256 to 299 pass; its comment limits versions to 255.
    """
    return required(members(value, _one_version), value, "a version")


def _one_version(value: str, position: int) -> tuple[int, int]:
    match = _version.match(value, position)
    if match is None:
        raise Malformed(value, position, "a version from 0 to 255 without leading zeros")
    return integer(match.group()), match.end()
