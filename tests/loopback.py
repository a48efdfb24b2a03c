"""A port of loopback, for the servers that tests make up."""
from __future__ import annotations

import contextlib
import socket
import threading
from typing import TypeVar

T = TypeVar("T", bound="Loopback")


class Loopback:
    """Talks to whoever connects, until it is closed; `reached` counts the connections.

    `at_once`: each connection has a thread of its own. `over` is set when it is closed, for what waits within one.
    """

    at_once = False

    def __init__(self) -> None:
        self.reached = 0
        self.over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.base = f"http://{self.host}"
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def converse(self, connection: socket.socket) -> None:
        """What it does with a connection, which is closed thereafter; may raise OSError."""
        raise NotImplementedError

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:                                # closed
                return
            self.reached += 1
            if self.at_once:
                self._threads.append(threading.Thread(target=self._meet, args=(connection,), daemon=True))
                self._threads[-1].start()
            else:
                self._meet(connection)

    def _meet(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            self.converse(connection)

    def close(self) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def __enter__(self: T) -> T:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def head(connection: socket.socket) -> tuple[bytes, bytes]:
    """The head of a request, and what came behind it; nothing if the client has closed before its end."""
    octets = b""
    while b"\r\n\r\n" not in octets:
        piece = connection.recv(65536)
        if not piece:
            return b"", b""
        octets += piece
    begin, _, rest = octets.partition(b"\r\n\r\n")
    return begin, rest


def end(connection: socket.socket) -> None:
    """Sends nothing more, and takes what comes until the client closes."""
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(65536):
        pass
