"""A file of HTTP/1.x octets: those of a connection, or else what a client printed that looks like them."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import files
from httplint.capture.files import Progress
from httplint.capture.http1 import WIRE, Conversation
from httplint.capture.outcome import Outcome, Problem

LIMIT = 64 << 20
"""The largest file that is read, in octets."""

_LATER_VERSION = re.compile(rb"HTTP/[23](?:\.0)? [1-5][0-9]{2} ?\r\n(?:[!#-'*+\-.^-z|~0-9A-Z]{1,80}:|\r\n)")
"""The begin of a response of HTTP/2 or HTTP/3, as clients print it."""


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None,
         wire: bool = False) -> Iterator[Outcome]:
    """The exchanges of a file of octets; responses whose framing does not agree are taken for what `curl -i` prints.

    `wire`: the file is known to hold what came over the wire until the server closed the connection.
    """
    octets = files.whole(source, path, LIMIT, progress)
    if wire:
        yield from Conversation(octets, path, WIRE, closed=True).outcomes()
        return
    if not (octets.startswith(b"HTTP/") and _LATER_VERSION.search(octets)):    # as no connection has them
        talk = Conversation(octets, path)
        outcomes = list(talk.outcomes())
        if talk.certain if octets.startswith(b"HTTP/") else not any(isinstance(one, Problem) for one in outcomes):
            yield from outcomes
            return
    from httplint.capture import curl
    yield from curl.outcomes(octets, path)
