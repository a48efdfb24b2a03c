"""All rules take time in proportion to the lines, the trailers, the parts and the content of hostile messages."""
from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable

import pytest
from doubling import growth

from httplint.capture import http1
from httplint.engine.history import FACTS
from httplint.engine.linter import RuleLinter
from httplint.library import built_in_rules
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Request, Response

LINTER = RuleLinter(built_in_rules())
JUDGED = RuleLinter([rule for rule in built_in_rules() if any(
    name in f"{rule.when} {rule.foreach} {rule.require}"
    for name in FACTS)])
"""The rules that look at earlier exchanges."""
DATE = ("Date", "Tue, 01 Jul 2025 12:00:00 GMT")
Lines = list[tuple[str, str]]


def answered(lines: Iterable[tuple[str, str]] = (), content: bytes = b"", status: int = 200,
             trailers: Lines | None = None, asked: Lines | None = None, method: str = "GET",
             uri: str = "https://a.example/a") -> Exchange:
    return Exchange(Response(status, "1.1", "", [DATE, *lines], content, trailers, len(content)),
                    Request(method, uri, "1.1", [("Host", "a.example"), *(asked or ())], b""))


LINES: dict[str, Callable[[int, int], Exchange]] = {
    "fields of other names": lambda size, salt: answered((f"X-{salt}-{at}", "a") for at in range(size)),
    "unknown fields of one name": lambda size, salt: answered(("X-A", f"{salt}-{at}") for at in range(size)),
    "cookies": lambda size, salt: answered(("Set-Cookie", f"a{salt}-{at}=b; Path=/; Secure") for at in range(size)),
    "cookies of one name": lambda size, salt:
        answered(("Set-Cookie", f"a={salt}-{at}; Domain=b") for at in range(size)),
    "singletons": lambda size, salt: answered(("Content-Type", f"a/b{salt}-{at}") for at in range(size)),
    "lists": lambda size, salt: answered(("Vary", f"a{salt}-{at}") for at in range(size)),
    "links": lambda size, salt: answered(("Link", f"<{salt}/{at}>; rel=next") for at in range(size)),
    "policies": lambda size, salt:
        answered(("Content-Security-Policy", f"default-src 'nonce-{salt}{at}'; img-src http://a")
                                            for at in range(size)),
    "challenges": lambda size, salt: answered(
        [("WWW-Authenticate", f'Digest realm="{salt}-{at}", nonce=a') for at in range(size)], status=401),
    "names that are no tokens": lambda size, salt: answered((f"X {salt} {at}", "a") for at in range(size)),
    "names that are misspelt": lambda size, salt: answered((f"Cache-Contro{at}", "a") for at in range(size)),
    "controls": lambda size, salt: answered((f"X-{at}", f"a\r\n{salt}\0") for at in range(size)),
    "upper case over HTTP/2": lambda size, salt: Exchange(Response(200, "2", None, [(f"X-{at}", f" {salt} ")
                                                                                    for at in range(size)])),
    "trailers that are announced": lambda size, salt: answered(
        [("Trailer", ", ".join(f"x-{at}" for at in range(size))), ("Transfer-Encoding", "chunked")],
        trailers=[(f"X-{at}", str(salt)) for at in range(size)]),
    "trailers that are no trailers": lambda size, salt: answered(
        [("Transfer-Encoding", "chunked")], trailers=[("Content-Length", f"{salt}{at}") for at in range(size)]),
    "signatures": lambda size, salt: answered(
        [("Signature-Input", ", ".join(f'a{at}=("x-{at}");created={salt}' for at in range(size))),
         ("Signature", ", ".join(f"a{at}=:YQ==:" for at in range(size)))]),
    "requests with many fields": lambda size, salt: answered(
        [("Vary", ", ".join(f"x-{at}" for at in range(size)))], asked=[(f"X-{at}", str(salt)) for at in range(size)]),
    "requests with many secrets": lambda size, salt: answered(
        [("Content-Type", "message/http")], f"TRACE / HTTP/1.1 {salt}".encode() * (size // 4),
        asked=[("Cookie", f"a{salt}-{at}=some secret") for at in range(size)], method="TRACE"),
    "query parameters": lambda size, salt: answered(
        [("Location", "/b?" + "&".join(f"a{at}={salt}" for at in range(size)))], status=302,
        uri="https://a.example/a?" + "&".join(f"ifA{at}={salt}" for at in range(size))),
    "digests of the content": lambda size, salt: answered(
        [("Digest", ", ".join(["MD5=1B2M2Y8AsgTpgAmY7PhCfg=="] * size)),
         ("Content-Digest", ", ".join(f"sha-256=:{'A' * 43}=:" for _ in range(size)))], f"{salt}".encode() * size),
}


@pytest.mark.parametrize("kind", LINES)
def test_lines(kind: str) -> None:
    assert growth(LINES[kind], LINTER.lint, 1 << 12) == ""


def typed(kind: str, status: int = 200, *lines: tuple[str, str], asked: Lines | None = None,
          method: str = "GET") -> Callable[[bytes], Exchange]:
    return lambda content: answered([("Content-Type", kind), *lines], content, status, asked=asked, method=method)


DAV = b'<d:multistatus xmlns:d="DAV:">%b</d:multistatus>'
CONTENTS: dict[str, tuple[Callable[[bytes], Exchange], Callable[[int, bytes], bytes]]] = {
    "JSON, deep": (typed("application/json"), lambda size, salt: salt + b"[" * size),
    "JSON, an open string": (typed("application/json"), lambda size, salt: b'["' + salt + b'\\"' * (size // 2)),
    "JSON, members": (typed("application/json"), lambda size, salt: json.dumps({salt.decode() + str(at): at
                                                                                for at in range(size // 12)}).encode()),
    "JSON, digits": (typed("application/json"), lambda size, salt: salt + b"1" * size),
    "JSON, broken at its end": (typed("application/json"), lambda size, salt:
        b"[" + b"\n1," * (size // 3) + salt + b"x"),
    "a guard": (typed("application/json"), lambda size, salt: b")]}'," + b" " * size + salt),
    "a problem with members": (typed("application/problem+json", 404), lambda size, salt: json.dumps(
        {"type": salt.decode(), **{str(at): at for at in range(size // 12)}}).encode()),
    "a problem with a trace": (typed("application/problem+json", 500), lambda size, salt: json.dumps(
        {"detail": salt.decode() + "\n at a.b (" * (size // 10)}).encode()),
    "XML, deep": (typed("application/xml"), lambda size, salt: b"<a>" * (size // 3) + salt),
    "XML, attributes": (typed("application/xml"), lambda size, salt: b"<a %b/>" % b" ".join(
        b"a%d='%b'" % (at, salt) for at in range(size // 12))),
    "XML, entities": (typed("application/xml"), lambda size, salt: b"<!DOCTYPE a [%b]><a/>" % b"".join(
        b"<!ENTITY a%d '%b'>" % (at, salt) for at in range(size // 20))),
    "a multistatus": (typed("application/xml", 207, method="PROPFIND"), lambda size, salt: DAV % (
        b"<d:response><d:href>/%b</d:href><d:status>HTTP/1.1 200 OK</d:status></d:response>" % salt * (size // 90))),
    "a multistatus with one long resource": (typed("application/xml", 207, method="PROPFIND"), lambda size, salt:
        DAV % (
        b"<d:response>%b</d:response>" % (b"<d:href>/%b</d:href><d:propstat/>" % salt * (size // 40)))),
    "a multistatus with locks": (typed("application/xml", 207, method="PROPFIND"), lambda size, salt: DAV % (
        b"<d:response><d:propstat><d:prop><d:lockdiscovery>%b</d:lockdiscovery></d:prop></d:propstat></d:response>" % (
            b"<d:activelock><d:a%b/></d:activelock>" % salt * (size // 40)))),
    "parts": (typed("multipart/byteranges; boundary=a", 206, asked=[("Range", "bytes=0-1,4-5")]), lambda size, salt: (
        b"".join(b"--a\r\nContent-Range: bytes %d-%d/*\r\n\r\n%b\r\n" % (at, at, salt) for at in range(size // 50))
        + b"--a--")),
    "a part with a folded line": (typed("multipart/byteranges; boundary=a", 206), lambda size, salt: (
        b"--a\r\nA: " + salt + b"\r\n b" * (size // 4) + b"\r\n\r\n\r\n--a--")),
    "a part with many lines": (typed("multipart/byteranges; boundary=a", 206), lambda size, salt: (
        b"--a\r\n" + b"Content-Range: bytes 0-1/*\r\n" * (size // 28) + b"\r\n" + salt + b"\r\n--a--")),
    "delimiters that are none": (typed("multipart/mixed; boundary=a"), lambda size, salt:
        b"\r\n--a \t" * (size // 6) + salt),
    "HTML, meta elements": (typed("text/html"), lambda size, salt: salt + b"<meta name" * (size // 10)),
    "HTML, white space": (typed("text/html"), lambda size, salt: salt + b"<meta http-equiv" + b" " * size),
    "text, versions": (typed("text/plain", 505), lambda size, salt: salt + b"version" * (size // 7)),
    "text, digits": (typed("text/plain", 505), lambda size, salt: salt + b"HTTP/" * (size // 5)),
    "gzip, members": (typed("text/plain", 200, ("Content-Encoding", "gzip")),
                      lambda size, salt: gzip.compress(salt) * (size // 21)),
    "gzip, codings": (typed("text/plain", 200, ("Content-Encoding", "gzip, " * 400)), lambda size, salt: gzip.compress(
        salt * size)),
    "zlib, not begun": (typed("text/plain", 200, ("Content-Encoding", "deflate")), lambda size, salt:
        salt + b"\0" * size),
    "brotli, not ended": (typed("text/plain", 200, ("Content-Encoding", "br")), lambda size, salt:
        salt + b"\x0b" * size),
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_contents(kind: str) -> None:
    made, content = CONTENTS[kind]
    assert growth(lambda size, salt: made(content(size, b"%d" % salt)), LINTER.lint, 1 << 17) == ""


OCTETS: dict[str, Callable[[int, bytes], bytes]] = {
    "interim responses": lambda size, salt: b"HTTP/1.1 103 Early Hints\r\nLink: <%b>\r\n\r\n" % salt * (size // 40),
    "chunks": lambda size, salt:
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%b" % (b"1\r\nx\r\n" * (size // 6)),
    "chunk extensions": lambda size, salt:
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1%b\r\nx\r\n" % (
        b";a=\"\\\"" * 2000) * (size // 12000 + 1),
    "folded lines": lambda size, salt: b"HTTP/1.1 200 OK\r\nA: %b" % salt + b"\r\n b" * (size // 4) + b"\r\n\r\n",
    "trailers": lambda size, salt:
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"A: %b\r\n" % salt * (
        size // 6) + b"\r\n",
    "carriage returns": lambda size, salt: b"HTTP/1.1 200 OK\r\nA: %b" % salt + b"\r" * size + b"\r\n\r\n",
    "what looks like messages": lambda size, salt:
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" + b"GET HTTP/1.1\n" * (
        size // 13) + salt,
    "responses behind responses": lambda size, salt:
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" * (size // 40) + salt,
    "lines without a colon": lambda size, salt: b"HTTP/1.1 200 OK\r\n" + b"%b\r\n" % salt * (size // 4) + b"\r\n",
}


@pytest.mark.parametrize("kind", OCTETS)
@pytest.mark.parametrize("trust", [http1.WIRE, http1.FILE], ids=["wire", "file"])
def test_octets(kind: str, trust: int) -> None:
    def work(octets: bytes) -> None:
        request = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
        http1.complete(octets, "GET")
        read = http1.exchange(octets, request, Source("a", 0), trust=trust, closed=True)
        if isinstance(read, Exchange):
            LINTER.lint(read)

    assert growth(lambda size, salt: OCTETS[kind](size, b"%d" % salt), work, 1 << 16) == ""


def pages(size: int, one: Callable[[int], Exchange]) -> list[Exchange]:
    return [one(at) for at in range(size)]


HISTORIES: dict[str, Callable[[int, int], list[Exchange]]] = {
    "the same again": lambda size, salt: pages(size, lambda at: answered([("ETag", f'"{salt}"')], b"a")),
    "other resources": lambda size, salt: pages(size, lambda at: answered(uri=f"https://a.example/{salt}/{at}")),
    "other validators": lambda size, salt: pages(size, lambda at: answered([("ETag", f'"{salt}-{at}"')], b"a")),
    "parts": lambda size, salt: pages(size, lambda at: answered(
        [("ETag", f'"{salt}"'), ("Content-Range", f"bytes {at}-{at}/9999999")], b"a", 206,
        asked=[("Range", f"bytes={at}-{at}")])),
    "redirects": lambda size, salt: pages(size, lambda at: answered(
        [("Location", f"/{salt}/{at + 1}")], status=302, uri=f"https://a.example/{salt}/{at}")),
    "redirects to one": lambda size, salt: pages(size, lambda at: answered(
        [("Location", f"/{salt}")], status=302, uri=f"https://a.example/{salt}")),
    "errors": lambda size, salt: pages(size, lambda at: answered(status=404, uri=f"https://a.example/{salt}")),
    "methods": lambda size, salt: pages(size, lambda at: answered(method=f"M{at}", uri=f"https://a.example/{salt}")),
    "resources that change": lambda size, salt: pages(size, lambda at: answered(
        [("ETag", f'"{salt}-{at}"')], method="POST" if at % 2 else "GET", uri=f"https://a.example/{at // 4}")),
}


@pytest.mark.parametrize("kind", HISTORIES)
def test_histories(kind: str) -> None:
    assert growth(HISTORIES[kind], lambda made: list(JUDGED.lint_all(made)), 1 << 9) == ""
