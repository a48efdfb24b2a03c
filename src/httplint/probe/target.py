"""What is probed."""
from __future__ import annotations

from httplint.capture.fetching import Place
from httplint.model.named import NamedTuple

Origin = tuple[str, str, int]
"""Scheme, host and port."""


class ProbeTarget(NamedTuple):
    """A resource to probe, and field lines that go with each request to it, such as Authorization or Accept."""

    place: Place
    fields: tuple[tuple[str, str], ...] = ()


def origin(place: Place) -> Origin:
    """The origin of a URL (RFC 9110 §4.3.1)."""
    return place.scheme, place.host.lower(), place.port


def named(one: Origin) -> str:
    """An origin for people."""
    scheme, host, port = one
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
