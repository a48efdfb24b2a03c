"""Which requests make up each recording, and the hand-written review of what nginx and Apache answer to them."""

from __future__ import annotations

from collections.abc import Mapping

from answers import CACHED, CONFORMING, JOINED_304, VIOLATING, WEBSOCKET, in_order
from fields_conforming import CONFORMING_FIELDS
from fields_violating import VIOLATING_FIELDS
from table import Answer, Ask, Flaw, Visit

SPECIFIC = "an endpoint must not generate connection-specific fields in HTTP/2"

H2_FIELDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "/conforming/200-over-h2": (),
    "/violating/h2-connection": (("connection", "close"),),
    "/violating/h2-keep-alive": (("keep-alive", "timeout=5"),),
    "/violating/h2-proxy-connection": (("proxy-connection", "keep-alive"),),
    "/violating/h2-transfer-encoding": (("transfer-encoding", "chunked"),),
    "/violating/h2-upgrade": (("upgrade", "websocket"),),
}
"""What the HTTP/2 application adds at each path."""


def forbidden(path: str, name: str) -> Visit:
    """A visit to the HTTP/2 application that answers with a forbidden field."""
    flaw = Flaw(f"{name} over HTTP/2", "RFC 9113 §8.2.2", "MUST NOT", note=SPECIFIC, rule=f"{name.lower()}.in-http2")
    return Visit("application-h2", path, 200, Ask(), (flaw,))


H2_CONFORMING = (Visit("application-h2", "/conforming/200-over-h2", 200),)
H2_VIOLATING = (
    forbidden("/violating/h2-connection", "Connection"),
    forbidden("/violating/h2-keep-alive", "Keep-Alive"),
    forbidden("/violating/h2-proxy-connection", "Proxy-Connection"),
    forbidden("/violating/h2-transfer-encoding", "Transfer-Encoding"),
    forbidden("/violating/h2-upgrade", "Upgrade"),
)


def visit(answer: Answer) -> Visit:
    """The visit that asks for an answer of the application."""
    return Visit(answer.origin, answer.path, answer.code, answer.ask, answer.flaws)


def group(path: str) -> str:
    """The recording that a violating answer belongs to."""
    digit = path.removeprefix("/violating/")[0]
    return {"1": "1xx-2xx", "2": "1xx-2xx", "3": "3xx", "4": "4xx-5xx", "5": "4xx-5xx", "7": "4xx-5xx"}.get(
        digit, "messages"
    )


SINCE = "If-Modified-Since: Tue, 04 Mar 2025 10:20:30 GMT"
GZIP = "Accept-Encoding: gzip"
IF_RANGE = Ask(fields=("Range: bytes=0-9", "If-Range: Tue, 04 Mar 2025 10:20:30 GMT"))
SOCKET = Ask(fields=WEBSOCKET, browser="websocket")

# No flaws: Last-Modified beside ETag in a 304, since the section leaves fields that guide cache updates to the server
# (RFC 9110 §15.4.5); a 303 whose content has no link, which the section only calls customary (§15.4.4).
REPEATED = Flaw("a 206 to If-Range repeats representation fields that the client has", "RFC 9110 §15.3.7", "SHOULD NOT",
                hidden=CACHED, rule="206.if-range-repeats")
NO_VARY = Flaw("a 304 lacks the Vary that the 200 of the same URL carries", "RFC 9110 §15.4.5", "MUST",
               hidden=JOINED_304, rule="304.metadata-dropped", note="nginx adds Vary (gzip_vary) to the 200 only")
SAFE_RESET = Flaw("a 205 answers GET, which submits nothing to reset", "RFC 9110 §15.3.6", "advice", implied=True,
                  rule="205.safe-method")
NO_RETRY = Flaw("a 503 does not say when to come back", "RFC 9110 §15.6.4", "advice", rule="503.retry-after-missing")

NGINX: tuple[Visit, ...] = (
    Visit("nginx", "/page.html", 200, Ask(browser="goto")),
    Visit("nginx", "/page.html", 200, Ask("HEAD")),
    Visit("nginx", "/plain.txt", 200, Ask(fields=(GZIP,))),
    Visit("nginx", "/chunked", 200),
    Visit("nginx", "/page.html?http10", 200, Ask(version="1.0", browser="")),
    Visit("nginx", "/cookies", 200),
    Visit("nginx", "/websocket", 101, SOCKET),
    Visit("nginx", "/store/new.txt", 201, Ask("PUT", content="stored\n")),
    Visit("nginx", "/store/new.txt", 204, Ask("PUT", content="stored again\n")),
    Visit("nginx", "/store/new.txt", 204, Ask("DELETE")),
    Visit("nginx", "/no-content", 204),
    Visit("nginx", "/reset", 205, flaws=(SAFE_RESET,)),
    Visit("nginx", "/digits.txt", 206, Ask(fields=("Range: bytes=0-9",))),
    Visit("nginx", "/digits.txt", 206, Ask(fields=("Range: bytes=-5",))),
    Visit("nginx", "/digits.txt", 206, Ask(fields=("Range: bytes=0-9,50-59",))),
    Visit("nginx", "/digits.txt", 416, Ask(fields=("Range: bytes=500-",))),
    Visit("nginx", "/choices", 300),
    Visit("nginx", "/moved", 301, Ask(follow=2)),
    Visit("nginx", "/directory", 301, Ask(browser="goto")),
    Visit("nginx", "/found", 302),
    Visit("nginx", "/see-other", 303, Ask("POST", content="a=1", follow=2)),
    Visit("nginx", "/untagged/page.json", 200),
    Visit("nginx", "/untagged/page.json", 304, Ask(fields=(SINCE,))),
    Visit("nginx", "/temporary", 307),
    Visit("nginx", "/permanent", 308),
    Visit("nginx", "/bad-request", 400),
    Visit("nginx", "/private", 401),
    Visit("nginx", "/forbidden", 403),
    Visit("nginx", "/missing", 404, Ask(browser="goto")),
    Visit("nginx", "/page.html", 412, Ask(fields=('If-Match: "other"',))),
    Visit("nginx", "/broken", 500),
    Visit("nginx", "/gateway-dead", 502),
    Visit("nginx", "/unavailable", 503),
    Visit("nginx", "/gateway-slow", 504),
    Visit("nginx-tls", "/page.html", 200, Ask(browser="goto")),
    Visit("nginx-tls", "/plain.txt", 200, Ask(fields=(GZIP,))),
    Visit("nginx-tls", "/digits.txt", 206, Ask(fields=("Range: bytes=0-9",))),
    Visit("nginx-tls", "/moved", 301, Ask(follow=2)),
    Visit("nginx-tls", "/untagged/page.json", 304, Ask(fields=(SINCE,))),
    Visit("nginx-tls", "/missing", 404),
    Visit("nginx-tls", "/no-content", 204),
)
"""Answers of nginx that a person has checked: they keep every MUST and every SHOULD."""

APACHE: tuple[Visit, ...] = (
    Visit("apache", "/page.html", 200, Ask(browser="goto")),
    Visit("apache", "/page.html", 200, Ask("HEAD")),
    Visit("apache", "/page.html", 200, Ask("OPTIONS")),
    Visit("apache", "/page.html", 200, Ask("TRACE", browser="")),
    Visit("apache", "/plain", 200, Ask(fields=(GZIP,))),
    Visit("apache", "/gateway", 200),
    Visit("apache", "/page.html?http10", 200, Ask(version="1.0", browser="")),
    Visit("apache", "/cookies", 200),
    Visit("apache", "/websocket", 101, SOCKET),
    Visit("apache", "/store/new.txt", 201, Ask("PUT", content="stored\n")),
    Visit("apache", "/store/new.txt", 204, Ask("PUT", content="stored again\n")),
    Visit("apache", "/store/new.txt", 204, Ask("DELETE")),
    Visit("apache", "/accepted.asis", 202),
    Visit("apache", "/no-content", 204),
    Visit("apache", "/digits.txt", 206, Ask(fields=("Range: bytes=0-9",))),
    Visit("apache", "/digits.txt", 206, Ask(fields=("Range: bytes=-5",))),
    Visit("apache", "/digits.txt", 206, Ask(fields=("Range: bytes=0-9,50-59",))),
    Visit("apache", "/spelling/choice-3.txt", 300),
    Visit("apache", "/moved", 301, Ask(follow=2)),
    Visit("apache", "/directory", 301, Ask(browser="goto")),
    Visit("apache", "/found", 302),
    Visit("apache", "/see-other", 303, Ask("POST", content="a=1", follow=2)),
    Visit("apache", "/untagged/page.html", 200),
    Visit("apache", "/untagged/page.html", 304, Ask(fields=(SINCE,))),
    Visit("apache", "/temporary", 307),
    Visit("apache", "/permanent", 308),
    Visit("apache", "/bad-request", 400),
    Visit("apache", "/private", 401),
    Visit("apache", "/private-digest", 401),
    Visit("apache", "/forbidden", 403),
    Visit("apache", "/missing", 404, Ask(browser="goto")),
    Visit("apache", "/page.html", 405, Ask("DELETE")),
    Visit("apache", "/choice", 406, Ask(fields=("Accept: application/pdf",))),
    Visit("apache-proxy", "/page.html", 407, Ask(proxy=True, browser="")),
    Visit("apache", "/gone", 410),
    Visit("apache", "/page.html", 417, Ask(fields=("Expect: a-miracle",), browser="")),
    Visit("apache", "/broken", 500),
    Visit("apache", "/page.html", 501, Ask("BREW")),
    Visit("apache", "/gateway-slow", 502),
    Visit("apache", "/gateway-dead", 503, Ask(), (NO_RETRY,)),
)
"""Answers of Apache that a person has checked: they keep every MUST and every SHOULD."""

QUIRKS: tuple[Visit, ...] = (
    Visit("nginx", "/page.html?quirk", 200),
    Visit("nginx", "/page.html?quirk", 304, Ask(fields=(SINCE,)), (NO_VARY,)),
    Visit("nginx", "/page.html?quirk", 405, Ask("POST", content="a=1"), (
        Flaw("a 405 carries no Allow", "RFC 9110 §15.5.6", "MUST", rule="405.allow-missing"),)),
    Visit("nginx", "/digits.txt?if-range", 206, IF_RANGE, (REPEATED,)),
    Visit("nginx-tls", "/page.html?quirk", 200),
    Visit("nginx-tls", "/page.html?quirk", 304, Ask(fields=(SINCE,)), (NO_VARY,)),
    Visit("apache", "/expires", 200),
    Visit("apache", "/expires", 304, Ask(fields=("If-None-Match: *",))),
    Visit("apache", "/page.html?quirk", 304, Ask(fields=(SINCE,))),
    Visit("apache", "/digits.txt?if-range", 206, IF_RANGE, (REPEATED,)),
    Visit("apache", "/store/", 207, Ask("PROPFIND", ("Depth: 0",), browser=""), (
        Flaw("the XML of a 207 is called text/xml, which is deprecated", "RFC 4918 §8.2", "SHOULD",
             rule="207.text-xml"),)),
    Visit("apache", "/page.html?quirk", 412, Ask(fields=('If-Match: "other"',)), (
        Flaw("an error explains nothing", "RFC 9110 §15.5", "SHOULD", rule="4xx.explanation-missing"),)),
    Visit("apache", "/digits.txt?quirk", 416, Ask(fields=("Range: bytes=500-",)), (
        Flaw("a 416 does not tell the length in Content-Range", "RFC 9110 §15.5.17", "SHOULD", hidden=CACHED,
             rule="416.length-missing"),)),
)
"""What nginx and Apache really get wrong, by default or with everyday settings."""


def recordings() -> dict[str, tuple[Visit, ...]]:
    """Every recording: its name without the producer, and its visits."""
    conforming = [visit(each) for each in in_order(CONFORMING)]
    violating = [visit(each) for each in in_order(VIOLATING)]
    found = {
        "nginx-conforming": NGINX,
        "apache-conforming": APACHE,
        "servers-quirks": QUIRKS,
        "application-conforming-1xx-3xx": (*(each for each in conforming if each.status < 400), *H2_CONFORMING),
        "application-conforming-4xx-5xx": tuple(each for each in conforming if each.status >= 400),
    }
    for name in ("1xx-2xx", "3xx", "4xx-5xx", "messages"):
        chosen = tuple(each for each in violating if group(each.path) == name)
        found[f"application-violating-{name}"] = chosen + (H2_VIOLATING if name == "messages" else ())
    found["application-violating-fields"] = tuple(visit(each) for each in VIOLATING_FIELDS)
    found["application-conforming-fields"] = tuple(visit(each) for each in CONFORMING_FIELDS)
    return found
