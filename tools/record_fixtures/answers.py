"""Every answer of the application, conforming and violating, and beside each violating one what is wrong with it.

The path says what the answer does, so that whoever reads a recorded HAR understands each entry. One cause an entry,
where that is possible. Each flaw names the section that a person read to state it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from typing import Any

from table import Answer, Ask, Flaw, Request

WHOLE = b"0123456789" * 10
"""The representation that range requests ask parts of: 100 octets."""

LAST_MODIFIED = "Last-Modified: Tue, 04 Mar 2025 10:20:30 GMT"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
WEBSOCKET = ("Connection: Upgrade", "Upgrade: websocket", f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13")
HELLO_AND_CLOSE = b"\x81\x05hello\x88\x02\x03\xe8"
"""Two WebSocket frames: the text "hello" and a normal close."""

NO_BODY = {"*": "the content of such an answer is not in a HAR: clients and proxies drop it"}
INTERIM = {"chromium": "a browser's HAR holds no interim responses"}
CACHED = {"chromium": "a browser's cache adds Range and If-* by itself and joins what comes back with what it has"}
"""Of requests with Range or a precondition, and of the contents of 206."""
JOINED_304 = {"chromium": "a browser joins a 304 with what it has stored: these may not be the server's fields"}
ASKED = {"chromium": "Playwright's HAR may lack request fields"}
VERSION = {"chromium": "Playwright writes HTTP/1.1 where it does not know the version"}
EMPTY = {"chromium": "the content of a redirect is missing, be it empty or not"}
EXPECTS = {"mitmproxy": "mitmproxy takes Expect: 100-continue out of requests"}
FIRST_RETURN = {"*": "the recording ends when the circle has closed once, which may be meant to see a cookie come back"}
UPGRADES = {"mitmproxy": "mitmproxy takes Upgrade: h2c out of requests"}
NOTE_INTERIM = "mitmproxy records the interim response in the place of the final one"


def accept_value(key: str) -> str:
    """Sec-WebSocket-Accept of a Sec-WebSocket-Key (RFC 6455 §4.2.2)."""
    digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def say(path: str, status: str, *fields: str, content: str | None = None, media: str = "text/plain; charset=utf-8",
        **more: Any) -> Answer:
    """An answer; text content brings its Content-Type and Content-Length."""
    if content is not None:
        octets = content.encode()
        fields += (f"Content-Type: {media}", f"Content-Length: {len(octets)}")
        more["raw"] = octets
    return Answer(path, status, fields, **more)


def bad(text: str, spec: str, level: str, also: Flaw | None = None, **more: Any) -> tuple[Flaw, ...]:
    """The flaw of an answer, and a second one that cannot be kept apart from it."""
    first = Flaw(text, spec, level, **more)
    return (first, also) if also else (first,)


def part(first: int, last: int, *, content_range: bool = True, octets: bytes | None = None) -> bytes:
    """One body part of a multipart/byteranges content."""
    head = b"Content-Type: text/plain\r\n"
    if content_range:
        head += b"Content-Range: bytes %d-%d/100\r\n" % (first, last)
    return head + b"\r\n" + (WHOLE[first : last + 1] if octets is None else octets)


def parts(path: str, *body: bytes, media: str = "multipart/byteranges; boundary=LIMIT", **more: Any) -> Answer:
    """A 206 with several parts."""
    octets = b"".join(b"--LIMIT\r\n" + each + b"\r\n" for each in body) + b"--LIMIT--\r\n"
    fields = (*more.pop("fields", ()), 'ETag: "whole"', f"Content-Type: {media}", f"Content-Length: {len(octets)}")
    return Answer(path, "206 Partial Content", fields, octets, **{"ask": TWO_RANGES, **more})


def chunked(octets: bytes) -> bytes:
    """The content in one chunk."""
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(octets), octets) if octets else b"0\r\n\r\n"


NO_EXPECT = Flaw("a 100 to a request without Expect: 100-continue", "RFC 9110 §15.2.1", "advice",
                 hidden=INTERIM | EXPECTS, rule="100.unexpected")

RANGE = Ask(fields=("Range: bytes=0-9",))
TWO_RANGES = Ask(fields=("Range: bytes=0-9,50-59",))
POST = Ask("POST", content="a=1")
HEAD = Ask("HEAD")
HTTP10 = Ask(version="1.0", browser="")
OFFER = Ask(fields=WEBSOCKET, browser="")
TAGGED = Ask(fields=('If-None-Match: "tag"',))
VALIDATORS = ('ETag: "whole"', LAST_MODIFIED)
OK = ("Content-Type: text/plain", "Content-Length: 10")
TEN = WHOLE[:10]
PLAIN = "Content-Type: text/plain"
PAGE = b"<!doctype html><title>fixtures</title><link rel=icon href='data:,'><p>A page to fetch from.\n"

SEE = b'<!doctype html><title>See</title><p>See <a href="/conforming/target">the target</a>.\n'


def ranged(request: Request) -> bool:
    """Whether the request has a Range."""
    return request.has("Range")


def conditional(request: Request) -> bool:
    """Whether the request has an If-None-Match."""
    return request.has("If-None-Match")


def takes_gzip(request: Request) -> bool:
    """Whether the request names gzip in Accept-Encoding."""
    return "gzip" in request.fields.get("accept-encoding", "")


def to_head(request: Request) -> bool:
    """Whether the request is a HEAD."""
    return request.method == "HEAD"


def uncoded(request: Request) -> bool:
    """Whether the request does not name gzip in Accept-Encoding."""
    return not takes_gzip(request)


def whole(request: Request) -> bool:
    """Whether the request is a GET for the whole representation, whatever the client has."""
    return request.method == "GET" and not ranged(request) and not conditional(request)


CONFORMING: tuple[Answer, ...] = (
    Answer("/conforming/page", "200 OK", ("Content-Type: text/html", f"Content-Length: {len(PAGE)}"), PAGE,
           ask=Ask(browser="goto")),
    say("/conforming/target", "200 OK", *VALIDATORS, content="The target of redirects.\n"),
    say("/conforming/200-content-length", "200 OK", 'ETag: "v1"', content="twelve octets"),
    Answer("/conforming/200-chunked", "200 OK", ("Transfer-Encoding: chunked", PLAIN), chunked(WHOLE)),
    Answer("/conforming/200-gzip", "200 OK",
           ("Content-Encoding: gzip", "Vary: Accept-Encoding", PLAIN,
            f"Content-Length: {len(gzip.compress(WHOLE, mtime=0))}"), gzip.compress(WHOLE, mtime=0),
           ask=Ask(fields=("Accept-Encoding: gzip",))),
    say("/conforming/200-set-cookie-twice", "200 OK", "Set-Cookie: colour=blue; Path=/conforming; HttpOnly",
        "Set-Cookie: size=small; Path=/conforming; Max-Age=60", content="Two cookies.\n"),
    Answer("/conforming/200-to-head", "200 OK", (PLAIN, "Content-Length: 100"), ask=HEAD),
    Answer("/conforming/200-to-http10-until-close", "200 OK", (PLAIN, "Connection: close"), WHOLE, close=True,
           ask=HTTP10),
    Answer("/conforming/200-to-http10", "200 OK", OK, TEN, ask=HTTP10),
    say("/conforming/200-list-over-two-lines", "200 OK", "Cache-Control: no-cache", "Cache-Control: max-age=0",
        "Vary: Accept", "Vary: Accept-Language", content="Lists may take several lines.\n"),
    say("/conforming/200-options", "200 OK", "Allow: GET, HEAD, OPTIONS", content="", ask=Ask("OPTIONS")),
    say("/conforming/200-answer-to-range", "200 OK", "Accept-Ranges: none", content="A server may ignore Range.\n",
        ask=RANGE),
    say("/conforming/200-after-103", "200 OK", "Link: </conforming/style>; rel=preload; as=style", content="Hinted.\n",
        interim=b"HTTP/1.1 103 Early Hints\r\nLink: </conforming/style>; rel=preload; as=style\r\n\r\n",
        ask=Ask(curl=False)),
    say("/conforming/103-shown-as-final", "200 OK", content="Lost.\n",
        interim=b"HTTP/1.1 103 Early Hints\r\nLink: </conforming/style>; rel=preload; as=style\r\n\r\n",
        ask=Ask(browser="")),
    say("/conforming/100-shown-as-final", "200 OK", content="Lost.\n", interim=b"HTTP/1.1 100 Continue\r\n\r\n",
        ask=Ask("POST", ("Expect: 100-continue",), "a=1", browser="")),
    Answer("/conforming/101-websocket", "101 Switching Protocols",
           ("Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Accept: {accept_value(KEY)}"),
           ask=OFFER, date=False, after=HELLO_AND_CLOSE),
    Answer("/conforming/101-websocket-of-the-browser", "101 Switching Protocols",
           ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: {accept}"),
           ask=Ask(browser="websocket", curl=False), date=False, after=HELLO_AND_CLOSE),
    say("/conforming/202", "202 Accepted", "Location: /conforming/target",
        content="Accepted; /conforming/target tells how it goes.\n", ask=POST),
    Answer("/conforming/204", "204 No Content"),
    Answer("/conforming/204-to-delete", "204 No Content", ('ETag: "after"',), ask=Ask("DELETE")),
    Answer("/conforming/205-content-length-0", "205 Reset Content", ("Content-Length: 0",), ask=POST),
    Answer("/conforming/205-empty-chunked", "205 Reset Content", ("Transfer-Encoding: chunked",), chunked(b""),
           ask=POST),
    Answer("/conforming/206-single", "206 Partial Content", (*VALIDATORS, "Content-Range: bytes 0-9/100", *OK), TEN,
           ask=RANGE),
    Answer("/conforming/206-suffix", "206 Partial Content", (*VALIDATORS, "Content-Range: bytes 90-99/100", *OK), TEN,
           ask=Ask(fields=("Range: bytes=-10",))),
    Answer("/conforming/206-clipped-at-the-end", "206 Partial Content",
           (*VALIDATORS, "Content-Range: bytes 90-99/100", *OK), TEN, ask=Ask(fields=("Range: bytes=90-500",))),
    Answer("/conforming/206-unknown-length", "206 Partial Content", (*VALIDATORS, "Content-Range: bytes 0-9/*", *OK),
           TEN, ask=RANGE, flaws=bad("the complete length is left out", "RFC 9110 §14.4", "advice",
                                     rule="206.complete-length-unknown", note="legal where it is not known")),
    Answer("/conforming/206-if-range", "206 Partial Content",
           ('ETag: "whole"', "Content-Range: bytes 0-9/100", "Content-Length: 10"), TEN,
           ask=Ask(fields=("Range: bytes=0-9", 'If-Range: "whole"'))),
    parts("/conforming/206-multipart", part(0, 9), part(50, 59)),
    parts("/conforming/206-multipart-of-one-part", part(0, 9), ask=Ask(fields=("Range: bytes=0-9,500-509",))),
    parts("/conforming/206-multipart-quoted-boundary", part(0, 9), part(50, 59),
          media='multipart/byteranges; boundary="LIMIT"'),
    say("/conforming/300", "300 Multiple Choices", "Location: /conforming/target",
        content="Choose: /conforming/target or /conforming/page.\n"),
    say("/conforming/301", "301 Moved Permanently", "Location: /conforming/target",
        content="Moved to /conforming/target.\n", ask=Ask(follow=3)),
    say("/conforming/302", "302 Found", "Location: ../conforming/target?from=302#part",
        content="Found at /conforming/target.\n"),
    Answer("/conforming/303", "303 See Other", ("Location: /conforming/target", "Content-Type: text/html",
                                                f"Content-Length: {len(SEE)}"), SEE,
        ask=Ask("POST", content="a=1", follow=3)),
    say("/conforming/307", "307 Temporary Redirect", "Location: /conforming/target",
        content="Temporarily at /conforming/target.\n", ask=Ask(follow=3)),
    say("/conforming/308", "308 Permanent Redirect", "Location: http://127.0.0.1:28381/conforming/target",
        content="Now at /conforming/target.\n", ask=Ask("POST", content="a=1", follow=3)),
    say("/conforming/target?from=302", "200 OK", content="The target of the 302.\n"),
    Answer("/conforming/304-tag", "304 Not Modified", ('ETag: "tag"',), ask=TAGGED),
    Answer("/conforming/304-weak-tag", "304 Not Modified", ('ETag: W/"tag"', "Cache-Control: max-age=60"),
           ask=Ask(fields=('If-None-Match: "other", "tag"',))),
    Answer("/conforming/304-date", "304 Not Modified", (LAST_MODIFIED,),
           ask=Ask(fields=("If-Modified-Since: Tue, 04 Mar 2025 10:20:30 GMT",))),
    Answer("/conforming/304-transfer-encoding", "304 Not Modified", ('ETag: "tag"', "Transfer-Encoding: chunked"),
           ask=Ask(fields=TAGGED.fields, browser="")),
    Answer("/conforming/304-after-200", "304 Not Modified",
           ('ETag: "tag"', "Vary: Accept", "Cache-Control: max-age=60", "Content-Length: 14"), ask=TAGGED,
           when=conditional),
    say("/conforming/304-after-200", "200 OK", 'ETag: "tag"', "Vary: Accept", "Cache-Control: max-age=60",
        content="Fourteen here."),
    say("/conforming/400", "400 Bad Request", content="The query is malformed.\n"),
    say("/conforming/401", "401 Unauthorized", 'WWW-Authenticate: Basic realm="fixtures", charset="UTF-8"',
        content="Who are you?\n"),
    say("/conforming/401-two-challenges", "401 Unauthorized", 'WWW-Authenticate: Bearer realm="fixtures", scope="read"',
        'WWW-Authenticate: Basic realm="fixtures"', content="Who are you?\n"),
    say("/conforming/403", "403 Forbidden", content="Not for you.\n"),
    say("/conforming/404", "404 Not Found", content="Nothing here.\n"),
    say("/conforming/405", "405 Method Not Allowed", "Allow: GET, HEAD", content="Only GET and HEAD.\n",
        ask=Ask("DELETE")),
    say("/conforming/405-empty-allow", "405 Method Not Allowed", "Allow:", content="Nothing is allowed now.\n",
        ask=Ask("PUT", content="a=1")),
    say("/conforming/406", "406 Not Acceptable", content="There is text/plain at /conforming/target.\n",
        ask=Ask(fields=("Accept: application/pdf",))),
    say("/conforming/407", "407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="proxy"',
        content="The proxy asks who you are.\n", ask=Ask(browser="")),
    say("/conforming/412", "412 Precondition Failed", 'ETag: "new"', content="It has changed.\n",
        ask=Ask("PUT", ('If-Match: "old"',), "a=1")),
    say("/conforming/416", "416 Range Not Satisfiable", "Content-Range: bytes */100", content="Only 100 octets.\n",
        ask=Ask(fields=("Range: bytes=500-",))),
    say("/conforming/417", "417 Expectation Failed", content="No such expectation is known.\n",
        ask=Ask(fields=("Expect: a-miracle",), browser="")),
    say("/conforming/426", "426 Upgrade Required", "Upgrade: TLS/1.2, HTTP/1.1", "Connection: Upgrade",
        content="Use TLS.\n"),
    say("/conforming/500", "500 Internal Server Error", content="Something broke.\n"),
    say("/conforming/500-without-date", "500 Internal Server Error", content="A 5xx may lack Date.\n", date=False),
    say("/conforming/501", "501 Not Implemented", content="This method is not known here.\n",
        ask=Ask("BREW")),
    say("/conforming/502", "502 Bad Gateway", "Via: 1.1 gateway.example", content="The server behind broke off.\n"),
    say("/conforming/503", "503 Service Unavailable", "Retry-After: 120", content="Back in two minutes.\n"),
    say("/conforming/503-retry-after-date", "503 Service Unavailable", "Retry-After: Fri, 31 Dec 2027 23:59:59 GMT",
        content="Back then.\n"),
    say("/conforming/504", "504 Gateway Timeout", "Via: 1.1 gateway.example", content="The server behind is slow.\n"),
    say("/conforming/505", "505 HTTP Version Not Supported", content="This resource takes HTTP/2 only.\n"),
)

BEHIND: tuple[Answer, ...] = (say("/slow", "200 OK", content="At last.\n", delay=3),)
"""What only a gateway asks for."""

GRAMMAR = "the value does not match the field's grammar, which a sender must keep (RFC 9110 §2.2)"

VIOLATING: tuple[Answer, ...] = (
    # 1xx: mitmproxy shows them, in the place of the final response.
    say("/violating/100-with-content-length", "200 OK", content="Lost.\n", ask=Ask(browser=""),
        interim=b"HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n",
        flaws=bad("a 100 carries Content-Length", "RFC 9110 §8.6", "MUST NOT", note=NOTE_INTERIM, hidden=INTERIM,
                  rule="1xx.content-length", also=NO_EXPECT)),
    say("/violating/103-with-transfer-encoding", "200 OK", content="Lost.\n", ask=Ask(browser=""),
        interim=b"HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n",
        flaws=bad("a 103 carries Transfer-Encoding", "RFC 9112 §6.1", "MUST NOT", note=NOTE_INTERIM, hidden=INTERIM,
                  rule="1xx.transfer-encoding")),
    say("/violating/100-to-http10", "200 OK", content="Lost.\n", ask=Ask("POST", (), "a=1", "1.0", browser=""),
        interim=b"HTTP/1.1 100 Continue\r\n\r\n",
        flaws=bad("a 1xx answers an HTTP/1.0 request", "RFC 9110 §15.2", "MUST NOT", note=NOTE_INTERIM,
                  hidden=INTERIM, rule="1xx.to-http-1-0", also=NO_EXPECT)),
    say("/violating/103-to-http10", "200 OK", content="Lost.\n", ask=HTTP10,
        interim=b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n",
        flaws=bad("a 1xx answers an HTTP/1.0 request", "RFC 9110 §15.2", "MUST NOT", note=NOTE_INTERIM,
                  hidden=INTERIM, rule="1xx.to-http-1-0",
                  also=Flaw("a preload link does not say what it loads", "HTML §link-type-preload", "defect",
                            note=NOTE_INTERIM, hidden=INTERIM, rule="link.preload-without-as"))),
    Answer("/violating/101-protocol-not-offered", "101 Switching Protocols",
           ("Upgrade: irc/6.9", "Connection: Upgrade"),
           ask=Ask(fields=("Connection: Upgrade", "Upgrade: websocket"), browser=""), close=True,
           flaws=bad("a 101 switches to a protocol that the request did not offer", "RFC 9110 §7.8", "MUST NOT",
                     rule="101.not-offered")),
    Answer("/violating/101-without-upgrade", "101 Switching Protocols", ("Connection: Upgrade",), close=True,
           ask=Ask(fields=("Connection: Upgrade", "Upgrade: irc/6.9"), browser=""),
           flaws=bad("a 101 carries no Upgrade", "RFC 9110 §15.2.2", "MUST", rule="101.upgrade-missing")),
    Answer("/violating/101-without-connection-upgrade", "101 Switching Protocols", ("Upgrade: irc/6.9",), close=True,
           ask=Ask(fields=("Connection: Upgrade", "Upgrade: irc/6.9"), browser=""),
           flaws=bad("Upgrade is sent without Connection: upgrade", "RFC 9110 §7.8", "MUST",
                     rule="101.connection-upgrade-missing")),
    Answer("/violating/101-to-a-request-without-upgrade", "101 Switching Protocols",
           ("Upgrade: irc/6.9", "Connection: Upgrade"), ask=Ask(browser=""), close=True,
           flaws=bad("a 101 answers a request without Upgrade", "RFC 9110 §7.8", "MUST NOT", hidden=UPGRADES,
                     rule="101.unasked")),
    Answer("/violating/101-wrong-accept", "101 Switching Protocols",
           ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
           ask=OFFER, close=True,
           flaws=bad("Sec-WebSocket-Accept does not belong to the request's key", "RFC 6455 §4.2.2", "MUST",
                     rule="101.websocket-accept-wrong")),
    Answer("/violating/101-subprotocol-not-offered", "101 Switching Protocols",
           ("Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Accept: {accept_value(KEY)}",
            "Sec-WebSocket-Protocol: soap"), ask=OFFER, after=HELLO_AND_CLOSE,
           flaws=bad("a WebSocket subprotocol that the client did not offer", "RFC 6455 §4.2.2", "MUST NOT",
                     rule="101.websocket-subprotocol")),
    # 2xx
    say("/violating/200-with-content-range", "200 OK", "Content-Range: bytes 0-26/27",
        content="Content-Range is for parts.", flaws=bad(
            "Content-Range in a 200, where it has no meaning", "RFC 9110 §14.4", "defect", implied=True,
            rule="2xx.content-range")),
    say("/violating/200-though-if-none-match-matches", "200 OK", 'ETag: "tag"', content="It had not changed.\n",
        ask=TAGGED, flaws=bad("a 200 whose ETag is in If-None-Match: 304 was due", "RFC 9110 §13.1.2", "MUST",
                              hidden=CACHED, rule="if-none-match.ignored")),
    say("/violating/200-though-not-modified-since", "200 OK", LAST_MODIFIED, content="It had not changed.\n",
        ask=Ask(fields=("If-Modified-Since: Wed, 05 Mar 2025 00:00:00 GMT",)),
        flaws=bad("a 200 not modified since If-Modified-Since: 304 would do", "RFC 9110 §13.1.3", "advice",
                  hidden=CACHED, rule="if-modified-since.exact-only",
                  note="the section leaves it to servers to honour exact matches only")),
    say("/violating/200-though-if-match-fails", "200 OK", 'ETag: "new"', content="It had changed.\n",
        ask=Ask(fields=('If-Match: "old"',)),
        flaws=bad("a 200 whose ETag is not in If-Match: 412 was due", "RFC 9110 §13.1.1", "MUST NOT", hidden=CACHED,
                  rule="if-match.ignored")),
    Answer("/violating/200-without-content-type", "200 OK", ("Content-Length: 10",), TEN,
           flaws=bad("content without Content-Type", "RFC 9110 §8.3", "SHOULD", rule="content-type.missing")),
    say("/violating/202-without-a-way-to-follow-up", "202 Accepted", content="", ask=POST,
        flaws=bad("a 202 does not say how to follow up", "RFC 9110 §15.3.3", "advice", rule="202.no-follow-up")),
    Answer("/violating/204-with-content-length", "204 No Content", ("Content-Length: 0",),
           flaws=bad("a 204 carries Content-Length", "RFC 9110 §8.6", "MUST NOT", rule="204.content-length")),
    Answer("/violating/204-with-transfer-encoding", "204 No Content", ("Transfer-Encoding: chunked",),
           flaws=bad("a 204 carries Transfer-Encoding", "RFC 9112 §6.1", "MUST NOT", rule="204.transfer-encoding")),
    Answer("/violating/204-with-content", "204 No Content", ("Connection: close",), TEN, close=True,
           flaws=bad("octets follow the header section of a 204", "RFC 9110 §15.3.5", "MUST NOT", implied=True,
                     hidden=NO_BODY, rule="204.content")),
    say("/violating/205-with-content", "205 Reset Content", content="Reset the form.\n", ask=POST,
        flaws=bad("a 205 has content", "RFC 9110 §15.3.6", "MUST NOT",
                  rule="205.content-length", note="Chromium drops the content; only Content-Length tells")),
    Answer("/violating/206-without-content-range", "206 Partial Content", (*VALIDATORS, *OK), TEN, ask=RANGE,
           flaws=bad("a 206 with a single part carries no Content-Range", "RFC 9110 §15.3.7.1", "MUST",
                     rule="206.content-range-missing")),
    Answer("/violating/206-to-a-request-without-range", "206 Partial Content",
           (*VALIDATORS, "Content-Range: bytes 0-9/100", *OK), TEN,
           flaws=bad("a 206 answers a request without Range", "RFC 9110 §15.3.7", "MUST NOT", implied=True,
                     hidden=ASKED, rule="206.unasked")),
    Answer("/violating/206-to-post", "206 Partial Content", (*VALIDATORS, "Content-Range: bytes 0-9/100", *OK), TEN,
           ask=Ask("POST", RANGE.fields, "a=1"),
           flaws=bad("a 206 answers a method for which ranges are not defined", "RFC 9110 §14.2", "MUST",
                     rule="206.method")),
    Answer("/violating/206-with-the-whole-content", "206 Partial Content",
           (*VALIDATORS, "Content-Range: bytes 0-9/100", PLAIN, "Content-Length: 100"), WHOLE, ask=RANGE,
           flaws=bad("Content-Length and content are those of the whole, Content-Range names ten octets",
                     "RFC 9110 §15.3.7.1", "MUST", implied=True, rule="206.content-length")),
    Answer("/violating/206-outside-the-requested", "206 Partial Content",
           (*VALIDATORS, "Content-Range: bytes 50-59/100", *OK), TEN, ask=RANGE,
           flaws=bad("the range sent lies outside the range requested", "RFC 9110 §15.3.7", "MUST NOT", implied=True,
                     hidden=CACHED, rule="206.not-requested")),
    Answer("/violating/206-last-before-first", "206 Partial Content",
           (*VALIDATORS, "Content-Range: bytes 9-0/100", *OK), TEN, ask=RANGE,
           flaws=bad("Content-Range ends before it begins", "RFC 9110 §14.4", "MUST", implied=True,
                     rule="206.content-range-invalid")),
    Answer("/violating/206-complete-length-too-small", "206 Partial Content",
           (*VALIDATORS, "Content-Range: bytes 0-9/5", *OK), TEN, ask=RANGE,
           flaws=bad("the complete length in Content-Range is not above the last position", "RFC 9110 §14.4",
                     "MUST", implied=True, rule="206.content-range-invalid")),
    Answer("/violating/206-unsatisfied-range", "206 Partial Content",
           (*VALIDATORS, "Content-Range: bytes */100", *OK), TEN, ask=RANGE,
           flaws=bad("Content-Range of a 206 names no range", "RFC 9110 §15.3.7.1", "MUST",
                     implied=True, rule="206.content-range-unsatisfied")),
    Answer("/violating/206-without-date", "206 Partial Content",
           (*VALIDATORS, "Content-Range: bytes 0-9/100", *OK), TEN, ask=RANGE, date=False,
           flaws=bad("a 206 carries no Date", "RFC 9110 §6.6.1", "MUST", rule="date.missing",
                     note="RFC 9110 §15.3.7 names it as well")),
    Answer("/violating/206-loses-the-etag", "206 Partial Content", ("Content-Range: bytes 0-9/100", *OK), TEN,
           ask=RANGE, when=ranged,
           flaws=bad("a 206 lacks the ETag and Cache-Control that the 200 of the same URL carried", "RFC 9110 §15.3.7",
                     "MUST", hidden=CACHED, rule="206.field-missing")),
    Answer("/violating/206-loses-the-etag", "200 OK", ('ETag: "whole"', "Cache-Control: max-age=60", PLAIN,
                                                       "Content-Length: 100"), WHOLE),
    Answer("/violating/206-though-if-range-differs", "206 Partial Content",
           ('ETag: "new"', "Content-Range: bytes 0-9/100", "Content-Length: 10"), TEN,
           ask=Ask(fields=("Range: bytes=0-9", 'If-Range: "old"')),
           flaws=bad("a 206 though If-Range does not match: the whole was due", "RFC 9110 §13.1.5", "MUST",
                     hidden=CACHED, rule="206.if-range-false")),
    Answer("/violating/206-repeats-metadata-after-if-range", "206 Partial Content",
           ('ETag: "whole"', LAST_MODIFIED, "Content-Language: en", "Content-Range: bytes 0-9/100", *OK), TEN,
           ask=Ask(fields=("Range: bytes=0-9", 'If-Range: "whole"')),
           flaws=bad("a 206 to If-Range repeats representation fields that the client has", "RFC 9110 §15.3.7",
                     "SHOULD NOT", hidden=CACHED, rule="206.if-range-repeats")),
    parts("/violating/206-multipart-with-content-range", part(0, 9), part(50, 59),
          fields=("Content-Range: bytes 0-59/100",),
          flaws=bad("Content-Range in the header section of a multipart 206", "RFC 9110 §15.3.7.2", "MUST NOT",
                    rule="206.multipart-content-range")),
    parts("/violating/206-multipart-part-without-content-range", part(0, 9), part(50, 59, content_range=False),
          flaws=bad("a body part carries no Content-Range", "RFC 9110 §15.3.7.2", "MUST", hidden=CACHED,
                    rule="206.part-range-missing")),
    parts("/violating/206-multipart-part-of-wrong-length", part(0, 9), part(50, 59, octets=b"0123"),
          flaws=bad("a body part is shorter than its Content-Range", "RFC 9110 §15.3.7.2", "MUST", implied=True,
                    hidden=CACHED, rule="206.part-length")),
    parts("/violating/206-multipart-for-a-single-range", part(0, 9), ask=RANGE,
          flaws=bad("a multipart 206 answers a request for a single range", "RFC 9110 §15.3.7.2", "MUST NOT",
                    hidden=CACHED, rule="206.multipart-for-one-range")),
    parts("/violating/206-multipart-in-another-order", part(50, 59), part(0, 9),
          flaws=bad("the parts are not in the order requested", "RFC 9110 §15.3.7.2", "SHOULD", hidden=CACHED,
                    rule="206.part-order")),
    parts("/violating/206-multipart-part-not-requested", part(0, 9), part(80, 89),
          flaws=bad("a part lies outside the ranges requested", "RFC 9110 §15.3.7", "MUST NOT", implied=True,
                    hidden=CACHED, rule="206.part-not-requested")),
    parts("/violating/206-multipart-without-boundary", part(0, 9), part(50, 59), media="multipart/byteranges",
          flaws=bad("multipart/byteranges without its boundary parameter", "RFC 9110 §15.3.7.2", "MUST",
                    rule="206.boundary-missing")),
    parts("/violating/206-multipart-of-another-boundary", part(0, 9), part(50, 59),
          media="multipart/byteranges; boundary=ANOTHER",
          flaws=bad("the boundary named does not occur in the content", "RFC 9110 §15.3.7.2", "MUST",
                    hidden=CACHED, rule="206.multipart-malformed")),
    say("/violating/299-unregistered", "299 Something", content="Which code is this?\n",
        flaws=bad("the status code is not registered", "RFC 9110 §15.1", "advice", rule="status.unregistered")),
    # 3xx
    Answer("/violating/300-without-a-list", "300 Multiple Choices", ("Content-Length: 0",),
           flaws=bad("a 300 lists no choices", "RFC 9110 §15.4.1", "SHOULD", hidden=EMPTY,
                     rule="300.list-missing")),
    say("/violating/301-without-location", "301 Moved Permanently", content="Moved.\n",
        flaws=bad("a 301 carries no Location", "RFC 9110 §15.4.2", "SHOULD", rule="301.location-missing")),
    say("/violating/302-without-location", "302 Found", content="Found.\n",
        flaws=bad("a 302 carries no Location", "RFC 9110 §15.4.3", "SHOULD", rule="302.location-missing")),
    say("/violating/303-without-location", "303 See Other", content="See other.\n", ask=POST,
        flaws=bad("a 303 carries no Location", "RFC 9110 §15.4.4", "SHOULD", implied=True,
                  rule="303.location-missing")),
    say("/violating/307-without-location", "307 Temporary Redirect", content="Moved.\n",
        flaws=bad("a 307 carries no Location", "RFC 9110 §15.4.8", "SHOULD", rule="307.location-missing")),
    say("/violating/308-without-location", "308 Permanent Redirect", content="Moved.\n",
        flaws=bad("a 308 carries no Location", "RFC 9110 §15.4.9", "SHOULD", rule="308.location-missing")),
    say("/violating/302-two-locations", "302 Found", "Location: /conforming/target", "Location: /conforming/page",
        content="Two.\n", flaws=bad("two Location lines", "RFC 9110 §5.3", "MUST NOT",
                                    note="RFC 9110 §10.2.2: a single URI reference", rule="field.conflicting")),
    say("/violating/301-location-with-space", "301 Moved Permanently", "Location: /conforming/the target",
        content="Moved.\n", flaws=bad("Location holds a space", "RFC 9110 §10.2.2", "MUST NOT", note=GRAMMAR,
                                      rule="location.malformed")),
    say("/violating/307-location-not-ascii", "307 Temporary Redirect", "Location: /conforming/caf\xc3\xa9",
        content="Moved.\n", flaws=bad("Location holds octets beyond ASCII", "RFC 9110 §10.2.2", "MUST NOT",
                                      note=GRAMMAR, rule="location.malformed")),
    say("/violating/302-location-latin-1", "302 Found", "Location: /conforming/caf\xe9", content="Found.\n",
        ask=Ask(browser=""), flaws=bad("Location holds an octet beyond ASCII", "RFC 9110 §10.2.2", "MUST NOT",
                                       note=f"{GRAMMAR}; mitmproxy writes the octet as a lone surrogate",
                                       rule="location.malformed")),
    say("/violating/308-location-broken-escape", "308 Permanent Redirect", "Location: /conforming/100%",
        content="Moved.\n", flaws=bad("Location holds a percent sign that escapes nothing", "RFC 9110 §10.2.2",
                                      "MUST NOT", note=GRAMMAR, rule="location.malformed")),
    say("/violating/302-location-with-userinfo", "302 Found",
        "Location: http://somebody@127.0.0.1:28381/conforming/target", content="Found.\n",
        flaws=bad("Location names a user", "RFC 9110 §4.2.4", "MUST NOT", rule="3xx.location-userinfo")),
    say("/violating/302-to-itself", "302 Found", "Location: /violating/302-to-itself", content="Round.\n",
        ask=Ask(follow=2, browser=""),
        flaws=bad("a redirect to the URL requested", "RFC 9110 §15.4", "advice", implied=True,
                  rule="3xx.leads-to-itself", note="the section tells clients to detect loops")),
    say("/violating/307-loop-a", "307 Temporary Redirect", "Location: /violating/307-loop-b", content="Round.\n",
        ask=Ask(follow=3, browser=""),
        flaws=bad("a redirect back to a URL of the same chain", "RFC 9110 §15.4", "advice", implied=True, visit=2,
                  hidden=FIRST_RETURN, rule="3xx.loop", note="evident from the answer of 307-loop-b on")),
    say("/violating/307-loop-b", "307 Temporary Redirect", "Location: /violating/307-loop-a", content="Round.\n",
        ask=Ask(browser="", curl=False),
        flaws=bad("a redirect back to a URL of the same chain", "RFC 9110 §15.4", "advice", implied=True,
                  hidden=FIRST_RETURN, rule="3xx.loop", note="the section tells clients to detect loops")),
    say("/violating/301-to-post", "301 Moved Permanently", "Location: /conforming/target", content="Moved.\n",
        ask=POST, flaws=bad("a 301 to POST may be followed with GET: 308 keeps the method", "RFC 9110 §15.4.2",
                            "advice", rule="301.method-may-change")),
    Answer("/violating/304-without-etag", "304 Not Modified", (), ask=TAGGED,
           flaws=bad("a 304 that If-None-Match led to carries no ETag", "RFC 9110 §15.4.5", "MUST", hidden=JOINED_304,
                     rule="304.etag-missing")),
    Answer("/violating/304-to-an-unconditional-request", "304 Not Modified", ('ETag: "tag"',),
           flaws=bad("a 304 answers a request without a condition", "RFC 9110 §15.4.5", "MUST NOT", implied=True,
                     hidden=ASKED, rule="304.unconditional")),
    Answer("/violating/304-to-post", "304 Not Modified", ('ETag: "tag"',), ask=Ask("POST", TAGGED.fields, "a=1"),
           flaws=bad("a 304 answers POST: 412 was due", "RFC 9110 §13.1.2", "MUST", rule="304.other-method")),
    Answer("/violating/304-of-another-tag", "304 Not Modified", ('ETag: "other"',), ask=TAGGED,
           flaws=bad("the ETag of a 304 is not in If-None-Match", "RFC 9110 §13.1.2", "MUST NOT", implied=True,
                     hidden=JOINED_304, rule="304.etag-not-asked-for")),
    Answer("/violating/304-with-content-type", "304 Not Modified", ('ETag: "tag"', "Content-Type: text/html",
                                                                    "Content-Language: en"), ask=TAGGED,
           flaws=bad("a 304 carries representation metadata that updates no cache", "RFC 9110 §15.4.5", "SHOULD NOT",
                     hidden=JOINED_304, rule="304.representation-metadata")),
    Answer("/violating/304-without-date", "304 Not Modified", ('ETag: "tag"',), ask=TAGGED, date=False,
           flaws=bad("a 304 carries no Date", "RFC 9110 §6.6.1", "MUST", hidden=JOINED_304,
                     rule="date.missing", note="RFC 9110 §15.4.5 names it as well")),
    Answer("/violating/304-with-another-content-length", "304 Not Modified", ('ETag: "tag"', "Content-Length: 99"),
           ask=TAGGED, when=conditional,
           flaws=bad("Content-Length of a 304 differs from that of the 200 of the same tag", "RFC 9110 §8.6",
                     "MUST NOT", hidden=JOINED_304, rule="304.content-length-differs")),
    say("/violating/304-with-another-content-length", "200 OK", 'ETag: "tag"', content="Fourteen here."),
    Answer("/violating/304-loses-cache-control", "304 Not Modified", ('ETag: "tag"',), ask=TAGGED, when=conditional,
           flaws=bad("a 304 lacks the Cache-Control and Vary that the 200 of the same URL carried", "RFC 9110 §15.4.5",
                     "MUST", hidden=JOINED_304, rule="304.metadata-dropped")),
    say("/violating/304-loses-cache-control", "200 OK", 'ETag: "tag"', "Cache-Control: max-age=60", "Vary: Accept",
        content="Fourteen here."),
    Answer("/violating/304-with-content", "304 Not Modified", ('ETag: "tag"', "Connection: close"), TEN, close=True,
           ask=TAGGED, flaws=bad("octets follow the header section of a 304", "RFC 9110 §15.4.5", "MUST NOT",
                                 implied=True, hidden=NO_BODY, rule="304.content")),
    say("/violating/305-deprecated", "305 Use Proxy", "Location: http://proxy.example/", content="Use the proxy.\n",
        flaws=bad("305 is deprecated", "RFC 9110 §15.4.6", "advice", rule="305.deprecated")),
    say("/violating/306-unused", "306 Switch Proxy", content="Never defined.\n",
        flaws=bad("306 is reserved and no longer used", "RFC 9110 §15.4.7", "advice", rule="306.unused")),
    # 4xx and 5xx
    say("/violating/400-repeated-unchanged", "400 Bad Request", content="Still malformed.\n", ask=Ask(times=2),
        flaws=bad("the same request again, unchanged, after a 400", "RFC 9110 §15.5.1", "advice", implied=True,
                  visit=2, hidden=ASKED, rule="400.repeated-unchanged", note="about the client")),
    say("/violating/401-without-challenge", "401 Unauthorized", content="Who are you?\n",
        flaws=bad("a 401 carries no WWW-Authenticate", "RFC 9110 §15.5.2", "MUST", rule="401.challenge-missing")),
    say("/violating/401-malformed-challenge", "401 Unauthorized", 'WWW-Authenticate: Basic realm="never ends',
        content="Who are you?\n", flaws=bad("WWW-Authenticate does not parse", "RFC 9110 §11.6.1", "MUST NOT",
                                            note=GRAMMAR, rule="www-authenticate.malformed")),
    say("/violating/401-realm-as-token", "401 Unauthorized", "WWW-Authenticate: Basic realm=fixtures",
        content="Who are you?\n", flaws=bad("realm is not a quoted string", "RFC 9110 §11.5", "MUST",
                                            rule="www-authenticate.realm-unquoted")),
    say("/violating/401-basic-without-realm", "401 Unauthorized", "WWW-Authenticate: Basic",
        content="Who are you?\n", flaws=bad("Basic without realm", "RFC 7617 §2", "MUST",
                                            rule="www-authenticate.basic-without-realm")),
    say("/violating/401-parameter-twice", "401 Unauthorized", 'WWW-Authenticate: Bearer realm="one", realm="two"',
        content="Who are you?\n", flaws=bad("a parameter twice in a challenge", "RFC 9110 §11.2", "MUST",
                                            rule="www-authenticate.parameter-repeated")),
    Answer("/violating/404-without-content", "404 Not Found", ("Content-Length: 0",),
           flaws=bad("an error explains nothing", "RFC 9110 §15.5", "SHOULD", rule="4xx.explanation-missing")),
    say("/violating/405-without-allow", "405 Method Not Allowed", content="No.\n", ask=Ask("DELETE"),
        flaws=bad("a 405 carries no Allow", "RFC 9110 §15.5.6", "MUST", rule="405.allow-missing")),
    say("/violating/405-allows-the-refused-method", "405 Method Not Allowed", "Allow: GET, HEAD, DELETE",
        content="No.\n", ask=Ask("DELETE"),
        flaws=bad("Allow of a 405 lists the method refused", "RFC 9110 §15.5.6", "MUST", implied=True,
                  rule="405.method-in-allow")),
    say("/violating/405-malformed-allow", "405 Method Not Allowed", "Allow: GET HEAD", content="No.\n",
        ask=Ask("DELETE"), flaws=bad("Allow is not a list of methods", "RFC 9110 §10.2.1", "MUST NOT", note=GRAMMAR,
                                     rule="allow.malformed")),
    say("/violating/405-though-options-allows", "405 Method Not Allowed", "Allow: GET, OPTIONS", content="No.\n",
        ask=Ask("PUT", content="a=1"), when=lambda request: request.method == "PUT",
        flaws=bad("PUT is refused that Allow of the same resource had listed", "RFC 9110 §10.2.1", "advice",
                  implied=True, rule="405.allow-differs", note="the set of methods may change in between")),
    say("/violating/405-though-options-allows", "200 OK", "Allow: GET, PUT, OPTIONS", content="", ask=Ask("OPTIONS")),
    say("/violating/406-to-a-request-without-accept", "406 Not Acceptable", content="There is text/plain.\n",
        ask=Ask(fields=("Accept:",), browser=""),
        flaws=bad("a 406 answers a request that asked for nothing in particular", "RFC 9110 §15.5.7", "defect",
                  implied=True, rule="406.nothing-asked-for")),
    Answer("/violating/406-without-a-list", "406 Not Acceptable", ("Content-Length: 0",),
           ask=Ask(fields=("Accept: application/pdf",)),
           flaws=bad("a 406 lists no representations", "RFC 9110 §15.5.7", "SHOULD", rule="406.alternatives-missing")),
    say("/violating/407-without-challenge", "407 Proxy Authentication Required", content="Who are you?\n",
        flaws=bad("a 407 carries no Proxy-Authenticate", "RFC 9110 §15.5.8", "MUST", rule="407.challenge-missing")),
    say("/violating/412-to-an-unconditional-request", "412 Precondition Failed", content="Which condition?\n",
        flaws=bad("a 412 answers a request without a condition", "RFC 9110 §15.5.13", "defect", implied=True,
                  hidden=ASKED, rule="412.unconditional")),
    say("/violating/412-to-get-with-if-none-match", "412 Precondition Failed", 'ETag: "tag"', content="Unchanged.\n",
        ask=TAGGED, flaws=bad("a 412 to GET with If-None-Match: 304 was due", "RFC 9110 §13.1.2", "MUST",
                              hidden=CACHED, rule="412.not-modified-due")),
    say("/violating/416-without-content-range", "416 Range Not Satisfiable", content="Too far.\n",
        ask=Ask(fields=("Range: bytes=500-",)),
        flaws=bad("a 416 does not tell the length in Content-Range", "RFC 9110 §15.5.17", "SHOULD", hidden=CACHED,
                  rule="416.length-missing")),
    say("/violating/416-with-a-range", "416 Range Not Satisfiable", "Content-Range: bytes 0-9/100",
        content="Too far.\n", ask=Ask(fields=("Range: bytes=500-",)),
        flaws=bad("Content-Range of a 416 is not an unsatisfied range", "RFC 9110 §14.4", "SHOULD",
                  rule="416.range-in-content-range")),
    say("/violating/416-to-a-request-without-range", "416 Range Not Satisfiable", "Content-Range: bytes */100",
        content="Too far.\n",
        flaws=bad("a 416 answers a request without Range", "RFC 9110 §15.5.17", "defect", implied=True, hidden=ASKED,
                  rule="416.without-range")),
    say("/violating/416-though-satisfiable", "416 Range Not Satisfiable", "Content-Range: bytes */100",
        content="Too far.\n", ask=RANGE,
        flaws=bad("a 416 although the range requested begins within the length told", "RFC 9110 §14.2", "SHOULD",
                  implied=True, hidden=CACHED, rule="416.satisfiable")),
    say("/violating/416-to-post", "416 Range Not Satisfiable", "Content-Range: bytes */100", content="Too far.\n",
        ask=Ask("POST", ("Range: bytes=500-",), "a=1"),
        flaws=bad("a 416 answers a method for which ranges are not defined", "RFC 9110 §14.2", "MUST",
                  hidden=CACHED, rule="416.not-get")),
    say("/violating/417-to-a-request-without-expect", "417 Expectation Failed", content="Which expectation?\n",
        flaws=bad("a 417 answers a request without Expect", "RFC 9110 §15.5.18", "defect", implied=True,
                  hidden=ASKED | EXPECTS, rule="417.without-expect")),
    say("/violating/426-without-upgrade", "426 Upgrade Required", content="Upgrade, to something.\n",
        flaws=bad("a 426 carries no Upgrade", "RFC 9110 §15.5.22", "MUST", hidden=VERSION, rule="426.upgrade-missing")),
    say("/violating/426-without-connection-upgrade", "426 Upgrade Required", "Upgrade: TLS/1.2, HTTP/1.1",
        content="Use TLS.\n", flaws=bad("Upgrade is sent without Connection: upgrade", "RFC 9110 §7.8", "MUST",
                                         hidden=VERSION, rule="upgrade.not-in-connection")),
    Answer("/violating/500-without-content", "500 Internal Server Error", ("Content-Length: 0",),
           flaws=bad("an error explains nothing", "RFC 9110 §15.6", "SHOULD", rule="5xx.explanation-missing")),
    say("/violating/501-to-get", "501 Not Implemented", content="GET is not implemented.\n",
        flaws=bad("a 501 to GET, which every general-purpose server must support", "RFC 9110 §9.1", "advice",
                  hidden=ASKED, rule="501.get-or-head",
                  note="the section speaks of general-purpose servers, and something else may not be implemented")),
    say("/violating/503-fractional-retry-after", "503 Service Unavailable", "Retry-After: 1.5", content="Soon.\n",
        flaws=bad("Retry-After is neither a date nor whole seconds", "RFC 9110 §10.2.3", "MUST NOT", note=GRAMMAR,
                  rule="retry-after.malformed")),
    say("/violating/503-without-retry-after", "503 Service Unavailable", content="Some day.\n",
        flaws=bad("a 503 does not say when to come back", "RFC 9110 §15.6.4", "advice",
                  rule="503.retry-after-missing")),
    Answer("/violating/505-without-explanation", "505 HTTP Version Not Supported", ("Content-Length: 0",),
           flaws=bad("a 505 says neither why nor which versions are supported", "RFC 9110 §15.6.6", "SHOULD",
                     rule="505.explanation-missing")),
    say("/violating/799-out-of-range", "799 Far Out", content="Not a status code.\n",
        flaws=bad("the status code lies outside 100 to 599", "RFC 9110 §15", "MUST NOT", implied=True,
                  rule="status.out-of-range")),
    # Fields and framing
    say("/violating/date-missing", "200 OK", content="When?\n", date=False,
        flaws=bad("a 200 carries no Date", "RFC 9110 §6.6.1", "MUST",
                  note="other answers of the server prove its clock", rule="date.missing")),
    say("/violating/date-utc", "200 OK", "Date: {now in UTC}", content="When?\n", date=False,
        flaws=bad("Date ends with UTC in the place of GMT", "RFC 9110 §5.6.7", "MUST", rule="date.malformed")),
    say("/violating/last-modified-one-digit-day", "200 OK", "Last-Modified: Tue, 4 Mar 2025 10:20:30 GMT",
        content="When?\n", flaws=bad("the day in Last-Modified has one digit", "RFC 9110 §5.6.7", "MUST",
                                     rule="last-modified.malformed")),
    say("/violating/last-modified-obsolete-format", "200 OK", "Last-Modified: Tuesday, 04-Mar-25 10:20:30 GMT",
        content="When?\n", flaws=bad("Last-Modified in the obsolete RFC 850 format", "RFC 9110 §5.6.7", "MUST",
                                     rule="last-modified.obsolete-form")),
    say("/violating/last-modified-wrong-weekday", "200 OK", "Last-Modified: Mon, 04 Mar 2025 10:20:30 GMT",
        content="When?\n", flaws=bad("4 March 2025 was a Tuesday", "RFC 9110 §5.6.7", "MUST", implied=True,
                                     rule="last-modified.wrong-weekday")),
    say("/violating/last-modified-after-date", "200 OK", "Last-Modified: {tomorrow}", content="When?\n",
        flaws=bad("Last-Modified is later than Date", "RFC 9110 §8.8.2.1", "MUST NOT",
                  rule="last-modified.after-date")),
    say("/violating/etag-unquoted", "200 OK", "ETag: v1", content="Which version?\n",
        flaws=bad("ETag is not quoted", "RFC 9110 §8.8.3", "MUST NOT", note=GRAMMAR, rule="etag.malformed")),
    say("/violating/etag-twice", "200 OK", 'ETag: "v1"', 'ETag: "v2"', content="Which version?\n",
        flaws=bad("two ETag lines", "RFC 9110 §5.3", "MUST NOT", rule="field.conflicting")),
    say("/violating/content-type-twice", "200 OK", "Content-Type: text/html", content="Which type?\n",
        flaws=bad("two Content-Type lines", "RFC 9110 §5.3", "MUST NOT", rule="field.conflicting")),
    Answer("/violating/content-type-malformed", "200 OK", ("Content-Type: text", "Content-Length: 10"), TEN,
           flaws=bad("Content-Type is not a media type", "RFC 9110 §8.3", "MUST NOT", note=GRAMMAR,
                     rule="content-type.malformed")),
    Answer("/violating/content-length-twice", "200 OK", (PLAIN, "Content-Length: 10", "Content-Length: 5"), TEN,
           flaws=bad("two Content-Length lines that differ", "RFC 9110 §8.6", "MUST NOT",
                                             note="RFC 9110 §5.3 as well", rule="content-length.conflicting")),
    Answer("/violating/content-length-and-transfer-encoding", "200 OK",
           ("Transfer-Encoding: chunked", PLAIN, "Content-Length: 10"), chunked(TEN),
           flaws=bad("Content-Length beside Transfer-Encoding", "RFC 9112 §6.2", "MUST NOT", hidden=VERSION,
                     rule="content-length.with-transfer-encoding")),
    Answer("/violating/chunked-to-http10", "200 OK", ("Transfer-Encoding: chunked", PLAIN), chunked(TEN), ask=HTTP10,
           flaws=bad("Transfer-Encoding in an answer to HTTP/1.0", "RFC 9112 §6.1", "MUST NOT",
                     rule="transfer-encoding.to-http10")),
    Answer("/violating/content-shorter-than-content-length", "200 OK",
           (PLAIN, "Content-Length: 100"), TEN, close=True,
           flaws=bad("the connection ends before Content-Length is reached", "RFC 9110 §8.6", "MUST NOT",
                     rule="content-length.mismatch", note="RFC 9112 §8 calls such a message incomplete",
                     hidden={"mitmproxy": "mitmproxy keeps nothing of a broken-off content and does not say so",
                             "chromium": "the content is missing; only the failure text says why"})),
    Answer("/violating/content-longer-than-content-length", "200 OK",
           (PLAIN, "Content-Length: 10", "Connection: close"), WHOLE, close=True,
           flaws=bad("more octets than Content-Length says", "RFC 9110 §8.6", "MUST NOT", implied=True,
                     hidden={"*": "the octets beyond Content-Length are dropped"}, rule="http1.excess")),
    Answer("/violating/content-in-answer-to-head", "200 OK", (PLAIN, "Content-Length: 10", "Connection: close"), TEN,
           ask=HEAD, close=True, flaws=bad("content in an answer to HEAD", "RFC 9110 §9.3.2", "MUST NOT",
                                           hidden=NO_BODY, rule="head.content")),
    Answer("/violating/head-content-length-differs", "200 OK", ('ETag: "v1"', PLAIN, "Content-Length: 99"),
           ask=HEAD, when=lambda request: request.method == "HEAD",
           flaws=bad("Content-Length in an answer to HEAD differs from that of GET", "RFC 9110 §8.6", "MUST NOT",
                     rule="head.content-length")),
    Answer("/violating/head-content-length-differs", "200 OK", ('ETag: "v1"', *OK), TEN),
    Answer("/violating/content-not-gzip-as-said", "200 OK", ("Content-Encoding: gzip", *OK), TEN,
           ask=Ask(fields=("Accept-Encoding: gzip",)),
           flaws=bad("Content-Encoding says gzip, the content is not", "RFC 9110 §8.4", "MUST", implied=True,
                     rule="content-encoding.not-applied",
                     hidden={"mitmproxy": "a HAR shows content decoded: what never was gzip looks like what was",
                             "chromium": "the content is missing; only the failure text says why"})),
    Answer("/violating/gzip-though-refused", "200 OK",
           ("Content-Encoding: gzip", PLAIN, f"Content-Length: {len(gzip.compress(WHOLE, mtime=0))}"),
           gzip.compress(WHOLE, mtime=0), ask=Ask(fields=("Accept-Encoding: identity",), browser=""),
           flaws=bad("a content coding that Accept-Encoding does not allow", "RFC 9110 §12.5.3", "SHOULD",
                     rule="200.coding-refused")),
)

PLAIN_GET_FIRST = frozenset({
    "/conforming/304-after-200", "/violating/206-loses-the-etag", "/violating/304-with-another-content-length",
    "/violating/304-loses-cache-control", "/violating/405-though-options-allows",
    "/violating/head-content-length-differs",
})
"""Paths with two answers: the later one in the table is asked for first."""


def in_order(answers: tuple[Answer, ...]) -> list[Answer]:
    """The answers in the order of asking."""
    ordered: list[Answer] = []
    for each in answers:
        if each.path in PLAIN_GET_FIRST and ordered and ordered[-1].path == each.path:
            ordered.insert(len(ordered) - 1, each)
        else:
            ordered.append(each)
    return ordered
