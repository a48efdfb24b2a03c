"""Readers of captures take time in proportion to their size, whatever stands in them."""
from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from doubling import growth
from flow_maker import state, tnetstring
from har_maker import entry, har_of
from warc_maker import info, record

from httplint.capture import har, reading

OCTETS = b"GET /a HTTP/1.1\r\nHost: a.example\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: %b\r\n\r\nok"
TYPED = 1 << 16
Make = Callable[[int, bytes], bytes]


def hars(one: object) -> Make:
    """A HAR of an entry again and again."""
    def make(size: int, salt: bytes) -> bytes:
        text = json.dumps(one).encode()
        entries = b",".join([text] * (size // len(text) + 1))
        return json.dumps(har_of("here")).encode().replace(b'"here"', entries)
    return make


def within(before: str, piece: str, behind: str) -> Make:
    """A HAR with a text in its place of entries."""
    def make(size: int, salt: bytes) -> bytes:
        text = json.dumps(har_of("here")).replace('"here"', before + piece * (size // len(piece)) + behind)
        return text.encode()
    return make


def archive(kind: str, member: Callable[[int, bytes], tuple[str, bytes]]) -> Make:
    """A zip of members."""
    def make(size: int, salt: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr("[Content_Types].xml" if kind == "saz" else "datapackage.json", "{}")
            for at in range(size // 200):
                packed.writestr(*member(at, salt))
        return out.getvalue()
    return make


SNAPSHOT = json.dumps({"type": "resource-snapshot", "snapshot": entry()}).encode()


def network(line: bytes, size: int) -> bytes:
    """A trace of so many octets, with the line repeated."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("trace.network", line * (size // len(line)))
    return out.getvalue()


FILEDESC = b"filedesc://a.arc 0.0.0.0 20050101000000 text/plain 0\n"
LONG = entry(("Content-Type", "text/plain"), ("X-A", '\\"' * 400), ("Link", '<a>; rel="' + ', "' * 300), text="a" * 100)
HARS: dict[str, Make] = {
    "entries": hars(entry(("Content-Type", "text/plain"), text="a")),
    "long entries": hars(LONG),
    "entries that are none": hars(["a"] * 20),
    "keys": within('{"request": {"a": [', '{"a": 1}, ', '{}]}}'),
    "deep": within('{"request": ', "[", "]"),
    "deep objects": within('{"request": ', '{"a": ', "1}"),
    "an open string": within('{"request": "', '\\"', ""),
    "broken objects": within("", '{"a": {"request": {"b": [1, ', ""),
    "white space": within("{}", " \n", "{}"),
    "digits": within('{"time": ', "1", "}"),
    "a long value": within('{"response": {"status": 200, "headers": [{"name": "Link", "value": "', '<a>; rel=\\"b\\", ',
                           '"}]}}'),
    "many fields": within('{"request": {}, "response": {"status": 200, "headers": [', '{"name": "A", "value": "b"}, ',
                          '{"name": "A", "value": "b"}]}}'),
    "lines in a value": within('{"request": {}, "response": {"status": 200, "headers": [{"name": "A", "value": "',
                               "b\\n ", '"}]}}'),
}
CAPTURES: dict[str, Make] = {
    "octets": lambda size, salt: OCTETS % salt * (size // 90),
    "octets: interim responses": lambda size, salt: b"HTTP/1.1 103 Early Hints\r\nA: %b\r\n\r\n" % salt * (size // 36),
    "octets: requests alone": lambda size, salt: b"GET /%b HTTP/1.1\r\nHost: a\r\n\r\n" % salt * (size // 30),
    "octets: expectations": lambda size, salt: (
        b"POST /%b HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nHTTP/1.1 100 Continue\r\n\r\na" % salt
        * (size // 90)),
    "curl -v": lambda size, salt:
        b"> GET /%b HTTP/1.1\n> Host: a\n>\n< HTTP/1.1 200 OK\n< A: b\n<\nok\n" % salt * (size // 60),
    "curl -v: content": lambda size, salt:
        b"> GET / HTTP/1.1\n> Host: a\n>\n< HTTP/1.1 200 OK\n<\n" + b"> %b\n" % salt * (
        size // 6),
    "curl -v: interim responses": lambda size, salt:
        b"> GET / HTTP/1.1\n> Host: a\n>\n" + b"< HTTP/1.1 103 Hints\n< A: %b\n<\n"
        % salt * (size // 34),
    "curl -v: folded": lambda size, salt:
        b"> GET / HTTP/1.1\n> Host: a\n>\n< HTTP/1.1 200 OK\n< A: %b\n" % salt + b"<  b\n" * (
        size // 5),
    "curl -i": lambda size, salt: b"HTTP/2 200 \r\nA: %b\r\n\r\nok\r\n" % salt * (size // 30),
    "curl -i: interim responses": lambda size, salt: b"HTTP/2 103 \r\nA: %b\r\n\r\n" % salt * (size // 24),
    "curl --trace-ascii": lambda size, salt: (
        b"=> Send header, 9 bytes (0x9)\n0000: GET /%b HTTP/1.1\n0010: \n"
        b"<= Recv header, 1 bytes (0x1)\n0000: HTTP/1.1 200 OK\n"
        b"<= Recv header, 2 bytes (0x2)\n0000: \n" % salt * (size // 150)),
    "pastes: prompts": lambda size, salt: b"$ curl -i a\nHTTP/1.1 200 OK\nA: %b\n\nok\n" % salt * (size // 40),
    "pastes: colours": lambda size, salt: b"HTTP/1.1 200 OK\n\x1b[1mA\x1b[0m: %b\n\n" % salt + b"\x1b[1m" * (size // 4),
    "pastes: wget": lambda size, salt: b"  HTTP/1.1 200 OK\n  A: %b\n" % salt * (size // 28),
    "pastes: HTTPie": lambda size, salt:
        b"GET / HTTP/1.1\nHost: a\n\n\n\nHTTP/1.1 200 OK\nA: %b\n\nok\n\n\n" % salt * (size // 60),
    "notation: empty lines": lambda size, salt: b"< HTTP/1.1 200 OK\n< A: %b\n<\nok" % salt + b"\n" * size,
    "WARC": lambda size, salt: info("wget 1") + b"".join(
        record("response", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", at) for at in range(size // 400)),
    "WARC: requests apart": lambda size, salt: info("wget 1") + b"".join(
        record("response", b"HTTP/1.1 200 OK\r\nA: %b\r\n\r\n" % salt, at) for at in range(size // 800)) + b"".join(
        record("request", b"GET / HTTP/1.1\r\n\r\n", 10**6 + at, at) for at in range(size // 800)),
    "WARC: a long head": lambda size, salt: info("wget 1") + record(
        "response", b"HTTP/1.1 200 OK\r\n\r\n", 1, **{f"A{at}": "b" for at in range(size // 10)}),
    "ARC": lambda size, salt: b"http://a/%b 192.0.2.1 20050101000000 a 19\nHTTP/1.1 200 OK\r\n\r\n\n" % salt * (
        size // 70),
    "ARC: no records": lambda size, salt: FILEDESC + b"http: %b 1 2 3\n" % salt * (size // 16),
    "ARC: spaces": lambda size, salt: FILEDESC + b" " * size + salt,
    "SAZ": archive("saz", lambda at, salt: (f"raw/{at}_s.txt", b"HTTP/1.1 200 OK\r\nA: %b\r\n\r\n" % salt)),
    "traces": archive("trace", lambda at, salt: (f"{at}-trace.network", json.dumps({
        "type": "resource-snapshot", "snapshot": entry()}).encode())),
    "traces: lines": lambda size, salt: network(SNAPSHOT + b"\n", size),
    "traces: lines that are none": lambda size, salt: network(b"[%b\n" % salt, size),
    "traces: a long line": lambda size, salt: network(SNAPSHOT[:-1] + b" ", size),
    "WACZ": archive("wacz", lambda at, salt: (f"archive/{at}.warc", info("wget 1"))),
    "zip": archive("zip", lambda at, salt: (f"{at}.har", json.dumps(har_of(entry())).encode())),
    "gzip": lambda size, salt: gzip.compress(HARS["entries"](size, salt)),
    "gzip: members": lambda size, salt: gzip.compress(b"HTTP/1.1 200 OK\r\n\r\n") * (size // 40),
    "flows": lambda size, salt: tnetstring(state(fields=((b"A", salt),))) * (size // 2000),
    "flows: many fields": lambda size, salt: tnetstring(state(fields=((b"A", salt),) * (size // 20))),
    "flows: deep": lambda size, salt: tnetstring(state()) + deep(size // 20),
    "flows: lengths": lambda size, salt: tnetstring(state()) + b"1:" * (size // 2),
    "unknown": lambda size, salt: b"\0" + salt * size,
    "unknown: fields": lambda size, salt: b"A: %b\n" % salt * (size // 6),
}


def deep(levels: int) -> bytes:
    """A list in a list, and so on."""
    text = b""
    for _ in range(min(levels, 2000)):
        text = b"%d:%b]" % (len(text), text)
    return text


def read(octets: bytes, path: Path) -> None:
    path.write_bytes(octets)
    for _ in reading.read(str(path)):
        pass


@pytest.mark.parametrize("kind", CAPTURES)
def test_captures(kind: str, tmp_path: Path) -> None:
    assert growth(lambda size, salt: CAPTURES[kind](size, b"%d" % salt), lambda octets: read(octets, tmp_path / "a"),
                  1 << 16) == ""


@pytest.mark.parametrize("kind", HARS)
@pytest.mark.parametrize("typed", [True, False], ids=["typed", "streamed"])
def test_hars(kind: str, typed: bool) -> None:
    def work(octets: bytes) -> None:
        for _ in har.read(io.BytesIO(octets), typed_from=0 if typed else 1 << 40):
            pass

    assert growth(lambda size, salt: HARS[kind](size, b"%d" % salt), work, 1 << 16) == ""
