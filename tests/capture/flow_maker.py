"""Flows of mitmproxy and files of them, made for a test."""
from __future__ import annotations

from typing import Any

NOW = 1751371200.0                                         # 2025-07-01T12:00:00Z


def tnetstring(value: Any) -> bytes:
    """LENGTH:PAYLOAD and an octet for the type."""
    if value is None:
        payload, kind = b"", b"~"
    elif isinstance(value, bool):
        payload, kind = b"true" if value else b"false", b"!"
    elif isinstance(value, int):
        payload, kind = b"%d" % value, b"#"
    elif isinstance(value, float):
        payload, kind = repr(value).encode(), b"^"
    elif isinstance(value, bytes):
        payload, kind = value, b","
    elif isinstance(value, str):
        payload, kind = value.encode(), b";"
    elif isinstance(value, dict):
        payload, kind = b"".join(tnetstring(key) + tnetstring(item) for key, item in value.items()), b"}"
    else:
        payload, kind = b"".join(map(tnetstring, value)), b"]"
    return b"%d:%s%s" % (len(payload), payload, kind)


def connection(**more: Any) -> dict[str, Any]:
    return {"id": "one", "timestamp_start": NOW, "timestamp_end": None, "timestamp_tls_setup": None, "tls": False,
            "alpn": None, "alpn_offers": [], "certificate_list": [], "cipher": None, "cipher_list": [], "error": None,
            "peername": ["127.0.0.1", 80], "sockname": ["127.0.0.1", 40000], "sni": None, "tls_version": None,
            "transport_protocol": "tcp", **more}


def state(status: int = 200, *, method: bytes = b"GET", version: bytes = b"HTTP/1.1", asked: bytes = b"HTTP/1.1",
          fields: tuple[tuple[bytes, bytes], ...] = ((b"Content-Length", b"2"),), content: bytes | None = b"ok",
          trailers: Any = None, error: str | None = None, request: dict[str, Any] | None = None,
          response: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A flow of format 21 (mitmproxy 10 to 12)."""
    return {
        "version": 21, "type": "http", "id": "a", "error": None if error is None else {"msg": error, "timestamp": NOW},
        "client_conn": connection(mitmcert=None, proxy_mode="regular"), "intercepted": False,
        "server_conn": connection(address=["shop.example", 80], timestamp_tcp_setup=NOW, via=None), "is_replay": None,
        "marked": "", "metadata": {}, "comment": "", "timestamp_created": NOW, "backup": None, "websocket": None,
        "request": {"method": method, "scheme": b"http", "authority": b"", "host": "shop.example", "port": 80,
                    "path": b"/a", "http_version": asked, "headers": [[b"Host", b"shop.example"]], "content": b"",
                    "trailers": None, "timestamp_start": NOW, "timestamp_end": NOW, **(request or {})},
        "response": {"status_code": status, "reason": b"OK", "http_version": version,
                     "headers": [list(line) for line in fields], "content": content, "trailers": trailers,
                     "timestamp_start": NOW, "timestamp_end": NOW, **(response or {})},
    } | more
