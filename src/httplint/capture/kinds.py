"""What each kind of capture proves at best: the facts that some exchange of it may have.

A single exchange proves less, as its tool and its contents have it; no exchange proves more (tests hold that). From
this the coverage table says of each rule from which captures it can fire at all.
"""
from __future__ import annotations

from httplint.capture import har_quirks
from httplint.capture.held import NEVER
from httplint.model.evidence import ALL, bits
from httplint.model.message import VERSIONS
from httplint.model.named import NamedTuple

TEXT = frozenset({"1.0", "1.1"})
SHOWN = TEXT | {"2", "3"}
"""HTTP/2 and HTTP/3, too, in the form of HTTP/1.x."""
HELD = ALL & ~bits(*NEVER)
"""The facts of whoever has messages in parsed form."""


class CaptureKind(NamedTuple):
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
    CaptureKind("HAR", _every_har()),
    CaptureKind("Playwright trace", har_quirks.PLAYWRIGHT.facts | har_quirks.PLAYWRIGHT_API.facts),
    CaptureKind("flows", ALL & ~bits("wire", "target")),
    CaptureKind("octets", ALL & ~bits("time"), TEXT),
    CaptureKind("WARC", ALL, TEXT),
    CaptureKind("Fiddler archive", ALL & ~bits("wire", "target", "trailers"), TEXT),
    CaptureKind("Burp items", HELD & ~bits("octets", "size"), SHOWN),
    CaptureKind("ZAP messages", HELD, SHOWN),
    CaptureKind("Charles session", har_quirks.producer({"name": "Charles"}, None).facts & ~bits("size")),
    CaptureKind("newman result", HELD & ~bits("version", "request_version", "reason", "time")),
    CaptureKind("Postman collection", HELD & ~bits("version", "request_version", "reason", "time", "response_fields",
                                                   "lines", "name_case", "request_fields", "request_content")),
    CaptureKind("cassette", HELD & ~bits("exact", "name_case", "time", "request_content")),
    CaptureKind("Schemathesis report", HELD & ~bits("name_case"), TEXT),
    CaptureKind("WireMock", HELD & ~bits("version", "request_version", "reason", "name_case")),
    CaptureKind("Hurl report", HELD & ~bits("request_version", "reason", "request_content")),
    CaptureKind("curl", ALL & ~bits("request_content", "octets", "size", "time", "wire", "exact", "reason",
                                    "name_case")),
    CaptureKind("library call", ALL & ~bits("wire", "name_case")),
    CaptureKind("client library", HELD),
    CaptureKind("fetch", ALL, TEXT),
    CaptureKind("fetch --http2", ALL & ~bits("reason", "target"), frozenset({"2"})),
    CaptureKind("probe", ALL, TEXT | {"2"}),
)
