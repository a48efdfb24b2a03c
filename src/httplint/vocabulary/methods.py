"""What the answers to TRACE and OPTIONS hold, and whether a QUERY is what it says (RFC 9110 §9.3, RFC 10008)."""
from __future__ import annotations

import json
import re

from httplint.grammar.rfc9110 import MediaType
from httplint.grammar.table import value
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary import function
from httplint.vocabulary.media import asked, is_json, is_xml, plain
from httplint.vocabulary.webdav import broken_xml

SECRETS = ("authorization", "cookie", "proxy-authorization")
SHORTEST = 8
"""Octets of a secret below which it may stand in the content by chance."""
LOOKED_FOR = 20
"""How many secrets are looked for in the content."""
SILENT = frozenset((
    "age", "cache-control", "connection", "content-length", "content-type", "date", "etag", "expires", "keep-alive",
    "last-modified", "pragma", "server", "set-cookie", "strict-transport-security", "transfer-encoding", "vary", "via",
    "x-content-type-options", "x-frame-options", "x-powered-by", "x-request-id",
))
"""Fields that tell nothing of what a resource supports."""


@function("content")
def echoes(request: Request, response: Response) -> bool:
    """Whether the content has the request line of a TRACE: method and version, whatever became of the target
    (RFC 9110 §9.3.8).
    """
    try:
        content = plain(response)
    except NotApplicable:
        return False
    return request.method.encode("latin-1", "replace") + b" " in content and b"HTTP/" in content


@function("content")
def echoes_secrets(request: Request, response: Response) -> bool:
    """Whether the content has the value of a field of the request that is secret (RFC 9110 §9.3.8)."""
    assert request.fields is not None
    secrets = dict.fromkeys(value.encode("latin-1", "replace") for name in SECRETS if name in request.fields.index
                            for value in request.fields.values(name))
    long = [secret for secret in secrets if len(secret) >= SHORTEST]
    if not long:
        return False
    content = plain(response)
    if any(secret in content for secret in long[:LOOKED_FOR]):
        return True
    if len(long) > LOOKED_FOR:
        raise NotEvaluated(f"the request has more than {LOOKED_FOR} secrets to look for")
    return False


@function()
def left_out(allow: tuple[str, ...], succeeded: tuple[str, ...]) -> tuple[str, ...]:
    """The methods that were successful and are not in Allow; not OPTIONS and HEAD, which few list
    (RFC 9110 §10.2.1).
    """
    return tuple(method for method in succeeded if method not in allow and method not in ("OPTIONS", "HEAD"))


SUPPORTED = 8000
"""Octets of a URI that everybody ought to support (RFC 9110 §4.1)."""


@function(paired=False)
def short_lengths(request: Request) -> tuple[int, ...]:
    """The length of the target URI in octets, if everybody ought to support a URI of that length (RFC 9110 §4.1).

    Raises NotEvaluated for a URI that the capture has decoded.
    """
    if not request.uri.isascii():
        raise NotEvaluated("the target URI is not written as it was sent")
    length = len(request.uri)
    return (length,) if length < SUPPORTED else ()


@function("response_fields", paired=False)
def tells_options(request: Request, response: Response) -> bool:
    """Whether a response has content, or a field that may tell what the resource supports (RFC 9110 §9.3.7).

    The server as a whole is no resource: *, and to a proxy a URI without path and query (RFC 9112 §3.2.4). Raises
    NotEvaluated if only the content could tell, and it is not known whether there is one.
    """
    assert response.fields is not None
    if (_SERVER.fullmatch(request.target) is not None or response.content
            or not response.fields.index.keys() <= SILENT):
        return True
    if response.content is None and response.status != 204 and response.fields.combined("content-length") != "0":
        raise NotEvaluated("the content was not captured, or not completely")
    return False


_SERVER = re.compile(r"\*|[A-Za-z][A-Za-z0-9+.\-]*+://[^/?#]*+")


@function("request_content")
def contradicts_type(request: Request) -> bool:
    """Whether content that is called JSON or XML is not (RFC 10008 §2.1).

    Not evaluated: content that is coded, or large; not applicable: other media types, and no content.
    """
    kind = value(request, "content-type")
    if not isinstance(kind, MediaType) or not request.content:
        raise NotApplicable("content with a media type")
    if is_xml(kind):
        return bool(broken_xml(request))
    if not is_json(kind):
        raise NotApplicable("JSON or XML")
    content = asked(request)
    try:
        json.loads(content, parse_int=str)
    except RecursionError:
        raise NotEvaluated("the content is nested too deeply") from None
    except ValueError:
        return True
    return False
