"""What servers are known to get wrong must be found, and what other tools wrongly complain about must be left alone.

Each line of the first table is a class of bugs that was reported again and again against real servers and frameworks,
with one of the exchanges that show it, the rule that finds it, and how it ranks. The second table holds legal patterns
that linters have been seen to complain about, with the rules that a hasty version of would trip over them.
"""
from __future__ import annotations

import gzip
import re
from collections.abc import Sequence

import pytest

from httplint.capture.notation import notation
from httplint.engine.report import Finding
from httplint.library import Linter, built_in_rules

RULES = {rule.id: rule for rule in built_in_rules()}
MORNING = "Tue, 01 Jul 2025 06:00:00 GMT"
NOON = "Tue, 01 Jul 2025 12:00:00 GMT"
OK = f"< HTTP/1.1 200 OK\n< Date: {NOON}\n"


def wire(head: str, body: bytes = b"") -> str:
    """A conversation in octets, the response in two parts: a head with LF line ends, without Date, and a body."""
    request, status_line, fields = re.split(r"(?<=\n\n)(HTTP/1.1 .*\n)", head)
    octets = f"{request}{status_line}Date: {NOON}\n{fields}".replace("\n", "\r\n").encode("latin-1") + body
    return "octets: " + "".join(f"\\x{octet:02x}" for octet in octets)


def findings(text: str, profile: str | Sequence[str] = ()) -> list[Finding]:
    """What is found in an exchange; its requests need not name their host."""
    text = re.sub(r"^(> .* HTTP/1.1)$(?!\n> Host)", r"\1\n> Host: a.example", text, flags=re.MULTILINE)
    return [finding for report in Linter(profile=profile).lint_all(notation(text)) for finding in report.findings]


DOUBLED = gzip.compress(gzip.compress(b"<!DOCTYPE html><title>Twice</title>"))

BUGS: list[tuple[str, str, str, str]] = [
    # --- content and its length where there is none
    ("Content-Length on 204", f"< HTTP/1.1 204 No Content\n< Date: {NOON}\n< Content-Length: 0",
     "204.content-length", "error"),
    ("chunked 204", f"< HTTP/1.1 204 No Content\n< Date: {NOON}\n< Transfer-Encoding: chunked",
     "204.transfer-encoding", "error"),
    ("the terminator of chunks behind a 204", wire("GET / HTTP/1.1\nHost: a.example\n\nHTTP/1.1 204 No Content\n\n",
                                                   b"0\r\n\r\n"), "204.content", "error"),
    ("content on 304",
     wire('GET / HTTP/1.1\nHost: a.example\nIf-None-Match: "1"\n\nHTTP/1.1 304 Not Modified\nETag: "1"\n\n', b"<html>"),
     "304.content", "error"),
    ("content on 304, seen above the wire",
     f'> GET / HTTP/1.1\n> If-None-Match: "1"\n< HTTP/2 304\n< date: {NOON}\n< etag: "1"\n<\n<html>', "304.content",
     "error"),
    ("Content-Length of 304 is not that of the 200",
     f"""> GET / HTTP/1.1
{OK}< ETag: "1"
< Content-Length: 1200
---
> GET / HTTP/1.1
> If-None-Match: "1"
< HTTP/1.1 304 Not Modified
< Date: {NOON}
< ETag: "1"
< Content-Length: 0""", "304.content-length-differs", "error"),
    ("304 without ETag", f'> GET / HTTP/1.1\n> If-None-Match: "1"\n< HTTP/1.1 304 Not Modified\n< Date: {NOON}',
     "304.etag-missing", "error"),
    *((f"304 without {name}",
       f"""> GET / HTTP/1.1
{OK}< ETag: "1"
< {name}: {value}
---
> GET / HTTP/1.1
> If-None-Match: "1"
< HTTP/1.1 304 Not Modified
< Date: {NOON}
< ETag: "1\"""", "304.metadata-dropped", "error")
      for name, value in (("Vary", "Accept-Encoding"), ("Cache-Control", "max-age=60"))),
    ("Content-Length of HEAD is not that of GET",
     f"""> GET / HTTP/1.1
{OK}< ETag: "1"
< Content-Length: 1200
---
> HEAD / HTTP/1.1
{OK}< ETag: "1"
< Content-Length: 0""", "head.content-length", "error"),
    # --- status codes without the field that they demand
    ("405 without Allow", f"> PUT / HTTP/1.1\n< HTTP/1.1 405 Method Not Allowed\n< Date: {NOON}", "405.allow-missing",
     "error"),
    ("401 without WWW-Authenticate", f"> GET / HTTP/1.1\n< HTTP/1.1 401 Unauthorized\n< Date: {NOON}",
     "401.challenge-missing", "error"),
    ("426 without Upgrade", f"> GET / HTTP/1.1\n< HTTP/1.1 426 Upgrade Required\n< Date: {NOON}", "426.upgrade-missing",
     "error"),
    ("101 without Upgrade",
     "> GET / HTTP/1.1\n> Connection: upgrade\n> Upgrade: websocket\n"
     "< HTTP/1.1 101 Switching Protocols\n< Connection: upgrade", "101.upgrade-missing", "error"),
    ("101 without Connection: upgrade",
     "> GET / HTTP/1.1\n> Connection: upgrade\n> Upgrade: websocket\n"
     "< HTTP/1.1 101 Switching Protocols\n< Upgrade: websocket", "101.connection-upgrade-missing", "error"),
    # --- framing
    ("Content-Length twice, equal", f"{OK}< Content-Length: 5\n< Content-Length: 5",
     "content-length.repeated", "error"),
    ("Content-Length twice, different",
     f"{OK}< Content-Length: 0\n< Content-Length: 84", "content-length.conflicting", "error"),
    ("Content-Length beside Transfer-Encoding",
     f"{OK}< Content-Length: 5\n< Transfer-Encoding: chunked",
     "content-length.with-transfer-encoding", "error"),
    ("chunked to HTTP/1.0", f"> GET / HTTP/1.0\n{OK}< Transfer-Encoding: chunked",
     "transfer-encoding.to-http10", "error"),
    ("100 to HTTP/1.0",
     f"> POST / HTTP/1.0\n> Expect: 100-continue\n< HTTP/1.1 100 Continue\n<\n< HTTP/1.1 200 OK\n< Date: {NOON}",
     "1xx.to-http-1-0", "error"),
    # --- ranges
    ("206 without Content-Range",
     f"> GET / HTTP/1.1\n> Range: bytes=0-4\n< HTTP/1.1 206 Partial Content\n< Date: {NOON}\n< Content-Length: 5",
     "206.content-range-missing", "error"),
    ("206 with a malformed Content-Range",
     "> GET / HTTP/1.1\n> Range: bytes=0-4\n< HTTP/1.1 206 Partial Content\n"
     f"< Date: {NOON}\n< Content-Range: bytes=0-4/10", "content-range.malformed", "error"),
    ("206 with the Content-Length of the whole file",
     "> GET / HTTP/1.1\n> Range: bytes=0-4\n< HTTP/1.1 206 Partial Content\n"
     f"< Date: {NOON}\n< Content-Range: bytes 0-4/10\n< Content-Length: 10", "206.content-length", "error"),
    ("416 without Content-Range",
     f"> GET / HTTP/1.1\n> Range: bytes=90-\n< HTTP/1.1 416 Range Not Satisfiable\n< Date: {NOON}",
     "416.length-missing", "warning"),
    ("416 with a range in Content-Range",
     "> GET / HTTP/1.1\n> Range: bytes=5000-\n< HTTP/1.1 416 Range Not Satisfiable\n"
     f"< Date: {NOON}\n< Content-Range: bytes 4000-4029/4030", "416.range-in-content-range", "warning"),
    ("416 with a Content-Range that cannot be",
     "> GET / HTTP/1.1\n> Range: bytes=5000-\n< HTTP/1.1 416 Range Not Satisfiable\n"
     f"< Date: {NOON}\n< Content-Range: bytes 5000-4029/4030", "416.range-in-content-range", "warning"),
    ("Accept in place of Accept-Ranges", f"> GET / HTTP/1.1\n{OK}< Accept: bytes",
     "field.malformed", "error"),
    # --- values
    ("Location with a space", f"< HTTP/1.1 302 Found\n< Date: {NOON}\n< Location: /a file",
     "location.malformed", "error"),
    ("Location in UTF-8", f"< HTTP/1.1 302 Found\n< Date: {NOON}\n< Location: /caf\N{LATIN SMALL LETTER E WITH ACUTE}",
     "location.malformed", "error"),
    ("ETag without quotes", f"{OK}< ETag: 5d8c72a5edda8", "etag.malformed", "error"),
    *((f"a date with {what}", f"{OK}< Last-Modified: {value}", "last-modified.malformed",
       "error") for what, value in (
           ("UTC", "Tue, 01 Jul 2025 06:00:00 UTC"), ("CET", "Tue, 01 Jul 2025 06:00:00 CET"),
           ("GMT+1", "Tue, 01 Jul 2025 06:00:00 GMT+1"), ("+0000", "Tue, 01 Jul 2025 06:00:00 +0000"),
           ("a day of one digit", "Tue, 1 Jul 2025 06:00:00 GMT"))),
    ("Expires that is a number", f"{OK}< Expires: 0", "expires.number", "warning"),
    ("Retry-After with a fraction", "< HTTP/1.1 503 Service Unavailable\n< Retry-After: 1.5\n<\nsoon",
     "retry-after.malformed", "error"),
    ("Cache-Control with semicolons", f"{OK}< Cache-Control: public; max-age=60",
     "cache-control.malformed", "error"),
    ("a duration of Go in Cache-Control", f"{OK}< Cache-Control: max-age=720h0m0s",
     "cache-control.not-seconds", "error"),
    ("s-max-age", f"{OK}< Cache-Control: s-max-age=60", "cache-control.misspelt", "warning"),
    ("max-age twice",
     f"{OK}< Cache-Control: max-age=60\n< Cache-Control: max-age=0",
     "cache-control.conflicting-values", "warning"),
    ("a filename that is not ASCII",
     f"{OK}< Content-Disposition: attachment; filename=\"\N{EURO SIGN}.txt\"",
     "content-disposition.non-ascii", "info"),
    ("ALLOW-FROM in X-Frame-Options",
     f"{OK}< X-Frame-Options: ALLOW-FROM https://a.example", "x-frame-options.allow-from",
     "warning"),
    ("Cross-Origin-Resource-Policy in upper case", f"{OK}< Cross-Origin-Resource-Policy: SAME-ORIGIN",
     "cross-origin-resource-policy.malformed", "error"),
    ("a dictionary that has a key twice, on two lines",
     f"{OK}< Priority: u=1\n< Priority: u=5", "structured.key-repeated", "info"),
    # --- representations, and what selects them
    ("one strong ETag for gzip and identity",
     f"""> GET / HTTP/1.1
> Accept-Encoding: gzip
{OK}< ETag: "1"
< Content-Encoding: gzip
< Vary: Accept-Encoding
---
> GET / HTTP/1.1
{OK}< ETag: "1"
< Vary: Accept-Encoding""", "etag.shared-by-codings", "error"),
    ("no Vary: Accept-Encoding",
     f"""> GET / HTTP/1.1
> Accept-Encoding: gzip
{OK}< ETag: "1-gzip"
< Content-Encoding: gzip
---
> GET / HTTP/1.1
{OK}< ETag: "1\"""", "vary.accept-encoding-missing", "warning"),
    ("no Vary: Origin",
     "> GET https://b.example/ HTTP/1.1\n> Host: b.example\n> Origin: https://a.example\n"
     f"{OK}< Cache-Control: max-age=60\n< Access-Control-Allow-Origin: https://a.example",
     "access-control-allow-origin.vary-missing", "info"),
    ("Access-Control-Allow-Origin twice",
     "> GET / HTTP/1.1\n> Origin: https://a.example\n"
     f"{OK}< Access-Control-Allow-Origin: *\n< Access-Control-Allow-Origin: https://a.example",
     "access-control-allow-origin.repeated", "error"),
    ("Set-Cookie on what shared caches may store",
     f"> GET / HTTP/1.1\n{OK}< Cache-Control: public, max-age=60\n< Set-Cookie: sid=31d4d96e407aad42",
     "set-cookie.shared", "info"),
    ("cookies joined with a comma",
     f"{OK}< Set-Cookie: a=1; Path=/, b=2; Path=/", "set-cookie.joined", "error"),
    ("gzip announced but absent",
     wire("GET / HTTP/1.1\nHost: a.example\nAccept-Encoding: gzip\n\nHTTP/1.1 200 OK\nContent-Type: text/plain\n"
          "Content-Encoding: gzip\nContent-Length: 5\n\n", b"plain"), "content-encoding.not-applied", "error"),
    ("gzip not announced",
     wire("GET / HTTP/1.1\nHost: a.example\n\nHTTP/1.1 200 OK\nContent-Type: text/html\n"
          f"Content-Length: {len(gzip.compress(b'<!DOCTYPE html>'))}\n\n", gzip.compress(b"<!DOCTYPE html>")),
     "content-encoding.missing", "error"),
    ("gzip applied twice and announced once",
     wire("GET / HTTP/1.1\nHost: a.example\nAccept-Encoding: gzip\n\nHTTP/1.1 200 OK\nContent-Type: text/html\n"
          f"Content-Encoding: gzip\nContent-Length: {len(DOUBLED)}\n\n", DOUBLED), "content-encoding.coded-twice",
     "error"),
    ("gzip announced twice",
     f"> GET / HTTP/1.1\n> Accept-Encoding: gzip\n{OK}< Content-Encoding: gzip, gzip",
     "content-encoding.repeated", "info"),
    ("Content-Type missing", f"> GET / HTTP/1.1\n{OK}<\ntext", "content-type.missing",
     "warning"),
    ("Date missing", "> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n< Content-Length: 0", "date.missing", "error"),
    # --- versions, schemes, methods
    *((f"{name} in HTTP/2", f"> GET / HTTP/2\n< HTTP/2 200\n< date: {NOON}\n< {name.lower()}: {value}",
       f"{name.lower()}.in-http2", "error") for name, value in (
           ("Connection", "keep-alive"), ("Keep-Alive", "timeout=5"), ("Transfer-Encoding", "chunked"),
           ("Upgrade", "h2c"), ("Proxy-Connection", "keep-alive"))),
    ("HSTS over http",
     "> GET http://a.example/ HTTP/1.1\n> Host: a.example\n"
     f"{OK}< Strict-Transport-Security: max-age=31536000", "strict-transport-security.over-http", "error"),
    ("206 to POST",
     "> POST / HTTP/1.1\n> Range: bytes=0-4\n< HTTP/1.1 206 Partial Content\n"
     f"< Date: {NOON}\n< Content-Range: bytes 0-4/10", "206.method", "error"),
    ("304 to POST",
     f'> POST / HTTP/1.1\n> If-None-Match: "1"\n< HTTP/1.1 304 Not Modified\n< Date: {NOON}\n< ETag: "1"',
     "304.other-method", "error"),
]

STORED = f"""> GET /x HTTP/1.1
{OK}< Content-Type: text/plain
< Content-Length: 1200
< ETag: "1"
---
"""

LEGAL: list[tuple[str, str, tuple[str, ...]]] = [
    ("204 with Content-Type",
     f"> DELETE /x HTTP/1.1\n< HTTP/1.1 204 No Content\n< Date: {NOON}\n< Content-Type: text/html",
     ("204.content", "204.content-length")),
    ("HEAD with Content-Length",
     f"> HEAD / HTTP/1.1\n{OK}< Content-Type: text/html\n< Content-Length: 1200",
     ("head.content", "content-length.mismatch")),
    ("HEAD with Content-Length and none of its content",
     f"> HEAD / HTTP/1.1\n{OK}< Content-Type: text/html\n< Content-Length: 1200\n<",
     ("head.content", "content-length.mismatch")),
    ("304 with the Content-Length of the 200",
     f'{STORED}> GET /x HTTP/1.1\n> If-None-Match: "1"\n< HTTP/1.1 304 Not Modified\n'
     f'< Date: {NOON}\n< ETag: "1"\n< Content-Length: 1200\n<',
     ("304.content-length-differs", "content-length.mismatch")),
    ("multipart 206 without Content-Range",
     f"""> GET /x HTTP/1.1
> Range: bytes=0-1,4-5
< HTTP/1.1 206 Partial Content
< Date: {NOON}
< ETag: "1"
< Content-Type: multipart/byteranges; boundary=SEP
<
--SEP
Content-Type: text/plain
Content-Range: bytes 0-1/9

ab
--SEP
Content-Type: text/plain
Content-Range: bytes 4-5/9

ef
--SEP--
""", ("206.content-range-missing",)),
    ("405 with an empty Allow", f"> PUT /x HTTP/1.1\n< HTTP/1.1 405 Method Not Allowed\n< Date: {NOON}\n< Allow:\n"
     "< Content-Type: text/plain\n<\nread only", ("405.allow-missing", "allow.malformed")),
    ("an empty Cache-Control", f"{OK}< Cache-Control:", ("cache-control.malformed",)),
    ("immutable beside must-revalidate",
     f'{OK}< ETag: "1"\n< Cache-Control: max-age=31536000, immutable, must-revalidate',
     ("cache-control.stale-contradicted", "cache-control.immutable-without-lifetime")),
    ("public beside private with field names",
     f'{OK}< Cache-Control: public, private="Set-Cookie"',
     ("cache-control.public-and-private",)),
    ("no-cache with field names beside a lifetime",
     f'{OK}< ETag: "1"\n< Cache-Control: max-age=60, no-cache="Set-Cookie"',
     ("cache-control.lifetime-without-effect",)),
    ("a huge max-age", f'{OK}< ETag: "1"\n< Cache-Control: max-age=99999999999999999999',
     ("cache-control.not-seconds",)),
    ("308 with a lifetime, and one without",
     f"> GET /x HTTP/1.1\n< HTTP/1.1 308 Permanent Redirect\n< Date: {NOON}\n< Location: /y\n---\n"
     "> GET /x HTTP/1.1\n< HTTP/1.1 308 Permanent Redirect\n"
     f"< Date: {NOON}\n< Location: /y\n< Cache-Control: max-age=60\n< Age: 5", ("308.location-missing",)),
    ("202 with Location",
     f"> POST /jobs HTTP/1.1\n< HTTP/1.1 202 Accepted\n< Date: {NOON}\n< Location: /jobs/1\n< Content-Length: 0",
     ("202.no-follow-up", "2xx.location")),
    ("If-None-Match that fails, beside If-Modified-Since that holds",
     f'> GET /x HTTP/1.1\n> If-None-Match: "0"\n> If-Modified-Since: {NOON}\n< HTTP/1.1 200 OK\n'
     f'< Date: {NOON}\n< ETag: "1"\n< Last-Modified: {MORNING}',
     ("if-modified-since.ignored", "if-modified-since.exact-only")),
    ("HEAD of another status than an earlier GET",
     f"{STORED}> HEAD /x HTTP/1.1\n< HTTP/1.1 404 Not Found\n< Date: {NOON}\n< Content-Length: 0",
     ("head.content-length",)),
    ("HEAD with another validator than an earlier GET",
     f'{STORED}> HEAD /x HTTP/1.1\n{OK}< ETag: "2"\n< Content-Length: 7',
     ("head.content-length", "head.field-missing")),
    ("X-Frame-Options in lower case", f"{OK}< X-Frame-Options: sameorigin",
     ("x-frame-options.malformed",)),
    ("directives and options in any case",
     f"""> GET https://a.example/ HTTP/1.1
> Host: a.example
> Connection: CLOSE
> Accept-Encoding: GZip
< HTTP/1.1 200 OK
< date: {NOON}
< CONNECTION: Close
< Content-Encoding: GZIP
< Vary: ACCEPT-encoding
< Strict-Transport-Security: MAX-AGE=31536000; includesubdomains
< Set-Cookie: a=1; PATH=/; secure; httponly; samesite=Lax""",
     ("strict-transport-security.unknown-directive", "content-encoding.unregistered", "200.coding-refused",
      "connection.close-not-answered", "set-cookie.attribute-misspelt")),
    ("a method that is no method in another case",
     f"> get /x HTTP/1.1\n< HTTP/1.1 405 Method Not Allowed\n< Date: {NOON}\n< Allow: GET, HEAD\n"
     "< Content-Type: text/plain\n<\nno such method", ("405.method-in-allow",)),
    ("a list over several lines",
     f"{OK}< ETag: \"1\"\n< Cache-Control: public\n< Cache-Control: max-age=60\n"
     "< Vary: Accept-Encoding\n< Vary: Origin", ("field.repeated", "field.conflicting")),
    ("Accept and Accept-Encoding in a 415",
     "> POST /x HTTP/1.1\n> Content-Type: text/csv\n> Content-Encoding: zstd\n>\na\n"
     f"< HTTP/1.1 415 Unsupported Media Type\n< Date: {NOON}\n< Accept: application/json\n"
     "< Accept-Encoding: gzip\n< Content-Type: text/plain\n<\nno",
     ("field.request-only", "415.accept-encoding")),
    ("Upgrade as an offer in a 200",
     f"> GET /x HTTP/1.1\n{OK}< Upgrade: h2,h2c\n< Connection: Upgrade",
     ("upgrade.not-in-connection", "field.request-only")),
]


@pytest.mark.parametrize(("text", "rule", "severity"), [case[1:] for case in BUGS], ids=[case[0] for case in BUGS])
def test_what_goes_wrong_is_found(text: str, rule: str, severity: str) -> None:
    assert (rule, severity) in [(finding.rule_id, finding.severity) for finding in findings(text)]


@pytest.mark.parametrize(("text", "rule"), [(case[1], case[2]) for case in BUGS], ids=[case[0] for case in BUGS])
def test_one_cause_is_one_finding(text: str, rule: str) -> None:
    others = [finding.rule_id for finding in findings(text) if finding.severity == "error" and finding.rule_id != rule]
    assert others == []


@pytest.mark.parametrize("profile", ["default", "strict", "api", "browser", "security"])
@pytest.mark.parametrize("text", [case[1] for case in LEGAL], ids=[case[0] for case in LEGAL])
def test_what_is_legal_is_left_alone(text: str, profile: str) -> None:
    wrong = [finding for finding in findings(text, profile) if finding.severity == "error"]
    assert [(finding.rule_id, finding.message) for finding in wrong] == []
    if profile == "default":
        assert [finding.rule_id for finding in findings(text) if finding.severity == "warning"] == []


@pytest.mark.parametrize(("text", "tempted"), [case[1:] for case in LEGAL], ids=[case[0] for case in LEGAL])
def test_the_rules_that_could_trip_do_not(text: str, tempted: tuple[str, ...]) -> None:
    assert set(tempted) <= set(RULES)
    assert not {finding.rule_id for finding in findings(text, "strict")} & set(tempted)


STANDING: list[tuple[str, str]] = [
    ("204.content", r"204 .*\n< Content-Type: "),
    ("head.content", r"> HEAD (.|\n)*< Content-Length: [1-9]"),
    ("content-length.mismatch", r"> HEAD (.|\n)*< Content-Length: [1-9]"),
    ("content-length.mismatch", r"< HTTP/1.1 304 (.|\n)*< Content-Length: [1-9]"),
    ("206.content-range-missing", r"(?i)multipart/byteranges"),
    ("405.allow-missing", r"< Allow:\Z"),
    ("cache-control.malformed", r"< Cache-Control:\Z"),
    ("cache-control.immutable-without-lifetime", r"must-revalidate.*immutable|immutable.*must-revalidate"),
    ("cache-control.public-and-private", r'private="'),
    ("cache-control.lifetime-without-effect", r'no-cache="'),
    ("cache-control.not-seconds", r"=\d{11}"),
    ("202.no-follow-up", r"< Location: "),
    ("if-modified-since.ignored", r"If-None-Match"),
    ("head.content-length", r"> HEAD .*(\n>.*)*\n< HTTP/1.1 [345]"),
    ("head.content-length", r"ETag: (.*)\n(.|\n)*ETag: (?!\1$)"),
    ("x-frame-options.malformed", r"< X-Frame-Options: [a-z]+\Z"),
    ("405.method-in-allow", r"> [a-z]+ "),
    ("strict-transport-security.unknown-directive", r"MAX-AGE|Max-Age|includesubdomains|INCLUDESUBDOMAINS"),
    ("content-encoding.unregistered", r"GZIP"),
    ("connection.close-not-answered", r"Connection: (Close|CLOSE)"),
    ("set-cookie.attribute-misspelt", r"; Httponly"),
    ("415.accept-encoding", r"> Content-Encoding: (.|\n)*< Accept-Encoding: "),
    ("field.request-only", r"< Accept(-Encoding)?: "),
    ("upgrade.not-in-connection", r"200 OK(.|\n)*< Upgrade: "),
]


@pytest.mark.parametrize(("rule", "sign"), STANDING)
def test_what_is_legal_stands_as_a_good_example(rule: str, sign: str) -> None:
    assert any(re.search(sign, example, re.MULTILINE) for example in RULES[rule].good)
