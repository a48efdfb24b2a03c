"""How fast are raw HTTP/1.x octets read, and does the time stay in proportion to them?

Reads a conversation of many small exchanges, with and without the rules, and beside it with h11 in the same process;
then hostile octets of growing size, whose time for each octet must not grow. What counts are the ratios.

    python benchmarks/http1.py
"""
from __future__ import annotations

import time
from collections.abc import Callable

import h11

from httplint.capture.http1 import FILE, WIRE, Conversation
from httplint.library import Linter
from httplint.model.exchange import Exchange

ASK = b"GET /items/12?page=3 HTTP/1.1\r\nHost: shop.example\r\nAccept: */*\r\nUser-Agent: benchmark\r\n\r\n"
HEAD = (b"HTTP/1.1 200 OK\r\nDate: Tue, 01 Jul 2025 12:00:00 GMT\r\nServer: nginx\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n"
        b"Cache-Control: max-age=3600\r\nETag: \"5f1c-62a\"\r\nVary: Accept-Encoding\r\n"
        b"X-Content-Type-Options: nosniff\r\n"
        b"Set-Cookie: id=12; Path=/; Secure\r\nAccept-Ranges: bytes\r\nConnection: keep-alive\r\n")
CONTENT = b"<p>hello</p>\n" * 40
BY_LENGTH = HEAD + b"Content-Length: %d\r\n\r\n" % len(CONTENT) + CONTENT
IN_CHUNKS = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%b\r\n" % (len(CONTENT), CONTENT) + b"0\r\n\r\n"

LOST = b"HTTP/1.1 200 x\r\nContent-Length: x\r\n\r\n"
"""A response whose end nobody knows."""

HOSTILE: dict[str, Callable[[int], bytes]] = {
    "one-octet chunks": lambda n: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * (n // 6),
    "folded lines": lambda n: (b"HTTP/1.1 204 x\r\nA: b\r\n" + b" c\r\n" * 10_000 + b"\r\n") * (n // 40_000),
    "LF heads": lambda n: b"HTTP/1.1 204 x\nA: b\n\n" * (n // 21),
    "false starts": lambda n: ASK + LOST + b"HTTP/1. GET a HTTP/1.\n" * (n // 22),
    "false starts in a line": lambda n: ASK + LOST + b"GET a HTTP/1.1 " * (n // 15),
    "false ends of lines": lambda n: ASK + LOST + b"GET HTTP/1.1\n" * (n // 13),
    "content nobody frames": lambda n: (ASK + b"http/1.1 204 x\r\n\r\nX") * (n // 105),
    "broken chunks": lambda n: (ASK + b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nx") * (n // 146),
    "blank lines": lambda n: b"HTTP/1.1 204 x\r\n\r\n" + b"\r\n" * (n // 2),
    "colons": lambda n: (b"HTTP/1.1 204 x\r\n" + b":" * 30_000 + b"\r\n\r\n") * (n // 30_000),
    "a quoted extension": lambda n: b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n" + (
        b'1;a="' + b"\\a" * 4000 + b"\r\na\r\n") * (n // 8000),
}


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds, the best of three."""
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def read(octets: bytes, trust: int = FILE) -> int:
    """How many exchanges there are."""
    return sum(isinstance(one, Exchange) for one in Conversation(octets, "a", trust, True).outcomes())


def read_strictly(response: bytes) -> None:
    """One response with h11, which has to be told the request."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(response)
    while not isinstance(connection.next_event(), h11.EndOfMessage):
        pass


def main() -> None:
    count = 10_000
    linter = Linter()
    for name, response in (("by length", BY_LENGTH), ("in chunks", IN_CHUNKS)):
        octets = (ASK + response) * count
        alone = seconds(lambda octets=octets: read(octets))
        linted = seconds(lambda octets=octets: sum(1 for _ in linter.lint_all(
            one for one in Conversation(octets, "a").outcomes() if isinstance(one, Exchange))))
        strict = seconds(lambda response=response: [read_strictly(response) for _ in range(count // 5)]) * 5
        print(f"{name}: {count / alone:,.0f} exchanges/s, {len(octets) / alone / 1e6:.0f} MB/s; with all rules "
              f"{count / linted:,.0f}/s; h11 (response alone) {count / strict:,.0f}/s")
    print(f"{'hostile octets':24} ns an octet for 1 MB, 4 MB, 16 MB; and from the wire")
    for name, make in HOSTILE.items():
        figures = []
        for trust in (FILE, WIRE):
            made = [make(size) for size in (1 << 20, 1 << 22, 1 << 24)]
            figures.append([seconds(lambda octets=octets, trust=trust: read(octets, trust)) * 1e9 / len(octets)
                            for octets in made])
        print(f"{name:24} " + "   ".join(" ".join(f"{figure:7.1f}" for figure in row) for row in figures))


if __name__ == "__main__":
    main()
