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
    return _requested(uri) if len(uri) <= LONGEST_CACHED else _requested.__wrapped__(uri)


LONGEST_CACHED = 2000
"""Longer URIs, such as those of data, would fill the cache."""


@lru_cache(32)
def _requested(uri: str) -> str:
    """An exchange asks several times in a row for the form of one URI."""
    match = _absolute.match(uri)
    if match is None:
        return uri.partition("#")[0]
    scheme, place, rest = match.groups()
    return _origin(scheme + place) + (rest if rest.startswith("/") else "/" + rest)


@lru_cache(1024)
def _origin(uri: str) -> str:
    """Scheme and authority of a URI that consists of these."""
    return normalise(uri).removesuffix("/")


def redirect_target(uri: str, response: Response) -> str | None:
    """Where a redirect leads from a target URI, in the form of `requested`; None without a Location that is valid."""
    location = value(response, "location")
    if location is None or response.fields is None:
        return None
    try:
        return requested(resolve(uri, response.fields.values("location")[0]))
    except ValueError:
        return None
