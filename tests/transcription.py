"""Exchanges written down as other tools would write them, and read by the readers that users have."""
from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

from har_maker import har_of

from httplint.capture.reading import read
from httplint.model.exchange import Exchange
from httplint.model.message import Message, Request, Response

Transcribed = Iterator[Exchange]


def _har(creator: str, exchanges: list[Exchange], directory: Path) -> Transcribed:
    entries = []
    for number, one in enumerate(exchanges):
        request, response = one.request or Request("GET", "/"), one.response
        started = one.started if one.started is not None else 1_760_000_000 + number
        content = response.content or b""
        entries.append({
            "startedDateTime": datetime.fromtimestamp(started, timezone.utc).isoformat(), "time": 1,
            "serverIPAddress": "192.0.2.1", "cache": {}, "timings": {},
            "request": {"method": request.method, "url": _url(request), "httpVersion": _named(request),
                        "headers": _headers(request), "bodySize": len(request.content or b""),
                        "postData": {"mimeType": "", "text": (request.content or b"").decode("latin-1")}},
            "response": {"status": response.status, "statusText": response.reason or "",
                         "httpVersion": _named(response), "headers": _headers(response), "bodySize": len(content),
                         "content": {"size": len(content), "mimeType": "", "encoding": "base64",
                                     "text": _base64(content)}},
        })
    path = directory / "a.har"
    path.write_text(json.dumps(har_of(*entries, creator=creator)), "utf-8")
    yield from read_all(path)


def _octets(exchanges: list[Exchange], directory: Path, wire: bool) -> Transcribed:
    asked: list[bytes] = []
    answered: list[bytes] = []
    for one in exchanges:
        if one.response.version not in ("1.0", "1.1"):
            return
        if one.request is not None:
            head = f"{one.request.method} {one.request.target} HTTP/{one.request.version or '1.1'}"
            asked.append(_message(head, one.request))
        answered += [_message(f"HTTP/{each.version} {each.status} {each.reason or 'x'}", each)
                     for each in (*one.interim, one.response)]
    path = directory / "a.raw"
    path.write_bytes(b"".join(asked + answered))
    yield from read_all(path, wire=wire)


def _curl(exchanges: list[Exchange], directory: Path) -> Transcribed:
    lines: list[str] = []
    for one in exchanges:
        if one.request is not None:
            lines += [f"> {one.request.method} {one.request.target} HTTP/{one.request.version}",
                      *(f"> {name}: {value}" for name, value in one.request.fields or ()), "> "]
        for response in (*one.interim, one.response):
            lines += [f"< HTTP/{response.version} {response.status} {response.reason or ''}",
                      *(f"< {name}: {value}" for name, value in response.fields or ()), "< "]
        lines += [(one.response.content or b"").decode("latin-1"), "* Connection #0 to host left intact"]
    path = directory / "a.txt"
    path.write_text("\n".join(lines), "utf-8", "replace")
    yield from read_all(path)


def _call(exchanges: list[Exchange], directory: Path) -> Transcribed:
    """What a program would hand over: no evidence but what is there."""
    for one in exchanges:
        asked, got = one.request, one.response
        request = asked and Request(asked.method, asked.target, asked.version, asked.fields, asked.content,
                                    scheme=asked.scheme)
        content = got.content if one.evidence.knows("content") else None
        response = Response(got.status, got.version, got.reason, got.fields, content, got.trailers)
        interim = [Response(each.status, each.version, each.reason, each.fields) for each in one.interim]
        yield Exchange(response, request, interim, one.started)


def read_all(path: Path, wire: bool = False) -> Transcribed:
    """The exchanges that are read from a file; `wire`: its octets are those of a connection."""
    for outcome in read(str(path), wire=wire):
        if isinstance(outcome, Exchange):
            yield outcome


def _url(request: Request) -> str:
    """The target URI, of some host if the example names none."""
    return request.uri.replace(":///", "://a.example/")


def _headers(message: Message) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in message.fields or ()]


def _named(message: Message) -> str:
    return f"HTTP/{message.version}" if message.version else ""


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _message(head: str, message: Message) -> bytes:
    lines = [head, *(f"{name}: {value}" for name, value in message.fields or ()), "", ""]
    text = "\r\n".join(lines).encode("latin-1", "replace")
    content = message.content or b""
    if message.trailers:
        end = "".join(f"{name}: {value}\r\n" for name, value in message.trailers).encode("latin-1")
        return text + (b"%x\r\n%b\r\n" % (len(content), content) if content else b"") + b"0\r\n" + end + b"\r\n"
    return text + content


TOOLS: dict[str, Callable[[list[Exchange], Path], Transcribed]] = {
    "a HAR of mitmproxy": lambda exchanges, directory: _har("mitmproxy", exchanges, directory),
    "a HAR of Chrome": lambda exchanges, directory: _har("WebInspector", exchanges, directory),
    "octets of a file": lambda exchanges, directory: _octets(exchanges, directory, wire=False),
    "octets of the wire": lambda exchanges, directory: _octets(exchanges, directory, wire=True),
    "curl -v": _curl,
    "a library call": _call,
}
"""Tool -> what writes exchanges as it would, into a directory, and reads them."""


IN_OCTETS = "octets:"
"""How an example begins that is a capture already."""
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|(.))")


def written_out(text: str) -> bytes:
    """The octets of an example that is a capture already."""
    lines = "".join(text.strip().removeprefix(IN_OCTETS).lstrip().removesuffix("…").splitlines())
    one = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else one[found[2]], lines).encode("latin-1")
