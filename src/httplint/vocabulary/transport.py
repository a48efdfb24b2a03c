"""Whether a request came over a secure connection (RFC 6797 §7, RFC 6265bis §5.7)."""
from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from httplint.model.evidence import NotEvaluated
from httplint.model.fields import OWS, UNTOLD, Fields
from httplint.model.memo import KEPT
from httplint.model.message import Request
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.vocabulary import function

_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*+)://(?:[^/?#@]*+@)?+(\[[^\]/?#]*+\]|[^/?#:]*+)(?::([0-9]*+))?+")
_IPV4 = lazily(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_FORWARDED = ("x-forwarded-proto", "x-forwarded-scheme", "x-forwarded-protocol", "cloudfront-forwarded-proto",
              "x-url-scheme", "x-scheme")
_proto = lazily(r'(?i)(?:\A|[;, \t])proto="?([a-z]++)')
_SWITCHES = ("x-forwarded-ssl", "front-end-https", "x-https")
_HOSTS = ("host", "x-forwarded-host", "x-original-host")
TELLING = (*_FORWARDED, "forwarded", "x-arr-ssl", *_SWITCHES, *_HOSTS)
"""All fields that are looked at besides the target URI."""
_forwarded_host = lazily(r'(?i)(?:\A|[;, \t])host=(?:"([^"]*+)"|([^;, \t"]++))')
LOOKED_AT = 2000
"""Characters of a URI or a value that are looked at."""
_host_of = re.compile(r"\[[^\]]*+\]|[^:]++")


class TargetOrigin(NamedTuple):
    """Where a request went: scheme, host and port of its target URI, in lower case."""

    scheme: str
    """Empty where the capture does not tell."""
    host: str
    port: str
    """As written; empty for the default port."""

    @property
    def local(self) -> bool:
        """Whether the host is the user's own machine, which browsers trust without TLS."""
        return (self.host in ("localhost", "[::1]") or self.host.endswith(".localhost")
                or (self.host.startswith("127.") and is_address(self.host)))


def is_address(host: str) -> bool:
    """Whether a host is an IP address and no name."""
    return host[:1] == "[" or (host[-1:].isdecimal() and _IPV4.fullmatch(host) is not None)


def target_origin(request: Request) -> TargetOrigin:
    """Raises NotEvaluated if the capture does not tell the host."""
    found = _target_origin(request)
    if found is None:
        raise NotEvaluated("the host of the request is not known")
    return found


@lru_cache(KEPT)
def _target_origin(request: Request) -> TargetOrigin | None:
    uri = request.uri
    told = bool(request.scheme) or not request.target.startswith(("/", "*"))
    end = uri.find("/", uri.find("://") + 3)               # nothing of it stands behind that
    if 0 < end <= LONGEST_KEPT and len(uri) <= LOOKED_AT:
        return _origin(uri[:end], told)
    return _origin.__wrapped__(uri, told)


LONGEST_KEPT = 300
"""Characters of scheme and authority of which it is kept what they tell."""


@lru_cache(1024)
def _origin(uri: str, told: bool) -> TargetOrigin | None:
    """`told`: whether the scheme is that of the request."""
    match = _URI.match(uri, 0, LOOKED_AT)
    if match is None or not match[2] or (len(uri) > LOOKED_AT and uri[match.end()] not in "/?#"):
        return None
    return TargetOrigin(match[1].lower() if told else "", match[2].lower(), match[3] or "")


def origin_key(request: Request) -> tuple[object, ...]:
    """All that the functions about the origin of a request, and those that ask them, look at: `request:origin`.

    That is scheme, host and port of the target URI, whatever it names further, and the first value of each field by
    which a host or a proxy in front is told. Requests with equal keys are answered for alike.
    """
    fields = request.fields or UNTOLD
    return (_target_origin(request), *[(name, _first(fields, name)) for name in TELLING if name in fields.index])


def security_key(request: Request) -> tuple[object, ...]:
    """What the functions say that ask whether a request was safe from others: `request:security`.

    That is whether it was secure, and to a local host or a named one; or why that is not known. It takes few values.
    """
    origin = origin_key(request)
    said = _SAID.get(origin)
    if said is None:
        if len(_SAID) >= KEPT_SAID:
            _SAID.clear()
        said = _SAID[origin] = tuple([_answer(ask, request) for ask in (secure, local_host, named_host)])
    return said


_SAID: dict[object, tuple[object, ...]] = {}
KEPT_SAID = 256
"""Origins of which it is kept what was said of them."""


def _answer(ask: Callable[[Request], bool], request: Request) -> object:
    try:
        return ask(request)
    except NotEvaluated as why:
        return why.reason


@function("resource", paired=False, reads=("request:security",))
def secure(request: Request) -> bool:
    """Whether the target URI is one of https, or a proxy in front says that the client asked for one (RFC 9110 §4.2.2).

    Raises NotEvaluated where the capture does not tell: the scheme of a request in origin-form is that of its
    connection (RFC 9112 §3.3).
    """
    scheme = target_origin(request).scheme
    if scheme in ("https", "wss"):
        return True
    told = _told(request.fields) if request.fields is not None else None
    if told is not None:
        return told
    if not scheme:
        raise NotEvaluated("whether the connection was secure does not show")
    return False


def _told(fields: Fields) -> bool | None:
    """What the proxies in front say of the client's own connection; None if they say nothing."""
    index = fields.index
    for name in _FORWARDED:
        if name in index:
            return _first(fields, name).partition(",")[0].strip().lower() in ("https", "wss")
    if "forwarded" in index and (found := _proto.search(_first(fields, "forwarded"))):
        return found[1].lower() == "https"
    return True if "x-arr-ssl" in index or any(name in index and _first(fields, name).lower() in ("on", "1", "true")
                                               for name in _SWITCHES) else None


def _first(fields: Fields, name: str) -> str:
    """The begin of the first value of a field: rules ask for it once for each cookie."""
    return fields.lines[fields.index[name][0]][1][:LOOKED_AT].strip(OWS)


@lru_cache(KEPT)
def hosts(request: Request) -> frozenset[str]:
    """The hosts that the client may have asked for, in lower case without port.

    Those of the target URI and of Host, and the ones that proxies in front name, which may have asked for another.
    Raises NotEvaluated if the capture does not tell the host.
    """
    found = [target_origin(request).host]
    fields = request.fields
    if fields is not None:
        named = [one for name in _HOSTS if name in fields.index for one in _first(fields, name).split(",")]
        if "forwarded" in fields.index:
            named += [match[1] or match[2] or "" for match in _forwarded_host.finditer(_first(fields, "forwarded"))]
        found += [match[0].lower() for one in named if (match := _host_of.match(one.strip(OWS)))]
    return frozenset(found)


@function("resource", paired=False, reads=("request:security",))
def named_host(request: Request) -> bool:
    """Whether the client may have asked for a host by its name, and not by its IP address (RFC 6797 §8.1.1)."""
    return not all(is_address(host) for host in hosts(request))


@function("resource", paired=False, reads=("request:security",))
def local_host(request: Request) -> bool:
    """Whether the host is the user's own machine, which browsers trust without TLS (Secure Contexts §3.1)."""
    return target_origin(request).local
