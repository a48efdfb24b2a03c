"""Answers of the application that are rich in fields and keep every MUST and SHOULD, many of them easy to mistake.

Each was checked by a person against the documents of its fields. A flaw here is advice at most.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from typing import Any

from answers import (
    LAST_MODIFIED,
    PLAIN,
    TEN,
    VALIDATORS,
    WHOLE,
    bad,
    chunked,
    conditional,
    ranged,
    say,
    takes_gzip,
    to_head,
    uncoded,
    whole,
)
from table import Answer, Ask, Request

TLS = "application-tls"
SHOP = "https://www.shop.test:28383"
PACKED = gzip.compress(WHOLE, mtime=0)
NONCE = "cmFuZG9tLW9jdGV0cy0x"

PAGE = f"""\
<!doctype html>
<html lang=en><title>A shop</title><link rel=icon href="data:,">
<script nonce="{NONCE}">document.title += "!"</script>
<p>Welcome.
"""

IN_ORDER = "Every field here is in order.\n"

EVENTS = b": begin\n\nevent: price\nid: 1\ndata: 42\n\nretry: 3000\ndata: two\ndata: lines\n\n"

MULTISTATUS = """\
<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:" xmlns:x="https://a.example/">
 <D:response><D:href>/conforming/folder/</D:href>
  <D:propstat><D:prop><D:resourcetype><D:collection/></D:resourcetype></D:prop>
   <D:status>HTTP/1.1 200 OK</D:status></D:propstat>
  <D:propstat><D:prop><x:colour/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>
 <D:response><D:href>/conforming/folder/caf%C3%A9</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response>
</D:multistatus>
"""

LOCKED = """\
<D:error xmlns:D="DAV:">
 <D:lock-token-submitted><D:href>/conforming/locked</D:href></D:lock-token-submitted>
</D:error>
"""


def digest(octets: bytes, algorithm: str = "sha256") -> str:
    """A digest as the structured fields of RFC 9530 carry it: octets in base64 between colons."""
    return f":{base64.b64encode(hashlib.new(algorithm, octets).digest()).decode()}:"


def ok(path: str, *fields: str, content: str = IN_ORDER, status: str = "200 OK",
       **more: Any) -> Answer:
    """An answer with content, a 200 where nothing else is said."""
    return say(f"/conforming/{path}", status, *fields, content=content, **more)


def shop(path: str, *fields: str, **more: Any) -> Answer:
    """An answer over TLS."""
    return ok(path, *fields, origin=TLS, **more)


def octets(path: str, raw: bytes, *fields: str, status: str = "200 OK", **more: Any) -> Answer:
    """An answer whose content goes out as it is."""
    return Answer(f"/conforming/{path}", status, (*fields, f"Content-Length: {len(raw)}"), raw, **more)


def problem(path: str, status: str, members: object, *fields: str, **more: Any) -> Answer:
    """An error with problem details."""
    return ok(path, *fields, status=status, content=json.dumps(members, ensure_ascii=False),
              media="application/problem+json", **more)


def preflight(path: str, *fields: str, asked: str = "PUT", names: str = "", **more: Any) -> Answer:
    """An answer to a CORS preflight that curl sends: of those that browsers send no HAR of theirs tells."""
    ask = ["Origin: https://app.example", f"Access-Control-Request-Method: {asked}"]
    ask += [f"Access-Control-Request-Headers: {names}"] if names else []
    return Answer(f"/conforming/{path}", more.pop("status", "204 No Content"), fields,
                  ask=Ask("OPTIONS", tuple(ask), browser=""), **more)


def foreign(request: Request) -> bool:
    """Whether the request names its origin."""
    return request.has("Origin")


CROSS = Ask(fields=("Origin: https://app.example",), browser="")
GZIP = Ask(fields=("Accept-Encoding: gzip",))
IDENTITY = Ask(fields=("Accept-Encoding: identity",), browser="")
BEARER = Ask(fields=("Authorization: Bearer abcdef",))
JSON = "application/json"

NEGOTIATED: tuple[Answer, ...] = (
    # A strong ETag for each coding, a weak one for both.
    octets("negotiated", WHOLE, 'ETag: "v1"', "Vary: Accept-Encoding", PLAIN, ask=IDENTITY, when=uncoded),
    octets("negotiated", PACKED, 'ETag: "v1-gzip"', "Vary: accept-encoding", "Content-Encoding: gzip", PLAIN,
           ask=GZIP, when=takes_gzip),
    octets("negotiated-weak", WHOLE, 'ETag: W/"v1"', "Vary: Accept-Encoding, Origin", PLAIN, ask=IDENTITY,
           when=uncoded),
    octets("negotiated-weak", PACKED, 'ETag: W/"v1"', "Vary: Accept-Encoding, Origin", "Content-Encoding: gzip",
           PLAIN, ask=GZIP, when=takes_gzip),
    octets("x-gzip", PACKED, "Content-Encoding: X-GZIP", "Vary: *", PLAIN, ask=GZIP),
)

SEQUENCE: tuple[Answer, ...] = (
    # GET, HEAD, 304, 206, 416 of one resource. HEAD leaves out what only the content would tell.
    octets("sequence", WHOLE, *VALIDATORS, PLAIN, "Vary: Accept-Encoding", "Cache-Control: max-age=60",
           f"Repr-Digest: sha-256={digest(WHOLE)}", "Accept-Ranges: bytes", when=whole),
    Answer("/conforming/sequence", "200 OK",
           (*VALIDATORS, PLAIN, "Vary: Accept-Encoding", "Cache-Control: max-age=60",
            f"Repr-Digest: sha-256={digest(WHOLE)}", "Accept-Ranges: bytes"), ask=Ask("HEAD"), when=to_head),
    Answer("/conforming/sequence", "304 Not Modified",
           ('ETag: "whole"', "Vary: Accept-Encoding", "Cache-Control: max-age=60"),
           ask=Ask(fields=('If-None-Match: W/"whole"',)), when=conditional),
    octets("sequence", TEN, *VALIDATORS, PLAIN, "Vary: Accept-Encoding", "Cache-Control: max-age=60",
           "Content-Range: bytes 0-9/100", f"Repr-Digest: sha-256={digest(WHOLE)}",
           f"Content-Digest: sha-256={digest(TEN)}", status="206 Partial Content",
           ask=Ask(fields=("Range: bytes=0-9",)), when=lambda request: request.fields.get("range") == "bytes=0-9"),
    ok("sequence", "Content-Range: bytes */100", status="416 Range Not Satisfiable",
       content="There are 100 octets.\n", ask=Ask(fields=("Range: bytes=100-",)), when=ranged),
)

CORS: tuple[Answer, ...] = (
    preflight("preflight", "Access-Control-Allow-Origin: https://app.example", "Vary: Origin",
              "Access-Control-Allow-Methods: GET, PUT, DELETE", "Access-Control-Max-Age: 600",
              "Access-Control-Allow-Headers: content-type, X-Request-Id", "Access-Control-Allow-Credentials: true",
              names="content-type,x-request-id"),
    preflight("preflight-any", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: *",
              "Access-Control-Allow-Headers: *, Authorization", names="authorization,x-anything"),
    preflight("preflight-of-post", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: Content-Type",
              "Content-Length: 0", asked="POST", names="content-type", status="200 OK"),
    preflight("preflight-refused", "Vary: Origin"),
    ok("cors-to-browser", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: PUT",
       "Access-Control-Max-Age: 0", content="", ask=Ask("OPTIONS", browser="", curl=False), origin=TLS,
       when=lambda request: request.method == "OPTIONS"),
    ok("cors-to-browser", "Access-Control-Allow-Origin: *", ask=Ask("PUT", content="a=1", foreign=True, curl=False),
       origin=TLS),
    ok("cors-credentials", "Access-Control-Allow-Origin: https://app.example", "Access-Control-Allow-Credentials: true",
       "Access-Control-Expose-Headers: ETag, Link, X-Request-Id", "Vary: Accept, Origin", 'ETag: "c1"', ask=CROSS),
    ok("cors-not-allowed", "Vary: Origin", ask=CROSS),
    ok("cors-any", "Access-Control-Allow-Origin: *", "Access-Control-Expose-Headers: *",
       "Timing-Allow-Origin: https://app.example, https://www.example", "Cross-Origin-Resource-Policy: cross-origin",
       ask=CROSS),
    ok("cors-one-origin-for-all", "Access-Control-Allow-Origin: https://app.example",
       when=lambda request: not foreign(request)),
    ok("cors-one-origin-for-all", "Access-Control-Allow-Origin: https://app.example", ask=CROSS, when=foreign),
)

CACHING: tuple[Answer, ...] = (
    ok("cache-immutable", "Cache-Control: public, max-age=31536000, immutable, must-revalidate", 'ETag: "i"'),
    ok("cache-fields", 'Cache-Control: public, max-age=60, private="Set-Cookie", no-cache="Set-Cookie, X-Id"',
       'ETag: "f"'),
    ok("cache-stale", "Cache-Control: max-age=60, stale-while-revalidate=600, stale-if-error=86400", 'ETag: "s"'),
    ok("cache-shared", "Cache-Control: max-age=60, s-maxage=3600, proxy-revalidate, no-transform", 'ETag: "p"'),
    ok("cache-huge", "Cache-Control: max-age=99999999999", 'ETag: "h"'),
    ok("cache-understand", "Cache-Control: must-understand, no-store, max-age=60", 'ETag: "u"'),
    ok("cache-capitals", "Cache-Control: No-Store", "Expires: Thu, 01 Jan 1970 00:00:00 GMT"),
    ok("cache-empty", "Cache-Control:", "Pragma:", "X-Empty:"),
    ok("cache-expires", "Expires: {tomorrow}", LAST_MODIFIED),
    ok("cache-hit", "Cache-Control: max-age=600", "Age: 25", 'ETag: "a"', "Via: 1.1 varnish, 1.1 edge",
       "Cache-Status: origin-shield; fwd=uri-miss; stored, edge; hit; ttl=575", "X-Cache: HIT"),
    ok("cache-miss", "Cache-Control: max-age=600", 'ETag: "m"',
       'Cache-Status: "Edge, of Europe"; fwd=stale; fwd-status=304; collapsed=?0; key="/a?b"; detail=x'),
    ok("cache-targeted", "Cache-Control: no-store", "CDN-Cache-Control: max-age=600, must-revalidate",
       "Surrogate-Control: max-age=3600", 'Cache-Groups: "scripts", "deutsch"'),
    ok("cache-invalidation", 'Cache-Group-Invalidation: "scripts"', ask=Ask("POST", content="a=1")),
)

REUSED: tuple[Answer, ...] = (
    # What a cache may do, and what one exchange does not prove of another.
    ok("reused-without-its-cookies", 'Cache-Control: max-age=600, no-cache="Set-Cookie"', "Age: 25", 'ETag: "r"',
       "Via: 1.1 edge"),
    ok("reused-308", "Location: /conforming/target", "Age: 25", "Via: 1.1 edge", status="308 Permanent Redirect"),
    ok("if-none-match-decides", 'ETag: "new"', LAST_MODIFIED, ask=Ask(fields=(
        'If-None-Match: "old"', "If-Modified-Since: Tue, 04 Mar 2025 10:20:30 GMT"))),
    octets("changed-in-between", WHOLE, 'ETag: "v1"', PLAIN, "Vary: Accept", when=whole),
    Answer("/conforming/changed-in-between", "200 OK", ('ETag: "v2"', PLAIN, "Content-Length: 99"), ask=Ask("HEAD"),
           when=to_head),
    ok("405-to-patch-in-small-letters", "Allow: GET, PATCH", status="405 Method Not Allowed",
       ask=Ask("patch", content="a=1", curl=False),        # mitmproxy writes every method in capitals
       flaws=bad("a method that is not registered, which 501 answers", "RFC 9110 §9.1", "advice",
                 rule="405.unknown-method", note="methods are case-sensitive, and a server may know any")),
    ok("cookie-for-all", "Cache-Control: public, max-age=600", 'ETag: "c"', "Set-Cookie: theme=dark; Path=/conforming",
       flaws=bad("a response that shared caches may store sets a cookie", "RFC 9111 §7.3", "advice",
                 rule="set-cookie.shared", note="the section leaves it to servers")),
    ok("lists-over-lines", "Cache-Control: public", "Cache-Control: max-age=600, community=\"UCI\"", 'ETag: "l"',
       "Vary: Accept", "Vary: accept-language", "Permissions-Policy: camera=()",
       "Permissions-Policy: geolocation=(self)", f"Content-Digest: sha-256={digest(IN_ORDER.encode())}",
       "Content-Digest: unixsum=:AAA=:", "Allow: GET", "Allow: HEAD"),
)

CONDITIONAL: tuple[Answer, ...] = (
    ok("put-with-if-match", 'ETag: "new"', ask=Ask("PUT", ('If-Match: "old"',), "a=1")),
    ok("put-with-a-weak-tag", 'ETag: W/"same"', status="412 Precondition Failed",
       ask=Ask("PUT", ('If-Match: W/"same"',), "a=1")),
    ok("put-with-if-none-match", 'ETag: "first"', "Location: /conforming/put-with-if-none-match", status="201 Created",
       ask=Ask("PUT", ("If-None-Match: *",), "a=1")),
    ok("put-of-what-has-changed", LAST_MODIFIED, status="412 Precondition Failed",
       ask=Ask("PUT", ("If-Unmodified-Since: Mon, 03 Mar 2025 10:20:30 GMT",), "a=1")),
    octets("if-range-of-another-version", WHOLE, 'ETag: "new"', "Accept-Ranges: bytes", PLAIN,
           ask=Ask(fields=("Range: bytes=0-9", 'If-Range: "old"'))),
    octets("206-of-gzip", PACKED[:10], 'ETag: "z"', "Content-Encoding: gzip", "Vary: Accept-Encoding", PLAIN,
           f"Content-Range: bytes 0-9/{len(PACKED)}", status="206 Partial Content", ask=Ask(
               fields=("Range: bytes=0-9", "Accept-Encoding: gzip"), browser="")),
    Answer("/conforming/304-to-any", "304 Not Modified", ('ETag: "any"',), ask=Ask(fields=("If-None-Match: *",))),
)

MESSAGES: tuple[Answer, ...] = (
    # What HTTP/1.1 allows and few send. mitmproxy refuses leading zeros, and breaks off at trailers.
    Answer("/conforming/reason-empty", "200 ", (PLAIN, "Content-Length: 10"), TEN),
    Answer("/conforming/content-length-with-zeros", "200 OK", (PLAIN, "Content-Length: 0010"), TEN,
           ask=Ask(curl=False)),
    Answer("/conforming/trailers", "200 OK", (PLAIN, "Trailer: Server-Timing", "Transfer-Encoding: chunked"),
           b"a\r\n0123456789\r\n0\r\nServer-Timing: db;dur=1\r\n\r\n", ask=Ask(curl=False)),
    Answer("/conforming/reason-of-our-own", "200 Alles klar", ("content-type:text/plain; charset=us-ascii; ;",
                                                               "CONTENT-LENGTH:   10  "), TEN),
    Answer("/conforming/chunk-extension", "200 OK", (PLAIN, "Transfer-Encoding: Chunked"),
           b'a;name=value;other="a;b"\r\n0123456789\r\n00\r\n\r\n'),
    Answer("/conforming/close", "200 OK", (PLAIN, "Connection: Close"), TEN, close=True),
    ok("query", 'Accept-Query: "application/x-www-form-urlencoded", text/plain;charset="UTF-8"', "Vary: Accept",
       ask=Ask("QUERY", content="a=1")),
    ok("redirect-later", "Location: /conforming/target", "Retry-After: 5", status="301 Moved Permanently"),
    ok("names-of-any-kind", "X_Under!#$%&'*+.^`|~-1: \t a\tb ", "SourceMap: /a.js.map"),
)

CONTENTS: tuple[Answer, ...] = (
    ok("json-null", media=JSON, content="null"),
    ok("json-string", media="application/json;charset=UTF-8", content='\t"caf\u00e9 \\ud83d"\n'),
    ok("json-number", media="application/vnd.api+json", content="-0.5E+3"),
    ok("json-lines", media="application/x-ndjson", content='{"a": 1}\n{"a": 2}\n'),
    ok("json-empty-array", 'Link: </items?page=2>; rel=next, </items?page=9>; rel="last"', media=JSON, content="[]"),
    octets("json-gzip", gzip.compress(b'{"packed": true}', mtime=0), "Content-Encoding: gzip",
           "Vary: Accept-Encoding", f"Content-Type: {JSON}", ask=GZIP),
    octets("gzip-file", PACKED, "Content-Type: application/gzip", 'Content-Disposition: attachment; filename="a.gz"'),
    octets("html-in-latin-1", b"<!doctype html><title>caf\xe9</title>\n",
           'Content-Type: text/html; charset="ISO-8859-1"'),
    ok("multipart", media='multipart/mixed; boundary="a limit"',
       content="preamble\r\n--a limit\r\nContent-Type: text/plain\r\n\r\none\r\n"
               "--a limit\r\n\r\ntwo\r\n--a limit--\r\n"),
    ok("svg", "X-Content-Type-Options: NOSNIFF", media="image/svg+xml",
       content='<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ok("module", "X-Content-Type-Options: nosniff", media="text/javascript; charset=utf-8",
       content="export default 1\n"),
    Answer("/conforming/events", "200 OK",
           ("Content-Type: text/event-stream", "Cache-Control: no-store", "Transfer-Encoding: chunked",
            "X-Accel-Buffering: no"), chunked(EVENTS), close=True, ask=Ask(fields=("Accept: text/event-stream",))),
    problem("problem", "403 Forbidden",
            {"type": "https://a.example/credit", "title": "Out of credit", "status": 403, "detail": "50 are missing",
             "instance": "/account/12345/abc", "balance": 30, "accounts": ["/account/1", "/account/2"]},
            "Content-Language: en", "Cache-Control: no-store"),
    problem("problem-blank", "404 Not Found", {"title": "Not Found", "status": 404}),
    problem("problem-empty", "400 Bad Request", {}),
    problem("problem-in-german", "404 Not Found", {"type": "about:blank", "title": "Nicht gefunden", "status": 404},
            "Content-Language: de", "Vary: Accept-Language", ask=Ask(fields=("Accept-Language: de",))),
    problem("problem-of-validation", "422 Unprocessable Content",
            {"type": "/problems/validation", "title": "Not valid",
             "errors": [{"detail": "must be green", "pointer": "#/colour"}]}, ask=Ask("POST", content="a=1")),
    ok("problem-in-xml", status="400 Bad Request", media="application/problem+xml",
       content='<problem xmlns="urn:ietf:rfc:7807"><title>Bad Request</title><status>400</status></problem>'),
)

DIGESTS: tuple[Answer, ...] = (
    octets("digests", WHOLE, PLAIN, f"Content-Digest: sha-256={digest(WHOLE)}, sha-512={digest(WHOLE, 'sha512')}",
           f"Repr-Digest: sha-512={digest(WHOLE, 'sha512')}", "Want-Repr-Digest: sha-512=3, sha-256=10, unixsum=0",
           f"Digest: SHA-256={digest(WHOLE).strip(':')}", f"Content-MD5: {digest(WHOLE, 'md5').strip(':')}",
           flaws=bad("Digest and Content-MD5 are obsolete", "RFC 9530 §1.3", "advice", rule="field.obsolete")),
    octets("digests-of-gzip", PACKED, PLAIN, "Content-Encoding: gzip", "Vary: Accept-Encoding",
           f"Content-Digest: sha-256={digest(PACKED)}", f"Repr-Digest: sha-256={digest(PACKED)}",
           f"Unencoded-Digest: sha-256={digest(WHOLE)}", ask=GZIP),
    Answer("/conforming/digests-to-head", "200 OK",
           (PLAIN, "Content-Length: 100", f"Repr-Digest: sha-256={digest(WHOLE)}",
            f"Content-Digest: sha-256={digest(b'')}"), ask=Ask("HEAD")),
    Answer("/conforming/digests-chunked", "200 OK",
           (PLAIN, f"Content-Digest: md5={digest(WHOLE, 'md5')}, sha-256={digest(WHOLE)}",
            "Transfer-Encoding: chunked"), chunked(WHOLE)),
)

LINKS: tuple[Answer, ...] = (
    ok("links", "Link: </next>; rel=next, </prev>; rel=\"prev\"; title*=UTF-8'de'letztes%20Kapitel",
       'Link: </a,b;c>; rel="start https://a.example/rel/other"; anchor="#part"; hreflang=de; hreflang=en',
       "Link: <https://a.example/terms>; rel=license; type=\"text/html\"; media=\"screen, print\"; x-flag"),
    ok("links-to-load", "Link: </font.woff2>; rel=preload; as=font; crossorigin; type=\"font/woff2\"",
       "Link: <https://cdn.example>; rel=preconnect, </style.css>; rel=preload; as=style; nopush",
       "Link: </module.js>; rel=modulepreload; integrity=\"sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K\""),
    ok("disposition", 'Content-Disposition: attachment; filename="EURO rates.pdf"; '
       "filename*=utf-8''%e2%82%ac%20rates.pdf"),
    ok("disposition-token", "Content-Disposition: INLINE; FileName=report-2026_07.txt"),
    ok("disposition-escaped", 'Content-Disposition: attachment; filename="a \\"quoted\\" name.txt"; size=32',
       flaws=bad("escapes in filename, which not all clients undo", "RFC 6266 Appendix D", "advice",
                 rule="content-disposition.escape")),
    ok("alt-svc", 'Alt-Svc: h3=":443"; ma=86400; persist=1, h2="alt.example:8443"'),
    ok("alt-svc-clear", "Alt-Svc: clear"),
    ok("lifecycle", "Deprecation: @1688169599", "Sunset: Fri, 31 Dec 2027 23:59:59 GMT",
       'Link: </docs/deprecation>; rel="deprecation"; type="text/html", </docs/sunset>; rel=sunset'),
    ok("languages", "Content-Language: de-CH-1996, mi, i-klingon, x-private", "Content-Location: ?lang=de"),
    ok("etag-of-odd-characters", "ETag: \"a,b:c/d!'#[]{}~%20\u00ff\"", ask=Ask(browser="")),
    ok("etag-empty", 'ETag: ""'),
    ok("server-and-via", 'Server: nginx/1.27.3 (Debian; "x") OpenSSL/3.0.15',
       "Via: 1.1 varnish (Varnish/7.5), HTTP/2 edge:8443", "X-Powered-By: PHP", "CF-Ray: 8f0c-FRA"),
    ok("upgrade-offered", "Upgrade: h2c, TLS/1.2", "Connection: keep-alive, Upgrade", "Keep-Alive: timeout=5, max=100"),
    ok("timings", 'Server-Timing: miss, db;dur=53.2;desc="a, \\"b\\"", app;desc=x;dur=0',
       'Server-Timing: cache;desc=""'),
    ok("priority", "Priority: u=3, i", "Accept-Ranges: none", "Preference-Applied: respond-async, return=minimal",
       "Vary: Prefer", ask=Ask(fields=("Prefer: respond-async", "Prefer: return=minimal")), status="202 Accepted",
       content="Accepted: see /conforming/target\n"),
    ok("signed", 'Signature-Input: sig1=("@status" "content-type" "@method";req)'
       ';created=1618884473;keyid="k";alg="ed25519"',
       "Signature: sig1=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:"),
    ok("limits", 'RateLimit-Policy: "burst";q=100;w=60, "day";q=1000;w=86400', 'RateLimit: "burst";r=0;t=37',
       "Retry-After: 120", status="429 Too Many Requests"),
    ok("proxy-status", 'Proxy-Status: edge; error=connection_timeout; details="after 3 s", '
       '"other; one"; received-status=200', "Via: 1.1 edge", status="504 Gateway Timeout"),
)

STATUSES: tuple[Answer, ...] = (
    ok("201", "Location: /conforming/orders/1", 'ETag: "o1"', status="201 Created", ask=Ask("POST", content="a=1")),
    Answer("/conforming/201-to-put", "201 Created", ("Content-Length: 0",), ask=Ask("PUT", content="a=1")),
    Answer("/conforming/204-with-content-type", "204 No Content", ("Content-Type: application/json", 'ETag: "n"'),
           ask=Ask("PUT", content="a=1")),
    ok("207", status="207 Multi-Status", content=MULTISTATUS, media='application/xml; charset="utf-8"',
       ask=Ask("PROPFIND", ("Depth: 1",))),
    ok("options-of-dav", "Allow: OPTIONS, GET, HEAD, PROPFIND, PATCH", "DAV: 1, 2, <https://a.example/extension>",
       "Accept-Patch: application/json-patch+json, text/plain;charset=utf-8", "MS-Author-Via: DAV", content="",
       ask=Ask("OPTIONS")),
    ok("423", status="423 Locked", content=LOCKED, media='application/xml; charset="utf-8"',
       ask=Ask("PUT", content="a=1")),
    octets("226", b"The delta.\n", "IM: diffe", 'ETag: "new"', 'Delta-Base: "old"', PLAIN,
           "Cache-Control: no-store, im", status="226 IM Used",
           ask=Ask(fields=("A-IM: vcdiff, diffe", 'If-None-Match: "old"'))),
    ok("302-to-a-host", "Location: //www.shop.test/a%20b?q=%C3%BC&r=1#frag", status="302 Found", ask=Ask(browser="")),
    ok("302-to-a-query", "Location: ?page=2", status="302 Found"),
    ok("401-bearer", 'WWW-Authenticate: Bearer realm="shop", error="invalid_token", error_description="It has expired"',
       status="401 Unauthorized", ask=BEARER),
    ok("401-digest", 'WWW-Authenticate: Digest realm="a", qop="auth, auth-int", algorithm=SHA-256, '
       'nonce="7ypf/xlj9XXwfD", opaque="FQhe/qaU925k", userhash=true, charset=UTF-8',
       'WWW-Authenticate: Digest realm="a", qop="auth", algorithm=MD5, nonce="7ypf/xlj9XXwfD", stale=FALSE',
       status="401 Unauthorized"),
    ok("401-in-small-letters", 'www-authenticate: bearer Realm="a" , scope=read', status="401 Unauthorized"),
    ok("401-many", 'WWW-Authenticate: Negotiate, Bearer realm="a, b", scope="read write"',
       status="401 Unauthorized"),
    ok("403-bearer", 'WWW-Authenticate: Bearer error="insufficient_scope", scope="write"', status="403 Forbidden",
       ask=BEARER),
    shop("200-with-challenge", 'WWW-Authenticate: Basic realm="more"', 'Authentication-Info: nextnonce="abc"'),
    ok("415-lists-what-would-do", "Accept: application/json, text/csv;q=0.5", "Accept-Post: application/json, text/*",
       status="415 Unsupported Media Type", ask=Ask("POST", content="a=1")),
    ok("415-to-coded", "Accept-Encoding: identity, gzip;q=0.5", status="415 Unsupported Media Type",
       ask=Ask("POST", ("Content-Encoding: br",), "a=1", curl=False)),
    ok("413-for-now", "Retry-After: 3600", status="413 Content Too Large", ask=Ask("POST", content="a=1")),
    ok("421", status="421 Misdirected Request"),
    ok("425", status="425 Too Early", ask=Ask(fields=("Early-Data: 1",))),
    ok("428", status="428 Precondition Required", ask=Ask("PUT", content="a=1")),
    ok("451", 'Link: <https://court.example/>; rel="blocked-by"', status="451 Unavailable For Legal Reasons"),
    ok("511", status="511 Network Authentication Required", media="text/html",
       content='<!doctype html><title>Log in</title><p><a href="https://login.example/">Log in</a> first.\n'),
    Answer("/conforming/404-to-head", "404 Not Found", (PLAIN,), ask=Ask("HEAD")),
)

BROWSERS: tuple[Answer, ...] = (
    shop("logout", 'Clear-Site-Data: "cache", "cookies", "storage"', "Cache-Control: no-store",
         "Set-Cookie: __Host-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0; "
         "Expires=Thu, 01 Jan 1970 00:00:00 GMT", ask=Ask("POST", content="a=1")),
    shop("cookies-of-all-kinds", "Cache-Control: private, no-store",
         "Set-Cookie: __Host-session=MTIz+/==; Path=/; Secure; HttpOnly; SameSite=Lax",
         "Set-Cookie: __Secure-id=a:b|c&d=e; Domain=shop.test; Path=/conforming; Secure; SameSite=None; "
         "Partitioned; HttpOnly",
         'Set-Cookie: theme="dark"; expires={tomorrow}; max-age=86400; path=/; samesite=strict; secure; Priority=High',
         "Set-Cookie: empty=; Path=/; Secure", "Set-Cookie: !#$%&'*+-.^_`|~=1; Secure"),
    shop("dictionary", 'Use-As-Dictionary: match="/app/*/main.js", match-dest=("script"), id="main-1"',
         "Cache-Control: max-age=604800", 'ETag: "d1"', "Vary: Accept-Encoding, Available-Dictionary"),
    shop("hsts-with-a-redirect", 'Strict-Transport-Security: max-age="31536000" ; includesubdomains;; preload',
         f"Location: {SHOP}/conforming/page", status="308 Permanent Redirect", content="Now at /conforming/page.\n"),
    ok("policies-over-lines", "Content-Security-Policy: default-src 'none'; sandbox; frame-ancestors 'none';",
       "Content-Security-Policy: SCRIPT-SRC 'Wasm-Unsafe-Eval' 'unsafe-hashes' 'report-sample' blob: "
       "wss://*.example:*/a%3B/; trusted-types default 'allow-duplicates'; worker-src 'self', img-src 'self'"),
    ok("frames-denied", "X-Frame-Options: sameorigin", "Referrer-Policy: no-referrer, strict-origin-when-cross-origin",
       "Refresh: 300; URL='/conforming/page'",
       'Report-To: {"group":"g","max_age":10886400,"endpoints":[{"url":"https://r.example/"}]},'
       '{"group":"h","max_age":1,"endpoints":[{"url":"https://h.example/"}]}'),
    shop("shop", "Cache-Control: private, no-cache", 'ETag: W/"p1"', "Content-Language: en",
         "Vary: Accept-Encoding, Cookie", "Content-Security-Policy: default-src 'self'; "
         f"script-src 'nonce-{NONCE}' 'strict-dynamic' https: 'unsafe-inline'; "
         "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src * data:; object-src 'none'; "
         "base-uri 'none'; frame-ancestors 'self' https://*.shop.test:*; form-action 'self'; "
         "upgrade-insecure-requests; report-uri /reports; report-to main",
         "Content-Security-Policy-Report-Only: require-trusted-types-for 'script'; report-to main",
         f'Reporting-Endpoints: main="{SHOP}/reports", default="/reports"',
         "Strict-Transport-Security: max-age=63072000; includeSubDomains; preload",
         "X-Content-Type-Options: nosniff", "X-Frame-Options: SAMEORIGIN", "X-XSS-Protection: 0",
         "Referrer-Policy: no-referrer, strict-origin-when-cross-origin",
         'Permissions-Policy: geolocation=(), camera=(self "https://video.example"), fullscreen=*, '
         "picture-in-picture=self",
         'Cross-Origin-Opener-Policy: same-origin; report-to="main"', "Cross-Origin-Embedder-Policy: credentialless",
         "Cross-Origin-Resource-Policy: same-origin", "Origin-Agent-Cluster: ?1",
         "Accept-CH: Sec-CH-UA-Model, Sec-CH-DPR",
         'NEL: {"report_to":"main","max_age":86400,"success_fraction":0.0}',
         f'Report-To: {{"group":"main","max_age":86400,"endpoints":[{{"url":"{SHOP}/reports","priority":1}}]}}',
         "Set-Cookie: __Host-session=31d4d96e407aad42; Path=/; Secure; HttpOnly; SameSite=Lax",
         media="text/html; charset=utf-8", content=PAGE, ask=Ask(browser="goto")),
)

CONFORMING_FIELDS: tuple[Answer, ...] = (
    *NEGOTIATED, *SEQUENCE, *CORS, *CACHING, *REUSED, *CONDITIONAL, *MESSAGES, *CONTENTS, *DIGESTS, *LINKS, *STATUSES,
    *BROWSERS)
