"""What the answers to TRACE and OPTIONS hold (RFC 9110 §9.3.7, §9.3.8)."""
from __future__ import annotations

from httplint.engine.functions import function
from httplint.engine.functions.media import plain
from httplint.model.evidence import NotApplicable
from httplint.model.message import Request, Response

SECRETS = ("authorization", "cookie", "proxy-authorization")
SHORTEST = 8
"""Octets of a secret below which it may stand in the content by chance."""
SILENT = frozenset((
    "age", "cache-control", "connection", "content-length", "content-type", "date", "etag", "expires", "keep-alive",
    "last-modified", "pragma", "server", "set-cookie", "strict-transport-security", "transfer-encoding", "vary", "via",
    "x-content-type-options", "x-frame-options", "x-powered-by", "x-request-id",
))
"""Fields that tell nothing of what a resource supports."""


@function("content")
def echoes(request: Request, response: Response) -> bool:
    """Whether the content has the request line of a TRACE: method and version, whatever became of the target."""
    try:
        content = plain(response)
    except NotApplicable:
        return False
    return request.method.encode("latin-1", "replace") + b" " in content and b"HTTP/" in content


@function("content")
def echoes_secrets(request: Request, response: Response) -> bool:
    """Whether the content has the value of a field of the request that is secret."""
    assert request.fields is not None
    secrets = [value.encode("latin-1", "replace") for name in SECRETS if name in request.fields.index
               for value in request.fields.values(name)]
    long = [secret for secret in secrets if len(secret) >= SHORTEST]
    return bool(long) and any(secret in plain(response) for secret in long)


@function()
def left_out(allow: tuple[str, ...], succeeded: tuple[str, ...]) -> tuple[str, ...]:
    """The methods that were successful and are not in Allow; not OPTIONS and HEAD, which few list (RFC 9110 §10.2.1)."""
    return tuple(method for method in succeeded if method not in allow and method not in ("OPTIONS", "HEAD"))


SUPPORTED = 8000
"""Octets of a URI that everybody ought to support (RFC 9110 §4.1)."""


@function()
def short_lengths(request: Request) -> tuple[int, ...]:
    """The length of the target URI in octets, if everybody ought to support a URI of that length."""
    length = len(request.uri)
    return (length,) if length < SUPPORTED else ()


@function("response_fields")
def tells_options(request: Request, response: Response) -> bool:
    """Whether a response has content, or a field that may tell what the resource supports; * is no resource."""
    assert response.fields is not None
    return request.target == "*" or bool(response.content) or not response.fields.index.keys() <= SILENT
