"""Challenges (RFC 9110 §11; RFC 7616, RFC 7617, RFC 6750)."""
from __future__ import annotations

from httplint.engine.functions import function
from httplint.grammar.rfc9110 import Challenge
from httplint.model.message import Request

QUOTED = ("realm", "domain", "nonce", "opaque", "qop")
UNQUOTED = ("stale", "algorithm")


@function()
def repeated_parameters(challenge: Challenge) -> tuple[str, ...]:
    """The parameters that stand more than once in one challenge, in lower case (RFC 9110 §11.2)."""
    names = challenge.names
    return tuple(sorted({name for name in names if names.count(name) > 1}))


@function()
def misquoted(challenge: Challenge) -> tuple[str, ...]:
    """The parameters of a Digest challenge that are not quoted and have to be, or the reverse (RFC 7616 §3.3).

    Not realm, which every scheme has to quote (RFC 9110 §11.5). Other schemes may use both forms.
    """
    if challenge.name != "digest":
        return ()
    return tuple(name for name in dict.fromkeys(challenge.names) if name != "realm"
                 and ((name in QUOTED and name not in challenge.quoted)
                      or (name in UNQUOTED and name in challenge.quoted)))


@function("target")
def origin_form(request: Request) -> bool:
    """Whether the request target is a path, as it is sent to an origin server and not to a proxy (RFC 9112 §3.2.1).

    HTTP/2 and HTTP/3 have no such form, and tell nothing.
    """
    return request.version in ("1.0", "1.1") and request.target.startswith("/")


@function("request_content", absent=("request.authorization", "request.cookie", "request.dpop"))
def anonymous(request: Request) -> bool:
    """Whether the request has no credentials that a token could be (RFC 6750 §2): no field, no cookie, no parameter."""
    assert request.fields is not None
    content = request.content or b""
    return (not request.fields.index.keys() & {"authorization", "cookie", "dpop"}
            and "access_token" not in request.target and b"access_token" not in content)
