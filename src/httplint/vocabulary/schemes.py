"""What authentication schemes want of responses: Digest, Bearer, optional ones (RFC 7616, RFC 6750, RFC 8053)."""
from __future__ import annotations

from httplint.grammar.rfc7616 import AuthenticationInfo
from httplint.grammar.rfc9110 import Challenge
from httplint.model.pattern import lazily
from httplint.vocabulary import function

QUOTED = ("nextnonce", "rspauth", "cnonce")
UNQUOTED = ("qop", "nc")
_count = lazily(r"[0-9A-Fa-f]{8}")


@function()
def misquoted_info(info: AuthenticationInfo) -> tuple[str, ...]:
    """The parameters of Digest that are not quoted and have to be, or the reverse (RFC 7616 §3.5)."""
    return tuple(name for name in dict.fromkeys(info.names)
                 if (name in QUOTED and name not in info.quoted) or (name in UNQUOTED and name in info.quoted))


@function()
def missing_info(info: AuthenticationInfo) -> tuple[str, ...]:
    """The parameters that qop calls for and that are not there (RFC 7616 §3.5)."""
    if info.qop is None or info.qop.lower() not in ("auth", "auth-int"):
        return ()
    return tuple(name for name in ("rspauth", "cnonce", "nc") if name not in info.names)


@function()
def eight_digits(count: str) -> bool:
    """Whether a nonce count has exactly eight hexadecimal digits (RFC 7616 §3.5)."""
    return _count.fullmatch(count) is not None


@function()
def of_digest(credentials: Challenge, name: str) -> str | None:
    """A parameter of Digest credentials; None if there is none, or the scheme is another (RFC 7616 §3.4)."""
    return credentials.parameter(name) if credentials.name == "digest" else None


@function()
def repeated_controls(entries: tuple[Challenge, ...]) -> tuple[str, ...]:
    """The parameters that all entries of one scheme and realm together have twice (RFC 8053 §4).

    With and without asterisk, a parameter is the same (§4.1).
    """
    seen: set[tuple[str, str | None, str]] = set()
    found: dict[str, None] = {}
    for entry in entries:
        one_realm = entry.names.count("realm") == 1
        for name in entry.names:
            if name == "realm" and one_realm:
                continue
            key = (entry.name, entry.realm, name.removesuffix("*"))
            if key in seen:
                found[name] = None
            seen.add(key)
    return tuple(found)
