"""What each kind of capture proves at best: the facts that some exchange of it may have.

A single exchange proves less, as its tool and its contents have it; no exchange proves more (tests hold that). From
this the coverage table says of each rule from which captures it can fire at all.
"""
from __future__ import annotations

from typing import NamedTuple

from httplint.capture import har_quirks
from httplint.model.evidence import ALL, bits
from httplint.model.message import VERSIONS

TEXT = frozenset({"1.0", "1.1"})


class Kind(NamedTuple):
    """A kind of capture. `facts`: bits of `model.evidence`; `versions`: those of HTTP that it can hold."""

    name: str
    facts: int
    versions: frozenset[str] = frozenset(VERSIONS)


def _every_har() -> int:
    facts = har_quirks.UNKNOWN.facts
    for _, row in har_quirks.TABLE:
        facts |= row.facts
    return facts


KINDS = (
    Kind("HAR", _every_har()),
    Kind("flows", ALL & ~bits("wire", "target")),
    Kind("octets", ALL & ~bits("time"), TEXT),
    Kind("WARC", ALL, TEXT),
    Kind("Fiddler archive", ALL & ~bits("wire", "target", "trailers"), TEXT),
    Kind("curl", ALL & ~bits("request_content", "octets", "size", "time", "wire", "exact", "reason", "name_case")),
    Kind("library call", ALL & ~bits("wire", "name_case")),
    Kind("client library", ALL & ~bits("wire", "interim", "trailers", "target")),
    Kind("fetch", ALL, TEXT),
    Kind("fetch --http2", ALL & ~bits("reason", "target"), frozenset({"2"})),
)
