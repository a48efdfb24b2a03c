"""Fields that no later specification defines: Keep-Alive (RFC 2068 §19.7.1.1), Content-Base (§14.11)."""
from __future__ import annotations

from httplint.grammar.common import after_whitespace, members, token, token_or_quoted
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import UriReference, uri_reference
from httplint.model.named import NamedTuple


class KeepAliveParameter(NamedTuple):
    """A parameter; the name is in lower case."""

    name: str
    value: str
    quoted: bool = False


def keep_alive(value: str) -> tuple[KeepAliveParameter, ...]:
    """`Keep-Alive = 0#( param-name "=" value )`."""
    return members(value, _parameter)


def _parameter(value: str, position: int) -> tuple[KeepAliveParameter, int]:
    name, position = token(value, position, "a parameter")
    position = after_whitespace(value, position)
    if value[position:position + 1] != "=":
        raise Malformed(value, position, "an equals sign and a value", "parameters look like timeout=5")
    text, quoted, position = token_or_quoted(value, after_whitespace(value, position + 1))
    return KeepAliveParameter(name.lower(), text, quoted), position


def content_base(value: str) -> UriReference:
    """`Content-Base = absoluteURI` (§14.11)."""
    found = uri_reference(value)
    if found.scheme is None:
        raise Malformed(value, 0, "a scheme, as absolute URIs have it")
    return found
