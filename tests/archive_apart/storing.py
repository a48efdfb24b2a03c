"""A server on loopback that stores objects as S3 does: what is put there, and what was asked of it."""
from __future__ import annotations

import http.client
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

ASKED = re.compile(r'"(?:\x1b\[\d+m)*([A-Z]+) (\S+) HTTP/1\.\d(?:\x1b\[0m)?" (\d+)')
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/s3/aws4_request"}
"""Whose bucket it is; moto checks no signature unless it is told to."""


class Asked(NamedTuple):
    """A request that the server has answered."""
    method: str
    target: str
    status: int


class Service:
    """A server that talks S3, and the log that it writes."""

    def __init__(self, host: str, log: Path) -> None:
        self.host = host
        self._log = log

    def put(self, target: str, octets: bytes = b"") -> None:
        """Makes a bucket, or an object: `target` is the path of it, without any escapes."""
        self._ask("PUT", quote(target), octets)

    def check_credentials(self, does: bool) -> None:
        """Whether it asks from now on who asks."""
        self._ask("POST", "/moto-api/reset-auth", b"0" if does else b"inf")

    def asked(self) -> list[Asked]:
        """All that was asked of it so far, in order."""
        return [Asked(one[1], one[2], int(one[3])) for one in ASKED.finditer(self._log.read_text("utf-8"))]

    def _ask(self, method: str, target: str, octets: bytes) -> None:
        connection = http.client.HTTPConnection(self.host, timeout=20)
        try:
            connection.request(method, target, octets, SIGNED)
            answer = connection.getresponse()
            assert answer.status == 200, (method, target, answer.status, answer.read())
        finally:
            connection.close()
