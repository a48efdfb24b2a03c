"""Servers that mean harm, or know no better: each costs no more than it may, and is told of in plain words."""
from __future__ import annotations

import gzip
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from site_on_loopback import Asked, Sending, Site, response, sound

Probe = Callable[..., Any]
HEAD = b"HTTP/1.1 200 OK\r\nDate: Tue, 04 Mar 2025 10:20:30 GMT\r\nContent-Type: text/plain\r\nConnection: close\r\n"


def without_end(piece: bytes, begin: bytes = b"", pause: float = 0.0) -> Sending:
    """Sends until nobody reads any more."""
    def sending(asked: Asked) -> Iterator[bytes]:
        yield begin
        while True:
            time.sleep(pause)
            yield piece
    return sending


NO_ANSWER = [
    (without_end(b"HTTP/1.1 103 Early Hints\r\nLink: </" + b"a" * 2000 + b">\r\n\r\n"), "no final response came"),
    (without_end(b"X: y\r\n" * 10000, HEAD), "no header section came that could be read"),
    (without_end(b"x", HEAD + b"Content-Length: 9999\r\n\r\n", 0.05),
     "the answer was not read to its end: 0.5 seconds were over"),
    (without_end(b"H", b"", 0.05), "the answer was not read to its end: 0.5 seconds were over"),
    (without_end(b"1\r\nx\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\n", 0.05),
     "the answer was not read to its end: 0.5 seconds were over"),
    (lambda asked: iter([os.urandom(1000)]), "no header section came that could be read"),
    (lambda asked: iter([b"HTTP/1.1 2"]), "no header section came that could be read"),
    (lambda asked: iter([b"\r\n" * 1000]), "no header section came that could be read"),
    (lambda asked: iter([]), "no answer: the server closed the connection"),
]


@pytest.mark.parametrize(("sending", "why"), NO_ANSWER)
def test_what_is_no_answer(site: Site, probe: Probe, sending: Sending, why: str) -> None:
    site.sending = sending
    made = probe("--timeout", "0.5", "--max-size", "1")
    cell = made.cells()["get"]
    assert (cell["state"] in ("not answered", "broken"), cell["why"]) == (True, why)
    assert made.cell("head") == ("not asked", "the plain GET was not answered")
    assert made.code == 2
    assert why in made.err
    assert "Traceback" not in made.err
    assert site.reached == 1


def test_a_content_without_end_is_read_to_the_limit(site: Site, probe: Probe) -> None:
    site.sending = without_end(bytes(65536), HEAD + b"\r\n")
    made = probe("--max-size", "1", "--check", "options")
    assert made.cells()["get"]["why"] == made.cells()["options"]["why"] == (
        "the answer was not read to its end: more than 1 MB")
    assert made.report["summary"]["entries"]["linted"] == site.reached == 2


def test_a_bomb_is_not_unpacked(site: Site, probe: Probe) -> None:
    bomb = gzip.compress(bytes(1 << 26))
    site.answer = lambda asked: response("200 OK", bomb, "Content-Encoding: gzip", 'ETag: "a"')
    made = probe("--check", "coding-gzip,coding-gzip-match", "--show", "not-evaluated")
    assert "the content is too large once gzip is decoded" in str(made.report["summary"]["not_evaluated"])


@pytest.mark.parametrize("location", [b"http://[::1/", b"/\xff\x00", b"/" + b"a" * 9000, b"http://a:b@127.0.0.1:1/",
                                      b"javascript:alert(1)", b"//", b"?" * 500])
def test_a_location_of_any_kind(site: Site, probe: Probe, location: bytes) -> None:
    site.answer = lambda asked: sound(asked) if asked.target != "/a" or asked.method != "GET" else (
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")
    made = probe("--follow", "--check", "redirect", urls=("/a",))
    assert made.cell("redirect")[0] in ("not applicable", "not asked", "kept")
    assert "httplint itself" not in made.err


@pytest.mark.parametrize("lines", [
    b'ETag: "' + b"a" * 100_000 + b'"', b"ETag: \"\xff\"", b"ETag: a", b"ETag: \"a\"\r\nETag: \"b\"",
    b"Last-Modified: yesterday", b"Last-Modified: Tue, 04 Mar 2025 10:20:30 GMT\r\nLast-Modified: x",
    b"Content-Length: " + b"9" * 5000, b"Content-Length: -1", b"Retry-After: \xff", b"Allow: \x00",
    b"Access-Control-Allow-Origin: \r\n x\r\n\ty",
])
def test_fields_of_any_kind(site: Site, probe: Probe, lines: bytes) -> None:
    site.answer = lambda asked: HEAD + lines + b"\r\n\r\n" + b"x" * (asked.method != "HEAD")
    made = probe("--timeout", "1", "--check", "if-none-match,if-modified-since,range-beyond,if-range,options,origin")
    assert made.cells()["get"]["entries"] == [0]
    assert "httplint itself" not in made.err
    assert all(len(str(asked)) < 2000 for asked in site.asked)


def test_a_flood_of_fields(site: Site, probe: Probe) -> None:
    site.answer = lambda asked: HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(20_000)) + b"\r\n"
    made = probe("--check", "options", "--select", "405,date")
    assert made.report["summary"]["entries"]["linted"] == 2


def test_http_where_tls_was_asked_for(site: Site, probe: Probe) -> None:
    made = probe(urls=(site.base.replace("http:", "https:") + "/",))
    assert made.code == 2
    assert made.cell("get")[1].startswith("cannot be asked: TLS failed: ")
    assert "_ssl.c" not in made.err
