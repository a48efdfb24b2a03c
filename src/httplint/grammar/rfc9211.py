"""Cache-Status (RFC 9211 §2)."""
from __future__ import annotations

from httplint.grammar.structured import BareItem, InnerList, Member, Token, mistyped, structured_list
from httplint.model.named import NamedTuple

FORWARDED = frozenset(("bypass", "method", "uri-miss", "vary-miss", "miss", "request", "stale", "partial"))
"""Why a request goes forward (§2.2)."""

NAMES = ("string", "token")
"""What a cache is named by (§2)."""

_TYPES = {"hit": ("boolean",), "fwd": ("token",), "fwd-status": ("integer",), "ttl": ("integer",),
          "stored": ("boolean",), "collapsed": ("boolean",), "key": ("string",), "detail": ("string", "token")}


class CacheHandling(NamedTuple):
    """How a cache has handled a request: a member of Cache-Status."""

    cache: str | None
    """The cache's name; None where the member is none."""
    type: str
    """What the member is; a string or a token names a cache."""
    parameters: tuple[tuple[str, BareItem], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of the parameters."""
        return tuple([name for name, _ in self.parameters])

    @property
    def hit(self) -> bool:
        """Whether the response came out of the cache, without a request going forward (§2.1)."""
        return ("hit", True) in self.parameters

    @property
    def fwd(self) -> str | None:
        """Why the request went forward (§2.2)."""
        found = dict(self.parameters).get("fwd")
        return str(found) if isinstance(found, Token) else None

    @property
    def mistyped(self) -> tuple[str, ...]:
        """The parameters that are not of the type that §2.1 to §2.8 give them, in words."""
        return mistyped(self.parameters, _TYPES)


def cache_status(value: str) -> tuple[CacheHandling, ...]:
    """A structured List; the first member is the cache closest to the origin (§2)."""
    return tuple([_handling(member) for member in structured_list(value)])


def _handling(member: Member) -> CacheHandling:
    if isinstance(member, InnerList):
        return CacheHandling(None, "inner list", member.parameters)
    return CacheHandling(member.text if member.type in NAMES else None, member.type, member.parameters)
