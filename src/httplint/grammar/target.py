"""Target URIs: when two are requested in the same way, and where a redirect leads (RFC 9110 §7.1, §10.2.2)."""
from __future__ import annotations

import re
from functools import lru_cache

from httplint.grammar.table import value
from httplint.grammar.uri import normalise, resolve
from httplint.model.message import Response

_absolute = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*+://)(?:[^/?#@]*+@)?+([^/?#]*+)([^#]*+)")


def requested(uri: str) -> str:
    """The form in which URIs are equal that clients request in the same way.

    Scheme and host in lower case, no default port, no empty path, no fragment, no userinfo. Path and query stay as
    they are: a redirect to another spelling of the same URI makes another request, and may well be answered otherwise.
    """
    end = uri.find("/", len("https://"))                   # where the path begins, in most of them
    if 0 < end <= LONGEST_CACHED and "#" not in uri:
        begin = uri[:end]
        origin = _origin(begin)
        if origin is not None:
            return uri if origin == begin else origin + uri[end:]
    match = _absolute.match(uri)
    if match is None:
        return uri.partition("#")[0]
    scheme, place, rest = match.groups()
    return normalise(scheme + place).removesuffix("/") + (rest if rest.startswith("/") else "/" + rest)


LONGEST_CACHED = 300
"""Longer origins would fill the cache; a host name has 253 octets at most."""


@lru_cache(1024)
def _origin(begin: str) -> str | None:
    """The form of a URI up to its path; None if it is something else. Traffic is about few origins."""
    match = _absolute.match(begin)
    return normalise(match[1] + match[2]).removesuffix("/") if match is not None and not match[3] else None


def redirect_target(uri: str, response: Response) -> str | None:
    """Where a redirect leads from a target URI, in the form of `requested`; None without a Location that is valid."""
    location = value(response, "location")
    if location is None or response.fields is None:
        return None
    try:
        return requested(resolve(uri, response.fields.values("location")[0]))
    except ValueError:
        return None
