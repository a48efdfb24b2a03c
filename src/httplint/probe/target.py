"""What is probed."""
from __future__ import annotations

from httplint.capture.fetching import Place
from httplint.model.named import NamedTuple

Line = tuple[str, str]
"""A field line: name and value."""
Origin = tuple[str, str, int]
"""Scheme, host and port."""


class ProbeTarget(NamedTuple):
    """A resource to probe, and field lines that go with each request to it, such as Authorization or Accept.

    `source`: what names it, if the user has not.
    """

    place: Place
    fields: tuple[Line, ...] = ()
    source: str = ""

    def at(self, place: Place) -> ProbeTarget:
        """Another resource, of which the fields are sent to the same origin alone: they may be credentials."""
        return ProbeTarget(place, self.fields if origin(place) == origin(self.place) else ())


def origin(place: Place) -> Origin:
    """The origin of a URL (RFC 9110 §4.3.1)."""
    return place.scheme, place.host.lower(), place.port


def named(one: Origin) -> str:
    """An origin for people."""
    scheme, host, port = one
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
