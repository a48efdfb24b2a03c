"""A server on loopback that answers with octets as they are, and keeps the requests that it got."""
from __future__ import annotations

import socket
from collections.abc import Mapping

import loopback


class Canned(loopback.Loopback):
    """`answers`: path -> what it sends before it closes the connection; `heads` are the header sections that came."""

    def __init__(self, answers: Mapping[str, bytes]) -> None:
        self.heads: list[bytes] = []
        self._answers = answers
        super().__init__()

    def converse(self, connection: socket.socket) -> None:
        head, rest = loopback.head(connection)
        if not head:
            return
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
        loopback.end(connection)

    def names(self) -> set[str]:
        """The names of the fields of the latest request, in lower case."""
        return {line.partition(b":")[0].decode().lower() for line in self.heads[-1].split(b"\r\n")[1:]}
