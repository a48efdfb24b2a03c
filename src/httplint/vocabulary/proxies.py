"""What Via, Proxy-Status and Cache-Status say of the intermediaries on the way (RFC 9110, RFC 9209, RFC 9211)."""
from __future__ import annotations

import re

from httplint.grammar.registry import proxy_errors
from httplint.grammar.table import header_section, parsed
from httplint.model.likeness import meant
from httplint.model.message import Response
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.vocabulary import function


@function(guard="name", reads=("response.{name}",))
def unknown_error(response: Response, name: str) -> str | None:
    """The first proxy error type in a field, Proxy-Status, that is not registered (RFC 9209 §2.3)."""
    members = parsed(header_section(response), name.lower())
    assert isinstance(members, tuple)
    return next((one.error for one in members if one.error is not None and one.error not in proxy_errors()), None)


@function()
def intended_error(error: str) -> str:
    """The end of a message about an unknown proxy error type: which one was probably meant (RFC 9209 §2.3)."""
    return meant(error[:80], proxy_errors())


@function()
def fits_status(error: str, status: int) -> bool:
    """Whether a response with that status may have been generated because of that error (RFC 9209 §2.1.1).

    Errors that may be added to responses of others go with any status, as do unknown ones.
    """
    known = proxy_errors().get(error)
    if known is None or not known.own or not known.status:
        return True
    return known.status == (f"{status // 100}xx" if known.status.endswith("xx") else str(status))


@function()
def recommended_status(error: str) -> str:
    """The status code, or the class of them, that is recommended for an error (RFC 9209 §2.3)."""
    known = proxy_errors().get(error)
    return known.status if known is not None else ""


class TrailerProxy(NamedTuple):
    """An intermediary that Proxy-Status in a trailer section names (RFC 9209 §2)."""

    name: str
    announced: bool
    """Whether the field names it in the header section, too, as a string or as a token."""
    repeated: bool
    """Whether it says the very same there."""


@function("trailers", absent=("response.proxy-status",), reads=("response:trailers", "response.proxy-status"))
def trailer_proxies(response: Response) -> tuple[TrailerProxy, ...]:
    """What Proxy-Status in the trailer section names; nothing if it is malformed, or not there (RFC 9209 §2)."""
    if response.trailers is None or "proxy-status" not in response.trailers.index:
        return ()
    fields = header_section(response)
    members = parsed(response.trailers, "proxy-status")
    before = parsed(fields, "proxy-status") if "proxy-status" in fields.index else ()
    assert isinstance(members, tuple)
    assert isinstance(before, tuple)
    known = {one.proxy or one.type for one in before}
    whole = frozenset(before)
    return tuple([TrailerProxy(one.proxy or one.type, (one.proxy or one.type) in known, one in whole)
                  for one in members])


@function()
def known_forward(reason: str) -> bool:
    """Whether a reason to forward a request is one that Cache-Status has (RFC 9211 §2.2)."""
    from httplint.grammar.rfc9211 import FORWARDED
    return reason in FORWARDED


_INTERNAL = lazily(r"10(?:\.[0-9]{1,3}){3}|192\.168(?:\.[0-9]{1,3}){2}"
                   r"|172\.(?:1[6-9]|2[0-9]|3[01])(?:\.[0-9]{1,3}){2}"
                   r"|.*\.(?:internal|intranet|local|localdomain|lan|home\.arpa|corp)", re.IGNORECASE)


@function()
def internal(host: str) -> bool:
    """Whether a host is one of a private network, or by its name of none that others can look up (RFC 1918 §3).

    A name without dots may be a pseudonym.
    """
    return _INTERNAL.fullmatch(host) is not None
