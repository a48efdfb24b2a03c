"""A server on loopback that means no good: each path is a way to keep, flood or confuse whoever asks."""
from __future__ import annotations

import gzip
import socket
import struct
import threading
from collections.abc import Callable, Iterator

import loopback

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
DATE = b"Date: Tue, 04 Mar 2025 10:20:30 GMT\r\n"
SOUND = HEAD + DATE + b"Content-Length: 2\r\nConnection: close\r\n\r\nok"
BOMB = gzip.compress(gzip.compress(b"\0" * (8 << 20), mtime=0), mtime=0)

Way = Callable[[], Iterator[bytes]]
"""What makes the octets that are sent, piece by piece, until whoever asked is gone."""
WAYS: dict[str, Way] = {}


class Reset(Exception):
    """The connection is to be reset."""


class Held(Exception):
    """The connection stays open, and nothing more is sent."""


def way(made: Way) -> Way:
    WAYS["/" + made.__name__.replace("_", "-")] = made
    return made


def always(piece: bytes, before: bytes = b"") -> Iterator[bytes]:
    yield before
    while True:
        yield piece


@way
def sound() -> Iterator[bytes]:
    yield SOUND


@way
def closes_at_once() -> Iterator[bytes]:
    return iter(())


@way
def never_answers() -> Iterator[bytes]:
    raise Held
    yield b""


@way
def resets() -> Iterator[bytes]:
    raise Reset
    yield b""


@way
def resets_within() -> Iterator[bytes]:
    yield HEAD + b"Content-Length: 1000\r\n\r\nsome"
    raise Reset


@way
def closes_within_fields() -> Iterator[bytes]:
    yield HEAD[:-6]


@way
def closes_within_content() -> Iterator[bytes]:
    yield HEAD + DATE + b"Content-Length: 1000\r\n\r\nsome"


@way
def closes_within_chunks() -> Iterator[bytes]:
    yield HEAD + DATE + b"Transfer-Encoding: chunked\r\n\r\n8\r\nfour"


@way
def octet_by_octet() -> Iterator[bytes]:
    for octet in HEAD:
        yield bytes([octet])
        if threading.Event().wait(0.2):
            return


@way
def interim_without_end() -> Iterator[bytes]:
    return always(b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload; as=style\r\n\r\n" * 100)


@way
def continues_and_stops() -> Iterator[bytes]:
    yield b"HTTP/1.1 100 Continue\r\n\r\n"
    raise Held


@way
def fields_without_end() -> Iterator[bytes]:
    return always(b"X-A: b\r\n" * 1000, HEAD)


@way
def a_field_without_end() -> Iterator[bytes]:
    return always(b"b" * 8000, HEAD + b"X-A: ")


@way
def a_million_fields() -> Iterator[bytes]:
    yield HEAD
    for _ in range(1000):
        yield b"A:\r\n" * 1000
    yield b"\r\nok"


@way
def a_million_names() -> Iterator[bytes]:
    yield HEAD
    for thousand in range(1000):
        yield b"".join(b"%x:\r\n" % (thousand * 1000 + number) for number in range(1000))
    yield b"\r\nok"


@way
def content_without_end() -> Iterator[bytes]:
    return always(b"x" * 65536, HEAD + DATE + b"\r\n")


@way
def chunks_without_end() -> Iterator[bytes]:
    return always(b"1\r\nx\r\n" * 1000, HEAD + DATE + b"Transfer-Encoding: chunked\r\n\r\n")


@way
def chunk_extensions_without_end() -> Iterator[bytes]:
    return always(b";a=b" * 1000, HEAD + DATE + b"Transfer-Encoding: chunked\r\n\r\n1")


@way
def a_chunk_of_all_memory() -> Iterator[bytes]:
    yield HEAD + DATE + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 1000 + b"\r\nx"
    raise Held


@way
def a_length_of_all_memory() -> Iterator[bytes]:
    yield HEAD + DATE + b"Content-Length: " + b"9" * 1000 + b"\r\n\r\nx"
    raise Held


@way
def no_http() -> Iterator[bytes]:
    yield b"<html><p>an answer as in HTTP/0.9\n"


@way
def zeros() -> Iterator[bytes]:
    return always(b"\0" * 65536)


@way
def line_ends() -> Iterator[bytes]:
    return always(b"\r\n" * 30000)


@way
def gzip_bomb() -> Iterator[bytes]:
    yield HEAD + DATE + b"Content-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB


@way
def two_answers() -> Iterator[bytes]:
    yield SOUND + SOUND


@way
def a_redirect_to_itself() -> Iterator[bytes]:
    yield b"HTTP/1.1 302 Found\r\n" + DATE + b"Location: /a-redirect-to-itself\r\nContent-Length: 0\r\n\r\n"


@way
def a_redirect_to_something_that_never_answers() -> Iterator[bytes]:
    yield b"HTTP/1.1 302 Found\r\n" + DATE + b"Location: /never-answers\r\nContent-Length: 0\r\n\r\n"


@way
def too_many_requests() -> Iterator[bytes]:
    yield b"HTTP/1.1 429 Too Many Requests\r\n" + DATE + b"Retry-After: 99999999999\r\nContent-Length: 2\r\n\r\nno"


@way
def unavailable() -> Iterator[bytes]:
    yield b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\nno"


@way
def slow_but_sound() -> Iterator[bytes]:
    threading.Event().wait(0.2)
    yield SOUND


@way
def names_of_terminals() -> Iterator[bytes]:
    yield HEAD + DATE + b"ETag: \"\x1b]0;pwned\x07\x1b[2J\"\r\nX-\x1b[31m: a\r\nContent-Length: 2\r\n\r\nok"


class HostileServer(loopback.Loopback):
    """`tls` is the way in which a client is met that begins with TLS."""

    at_once = True

    def __init__(self) -> None:
        self.tls = "/no-http"
        super().__init__()

    def converse(self, connection: socket.socket) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked and not asked.startswith(b"\x16"):
            piece = connection.recv(65536)
            if not piece:
                return
            asked += piece
        target = self.tls if asked.startswith(b"\x16") else asked.split(b" ", 2)[1].decode("latin-1")
        try:
            for piece in WAYS[target.removeprefix(f"http://{self.host}").partition("?")[0]]():
                if self.over.is_set():
                    return
                connection.sendall(piece)
        except Held:
            self.over.wait(60)
        except Reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        loopback.end(connection)
