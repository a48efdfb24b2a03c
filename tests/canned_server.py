"""A server on loopback that answers with octets as they are, and keeps the requests that it got."""
from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping


class Canned:
    """`base` is the URI of its root, `heads` are the header sections that came, in order."""

    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self.heads: list[bytes] = []
        self._answers = answers
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:                                # closed
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(10)
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        octets = b""
        while b"\r\n\r\n" not in octets:
            piece = connection.recv(65536)
            if not piece:
                return
            octets += piece
        head, _, rest = octets.partition(b"\r\n\r\n")
        self.heads.append(head)
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                missing = int(line.split(b":")[1]) - len(rest)
                while missing > 0:
                    missing -= len(connection.recv(65536))
        answer = self._answers[head.split(b" ")[1].decode()]
        if head.startswith(b"HEAD "):
            answer = answer[:answer.index(b"\r\n\r\n") + 4]
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass

    def names(self) -> set[str]:
        """The names of the fields of the latest request, in lower case."""
        return {line.partition(b":")[0].decode().lower() for line in self.heads[-1].split(b"\r\n")[1:]}

    def close(self) -> None:
        """Stops listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)


@contextlib.contextmanager
def canned(answers: Mapping[str, bytes]) -> Iterator[Canned]:
    """The server while it is needed; path -> what it sends before it closes the connection."""
    server = Canned(answers)
    try:
        yield server
    finally:
        server.close()
