"""A server on loopback that answers as the specifications want it, or as a test has it answer instead."""
from __future__ import annotations

import email.utils
import gzip
import re
import socket
from collections.abc import Callable
from typing import NamedTuple

import loopback

CONTENT = b"".join(b"%d green bottles\n" % number for number in range(99))
ETAG, GZIP_ETAG = '"bottles"', '"bottles-gzip"'
MODIFIED = "Tue, 04 Mar 2025 10:20:30 GMT"
METHODS = ("GET", "HEAD", "OPTIONS")


class Asked(NamedTuple):
    """A request as it came: `fields` by names in lower case, the values of each in their order."""

    method: str
    target: str
    version: str
    fields: dict[str, list[str]]

    def get(self, name: str) -> str:
        return ", ".join(self.fields.get(name, []))


Answer = Callable[[Asked], bytes | None]
"""What makes the octets of an answer; None: the connection is closed without any."""


def response(status: str, content: bytes = b"", *lines: str) -> bytes:
    """The octets of a response that ends the connection."""
    head = [f"HTTP/1.1 {status}", f"Date: {email.utils.formatdate(usegmt=True)}", "Connection: close", *lines]
    if not status.startswith(("204", "304")):
        head.append(f"Content-Length: {len(content)}")
    return "\r\n".join([*head, "", ""]).encode() + content


def text(status: str, *lines: str) -> bytes:
    """An error that says what it is."""
    return response(status, status.encode(), "Content-Type: text/plain", *lines)


def sound(asked: Asked) -> bytes:
    """The answer as the specifications want it (RFC 9110, RFC 9112)."""
    if asked.version == "HTTP/1.1" and len(asked.fields.get("host", [])) != 1:
        return text("400 Bad Request")
    if asked.method not in METHODS:
        known = asked.method in ("TRACE", "POST", "PUT", "DELETE")
        return text("405 Method Not Allowed", "Allow: GET, HEAD, OPTIONS") if known else text("501 Not Implemented")
    shared = ["Access-Control-Allow-Origin: *"]
    if asked.method == "OPTIONS":
        return response("204 No Content", b"", "Allow: GET, HEAD, OPTIONS", *shared)
    answer = represented(asked, shared)
    return answer[:answer.index(b"\r\n\r\n") + 4] if asked.method == "HEAD" else answer


def represented(asked: Asked, shared: list[str]) -> bytes:
    """The answer to GET (§9.3.1, §13, §14)."""
    coded = "gzip" in asked.get("accept-encoding").replace("gzip;q=0", "")
    content, etag = (gzip.compress(CONTENT, mtime=0), GZIP_ETAG) if coded else (CONTENT, ETAG)
    common = [*shared, f"ETag: {etag}", "Vary: Accept-Encoding"]
    about = [f"Last-Modified: {MODIFIED}", "Content-Type: text/plain", "Accept-Ranges: bytes"]
    about += ["Content-Encoding: gzip"] if coded else []
    if etag not in asked.get("if-match") + etag * ("if-match" not in asked.fields) or "2000" in asked.get(
            "if-unmodified-since"):
        return text("412 Precondition Failed", *common)
    tags = asked.get("if-none-match")
    if tags == "*" or etag in tags or (not tags and asked.get("if-modified-since") == MODIFIED):
        return response("304 Not Modified", b"", *common)
    condition = asked.get("if-range")
    ranged = asked.get("range").startswith("bytes=") and asked.method == "GET"
    if ranged and condition in ("", etag):
        ranges = [part(one, len(content)) for one in asked.get("range").removeprefix("bytes=").split(",")]
        held = [one for one in ranges if one is not None]
        if not held:
            return text("416 Range Not Satisfiable", f"Content-Range: bytes */{len(content)}")
        begin, end = held[0]                               # one range may be served of several (§14.2)
        return response("206 Partial Content", content[begin:end], *common, *([] if condition else about),
                        f"Content-Range: bytes {begin}-{end - 1}/{len(content)}")
    return response("200 OK", content, *common, *about)


def part(one: str, length: int) -> tuple[int, int] | None:
    """Begin and end of a range; None if it is beyond the content (§14.1.2)."""
    first, _, last = one.partition("-")
    begin, end = (max(0, length - int(last)), length) if not first else (int(first), int(last or length) + 1)
    return (begin, min(end, length)) if begin < length else None


class Site(loopback.Loopback):
    """`answer` makes the answers, `asked` are the requests that came, `octets` these as they came."""

    def __init__(self) -> None:
        self.answer: Answer = sound
        self.asked: list[Asked] = []
        self.octets: list[bytes] = []
        super().__init__()

    def converse(self, connection: socket.socket) -> None:
        head, rest = loopback.head(connection)
        if not head:
            return
        asked = parsed(head.decode("latin-1"))
        self.asked.append(asked)
        answer = self.answer(asked)
        if asked.get("expect") and answer is not None and answer.startswith(b"HTTP/1.1 2"):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        missing = int(asked.get("content-length") or 0) - len(rest) if asked.get("expect") else 0
        while missing > 0 and (piece := connection.recv(65536)):
            rest, missing = rest + piece, missing - len(piece)
        self.octets.append(head + b"\r\n\r\n" + rest)
        if answer is not None:
            connection.sendall(answer)
            loopback.end(connection)


def parsed(head: str) -> Asked:
    """A request, whose fields stand on lines of their own."""
    first, *lines = head.split("\r\n")
    method, target, version = first.split(" ")
    fields: dict[str, list[str]] = {}
    for line in lines:
        found = re.fullmatch(r"([^:]+):[ \t]*(.*?)[ \t]*", line)
        assert found is not None, line
        fields.setdefault(found[1].lower(), []).append(found[2])
    return Asked(method, target, version, fields)
