"""The checks, as a table: what each asks, when there is nothing to ask, and which answers make no use of it.

Values of fields are templates of what is known of the resource: `{etag}` is its ETag. What a check needs is a row of
NEEDS. Whether an answer is right is for the rules to say; a check only knows which answers show that the server does
not take part, as it need not: then it is not applicable, for a reason that people understand.

RFC 9110 §9.2.1 calls GET, HEAD, OPTIONS and TRACE safe. Of a method that nobody knows, nobody knows that: it is asked
on demand alone. A client generates Expect: 100-continue with content only (§10.1.1), which means nothing with GET
(§9.3.1), and something with OPTIONS (§9.3.7). Range and conditions are for 200 alone (§14.2, §13.2.1).
"""
from __future__ import annotations

from collections.abc import Callable, Iterable

from httplint.capture.fetching import ABSOLUTE, HTTP_1_0, NO_HOST, PLAIN, TWO_HOSTS, Ask
from httplint.grammar.table import value
from httplint.model.exchange import Exchange
from httplint.model.message import Response
from httplint.model.named import NamedTuple
from httplint.probe.resource import Resource, etag_of, modified_of
from httplint.report.matrix import Check

Use = Callable[[Resource, Exchange], str]
"""What says why an answer shows that the server does not take part; an empty text if it does."""

OTHER_ETAG = '"httplint-probe-other"'
LONG_AGO = "Sat, 01 Jan 2000 00:00:00 GMT"
"""Not 1970: more than one server takes the beginning of its clock for no date at all."""
UNIT = "httplint-probe"
"""A range unit that nobody has: a rule knows it by name."""
ORIGIN, OTHER_ORIGIN = "https://probe.httplint.example", "https://other.httplint.example"
UNKNOWN_METHOD = "HTTPLINT"
BEYOND = "1000000000000000"
"""Where a range begins that no content reaches, if the length is not known."""


def _succeeds(resource: Resource) -> bool:
    return resource.got == 200


class Need(NamedTuple):
    """What a check needs to know of a resource: whether that is there, and why there is nothing to ask if not."""

    there: Callable[[Resource], object]
    lacking: str
    told_by: str = "get"
    """The check whose answer tells it."""


NEEDS = {
    "200": Need(_succeeds, "the plain GET was answered with {got}"),
    "etag": Need(lambda resource: resource.etag, "it has no ETag to ask with"),
    "strong tag": Need(lambda resource: resource.etag and not resource.etag.startswith("W/"), "it has no strong ETag"),
    "modified": Need(lambda resource: resource.modified, "it has no Last-Modified to ask with"),
    "strong": Need(lambda resource: resource.strong, "it has no strong validator"),
    "content": Need(lambda resource: resource.length != "0", "its content is empty"),
    "length": Need(lambda resource: len(resource.length) > 1, "its content is short, or of unknown length"),
    "ranges": Need(lambda resource: resource.ranges, "it ignores Range", "range"),
    "gzip": Need(lambda resource: resource.gzip_etag, "it has no ETag for content in gzip", "coding-gzip"),
    "redirect": Need(lambda resource: resource.leads_to, "it redirects nowhere"),
}
"""What checks need to know, by name."""


class ProbeCheck(NamedTuple):
    """A row of the table. `proper`: codes from 400 up that are answers to the question."""

    name: str
    question: str
    method: str = "GET"
    fields: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()
    proper: tuple[int, ...] = ()
    use: Use | None = None
    form: int = PLAIN
    content: bytes | None = None
    option: str = ""
    """The option without which it is not asked."""

    @property
    def check(self) -> Check:
        """As the matrix has it."""
        return Check(self.name, self.question)

    def lacking(self, resource: Resource) -> str:
        """Why there is nothing to ask a resource; empty if there is something."""
        for need in self.needs:
            if not NEEDS[need].there(resource):
                return NEEDS[need].lacking.format(got=resource.got)
        return ""

    def ask(self, resource: Resource) -> Ask:
        """What is asked."""
        known = {"etag": resource.etag, "modified": resource.modified, "strong": resource.strong,
                 "length": resource.length or BEYOND, "gzip_etag": resource.gzip_etag}
        fields = tuple([(name, template.format_map(known)) for name, template in self.fields])
        return resource.ask(self.method, fields, self.content, self.form, bare=self.method == "TRACE")

    def unused(self, resource: Resource, exchange: Exchange) -> str:
        """Why the answer shows that the server does not take part; empty if it does."""
        status = exchange.response.status
        if status >= 400 and status != resource.got and status not in self.proper:
            return f"it was answered with {status}"
        return self.use(resource, exchange) if self.use is not None else ""


def _etag_kept(resource: Resource, exchange: Exchange) -> str:
    changed = exchange.response.status == 200 and etag_of(exchange.response) != resource.etag
    return "its ETag is another each time" if changed else ""


def _modified_kept(resource: Resource, exchange: Exchange) -> str:
    changed = exchange.response.status == 200 and modified_of(exchange.response) != resource.modified
    return "its Last-Modified is another each time" if changed else ""


def _partial(resource: Resource, exchange: Exchange) -> str:
    if exchange.response.status == 206:
        resource.ranges = "yes"
    return "it ignores Range" if exchange.response.status == 200 else ""


def _repeated(resource: Resource, exchange: Exchange) -> str:
    return "it sends the whole, though If-Range has its validator" if exchange.response.status == 200 else ""


def _codings(response: Response) -> tuple[str, ...]:
    found = value(response, "content-encoding")
    return found if isinstance(found, tuple) else ()


def _coded(coding: str) -> Use:
    def use(resource: Resource, exchange: Exchange) -> str:
        if coding not in _codings(exchange.response):
            return f"it sends no {coding}"
        if coding == "gzip" and exchange.response.status == 200:
            resource.gzip_etag = etag_of(exchange.response)
        return ""
    return use


def _not_acceptable(about: str) -> Use:
    def use(resource: Resource, exchange: Exchange) -> str:
        return f"it disregards {about}" if exchange.response.status == 200 else ""
    return use


def _shares(resource: Resource, exchange: Exchange) -> str:
    fields = exchange.response.fields
    shared = fields is not None and "access-control-allow-origin" in fields.index
    return "" if shared else "it shares nothing with other origins"


def _awaited(resource: Resource, exchange: Exchange) -> str:
    asked = exchange.request
    waited = not exchange.interim and asked is not None and asked.content
    return "it waits for the content without a 100 (Continue)" if waited else ""


_MATCH, _SINCE, _RANGE, _IF_RANGE = "If-None-Match", "If-Modified-Since", "Range", "If-Range"
_CODING, _ORIGIN = "Accept-Encoding", "Origin"
_TEXT = ("Content-Type", "text/plain")

CHECKS = (
    ProbeCheck("get", "a plain GET"),
    ProbeCheck("redirect", "the redirects that follow, one by one", needs=("redirect",), option="follow"),
    ProbeCheck("head", "HEAD, held against GET", "HEAD"),
    ProbeCheck("target-absolute", "a target in absolute form", form=ABSOLUTE, needs=("200",)),
    ProbeCheck("range-unit", "Range in a unit that nobody has", fields=((_RANGE, f"{UNIT}=0-9"),), needs=("200",),
               proper=(416,)),
    ProbeCheck("if-none-match", "If-None-Match with its ETag", fields=((_MATCH, "{etag}"),), needs=("200", "etag"),
               use=_etag_kept),
    ProbeCheck("if-none-match-other", "If-None-Match with another ETag", fields=((_MATCH, OTHER_ETAG),),
               needs=("200",)),
    ProbeCheck("if-none-match-any", "If-None-Match: *", fields=((_MATCH, "*"),), needs=("200",)),
    ProbeCheck("if-modified-since", "If-Modified-Since with its Last-Modified", fields=((_SINCE, "{modified}"),),
               needs=("200", "modified"), use=_modified_kept),
    ProbeCheck("if-modified-since-old", "If-Modified-Since with a time long ago",
               fields=((_SINCE, LONG_AGO),), needs=("200", "modified")),
    ProbeCheck("if-match", "If-Match with its ETag", fields=(("If-Match", "{etag}"),), needs=("200", "strong tag"),
               proper=(412,), use=_etag_kept),
    ProbeCheck("if-match-other", "If-Match with another ETag", fields=(("If-Match", OTHER_ETAG),), needs=("200",),
               proper=(412,)),
    ProbeCheck("if-unmodified-since-old", "If-Unmodified-Since with a time long ago",
               fields=(("If-Unmodified-Since", LONG_AGO),), needs=("200", "modified"), proper=(412,)),
    ProbeCheck("range", "Range: the first octets", fields=((_RANGE, "bytes=0-9"),), needs=("200", "content"),
               use=_partial),
    ProbeCheck("range-suffix", "Range: the last octets", fields=((_RANGE, "bytes=-10"),),
               needs=("200", "content", "ranges")),
    ProbeCheck("range-beyond", "Range: beyond the end", fields=((_RANGE, "bytes={length}-"),),
               needs=("200", "content", "ranges"), proper=(416,)),
    ProbeCheck("range-several", "Range: the first octet and the last one", fields=((_RANGE, "bytes=0-0,-1"),),
               needs=("200", "length", "ranges")),
    ProbeCheck("range-head", "HEAD and Range", "HEAD", ((_RANGE, "bytes=0-9"),), needs=("200", "content", "ranges")),
    ProbeCheck("if-range", "Range and If-Range with its validator",
               fields=((_RANGE, "bytes=0-9"), (_IF_RANGE, "{strong}")), needs=("200", "content", "ranges", "strong"),
               use=_repeated),
    ProbeCheck("if-range-other", "Range and If-Range with another ETag",
               fields=((_RANGE, "bytes=0-9"), (_IF_RANGE, OTHER_ETAG)), needs=("200", "content", "ranges")),
    ProbeCheck("coding-identity", "Accept-Encoding: identity", fields=((_CODING, "identity"),), needs=("200",)),
    ProbeCheck("coding-gzip", "Accept-Encoding: gzip", fields=((_CODING, "gzip"),), needs=("200",), use=_coded("gzip")),
    ProbeCheck("coding-gzip-match", "If-None-Match with its ETag, in gzip",
               fields=((_CODING, "gzip"), (_MATCH, "{gzip_etag}")), needs=("200", "gzip")),
    ProbeCheck("coding-br", "Accept-Encoding: br", fields=((_CODING, "br"),), needs=("200",), use=_coded("br")),
    ProbeCheck("coding-zstd", "Accept-Encoding: zstd", fields=((_CODING, "zstd"),), needs=("200",),
               use=_coded("zstd")),
    ProbeCheck("coding-refused", "Accept-Encoding that refuses all codings",
               fields=((_CODING, "gzip;q=0, br;q=0, zstd;q=0, deflate;q=0"),), needs=("200",)),
    ProbeCheck("coding-nothing", "Accept-Encoding that nothing satisfies", fields=((_CODING, "identity;q=0, *;q=0"),),
               needs=("200",), proper=(406, 415), use=_not_acceptable("Accept-Encoding")),
    ProbeCheck("accept-nothing", "Accept that nothing satisfies",
               fields=(("Accept", "application/vnd.httplint.probe-nothing"),), needs=("200",), proper=(406, 415),
               use=_not_acceptable("Accept")),
    ProbeCheck("origin", "Origin", fields=((_ORIGIN, ORIGIN),), needs=("200",), use=_shares),
    ProbeCheck("origin-other", "another Origin", fields=((_ORIGIN, OTHER_ORIGIN),), needs=("200",), use=_shares),
    ProbeCheck("http-1.0", "a request in HTTP/1.0", form=HTTP_1_0),
    ProbeCheck("host-missing", "HTTP/1.1 without Host", form=NO_HOST, proper=(400,)),
    ProbeCheck("host-twice", "HTTP/1.1 with two Host lines", form=TWO_HOSTS, proper=(400,)),
    ProbeCheck("http2", "a request in HTTP/2", option="http2"),
    ProbeCheck("preflight", "a CORS preflight for GET", "OPTIONS",
               ((_ORIGIN, ORIGIN), ("Access-Control-Request-Method", "GET")), use=_shares),
    ProbeCheck("options", "OPTIONS, and its Allow", "OPTIONS"),
    ProbeCheck("trace", "TRACE, and the Allow of a 405", "TRACE", proper=(405, 501)),
    ProbeCheck("expect", "OPTIONS with content and Expect: 100-continue", "OPTIONS",
               (("Expect", "100-continue"), _TEXT), content=b"httplint", proper=(417,), use=_awaited),
    ProbeCheck("unknown-method", "a method that nobody knows", UNKNOWN_METHOD, proper=(405, 501), option="unsafe"),
)
"""All of them, in the order in which they are asked: what is held against the latest GET alone comes soon after it, and
methods that filters may leave without an answer come last.
"""

GET, REDIRECT = CHECKS[:2]


def chosen(names: Iterable[str]) -> tuple[ProbeCheck, ...]:
    """The checks of these names, and those whose answers they need; all, of no names. Raises KeyError."""
    known = {check.name: check for check in CHECKS}
    wanted = {known[name].name for name in names}
    if not wanted:
        return CHECKS
    wanted |= {NEEDS[need].told_by for name in wanted for need in known[name].needs} | {GET.name}
    return tuple([check for check in CHECKS if check.name in wanted])


CLOSED = {"unsafe": "nobody knows whether it is safe; --unsafe asks it", "follow": "--follow asks where it leads",
          "http2": "--http2 asks in HTTP/2"}
"""An option -> why a check is not asked without it."""
