"""The CORS protocol: what a response allows, and what the request asked for (Fetch §3.3, §4.8, §4.10)."""
from __future__ import annotations

from httplint.grammar.fetch import site_data_types
from httplint.grammar.registry import methods as registered
from httplint.grammar.rfc9111 import CacheControl
from httplint.grammar.table import header_section, parsed
from httplint.grammar.uri import DEFAULT_PORTS
from httplint.model.evidence import NotApplicable
from httplint.model.message import Request, Response
from httplint.vocabulary import function
from httplint.vocabulary.transport import target_origin

SAFELISTED = ("GET", "HEAD", "POST")
"""The methods that a preflight need not allow (Fetch §2.2.1)."""


@function(reads=("request:origin", "request.origin", "request.sec-fetch-site"))
def cross_origin(request: Request) -> bool:
    """Whether the request names another origin than that of its target URI; "null" is always another (Fetch §3.2).

    Requests of other methods than GET and HEAD carry Origin to their own origin as well (Fetch §3.2). Without Origin,
    raises NotApplicable.
    """
    fields = header_section(request)
    origin = fields.combined("origin")
    if origin is None:
        raise NotApplicable("origin")
    if fields.combined("sec-fetch-site") == "same-origin":
        return False
    scheme, _, authority = origin.lower().partition("://")
    where = target_origin(request)
    if where.scheme and scheme != where.scheme:
        return True
    host, colon, port = authority.rpartition(":")
    if not colon or not port.isdecimal():
        host, port = authority, ""
    ours = DEFAULT_PORTS.get(scheme, "")
    return host != where.host or (port or ours) != (where.port or ours)


@function(reads=("request:origin", "request.origin"))
def related(request: Request) -> bool:
    """Whether Origin is of the same site as the target URI, as far as the last two labels of the hosts tell
    (Fetch §3.3.5).

    For a suspicion that is enough: it is not what browsers call same-site.
    """
    origin = parsed(header_section(request), "origin")
    assert isinstance(origin, str)
    host = origin.partition("://")[2].partition(":")[0]
    return host.split(".")[-2:] == target_origin(request).host.split(".")[-2:]


@function()
def default_port(origin: str) -> str:
    """The port that an origin names although it is the default of its scheme; empty if it does not (Fetch §4.10).

    Browsers leave a default port out, so that such an origin is never equal to theirs (URL §4.5).
    """
    scheme, _, authority = origin.partition("://")
    port = DEFAULT_PORTS.get(scheme)
    return port if port is not None and authority.endswith(":" + port) else ""


@function("pair", absent=("response.access-control-allow-methods",),
          reads=("request.access-control-request-method", "response.access-control-allow-methods"))
def refused_method(request: Request, response: Response) -> str:
    """The method that a preflight asks for and its answer does not allow; empty if it does (Fetch §4.8).

    Methods are case-sensitive. "*" is taken to allow all, since a preflight does not show whether credentials follow.
    """
    wanted = parsed(header_section(request), "access-control-request-method")
    assert isinstance(wanted, str)
    allowed = _list(response, "access-control-allow-methods")
    return "" if wanted in SAFELISTED or wanted in allowed or "*" in allowed else wanted


@function("pair", absent=("response.access-control-allow-headers",),
          reads=("request.access-control-request-headers", "response.access-control-allow-headers"))
def refused_headers(request: Request, response: Response) -> tuple[str, ...]:
    """The request fields that a preflight asks for and its answer does not allow, in lower case (Fetch §4.8).

    "*" allows all but Authorization, as long as no credentials follow, which does not show.
    """
    wanted = parsed(header_section(request), "access-control-request-headers")
    assert isinstance(wanted, tuple)
    allowed = frozenset(_list(response, "access-control-allow-headers"))
    return tuple(name for name in wanted
                 if name not in allowed and ("*" not in allowed or name == "authorization"))


def _list(response: Response, name: str) -> tuple[str, ...]:
    """The members of a list field; none where it is absent."""
    try:
        found = parsed(header_section(response), name)
    except NotApplicable:
        return ()
    assert isinstance(found, tuple)
    return found


@function()
def miscased(methods: tuple[str, ...]) -> tuple[str, ...]:
    """The members that are no methods, but would be in upper case (RFC 9110 §9.1)."""
    known = registered()
    return tuple(method for method in methods if method not in known and method.upper() in known)


@function(absent=("response.vary",), reads=("response.vary",))
def varies_by(response: Response, name: str) -> bool:
    """Whether Vary lists that request field, or "*" (RFC 9110 §12.5.5)."""
    vary = _list(response, "vary")
    return name.lower() in vary or "*" in vary


@function(absent=("response.access-control-allow-origin",), reads=("response.access-control-allow-origin",))
def other_answer(response: Response, stored: Response) -> bool:
    """Whether two responses to the same resource differ in the origin that they allow
    (Fetch §cors-protocol-and-http-caches).
    """
    one, other = (header_section(answer).combined("access-control-allow-origin") for answer in (response, stored))
    if one is None and other is None:
        raise NotApplicable("access-control-allow-origin")
    return one != other


@function(reads=("response.cache-control", "response.etag?", "response.last-modified?", "response.expires?"))
def reusable(response: Response) -> bool:
    """Whether a cache has something to reuse the response by: a lifetime or a validator, and no no-store
    (RFC 9111 §3, §4).
    """
    fields = header_section(response)
    try:
        control = parsed(fields, "cache-control")
    except NotApplicable:
        control = None
    if control is not None:
        assert isinstance(control, CacheControl)
        if control.has("no-store"):
            return False
        if (control.seconds("max-age") or 0) > 0 or (control.seconds("s-maxage") or 0) > 0 or control.public:
            return True
    return not fields.index.keys().isdisjoint(("etag", "last-modified", "expires"))


@function()
def unknown_types(types: tuple[str, ...]) -> tuple[str, ...]:
    """The types in Clear-Site-Data that are not known, which browsers skip (Clear Site Data §3.1)."""
    known = site_data_types()
    return tuple(one for one in types if one not in known)
