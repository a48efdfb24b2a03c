"""What the recorders ask: a choice of the answers of `tools/record_fixtures`, from the tables there.

It shows what recorders may do to a message: decode contents, join lines, change names, drop fields, lose octets that
are no text; and what each status code has of its own.
"""
from __future__ import annotations

from typing import NamedTuple

from answers import CONFORMING, VIOLATING
from fields_conforming import CONFORMING_FIELDS
from fields_violating import VIOLATING_FIELDS


class Asked(NamedTuple):
    """A request: `fields` are (name, value), `content` is a text or None."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...]
    content: str | None


PATHS = (
    "/conforming/page", "/conforming/200-chunked", "/conforming/200-gzip", "/conforming/json-gzip",
    "/conforming/gzip-file", "/conforming/html-in-latin-1", "/conforming/200-set-cookie-twice",
    "/conforming/200-list-over-two-lines", "/conforming/200-to-head", "/conforming/202", "/conforming/204",
    "/conforming/206-single", "/conforming/206-multipart", "/conforming/301", "/conforming/304-after-200",
    "/conforming/201-to-put", "/conforming/401", "/conforming/404", "/conforming/405", "/conforming/503",
    "/conforming/digests-of-gzip", "/conforming/cookie-for-all", "/conforming/links", "/conforming/problem",
    "/violating/200-without-content-type", "/violating/206-without-content-range", "/violating/304-without-etag",
    "/violating/401-realm-as-token", "/violating/405-without-allow", "/violating/500-without-content",
    "/violating/date-missing", "/violating/last-modified-wrong-weekday", "/violating/etag-unquoted",
    "/violating/etag-twice", "/violating/content-type-malformed", "/violating/json-that-is-none",
    "/violating/json-with-byte-order-mark", "/violating/set-cookie-joined", "/violating/set-cookie-max-age-1h",
    "/violating/cors-two-origins", "/violating/csp-none-and-more", "/violating/hsts-over-http",
    "/violating/cache-control-semicolons", "/violating/expires-0", "/violating/link-without-brackets",
    "/violating/content-disposition-latin-1", "/violating/options-tells-nothing",
    "/violating/head-without-content-type",
)


def asked() -> list[Asked]:
    """The requests, in order."""
    found: dict[str, list[Asked]] = {}
    for answer in (*CONFORMING, *CONFORMING_FIELDS, *VIOLATING, *VIOLATING_FIELDS):
        if answer.path in PATHS and answer.origin == "application":
            pairs = (line.partition(":") for line in answer.ask.fields)
            found.setdefault(answer.path, []).append(Asked(
                answer.ask.method, answer.path, tuple((name, value.strip()) for name, _, value in pairs),
                answer.ask.content))
    for asks in found.values():                            # what tells of the representation comes first
        asks.sort(key=lambda one: (one.method != "GET", any(name.startswith("If-") for name, _ in one.fields)))
    return [one for path in PATHS for one in found[path]]
