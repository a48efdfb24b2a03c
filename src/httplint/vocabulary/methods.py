"""Answers to HEAD, TRACE, OPTIONS and others, and whether a QUERY is what it says (RFC 9110 §9.3, RFC 10008)."""
from __future__ import annotations

import json
import re

from httplint.grammar.dates import Date
from httplint.grammar.rfc9110 import EntityTag, MediaType
from httplint.grammar.table import given, value
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.model.nesting import shallow
from httplint.model.pattern import lazily
from httplint.vocabulary import function
from httplint.vocabulary.codings import CONTENT, asked, plain
from httplint.vocabulary.knowledge import settled
from httplint.vocabulary.media import is_json, is_xml
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


@function("content", reads=("request:method", *CONTENT))
def echoes(request: Request, response: Response) -> bool:
    """Whether the content has the request line of a TRACE: method and version, whatever became of the target
    (RFC 9110 §9.3.8).
    """
    try:
        content = plain(response)
    except NotApplicable:
        return False
    return request.method.encode("latin-1", "replace") + b" " in content and b"HTTP/" in content


@function("content", reads=(*[f"request.{name}" for name in SECRETS], *CONTENT))
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


@function(paired=False, reads=("request:uri",))
def short_lengths(request: Request) -> tuple[int, ...]:
    """The length of the target URI in octets, if everybody ought to support a URI of that length (RFC 9110 §4.1).

    Raises NotEvaluated for a URI that the capture has decoded.
    """
    if not request.uri.isascii():
        raise NotEvaluated("the target URI is not written as it was sent")
    length = len(request.uri)
    return (length,) if length < SUPPORTED else ()


@function("response_fields", paired=False,
          absent=("response.accept-patch", "response.accept-post", "response.allow", "response.dav", "response.link"),
          reads=("request:target", "response:status", "response:content", "response.*?", "response.content-length"))
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


@function("request_content", reads=("request:content", "request.content-type", "request.content-encoding?"))
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
        json.loads(shallow(content), parse_int=str)
    except RecursionError:
        raise NotEvaluated("the content is nested too deeply") from None
    except ValueError:
        return True
    return False


@function("pair", absent=("response.cache-control", "response.content-language", "response.content-location",
                          "response.content-type", "response.last-modified"),
          reads=("response.etag", "response.last-modified", "response.content-encoding"))
def fields_of_get_only(response: Response, stored: Response) -> tuple[str, ...]:
    """The fields of the same representation by GET that the answer to HEAD lacks; or an empty name (RFC 9110 §9.3.2).

    Only those that a server knows before it makes the content; Vary may come of making it, says the section.
    """
    if response.fields is None or stored.fields is None or not same_by_get(response, stored):
        return ("",)
    return tuple(name for name in _BEFORE_CONTENT
                 if name.lower() in stored.fields.index and name.lower() not in response.fields.index) or ("",)


_BEFORE_CONTENT = ("Cache-Control", "Content-Language", "Content-Location", "Content-Type", "Last-Modified")


@function("pair", absent=("response.content-encoding",),
          reads=("response.etag", "response.last-modified", "response.content-encoding"))
def same_by_get(response: Response, stored: Response) -> bool:
    """Whether the response is about the very representation that the stored 200 had (RFC 9110 §8.8.1).

    Equal strong tags say so; without any tag, an equal Last-Modified that was a minute old at the time of the 200, so
    that it is a strong validator (§8.8.2.2). Otherwise not evaluated, as with another content coding: the resource may
    have changed, or another variant been selected.
    """
    tag, other = given(response, "etag"), given(stored, "etag")
    if tag is None and other is None:
        date = given(stored, "last-modified")
        same = (isinstance(date, Date) and settled(date, given(stored, "date"))
                and date == given(response, "last-modified"))
    else:
        same = isinstance(tag, EntityTag) and not tag.weak and tag == other
    if not same or given(response, "content-encoding") != given(stored, "content-encoding"):
        raise NotEvaluated("nothing ties the response to the 200 seen before")
    return True


@function()
def names_no_port(target: str) -> bool:
    """Whether the target of a CONNECT has a colon, and behind it no port or an impossible one (RFC 9110 §9.3.6).

    A target with a slash is not in the form of CONNECT; some captures write a URI in its place.
    """
    match = _port.search(target)
    if match is None or "/" in target:
        return False
    port = match.group(1)
    return not (port.isascii() and port.isdigit() and int(port.lstrip("0")[:6] or "0") <= 65535)


_port = lazily(r":([^:\]]*+)\Z")
