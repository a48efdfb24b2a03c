"""Fields of any kind, out of which the next requests are made: nothing breaks, and no request is made of nonsense."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from site_on_loopback import Site, sound

Probe = Callable[..., Any]
HEAD = b"HTTP/1.1 200 OK\r\nDate: Tue, 04 Mar 2025 10:20:30 GMT\r\nContent-Type: text/plain\r\nConnection: close\r\n"


NOTHING, NOWHERE = "its Location is nothing that could be asked", "it redirects nowhere"


@pytest.mark.parametrize(("location", "state", "why"), [
    (b"http://[::1/", "not applicable", NOWHERE), (b"/\xff\x00", "not applicable", NOWHERE),
    (b"/a b", "not applicable", NOWHERE), (b"/" + b"a" * 9000, "not asked", NOTHING),
    (b"http://a:b@127.0.0.1:1/", "not asked", "http://127.0.0.1:1 was not named, and is not asked"),
    (b"javascript:alert(1)", "not asked", NOTHING), (b"//", "not asked", NOTHING), (b"http:///x", "not asked", NOTHING),
    (b"", "not answered", "the redirects go round in a circle"), (b"?" * 500, "kept", "")])
def test_a_location_of_any_kind(site: Site, probe: Probe, location: bytes, state: str, why: str) -> None:
    site.answer = lambda asked: sound(asked) if asked.target != "/a" or asked.method != "GET" else (
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")
    made = probe("--follow", "--check", "redirect", urls=("/a",))
    assert made.cell("redirect") == (state, why)
    assert "httplint itself" not in made.err
    assert site.reached == (3 if state == "kept" else 1)


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
    site.answer = lambda asked: HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(5_000)) + b"\r\n"
    made = probe("--check", "options", "--select", "405,date")
    assert made.report["summary"]["entries"]["linted"] == 2
