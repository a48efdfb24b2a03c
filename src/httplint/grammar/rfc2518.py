"""Status-URI (RFC 2518 §9.7), which RFC 4918 dropped."""
from __future__ import annotations

from httplint.grammar.common import after_whitespace
from httplint.grammar.rfc4918 import coded_url
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class StatusUri(NamedTuple):
    """A status code, and the URI whose processing it is about."""

    status: int
    uri: str


_status = lazily(r"[0-9]{3}(?![0-9])")


def status_uri(value: str) -> tuple[StatusUri, ...]:
    """`Status-URI = *( Status-Code Coded-URL )`."""
    found = []
    position = 0
    while position < len(value):
        match = _status.match(value, position)
        if match is None:
            raise Malformed(value, position, "a status code")
        uri, end = coded_url(value, after_whitespace(value, match.end()))
        found.append(StatusUri(int(match.group()), uri))
        position = after_whitespace(value, end)
    return tuple(found)
