"""Challenges (RFC 9110 §11, RFC 7616, RFC 7617, RFC 6750)."""
from __future__ import annotations

import re

from httplint.grammar.common import repeated
from httplint.grammar.rfc9110 import Challenge
from httplint.model.message import Request
from httplint.model.pattern import lazily
from httplint.vocabulary import function

QUOTED = ("realm", "domain", "nonce", "opaque", "qop")
UNQUOTED = ("stale", "algorithm")


@function()
def repeated_parameters(challenge: Challenge) -> tuple[str, ...]:
    """The parameters that stand more than once in one challenge, in lower case (RFC 9110 §11.2)."""
    return repeated(sorted(challenge.names))


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


@function()
def utf8(charset: str | None) -> bool:
    """Whether a charset is absent, or the only one that Basic and Digest know (RFC 7617 §2.1, RFC 7616 §3.3)."""
    return charset is None or charset.lower() == "utf-8"


BEARER_STATUS = {"invalid_request": 400, "invalid_token": 401, "insufficient_scope": 403}


@function()
def bearer_status(challenge: Challenge) -> int | None:
    """The status code that goes with the error of a Bearer challenge; None if there is none (RFC 6750 §3.1)."""
    return BEARER_STATUS.get(challenge.error or "") if challenge.name == "bearer" else None


@function()
def repeated_algorithms(offered: tuple[Challenge, ...]) -> tuple[str, ...]:
    """The algorithms that several Digest challenges of one realm have, in upper case (RFC 7616 §3.3, §3.7)."""
    seen: set[tuple[str | None, str]] = set()
    out = []
    for challenge in offered:
        if challenge.name == "digest":
            algorithm = (challenge.algorithm or "MD5").upper()
            if (challenge.realm, algorithm) in seen:
                out.append(algorithm)
            seen.add((challenge.realm, algorithm))
    return tuple(out)


_TEXT = lazily(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")
_URI = lazily(r"[\x21\x23-\x5b\x5d-\x7e]*")
_SCOPE = lazily(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")
_BEARER = {"scope": _SCOPE, "error": _TEXT, "error_description": _TEXT, "error_uri": _URI}


@function()
def odd_characters(challenge: Challenge) -> tuple[str, ...]:
    """The parameters of a Bearer challenge whose values have a form that they may not have (RFC 6750 §3).

    A scope is one or more tokens with single spaces between them (RFC 6749 App. A.4).
    """
    if challenge.name != "bearer":
        return ()
    return tuple(name for name, text in challenge.parameters if name in _BEARER and not _BEARER[name].fullmatch(text))


@function("target", paired=False, reads=("request:version", "request:target"))
def origin_form(request: Request) -> bool:
    """Whether the request target is a path, as it is sent to an origin server and not to a proxy (RFC 9112 §3.2.1).

    HTTP/2 and HTTP/3 have no such form, and tell nothing.
    """
    return request.version in ("1.0", "1.1") and request.target.startswith("/")


@function("request_content", absent=("request.authorization", "request.cookie", "request.dpop"),
          reads=("request.*?", "request:target", "request:content"))
def anonymous(request: Request) -> bool:
    """Whether the request has no credentials that a token could be: no field, no cookie, no parameter (RFC 6750 §2).

    A field does that has "auth", "cookie", "credential", "dpop", "key", "session" or "token" in its name.
    """
    assert request.fields is not None
    content = request.content or b""
    return (not any(_credentials.search(name) for name in request.fields.index)
            and "access_token" not in request.target and b"access_token" not in content)


_credentials = re.compile("auth|cookie|credential|dpop|key|session|token")
