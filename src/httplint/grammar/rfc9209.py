"""Proxy-Status (RFC 9209 §2)."""
from __future__ import annotations

from httplint.grammar.structured import BareItem, InnerList, Member, mistyped, structured_list
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

NAMES = ("string", "token")
"""What an intermediary is named by (§2)."""

_TYPES = {"error": ("token", "string"), "next-hop": ("string", "token"), "next-protocol": ("token", "bytes"),
          "received-status": ("integer",), "details": ("string",)}
"""By §2.1 an error is a token; as §2.1.5 itself has an example with a string, that one is let pass."""

_sf_token = lazily(rb"[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*")


class ProxyHandling(NamedTuple):
    """How an intermediary has handled a response: a member of Proxy-Status."""

    proxy: str | None
    """The name of the intermediary; None where the member is none."""
    type: str
    """What the member is; a string or a token names an intermediary."""
    parameters: tuple[tuple[str, BareItem], ...]

    @property
    def error(self) -> str | None:
        """The proxy error type (§2.1.1)."""
        found = dict(self.parameters).get("error")
        return str(found) if isinstance(found, str) else None

    @property
    def mistyped(self) -> tuple[str, ...]:
        """The parameters that are not of the type that §2.1.1 to §2.1.5 give them, in words."""
        return mistyped(self.parameters, _TYPES)

    @property
    def needless_bytes(self) -> str | None:
        """The next-protocol if it is sent as octets although it can be written as a token (§2.1.3)."""
        found = dict(self.parameters).get("next-protocol")
        if not isinstance(found, bytes) or _sf_token.fullmatch(found) is None:
            return None
        return found.decode("ascii")


def proxy_status(value: str) -> tuple[ProxyHandling, ...]:
    """A structured List; the first member is the intermediary closest to the origin (§2)."""
    return tuple([_handling(member) for member in structured_list(value)])


def _handling(member: Member) -> ProxyHandling:
    if isinstance(member, InnerList):
        return ProxyHandling(None, "inner list", member.parameters)
    return ProxyHandling(member.text if member.type in NAMES else None, member.type, member.parameters)
